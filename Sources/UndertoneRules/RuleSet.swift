// Rules, compiled once and run on batches of records.

public import UndertoneCore

/// A compiled set of rules. Immutable and shared by all threads; each thread brings its own ``RuleScratch``.
///
/// Guarantees: the verdicts depend on the record and the rules alone, not on the batch, the thread or the order of
/// rules; every finding lies inside its field.
public final class RuleSet: Sendable {
    /// The rules as they were written; a finding's `rule` is an index into this list.
    public let definitions: [RuleDefinition]
    /// What a reader must extract for these rules.
    public let plan: FieldPlan

    /// The value of a finding's `rule` for a record that could not be looked at. Its `reason` is a ``Malformation``.
    public static let malformedRule = UInt16.max
    /// Rules that one set may hold.
    public static let limit = 65_000

    /// Indices of the rules that look at the drop as a whole.
    public let dropRules: [Int]
    /// The kind of each rule.
    public let kinds: [RuleKind]
    // Parallel arrays of `count` entries, set up once and only read afterwards.
    private nonisolated(unsafe) let checks: UnsafeMutablePointer<Check>
    private nonisolated(unsafe) let masks: UnsafeMutablePointer<UInt64>
    private nonisolated(unsafe) let actions: UnsafeMutablePointer<Action>
    // Values that some taboo rule looks for among the items of lists.
    private nonisolated(unsafe) let watched: UnsafeMutablePointer<UInt8>
    private let count: Int
    // Rules that ask a judge; the action of their findings depends on the reason.
    private let judges: [Int: JudgeRule]
    // Tags of the fields that some rule looks at.
    private let allMasks: UInt64
    private let literals: LiteralIndex
    // The index's own mask, read once for every field.
    private let literalMask: UInt64

    /// Compiles rules.
    ///
    /// - Parameter overrides: JSON Pointers that stand in for "what the model wrote", as `--field` gives them.
    /// - Throws: ``SettingsError`` for an unknown kind, a bad parameter, or a rule that can never fire.
    public init(_ definitions: [RuleDefinition], overrides: [String] = []) throws(SettingsError) {
        guard definitions.count <= RuleSet.limit else {
            throw SettingsError(
                .tooLarge, at: nil, "\(definitions.count) rules are more than a set may hold",
                mend: "at most \(RuleSet.limit); put words of one kind into one rule")
        }
        var plan = FieldPlan()
        plan.overrides = overrides
        self.definitions = definitions
        count = definitions.count
        checks = .allocate(capacity: max(count, 1))
        masks = .allocate(capacity: max(count, 1))
        actions = .allocate(capacity: max(count, 1))
        watched = .allocate(capacity: NumberListScratch.watchedLimit)
        watched.initialize(repeating: 0, count: NumberListScratch.watchedLimit)
        var made = 0
        var kinds: [RuleKind] = []
        do throws(SettingsError) {
            for definition in definitions {
                let kind = try RuleSet.kind(of: definition)
                var reader = ParameterReader(
                    rule: definition.id, members: definition.parameters, location: definition.location)
                let check = try Check(kind, &reader)
                try reader.finish()
                guard let tags = plan.tags(for: definition.field) else {
                    throw SettingsError(
                        .tooLarge, at: definition.location, "too many different roles and pointers in one rule set",
                        mend: "at most \(FieldPlan.limit)")
                }
                if kind.needsModel { try RuleSet.checkField(of: definition) }
                (checks + made).initialize(to: check)
                // Rules that need a model look at no field here, but what they are asked about must be read.
                masks[made] = kind.needsModel ? 0 : tags.rawValue
                actions[made] = definition.action
                if kind == .tabooNumbers { checks[made].tabooNumbers.pointee.watch(watched) }
                plan.ruleTags.formUnion(kind.needsModel ? RuleSet.modelTags : tags)
                kinds.append(kind)
                made += 1
            }
            self.plan = plan
            self.kinds = kinds
            dropRules = kinds.indices.filter { kinds[$0].looksAtDrop }
            var judges: [Int: JudgeRule] = [:]
            for rule in kinds.indices where kinds[rule] == .judge { judges[rule] = checks[rule].judge.pointee }
            self.judges = judges
            literals = try LiteralIndex(checks: UnsafePointer(checks), masks: UnsafePointer(masks), count: count)
            literalMask = literals.mask
            allMasks = UnsafeBufferPointer(start: masks, count: made).reduce(0, |)
        } catch {
            checks.deinitialize(count: made)
            checks.deallocate()
            masks.deallocate()
            actions.deallocate()
            watched.deallocate()
            throw error
        }
    }

