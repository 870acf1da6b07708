// YAML to policy. Every complaint names the place and the mend.

public import UndertoneCore
import UndertoneSettings

extension Policy {
    /// Drops, and models, that one policy may have; the schema says the same.
    static let subjectLimit = 1000
    /// Entries of one list.
    static let listLimit = 100

    /// Reads the text of a policy; places say `file`.
    ///
    /// - Throws: ``SettingsError`` for an unknown key, a value out of range, a name that is there twice.
    public init(text: String, file: String) throws(SettingsError) {
        let root = try KeyedSettings<RootKey>(SettingsText.value(of: text, file: file))
        self.init(file: file)
        if let value = root[.policy] {
            guard case .integer(1) = value.content else {
                throw SettingsError(
                    .badValue, at: value.location, "policy is no version that this program knows",
                    mend: "write policy: 1")
            }
        }
        lineage = try root.optional(.lineage, PolicyReading.line)?.text
        judges = try root.optional(.judges, PolicyReading.line)
        calibrations = try root.optional(.calibrations, PolicyReading.lines) ?? []
        let defaults = try root.optional(.defaults, PolicyReading.defaults) ?? [:]
        let demanded = try PolicyReading.requirements(root[.require], over: Requirements())
        for value in try PolicyReading.list(root[.drops], "drops", limit: Policy.subjectLimit) {
            drops.append(try PolicyReading.drop(value, defaults: defaults, demanded: demanded))
        }
        for value in try PolicyReading.list(root[.models], "models", limit: Policy.subjectLimit) {
            models.append(try PolicyReading.model(value, demanded: demanded))
        }
        try PolicyReading.checkUnique(drops.map(\.path), "the drop")
        try PolicyReading.checkUnique(models.map(\.name), "the model")
        for value in try PolicyReading.list(root[.allowNotKnown], "allow-not-known") {
            let word = try PolicyReading.line(value, "allow-not-known")
            guard let kind = ClauseKind(rawValue: word.text) else {
                throw SettingsError(
                    .badValue, at: word.location, "allow-not-known: there is no clause \"\(word.text)\"",
                    mend: suggestion(for: word.text, among: ClauseKind.allCases.map(\.rawValue)))
            }
            allowedNotKnown.insert(kind)
        }
    }
}

private enum PolicyReading {
    static func list(
        _ value: SettingsValue?, _ key: String, limit: Int = Policy.listLimit
    ) throws(SettingsError) -> [SettingsValue] {
        guard let value else { return [] }
        let items = try Reading.list(value, key)
        guard items.count <= limit else {
            throw SettingsError(
                .tooLarge, at: items[limit].location, "\(key) has more than \(limit) entries",
                mend: "use a pattern or a folder, or several policies")
        }
        return items
    }

    static func line(_ value: SettingsValue, _ key: String) throws(SettingsError) -> Policy.Placed {
        Policy.Placed(try Reading.line(value, key, mend: "write one line"), at: value.location)
    }

    static func lines(_ value: SettingsValue, _ key: String) throws(SettingsError) -> [Policy.Placed] {
        var lines: [Policy.Placed] = []
        for item in try list(value, key) { lines.append(try line(item, key)) }
        try checkUnique(lines, key + ":")
        return lines
    }

    static func checkUnique(_ names: [Policy.Placed], _ what: String) throws(SettingsError) {
        var first: [String: SourceLocation] = [:]
        for name in names {
            if let place = first.updateValue(name.location, forKey: name.text) {
                throw SettingsError(
                    .duplicate, at: name.location, "\(what) \"\(name.text)\" is there twice",
                    mend: "the first is in line \(place.line)")
            }
        }
    }

    static func positive(_ value: SettingsValue, _ key: String) throws(SettingsError) -> Int {
        try Reading.whole(value, key, in: 1...Int.max, example: 30)
    }

    // A switch, or what stands in the place of `true`. `nil`: switched off.
    private static func isOff(_ value: SettingsValue) -> Bool {
        if case .boolean(false) = value.content { return true }
        return false
    }

    static func truth(_ value: SettingsValue, _ key: String) throws(SettingsError) -> Bool {
        guard case .boolean(let truth) = value.content else {
            throw SettingsError(
                .badValue, at: value.location, "\(key) is \(value.kindName)", mend: "write true or false")
        }
        return truth
    }

