// Files of judges: what is read, what is refused and where, and the schema that editors use.

import Foundation
import Testing
import UndertoneCore
import UndertoneJudging

private let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

private let schemaPath = "docs/judges.schema.json"

private func file(_ judge: String) -> String {
    "judges:\n  - name: default\n    model: m\n" + judge.split(separator: "\n").map { "    \($0)\n" }.joined()
}

// Keys of a judge, and whether they make one.
private let samples: [(keys: String, isSound: Bool)] = [
    ("endpoint: http://127.0.0.1:4000/v1", true), ("command: [judge, --fast]", true), ("", false),
    ("endpoint: http://a/v1\ncommand: [judge]", false), ("command: []", false), ("command: judge", false),
    ("command: [judge]\nkey-variable: JUDGE_KEY", true), ("command: [judge]\nkey-variable: sk-1234", false),
    ("command: [judge]\nenvironment: [HF_HOME]", true), ("command: [judge]\nenvironment: ['A=B']", false),
    ("command: [judge]\nreleased: '2026-01-31'", true), ("command: [judge]\nreleased: January", false),
    ("command: [judge]\ntemperature: 2", true), ("command: [judge]\ntemperature: 2.1", false),
    ("command: [judge]\ntop-p: 0", false), ("command: [judge]\ntop-p: 0.5\nseed: 0", true),
    ("command: [judge]\nseed: -1", false), ("command: [judge]\nmax-tokens: 0", false),
    ("command: [judge]\nlog-probabilities: required", true), ("command: [judge]\nlog-probabilities: true", false),
    ("command: [judge]\nin-flight: 1001", false), ("command: [judge]\nin-flight: 1\ntimeout: 0.5\nattempts: 1", true),
    ("command: [judge]\ntimeout: 0", false), ("command: [judge]\nattempts: 21", false),
    ("command: [judge]\nprice: {input: 0.4, output: 1}\nbudget: {money: 5}", true),
    ("command: [judge]\nbudget: {money: 5}", false), ("command: [judge]\nbudget: {requests: 0, tokens: 10}", true),
    ("command: [judge]\nbudget: {}", false), ("command: [judge]\nprice: {input: 0.4}", false),
    ("command: [judge]\nprice: {input: -1, output: 0}", false), ("command: [judge]\nkey: sk-1234", false),
]