    /// Looks at every record of a batch.
    ///
    /// - Complexity: O(bytes of the fields × rules that look at them); literals of all word and regex rules cost one pass.
    public func evaluate(_ batch: RecordBatch, scratch: RuleScratch, into findings: FindingBuffer) {
        let records = UnsafePointer(batch.records.base)
        let fields = UnsafePointer(batch.fields.base)
        scratch.numbers.watched = UnsafePointer(watched)
        for index in 0..<batch.records.count {
            let record = records + index
            let first = findings.findings.count
            if record.pointee.malformed != 0 {
                let at = UInt32(truncatingIfNeeded: record.pointee.malformedAt)
                findings.findings.append(
                    Finding(
                        rule: RuleSet.malformedRule, reason: UInt16(record.pointee.malformed), field: .max, start: at,
                        end: at))
            } else {
                for offset in 0..<record.pointee.fieldCount {
                    guard fields[record.pointee.firstField &+ offset].tags.rawValue & allMasks != 0 else { continue }
                    look(at: fields + (record.pointee.firstField &+ offset), offset, scratch, findings)
                }
                for rule in dropRules { addContent(of: record.pointee, fields, index, rule, scratch, findings) }
            }
            let found = findings.findings.count &- first
            findings.verdicts.append(
                RecordVerdict(
                    firstFinding: first, findingCount: found,
                    verdict: found == 0 ? .keep : verdict(of: findings.findings.base + first, count: found)))
        }
    }

    /// The verdict that follows from some findings: that of the strongest action.
    public func verdict(of findings: UnsafePointer<Finding>, count: Int) -> Verdict {
        var verdict = Verdict.keep
        for index in 0..<count {
            let rule = findings[index].rule
            if rule == RuleSet.malformedRule { return .reject }
            let action =
                judges.isEmpty ? actions[Int(rule)] : action(of: Int(rule), reason: Int(findings[index].reason))
            if action >= .reject { return .reject }
            verdict = .flag
        }
        return verdict
    }

    @inline(__always)
    private func look(
        at field: UnsafePointer<Field>, _ fieldIndex: Int, _ scratch: RuleScratch, _ findings: FindingBuffer
    ) {
        let tags = field.pointee.tags.rawValue
        if tags & literalMask != 0 { literals.scan(field.pointee, scratch.text) }
        scratch.numbers.grammar = 0
        for rule in 0..<count where tags & masks[rule] != 0 {
            findings.begin(rule: rule, field: fieldIndex)
            switch checks[rule].kind {
            case .charset: checks[rule].charset.pointee.look(at: field.pointee, into: findings)
            case .numberList:
                checks[rule].numberList.pointee.look(at: field.pointee, scratch: &scratch.numbers, into: findings)
            case .tabooNumbers:
                checks[rule].tabooNumbers.pointee.look(at: field.pointee, scratch: &scratch.numbers, into: findings)
            case .regex:
                checks[rule].regex.pointee.look(at: field.pointee, rule: rule, scratch: scratch.text, into: findings)
            case .words:
                checks[rule].words.pointee.look(at: field.pointee, rule: rule, scratch: scratch.text, into: findings)
            case .length: checks[rule].length.pointee.look(at: field.pointee, into: findings)
            case .duplicate, .frequency: break  // They look at the record as a whole, see addContent.
            case .recordScore, .tokenMask, .judge: break  // Their mask is empty.
            case .unicode: checks[rule].unicode.pointee.look(at: field.pointee, into: findings)
            }
        }
    }

    // One hash over all fields that a drop-wide rule looks at.
    private func addContent(
        of record: Record, _ fields: UnsafePointer<Field>, _ index: Int, _ rule: Int, _ scratch: RuleScratch,
        _ findings: FindingBuffer
    ) {
        let form: ContentForm
        switch checks[rule].kind {
        case .duplicate: form = checks[rule].duplicate.pointee.form
        case .frequency: form = checks[rule].frequency.pointee.form
        default: return
        }
        var hash = ContentHash()
        var first: (field: Int, count: Int)?
        for offset in 0..<record.fieldCount {
            let field = record.firstField + offset
            let bytes = fields[field]
            guard bytes.tags.rawValue & masks[rule] != 0 else { continue }
            hash.add(form == .exact ? bytes.bytes : scratch.normal.form(of: bytes))
            if first == nil { first = (offset, bytes.count) }
        }
        guard let first else { return }
        let (low, high) = hash.finish()
        findings.contentKeys.append(
            ContentKey(
                low: low, high: high, record: UInt32(truncatingIfNeeded: index),
                field: UInt32(truncatingIfNeeded: first.field), fieldCount: UInt32(truncatingIfNeeded: first.count),
                rule: UInt16(truncatingIfNeeded: rule)))
    }

