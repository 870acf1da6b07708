// Runs the examples that rules carry, as they are and under changes that should not matter.

public import UndertoneCore
import UndertoneRecords
public import UndertoneRulePacks
import UndertoneRules

/// What the examples of a pack showed.
public struct PackTestResult: Sendable {
    /// An example that a rule answers otherwise than its author says.
    public struct Failure: Sendable {
        /// The rule that was asked.
        public var rule: RuleID
        /// Where the example stands.
        public var location: SourceLocation
        /// What is wrong, as a clause.
        public var problem: String
    }

    /// The pack's name.
    public var pack: String
    /// Rules of the pack, those that it includes too.
    public var rules = 0
    /// Examples as they were written.
    public var examples = 0
    /// Examples under a variation.
    public var varied = 0
    /// Examples with another answer than their author's.
    public var failures: [Failure] = []
    /// Contradictions between rules, and `sensitive-to` entries that no example bears out.
    public var warnings: [Failure] = []
    /// Rules that could not be tested, since they need a model.
    public var skipped: [RuleID] = []

    /// Whether every example got the answer that its author wrote.
    public var passed: Bool { failures.isEmpty }
}

/// Runs all examples of all rules of a pack. Rules that need a model carry none; their parameters are checked all the same.
///
/// - Throws: ``SettingsError`` where a rule can't be compiled.
public func testExamples(of pack: RulePack) throws(SettingsError) -> PackTestResult {
    var result = PackTestResult(pack: pack.name, rules: pack.rules.count)
    let whole = try ExampleRunner(pack.rules)
    for rule in pack.rules {
        guard !rule.asksModel else {
            result.skipped.append(rule.id)
            continue
        }
        let alone = try ExampleRunner([rule])
        var moved: Set<Variation> = []
        for (example, isAccept) in rule.accept.map({ ($0, true) }) + rule.reject.map({ ($0, false) }) {
            let runner = example.overrides.isEmpty ? alone : try ExampleRunner([rule.replacing(example.overrides)])
            result.examples += 1
            if let problem = runner.problem(example, isAccept: isAccept, variation: nil) {
                result.failures.append(.init(rule: rule.id, location: example.location, problem: problem))
                continue
            }
            for variation in Variation.allCases {
                guard let varied = example.varied(by: variation) else { continue }
                result.varied += 1
                guard let problem = runner.problem(varied, isAccept: isAccept, variation: variation) else { continue }
                if rule.sensitiveTo.contains(variation) {
                    moved.insert(variation)
                } else {
                    result.failures.append(.init(rule: rule.id, location: example.location, problem: problem))
                }
            }
            if isAccept, example.overrides.isEmpty, let other = whole.otherRule(than: rule.id, rejecting: example) {
                result.warnings.append(
                    .init(
                        rule: rule.id, location: example.location,
                        problem: "accepts an example that \(other) rejects; no record can be both"))
            }
        }
        for variation in Variation.allCases where rule.sensitiveTo.contains(variation) && !moved.contains(variation) {
            result.warnings.append(
                .init(
                    rule: rule.id, location: rule.location,
                    problem: "no example changes its answer under \(variation.rawValue); remove it from sensitive-to"))
        }
    }
    return result
}

/// Rules and what is needed to show them an example.
private struct ExampleRunner {
    private let rules: RuleSet
    private let parser: RecordParser
    private let batch = RecordBatch()
    private let scratch = RuleScratch()
    private let findings = FindingBuffer()

    init(_ definitions: [RuleDefinition]) throws(SettingsError) {
        rules = try RuleSet(definitions)
        parser = RecordParser(plan: rules.plan)
    }

    /// What is wrong with the rule's answer, if anything.
    func problem(_ example: RuleExample, isAccept: Bool, variation: Variation?) -> String? {
        let found = findings(in: example, escaped: variation == .jsonEscapes)
        let under = variation.map { " under \($0.rawValue)" } ?? ""
        if isAccept {
            guard let first = found.first else { return nil }
            return "rejects its accept example\(under): \(name(first)) at bytes \(first.start) to \(first.end)"
        }
        guard let first = found.first else { return "accepts its reject example\(under)" }
        // Other reasons and places are no mistake where the text is another.
        guard variation == nil else { return nil }
        if let reason = example.reason, !found.contains(where: { name($0) == reason }) {
            return "rejects its example as \(name(first)), not as \(reason)"
        }
        if let span = example.span,
            !found.contains(where: {
                Int($0.start)..<Int($0.end) == span && (example.reason == nil || name($0) == example.reason)
            })
        {
            return "finds bytes \(first.start) to \(first.end), not \(span.lowerBound) to \(span.upperBound)"
        }
        return nil
    }

    /// Another rule of the set that does not let the example pass.
    func otherRule(than id: RuleID, rejecting example: RuleExample) -> RuleID? {
        findings(in: example, escaped: false).lazy
            .compactMap { $0.rule == RuleSet.malformedRule ? nil : rules.definitions[Int($0.rule)] }
            .first { $0.id != id && $0.action >= .reject }?.id
    }

    private func name(_ finding: Finding) -> String { rules.names(of: finding).reason }

    private func findings(in example: RuleExample, escaped: Bool) -> [Finding] {
        let texts: [String]
        switch example.input {
        case .text(let text): texts = [line(text, escaped: escaped)]
        case .record(let json): texts = [json]
        case .drop(let records): texts = records.map { line($0, escaped: escaped) }
        }
        // An example may hold line feeds between its tokens, and one record is one line here.
        let joined = texts.map { $0.split(separator: "\n").joined(separator: " ") }.joined(separator: "\n")
        let bytes = Array(joined.utf8) + [UInt8](repeating: 0, count: RecordParser.padding)
        return bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return [] }
            findings.removeAll()
            _ = parser.readJSONLines(base, count: bytes.count - RecordParser.padding, firstLine: 1, into: batch)
            rules.evaluate(batch, scratch: scratch, into: findings)
            if !rules.dropRules.isEmpty {
                let state = DropState(rules)
                state.count(findings, records: batch.records.count)
                state.complete(findings)
            }
            return (0..<findings.findings.count).map { findings.findings[$0] }
        }
    }

    // A record that holds the text where the rule looks.
    private func line(_ text: String, escaped: Bool) -> String {
        let content: String
        if escaped {
            content =
                "\""
                + text.utf16.map { unit in
                    let digits = String(unit, radix: 16)
                    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }.joined() + "\""
        } else {
            content = String(decoding: jsonString(text), as: UTF8.self)
        }
        func quoted(_ text: String) -> String { String(decoding: jsonString(text), as: UTF8.self) }
        switch rules.definitions.first?.field ?? .response {
        case .response, .any: return #"{"completion":\#(content)}"#
        case .prompt: return #"{"prompt":\#(content)}"#
        case .system: return #"{"system":\#(content)}"#
        case .role(let role): return #"{"messages":[{"role":\#(quoted(role)),"content":\#(content)}]}"#
        case .pointer(let pointer):
            let names = pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
            return names.reversed().reduce(content) { inner, name in
                let plain = name.split(separator: "~1", omittingEmptySubsequences: false).joined(separator: "/")
                    .split(separator: "~0", omittingEmptySubsequences: false).joined(separator: "~")
                return #"{\#(quoted(plain)):\#(inner)}"#
            }
        }
    }
}

extension RuleDefinition {
    fileprivate func replacing(_ members: [SettingsValue.Member]) -> RuleDefinition {
        var changed = self
        for member in members {
            changed.parameters.removeAll { $0.key == member.key }
            changed.parameters.append(member)
        }
        return changed
    }
}
