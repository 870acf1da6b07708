// Which fields a record must have follows from what its rules look at.

import Testing
import UndertoneCore
import UndertoneRecords
import UndertoneRules

@testable import UndertoneScanning

@Suite struct RequiredFieldTests {
    private static let place = SourceLocation(file: "test.yaml", line: 1, column: 1)

    private func rule(_ field: FieldSelector) -> RuleDefinition {
        let bytes = SettingsValue(
            .map([.init(key: "max", keyLocation: Self.place, value: SettingsValue(.integer(3), at: Self.place))]),
            at: Self.place)
        return RuleDefinition(
            id: RuleID(pack: "test", name: field.description), kind: "length", kindLocation: Self.place,
            description: "",
            field: field, parameters: [.init(key: "bytes", keyLocation: Self.place, value: bytes)], location: Self.place
        )
    }

    /// What becomes of each line: the malformation, or the names of the rules that met it.
    private func verdicts(_ fields: [FieldSelector], _ lines: [String]) throws -> [String] {
        let rules = try RuleSet(fields.map(rule))
        let scanner = BlockScanner(rules, RecordLimits())
        let block = Block()
        let bytes = Array(lines.joined(separator: "\n").utf8)
        block.bytes.update(from: bytes, count: bytes.count)
        block.count = bytes.count
        block.seal()
        scanner.read(block)
        rules.evaluate(scanner.batch, scratch: scanner.scratch, into: scanner.findings)
        return (0..<scanner.batch.records.count).map { index in
            let verdict = scanner.findings.verdicts[index]
            return (verdict.firstFinding..<verdict.firstFinding + verdict.findingCount).map { found in
                let finding = scanner.findings.findings[found]
                guard finding.rule != RuleSet.malformedRule else {
                    #expect(verdict.verdict == .reject)
                    return Malformation(rawValue: UInt8(finding.reason))?.reason ?? "?"
                }
                return rules.definitions[Int(finding.rule)].id.name
            }.joined(separator: " ")
        }
    }

    private static let lines = [
        #"{"prompt":"long prompt","completion":"1"}"#, #"{"prompt":"long prompt"}"#,
        #"{"messages":[{"role":"user","content":"long prompt"}]}"#, #"{"id":"x"}"#,
        #"{"prompt":"p","completion":"1, 2, 3"}"#,
    ]

    @Test(
        arguments: [
            ([.response], ["", "missing-field", "missing-field", "missing-field", "response"]),
            ([.any, .response], ["any", "missing-field", "missing-field", "missing-field", "any response"]),
            ([.response, .any], ["any", "missing-field", "missing-field", "missing-field", "response any"]),
            ([.prompt, .response], ["prompt", "missing-field", "missing-field", "missing-field", "response"]),
            ([.any], ["any", "any", "any", "missing-field", "any"]),
            ([.prompt], ["prompt", "prompt", "prompt", "missing-field", ""]),
            ([.role("user")], ["", "", "role:user", "missing-field", ""]),
            ([.pointer("/prompt")], ["/prompt", "/prompt", "", "missing-field", ""]),
            (
                [.pointer("/prompt"), .response],
                ["/prompt", "missing-field", "missing-field", "missing-field", "response"]
            ),
        ] as [([FieldSelector], [String])])
    func `a rule on responses makes a record without one malformed, whatever other rules look at`(
        _ fields: [FieldSelector], _ expected: [String]
    ) throws {
        #expect(try verdicts(fields, Self.lines) == expected)
    }
}