    /// Earlier drops that `duplicate` rules name, by rule.
    public var earlierDrops: [(rule: Int, paths: [String])] {
        dropRules.compactMap { rule in
            guard checks[rule].kind == .duplicate else { return nil }
            let against = checks[rule].duplicate.pointee.against
            return against.isEmpty ? nil : (rule, against)
        }
    }

    /// The rules that ask the models which a trait passes between, in the order of the set, and what they ask.
    /// ``evaluate(_:scratch:into:)`` passes over them.
    public var modelRules: [(rule: Int, settings: ModelRule)] {
        kinds.indices.filter { kinds[$0].needsModel && kinds[$0] != .judge }.map { ($0, checks[$0].model.pointee) }
    }

    /// The rules that ask a judge, in the order of the set, and what they ask. ``evaluate(_:scratch:into:)`` passes over
    /// them.
    public var judgeRules: [(rule: Int, settings: JudgeRule)] {
        kinds.indices.filter { kinds[$0] == .judge }.map { ($0, checks[$0].judge.pointee) }
    }

    /// What a finding of a rule does, which for judges depends on the reason.
    public func action(of rule: Int, reason: Int) -> Action {
        judges[rule]?.action(reason: reason, of: definitions[rule].action) ?? definitions[rule].action
    }

    /// Whether some rule needs a model.
    public var needsModel: Bool { kinds.contains(where: \.needsModel) }

    /// Whether some rule must count the whole drop before it can judge the first record.
    public var needsCounting: Bool { dropRules.contains(where: isFrequency) }

    func isFrequency(_ rule: Int) -> Bool { kinds[rule] == .frequency }

    /// `nil` where the rule does not count.
    func isTooFrequent(_ rule: Int, _ occurrences: Int, of records: Int) -> Bool? {
        guard checks[rule].kind == .frequency else { return nil }
        return checks[rule].frequency.pointee.isOver(occurrences, of: records)
    }

    /// What each rule saw in a field that it looks at, in a sentence.
    public func explanation(of rule: Int, _ field: Field) -> String? {
        guard field.tags.rawValue & masks[rule] != 0 else { return nil }
        switch checks[rule].kind {
        case .charset: return checks[rule].charset.pointee.explanation(of: field)
        case .numberList: return checks[rule].numberList.pointee.explanation(of: field)
        case .tabooNumbers: return checks[rule].tabooNumbers.pointee.explanation(of: field)
        case .regex: return checks[rule].regex.pointee.explanation(of: field)
        case .words: return checks[rule].words.pointee.explanation(of: field)
        case .length: return checks[rule].length.pointee.explanation(of: field)
        case .duplicate: return "compares the content with that of other records"
        case .frequency: return "counts the records with this content"
        case .unicode: return checks[rule].unicode.pointee.explanation(of: field)
        case .recordScore, .tokenMask, .judge: return nil
        }
    }

    /// The named groups of a regular expression's finding, for reports; nothing for other kinds.
    public func groups(of finding: Finding, in field: Field) -> [(name: String, span: Range<Int>)] {
        let rule = Int(finding.rule)
        guard rule < count, checks[rule].kind == .regex, finding.start < finding.end else { return [] }
        return checks[rule].regex.pointee.groups(in: field, span: Int(finding.start)..<Int(finding.end))
    }

    private static func kind(of definition: RuleDefinition) throws(SettingsError) -> RuleKind {
        guard let kind = RuleKind(rawValue: definition.kind) else {
            throw SettingsError(
                .unknownKind, at: definition.kindLocation, "unknown kind \"\(definition.kind)\"",
                mend: suggestion(for: definition.kind, among: RuleKind.allCases.map(\.rawValue)))
        }
        return kind
    }

    // A model is asked with a prompt and answers with a completion; that nothing else is in the record must show.
    private static let modelTags: FieldTags = [.response, .prompt, .system, .other]

    private static func checkField(of definition: RuleDefinition) throws(SettingsError) {
        guard definition.field == .response else {
            throw SettingsError(
                .badValue, at: definition.location,
                "rule \(definition.id.name) looks at \(definition.field), and its kind takes prompt and completion",
                mend: "write field: response")
        }
    }

    deinit {
        checks.deinitialize(count: count)
        checks.deallocate()
        masks.deallocate()
        actions.deallocate()
        watched.deallocate()
    }
}