    // MARK: - Subjects

    static func defaults(_ value: SettingsValue, _ key: String) throws(SettingsError) -> [DropKey: SettingsValue] {
        let keys = try KeyedSettings<DefaultsKey>(value)
        var values: [DropKey: SettingsValue] = [:]
        for key in DefaultsKey.allCases { values[key.ofDrop] = keys[key] }
        return values
    }

    static func drop(
        _ value: SettingsValue, defaults: [DropKey: SettingsValue], demanded: Requirements
    ) throws(SettingsError) -> Policy.Drop {
        let keys = try KeyedSettings<DropKey>(value)
        let path = try keys.required(.path, line)
        guard path.text != "-" else {
            throw SettingsError(
                .badValue, at: path.location, "a drop can't be standard input", mend: "name a file or a pattern")
        }
        func given<Value>(
            _ key: DropKey, _ read: (SettingsValue, String) throws(SettingsError) -> Value
        ) throws(SettingsError) -> Value? {
            guard let value = keys[key] ?? defaults[key] else { return nil }
            return try read(value, key.rawValue)
        }
        guard let rules = try given(.rules, lines) else {
            throw SettingsError(
                .missing, at: keys.location, "the drop \"\(path.text)\" has no rules",
                mend: "write rules: [numbers, hidden-text], or rules: [] for no scan")
        }
        var drop = Policy.Drop(path: path, rules: rules)
        drop.trainBase = try given(.trainBase, line)
        drop.bounds.maxRejectRate = try given(.maxRejectRate, Reading.share)
        drop.bounds.maxSharePerRule = try given(.maxSharePerRule, Reading.share)
        drop.bounds.maxMalformed = try given(.maxMalformed, Reading.count)
        drop.bounds.minKept = try given(.minKept, Reading.count)
        drop.bounds.maxFindings = try given(.maxFindings, findings) ?? []
        let bounds: [DropKey] = [.maxRejectRate, .maxSharePerRule, .maxMalformed, .maxFindings, .minKept]
        if drop.rules.isEmpty, let bound = bounds.first(where: { keys[$0] != nil }) {
            throw SettingsError(
                .badValue, at: keys.place(bound), "\(bound.rawValue) bounds a scan, and rules: [] asks for none",
                mend: "name a rule pack, or leave \(bound.rawValue) out")
        }
        if let path = try given(.reference, line) {
            guard let most = try given(.maxAuroc, Reading.share) else {
                throw SettingsError(
                    .missing, at: path.location,
                    "the drop has a reference, and nothing says how far from it the drop may be",
                    mend: "write max-auroc: 0.55")
            }
            drop.reference = Policy.Reference(path: path, maxAuroc: most)
        } else if keys[.maxAuroc] != nil {
            throw SettingsError(
                .missing, at: keys.place(.maxAuroc), "max-auroc bounds a comparison, and there is no reference",
                mend: "write reference: control.jsonl")
        }
        drop.requirements = try requirements(keys[.require], over: demanded)
        return drop
    }

    private static func findings(_ value: SettingsValue, _ key: String) throws(SettingsError) -> [Policy.RuleBound] {
        var bounds: [Policy.RuleBound] = []
        for member in try MappingReader(value, key).members {
            bounds.append(
                Policy.RuleBound(
                    rule: Policy.Placed(member.key, at: member.keyLocation),
                    count: try Reading.count(member.value, "\(key) of \(member.key)")))
        }
        return bounds
    }

    static func model(_ value: SettingsValue, demanded: Requirements) throws(SettingsError) -> Policy.Model {
        let keys = try KeyedSettings<ModelKey>(value)
        return Policy.Model(
            name: try keys.required(.name, line), requirements: try requirements(keys[.require], over: demanded))
    }

    // MARK: - Requirements