@Suite struct JudgeFileTests {
    @Test func `every key arrives where it belongs`() throws {
        let judge = try #require(
            JudgeFile(
                text: """
                    judges:
                      - name: strict
                        endpoint: https://judge.example/v1
                        model: m-2026-01-31
                        released: '2026-01-31'
                        key-variable: JUDGE_KEY
                        certificates: ca.pem
                        temperature: 0.5
                        top-p: 0.9
                        seed: 7
                        max-tokens: 50
                        log-probabilities: required
                        in-flight: 16
                        timeout: 2.5
                        attempts: 3
                        price: {input: 0.4, output: 1.6}
                        budget: {requests: 10, tokens: 2000, money: 0.5}
                    """, file: "judges.yaml"
            ).judges.first)
        var expected = JudgeSettings(
            name: "strict", door: .endpoint("https://judge.example/v1"), model: "m-2026-01-31")
        expected.released = "2026-01-31"
        expected.keyVariable = "JUDGE_KEY"
        expected.certificates = "ca.pem"
        expected.temperature = 0.5
        expected.topP = 0.9
        expected.seed = 7
        expected.maxTokens = 50
        expected.requiresLogProbabilities = true
        expected.inFlight = 16
        expected.timeout = 2.5
        expected.attempts = 3
        expected.price = .init(input: 0.4, output: 1.6)
        expected.budget.requests = 10
        expected.budget.tokens = 2000
        expected.budget.money = 0.5
        #expect(judge == expected)
    }

    @Test(
        arguments: [
            ("judges: []", 1, "empty list"), ("judges: [{name: a}]", 1, "model"), ("rules: []", 1, "judges"),
            (file("endpoint: http://a/v1\nkey: sk-secret"), 5, "key"),
            (file("budget: {money: 1}\ncommand: [a]"), 4, "price"),
            ("judges:\n  - {name: a, model: m, command: [a]}\n  - {name: a, model: m, command: [a]}", 3, "twice"),
            ("- 1", 1, "judges"), ("judges: &a [*a]", 1, "anchors"), ("\u{0}", 1, "judges.yaml"),
        ])
    func `what is wrong is said with its line and without values that may be secret`(
        _ text: String, _ line: Int, _ word: String
    ) {
        do throws(SettingsError) {
            _ = try JudgeFile(text: text, file: "judges.yaml")
            Issue.record("was read")
        } catch {
            #expect(error.description.contains(word), "\(error)")
            #expect(error.location?.line ?? line == line, "\(error)")
            #expect(!error.description.contains("sk-secret"))
        }
    }

    @Test func `a judge that is asked for and is not there is said with the names that are`() throws {
        let judges = try JudgeFile(text: file("command: [a]"), file: "judges.yaml")
        let error = #expect(throws: SettingsError.self) {
            try judges.judge("defualt", for: RuleID(pack: "owls", name: "likes"))
        }
        #expect(error?.description.contains("owls/likes") == true && error?.description.contains("default") == true)
    }

    @Test func `the schema's file is what the program writes`() throws {
        let path = repository.appendingPathComponent(schemaPath)
        let written = try? String(contentsOf: path, encoding: .utf8)
        if written != nil, ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != "1" {
            #expect(written == judgeFileSchema(), "RECORD_SNAPSHOTS=1 writes it anew")
            return
        }
        try Data(judgeFileSchema().utf8).write(to: path)
        Issue.record("\(schemaPath) was written; read it and run the test again")
    }

    @Test func `the page describes every key, and its examples are files of judges`() throws {
        let page = try String(contentsOf: repository.appendingPathComponent("docs/judges.md"), encoding: .utf8)
        let schema = try #require(
            try JSONSerialization.jsonObject(with: Data(judgeFileSchema().utf8)) as? [String: Any])
        let definitions = try #require(schema["$defs"] as? [String: [String: Any]])
        for key in definitions.values.flatMap({ ($0["properties"] as? [String: Any] ?? [:]).keys }) {
            #expect(page.contains("`\(key)`"), "\(key)")
        }
        let blocks = page.split(separator: "```yaml\n").dropFirst().compactMap { rest in
            rest.split(separator: "```", maxSplits: 1).first.map(String.init)
        }
        let files = blocks.filter { $0.hasPrefix("judges:") }
        #expect(!files.isEmpty)
        for text in files { _ = try JudgeFile(text: text, file: "docs/judges.md") }
    }

    @Test func `schema and reader agree on what a file of judges is`() throws {
        for (keys, isSound) in samples {
            let isRead = (try? JudgeFile(text: file(keys), file: "judges.yaml")) != nil
            #expect(isRead == isSound, "\(keys)")
        }
        guard let valid = try validity(of: samples.map { file($0.keys) }) else {
            print("jsonschema and yaml of Python are not here; the schema was not tried")
            return
        }
        try #require(valid.count == samples.count)
        for ((keys, isSound), isValid) in zip(samples, valid) { #expect(isValid == isSound, "\(keys)") }
    }

    // Whether each text is valid by the schema; nil where Python lacks what it needs.
    private func validity(of texts: [String]) throws -> [Bool]? {
        let script = """
            import json, sys
            try:
                import jsonschema, yaml
            except ImportError:
                sys.exit(77)
            validator = jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))
            print(json.dumps([validator.is_valid(yaml.safe_load(text)) for text in sys.argv[2:]]))
            """
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, repository.appendingPathComponent(schemaPath).path] + texts
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        if process.terminationStatus == 77 || process.terminationStatus == 127 { return nil }
        #expect(process.terminationStatus == 0)
        return try JSONDecoder().decode([Bool].self, from: data)
    }
}
