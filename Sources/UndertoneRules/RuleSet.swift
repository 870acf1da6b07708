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

    private let kinds: [RuleKind]
    // Parallel arrays of `count` entries, set up once and only read afterwards.
    private nonisolated(unsafe) let checks: UnsafeMutablePointer<Check>
    private nonisolated(unsafe) let masks: UnsafeMutablePointer<UInt64>
    private nonisolated(unsafe) let actions: UnsafeMutablePointer<Action>
    private let count: Int
    private let literals: LiteralIndex

    /// Compiles rules.
    ///
    /// - Parameter overrides: JSON Pointers that stand in for "what the model wrote", as `--field` gives them.
    /// - Throws: ``RuleError`` for an unknown kind, a bad parameter, or a rule that can never fire.
    public init(_ definitions: [RuleDefinition], overrides: [String] = []) throws(RuleError) {
        guard definitions.count <= RuleSet.limit else {
            throw RuleError(
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
        var made = 0
        var kinds: [RuleKind] = []
        do throws(RuleError) {
            for definition in definitions {
                let kind = try RuleSet.kind(of: definition)
                var reader = ParameterReader(
                    rule: definition.id, members: definition.parameters, location: definition.location)
                let check = try Check(kind, &reader)
                try reader.finish()
                guard let tags = plan.tags(for: definition.field) else {
                    throw RuleError(
                        .tooLarge, at: definition.location, "too many different roles and pointers in one rule set",
                        mend: "at most \(FieldPlan.limit)")
                }
                (checks + made).initialize(to: check)
                masks[made] = tags.rawValue
                actions[made] = definition.action
                plan.required.formUnion(tags)
                kinds.append(kind)
                made += 1
            }
            self.plan = plan
            self.kinds = kinds
            literals = try LiteralIndex(checks: UnsafePointer(checks), masks: UnsafePointer(masks), count: count)
        } catch {
            checks.deinitialize(count: made)
            checks.deallocate()
            masks.deallocate()
            actions.deallocate()
            throw error
        }
    }

    /// Looks at every record of a batch.
    ///
    /// - Complexity: O(bytes of the fields × rules that look at them); literals of all word and regex rules cost one pass.
    public func evaluate(_ batch: RecordBatch, scratch: RuleScratch, into findings: FindingBuffer) {
        let records = batch.records.base
        let fields = batch.fields.base
        for index in 0..<batch.records.count {
            let record = records[index]
            let first = findings.findings.count
            var strongest: Action?
            if record.malformed != 0 {
                findings.findings.append(
                    Finding(
                        rule: RuleSet.malformedRule, reason: UInt16(record.malformed), field: .max,
                        start: UInt32(truncatingIfNeeded: record.malformedAt),
                        end: UInt32(truncatingIfNeeded: record.malformedAt)))
                strongest = .reject
            } else {
                for offset in 0..<record.fieldCount {
                    look(at: fields[record.firstField &+ offset], offset, record: index, scratch, findings)
                }
                for found in first..<findings.findings.count {
                    let action = actions[Int(findings.findings.base[found].rule)]
                    if strongest.map({ $0 < action }) ?? true { strongest = action }
                }
            }
            let verdict: Verdict =
                switch strongest {
                case nil: .keep
                case .flag: .flag
                case .reject, .fail: .reject
                }
            findings.verdicts.append(
                RecordVerdict(
                    firstFinding: first, findingCount: findings.findings.count &- first, verdict: verdict))
        }
    }

    @inline(__always)
    private func look(
        at field: Field, _ fieldIndex: Int, record: Int, _ scratch: RuleScratch, _ findings: FindingBuffer
    ) {
        if field.tags.rawValue & literals.mask != 0 { literals.scan(field, scratch.text) }
        for rule in 0..<count where field.tags.rawValue & masks[rule] != 0 {
            findings.begin(rule: rule, field: fieldIndex)
            switch checks[rule] {
            case .charset(let check): check.look(at: field, into: findings)
            case .numberList: break
            case .tabooNumbers: break
            case .regex(let check): check.look(at: field, rule: rule, scratch: scratch.text, into: findings)
            case .words(let check): check.look(at: field, rule: rule, scratch: scratch.text, into: findings)
            case .length(let check): check.look(at: field, into: findings)
            case .duplicate: break
            case .frequency: break
            case .unicode(let check): check.look(at: field, into: findings)
            }
        }
    }

    private static func kind(of definition: RuleDefinition) throws(RuleError) -> RuleKind {
        guard let kind = RuleKind(rawValue: definition.kind) else {
            throw RuleError(
                .unknownKind, at: definition.kindLocation, "unknown kind \"\(definition.kind)\"",
                mend: suggestion(for: definition.kind, among: RuleKind.allCases.map(\.rawValue)))
        }
        return kind
    }

    deinit {
        checks.deinitialize(count: count)
        checks.deallocate()
        masks.deallocate()
        actions.deallocate()
    }
}