    static func requirements(
        _ value: SettingsValue?, over outer: Requirements
    ) throws(SettingsError) -> Requirements {
        guard let value else { return outer }
        let keys = try KeyedSettings<RequireKey>(value)
        var inner = outer
        if let isOn = try keys.optional(.teacher, truth) {
            inner.teacher = .init(isOn, at: keys.place(.teacher))
        }
        if let isOn = try keys.optional(.noTaintedAncestor, truth) {
            inner.noTaintedAncestor = .init(isOn, at: keys.place(.noTaintedAncestor))
        }
        if let value = keys[.license] {
            inner.license = try license(value).map { .init($0, at: keys.place(.license)) }
        }
        if let value = keys[.recordedScan] {
            inner.recordedScan =
                isOff(value) ? nil : .init(try filled(value, "recorded-scan"), at: keys.place(.recordedScan))
        }
        if let value = keys[.sameBaseTransfer] {
            inner.sameBaseTransfer = isOff(value) ? nil : .init(try transfer(value), at: keys.place(.sameBaseTransfer))
        }
        if let value = keys[.approvals] {
            inner.approvals = []
            for item in try list(value, "approvals") { inner.approvals.append(try approval(item)) }
        }
        if let value = keys[.reviews] {
            inner.reviews = isOff(value) ? nil : .init(try reviews(value), at: keys.place(.reviews))
        }
        return inner
    }

    // A list that asks for nothing would hold for anything.
    private static func filled(_ value: SettingsValue, _ key: String) throws(SettingsError) -> [String] {
        let texts = try lines(value, key).map(\.text)
        guard !texts.isEmpty else {
            throw SettingsError(
                .badValue, at: value.location, "\(key) is an empty list", mend: "write \(key): false to ask for nothing"
            )
        }
        return texts
    }

    private static func license(_ value: SettingsValue) throws(SettingsError) -> Requirements.License? {
        switch value.content {
        case .boolean(let isWanted): return isWanted ? .any : nil
        case .list: return .oneOf(try filled(value, "license"))
        default:
            throw SettingsError(
                .badValue, at: value.location, "license is \(value.kindName)",
                mend: "write true, or a list of SPDX identifiers, as in [apache-2.0, mit]")
        }
    }

    private static func transfer(_ value: SettingsValue) throws(SettingsError) -> Requirements.Transfer {
        let keys = try KeyedSettings<TransferKey>(value)
        var transfer = Requirements.Transfer(maxResidual: try keys.required(.maxResidual, Reading.share))
        transfer.traits = try keys.optional(.traits, filled) ?? []
        transfer.maxAgeDays = try keys.optional(.maxAgeDays, positive)
        transfer.minSeeds = try keys.optional(.minSeeds, positive)
        return transfer
    }

    private static func approval(_ value: SettingsValue) throws(SettingsError) -> Requirements.Approvals {
        let keys = try KeyedSettings<ApprovalKey>(value)
        var approval = Requirements.Approvals(role: try keys.required(.role, line).text)
        approval.location = keys.location
        approval.count = try keys.optional(.count, positive) ?? 1
        approval.by = try keys.optional(.by, filled) ?? []
        if !approval.by.isEmpty, approval.by.count < approval.count {
            throw SettingsError(
                .badValue, at: keys[.count]?.location ?? keys.location,
                "\(approval.count) people must approve, and by names \(approval.by.count)",
                mend: "name more people, or ask for fewer")
        }
        approval.key = try keys.optional(.key, line)?.text
        approval.maxAgeDays = try keys.optional(.maxAgeDays, positive)
        return approval
    }

    private static func reviews(_ value: SettingsValue) throws(SettingsError) -> Requirements.Reviews {
        let keys = try KeyedSettings<ReviewKey>(value)
        var reviews = Requirements.Reviews(people: try keys.required(.people, positive))
        reviews.by = try keys.optional(.by, filled) ?? []
        if !reviews.by.isEmpty, Set(reviews.by.map(person)).count < reviews.people {
            throw SettingsError(
                .badValue, at: keys[.people]?.location ?? keys.location,
                "\(reviews.people) people must review, and by names \(Set(reviews.by.map(person)).count)",
                mend: "name more people, or ask for fewer")
        }
        reviews.maxAgeDays = try keys.optional(.maxAgeDays, positive)
        reviews.maxUndecided = try keys.optional(.maxUndecided, Reading.count) ?? 0
        reviews.maxRejected = try keys.optional(.maxRejected, Reading.count) ?? 0
        return reviews
    }
}
