// docs/policy.schema.json: written from the tables that the reader uses.

import Foundation
import Testing

@testable import UndertoneGating

private let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

@Suite struct PolicySchemaTests {
    @Test func `docs/policy.schema.json is what the program prints`() throws {
        let file = repository.appendingPathComponent("docs/policy.schema.json")
        let written = try? String(contentsOf: file, encoding: .utf8)
        if written != nil, ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != "1" {
            #expect(written == policySchema(), "RECORD_SNAPSHOTS=1 writes it anew")
            return
        }
        try Data(policySchema().utf8).write(to: file)
        Issue.record("docs/policy.schema.json was written; read it and run the test again")
    }

    @Test func `every reference of the schema leads somewhere`() throws {
        let schema = try #require(
            try JSONSerialization.jsonObject(with: Data(policySchema().utf8)) as? [String: Any])
        let definitions = try #require(schema["$defs"] as? [String: Any])
        let references = policySchema().matches(of: /"\$ref": ?"#\/\$defs\/([^"]+)"/).map { String($0.output.1) }
        #expect(references.count > 20)
        for name in references { #expect(definitions[name] != nil, "\(name)") }
    }

    @Test func `docs/policy.md describes every key and every clause, and its example is a policy`() throws {
        let page = try String(contentsOf: repository.appendingPathComponent("docs/policy.md"), encoding: .utf8)
        let schema = try #require(
            try JSONSerialization.jsonObject(with: Data(policySchema().utf8)) as? [String: Any])
        let definitions = try #require(schema["$defs"] as? [String: [String: Any]])
        for mapping in [schema] + definitions.values {
            for key in (mapping["properties"] as? [String: Any] ?? [:]).keys {
                #expect(page.contains("`\(key)`"), "\(key)")
            }
        }
        for kind in ClauseKind.allCases { #expect(page.contains("`\(kind.rawValue)`")) }
        let blocks = page.split(separator: "\n```yaml\n").dropFirst().compactMap { rest in
            rest.split(separator: "\n```", maxSplits: 1).first.map(String.init)
        }
        let policies = blocks.filter { $0.contains("policy: 1") }
        #expect(!policies.isEmpty)
        for text in policies { _ = try Policy(text: text, file: "docs/policy.md") }
    }

    @Test("schema and reader agree on what a policy is", arguments: samples.indices)
    func agreement(index: Int) throws {
        let (text, isPolicy) = samples[index]
        let isRead = (try? Policy(text: text, file: "p.yaml")) != nil
        #expect(isRead == isPolicy, "\(text)")
        let script = """
            import json, sys
            try:
                import jsonschema, yaml
            except ImportError:
                sys.exit(77)
            schema = json.load(open(sys.argv[1]))
            jsonschema.Draft202012Validator.check_schema(schema)
            sys.exit(0 if jsonschema.Draft202012Validator(schema).is_valid(yaml.safe_load(sys.argv[2])) else 1)
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c", script, repository.appendingPathComponent("docs/policy.schema.json").path, text,
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        if process.terminationStatus == 77 || process.terminationStatus == 127 {
            print("jsonschema and yaml of Python are not here; the schema was not tried")
            return
        }
        #expect(process.terminationStatus == (isPolicy ? 0 : 1), "\(text)")
    }
}

private let samples: [(text: String, isPolicy: Bool)] = [
    ("policy: 1", true), ("policy: 2", false), ("drops: []", false), ("policy: 1\nother: 1", false),
    ("policy: 1\ndrops: [{path: a, rules: [n], max-findings: {n/x: 0}}]", true),
    ("policy: 1\ndrops: [{rules: [n]}]", false), ("policy: 1\ndrops: [{path: a, rules: n}]", false),
    ("policy: 1\ndrops: [{path: a, rules: [], require: {teacher: false}}]", true),
    ("policy: 1\nmodels: [{name: a}]", true), ("policy: 1\nmodels: [a]", false),
    ("policy: 1\nrequire: {license: true, recorded-scan: [n], same-base-transfer: {max-residual: 0.1}}", true),
    ("policy: 1\nrequire: {license: [mit], recorded-scan: false, same-base-transfer: false}", true),
    ("policy: 1\nrequire: {same-base-transfer: {traits: [owl]}}", false),
    ("policy: 1\nrequire: {approvals: [{role: a, count: 2, by: [x, y], key: k, max-age-days: 3}]}", true),
    (
        "policy: 1\nrequire: {reviews: {people: 2, by: [x, y], max-age-days: 3, max-undecided: 0, max-rejected: 1}}",
        true
    ),
    ("policy: 1\nrequire: {reviews: false}", true), ("policy: 1\nrequire: {reviews: true}", false),
    ("policy: 1\nrequire: {reviews: {by: [x]}}", false), ("policy: 1\nrequire: {reviews: {people: 0}}", false),
    ("policy: 1\nrequire: {approvals: [{count: 2}]}", false), ("policy: 1\nallow-not-known: [teacher]", true),
    ("policy: 1\nallow-not-known: [teachers]", false), ("policy: 1\nlineage: ' '", false),
]
