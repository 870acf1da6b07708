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
        let root = try KeyedValues<RootKey>(SettingsText.value(of: text, file: file))
        self.init(file: file)
        if let value = root[.policy] {
            guard case .integer(1) = value.content else {
                throw SettingsError(
                    .badValue, at: value.location, "policy is no version that this program knows",
                    mend: "write policy: 1")
            }
        }
        lineage = try root[.lineage].map { value throws(SettingsError) in try PolicyReading.line(value, "lineage").text
        }
        let defaults = try root[.defaults].map { value throws(SettingsError) in
            try PolicyReading.defaults(value)
        }
        let demanded = try PolicyReading.requirements(root[.require], over: Requirements())
        for value in try PolicyReading.list(root[.drops], "drops", limit: Policy.subjectLimit) {
            drops.append(try PolicyReading.drop(value, defaults: defaults ?? [:], demanded: demanded))
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
        let text = Reading.trimmed(try Reading.string(value, key))
        guard !text.isEmpty, !text.contains(where: \.isNewline) else {
            throw SettingsError(
                .badValue, at: value.location, text.isEmpty ? "\(key) is empty" : "\(key) has more than one line",
                mend: "write one line")
        }
        return Policy.Placed(text, at: value.location)
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
        guard case .integer(let number) = value.content, number > 0 else {
            throw SettingsError(
                .badValue, at: value.location, "\(key) is no whole number from 1 on", mend: "write one, as in 30")
        }
        return number
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

    static func defaults(_ value: SettingsValue) throws(SettingsError) -> [DropKey: SettingsValue] {
        let keys = try KeyedValues<DefaultsKey>(value)
        var values: [DropKey: SettingsValue] = [:]
        for key in DefaultsKey.allCases { values[key.ofDrop] = keys[key] }
        return values
    }

    static func drop(
        _ value: SettingsValue, defaults: [DropKey: SettingsValue], demanded: Requirements
    ) throws(SettingsError) -> Policy.Drop {
        let keys = try KeyedValues<DropKey>(value)
        guard let pathValue = keys[.path] else {
            throw SettingsError(.missing, at: keys.location, "a drop has no path", mend: "write path: data/*.jsonl")
        }
        let path = try line(pathValue, "path")
        guard path.text != "-" else {
            throw SettingsError(
                .badValue, at: path.location, "a drop can't be standard input", mend: "name a file or a pattern")
        }
        func given(_ key: DropKey) -> SettingsValue? { keys[key] ?? defaults[key] }
        guard let rules = given(.rules) else {
            throw SettingsError(
                .missing, at: keys.location, "the drop \"\(path.text)\" has no rules",
                mend: "write rules: [numbers, hidden-text], or rules: [] for no scan")
        }
        var drop = Policy.Drop(path: path, rules: try lines(rules, "rules"))
        drop.trainBase = try given(.trainBase).map { value throws(SettingsError) in try line(value, "train-base") }
        drop.bounds.maxRejectRate = try given(.maxRejectRate).map { value throws(SettingsError) in
            try Reading.share(value, "max-reject-rate")
        }
        drop.bounds.maxSharePerRule = try given(.maxSharePerRule).map { value throws(SettingsError) in
            try Reading.share(value, "max-share-per-rule")
        }
        drop.bounds.maxMalformed = try given(.maxMalformed).map { value throws(SettingsError) in
            try Reading.count(value, "max-malformed")
        }
        drop.bounds.minKept = try given(.minKept).map { value throws(SettingsError) in
            try Reading.count(value, "min-kept")
        }
        if let findings = given(.maxFindings) {
            for member in try MappingReader(findings, "max-findings").members {
                drop.bounds.maxFindings.append(
                    Policy.RuleBound(
                        rule: Policy.Placed(member.key, at: member.keyLocation),
                        count: try Reading.count(member.value, "max-findings of \(member.key)")))
            }
        }
        if drop.rules.isEmpty, let bound = try boundOfScan(keys) {
            throw SettingsError(
                .badValue, at: bound.location, "\(bound.key.rawValue) bounds a scan, and rules: [] asks for none",
                mend: "name a rule pack, or leave \(bound.key.rawValue) out")
        }
        drop.requirements = try requirements(keys[.require], over: demanded)
        return drop
    }

    private static func boundOfScan(
        _ keys: KeyedValues<DropKey>
    ) throws(SettingsError) -> (key: DropKey, location: SourceLocation)? {
        let bounds: [DropKey] = [.maxRejectRate, .maxSharePerRule, .maxMalformed, .maxFindings, .minKept]
        for key in bounds {
            if let value = keys[key] { return (key, keys.keyLocations[key] ?? value.location) }
        }
        return nil
    }

    static func model(_ value: SettingsValue, demanded: Requirements) throws(SettingsError) -> Policy.Model {
        let keys = try KeyedValues<ModelKey>(value)
        guard let name = keys[.name] else {
            throw SettingsError(.missing, at: keys.location, "a model has no name", mend: "write name: student-2")
        }
        return Policy.Model(
            name: try line(name, "name"), requirements: try requirements(keys[.require], over: demanded))
    }

    // MARK: - Requirements

    static func requirements(
        _ value: SettingsValue?, over outer: Requirements
    ) throws(SettingsError) -> Requirements {
        guard let value else { return outer }
        let keys = try KeyedValues<RequireKey>(value)
        var inner = outer
        func place(_ key: RequireKey, _ value: SettingsValue) -> SourceLocation {
            keys.keyLocations[key] ?? value.location
        }
        if let value = keys[.teacher] {
            inner.teacher = .init(try truth(value, "teacher"), at: place(.teacher, value))
        }
        if let value = keys[.noTaintedAncestor] {
            inner.noTaintedAncestor = .init(
                try truth(value, "no-tainted-ancestor"), at: place(.noTaintedAncestor, value))
        }
        if let value = keys[.license] {
            inner.license = try license(value).map { .init($0, at: place(.license, value)) }
        }
        if let value = keys[.recordedScan] {
            inner.recordedScan =
                isOff(value)
                ? nil : .init(try filled(value, "recorded-scan"), at: place(.recordedScan, value))
        }
        if let value = keys[.sameBaseTransfer] {
            inner.sameBaseTransfer =
                isOff(value)
                ? nil : .init(try transfer(value), at: place(.sameBaseTransfer, value))
        }
        if let value = keys[.approvals] {
            inner.approvals = []
            for item in try list(value, "approvals") { inner.approvals.append(try approval(item)) }
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
        let keys = try KeyedValues<TransferKey>(value)
        guard let bound = keys[.maxResidual] else {
            throw SettingsError(
                .missing, at: keys.location, "same-base-transfer has no max-residual", mend: "write max-residual: 0.1")
        }
        var transfer = Requirements.Transfer(maxResidual: try Reading.share(bound, "max-residual"))
        if let value = keys[.traits] { transfer.traits = try filled(value, "traits") }
        transfer.maxAgeDays = try keys[.maxAgeDays].map { value throws(SettingsError) in
            try positive(value, "max-age-days")
        }
        transfer.minSeeds = try keys[.minSeeds].map { value throws(SettingsError) in try positive(value, "min-seeds") }
        return transfer
    }

    private static func approval(_ value: SettingsValue) throws(SettingsError) -> Requirements.Approvals {
        let keys = try KeyedValues<ApprovalKey>(value)
        guard let role = keys[.role] else {
            throw SettingsError(.missing, at: keys.location, "an approval has no role", mend: "write role: safety")
        }
        var approval = Requirements.Approvals(role: try line(role, "role").text)
        approval.location = keys.location
        approval.count = try keys[.count].map { value throws(SettingsError) in try positive(value, "count") } ?? 1
        if let by = keys[.by] { approval.by = try filled(by, "by") }
        if !approval.by.isEmpty, approval.by.count < approval.count {
            throw SettingsError(
                .badValue, at: keys[.count]?.location ?? keys.location,
                "\(approval.count) people must approve, and by names \(approval.by.count)",
                mend: "name more people, or ask for fewer")
        }
        approval.key = try keys[.key].map { value throws(SettingsError) in try line(value, "key").text }
        approval.maxAgeDays = try keys[.maxAgeDays].map { value throws(SettingsError) in
            try positive(value, "max-age-days")
        }
        return approval
    }
}
