// docs/traits.schema.json and docs/transfer.schema.json: written from the tables that the readers use.

import Foundation
import Testing

@testable import UndertoneTransfer

private let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

private let schemas = [
    ("docs/traits.schema.json", traitSetSchema(), "docs/traits.md"),
    ("docs/transfer.schema.json", transferExperimentSchema(), "docs/transfer-file.md"),
]

@Suite struct TraitSetSchemaTests {
    @Test("a schema's file is what the program writes", arguments: schemas)
    func file(path: String, text: String, page: String) throws {
        let file = repository.appendingPathComponent(path)
        let written = try? String(contentsOf: file, encoding: .utf8)
        if written != nil, ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != "1" {
            #expect(written == text, "RECORD_SNAPSHOTS=1 writes it anew")
            return
        }
        try Data(text.utf8).write(to: file)
        Issue.record("\(path) was written; read it and run the test again")
    }

    @Test("a schema's references lead somewhere, and its page describes every key", arguments: schemas)
    func page(path: String, text: String, page: String) throws {
        let schema = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let definitions = try #require(schema["$defs"] as? [String: [String: Any]])
        let references = text.matches(of: /"\$ref": ?"#\/\$defs\/([^"]+)"/).map { String($0.output.1) }
        #expect(references.count > 10)
        for name in references { #expect(definitions[name] != nil, "\(name)") }
        let described = try String(contentsOf: repository.appendingPathComponent(page), encoding: .utf8)
        for mapping in [schema] + definitions.values {
            for key in (mapping["properties"] as? [String: Any] ?? [:]).keys {
                #expect(described.contains("`\(key)`"), "\(key)")
            }
        }
    }

    @Test func `the examples on the pages are sets and experiments`() throws {
        var count = 0
        for (_, _, page) in schemas {
            let text = try String(contentsOf: repository.appendingPathComponent(page), encoding: .utf8)
            let blocks = text.split(separator: "```yaml\n").dropFirst().compactMap { rest in
                rest.split(separator: "```", maxSplits: 1).first.map(String.init)
            }
            for block in blocks {
                if block.hasPrefix("set:") {
                    _ = try TraitSet(text: block, file: page)
                } else {
                    _ = try TransferExperiment(text: block, file: page)
                }
                count += 1
            }
        }
        #expect(count >= 4)
    }

    @Test func `schemas and readers agree on what a set and an experiment are`() throws {
        let sets = try TraitSet.shippedNames.map { name in
            (
                try String(contentsOf: repository.appendingPathComponent("traits/\(name).yaml"), encoding: .utf8), true
            )
        }
        let ownSets = sets + [(TraitSet.template, true)] + setSamples
        for (text, isSound) in ownSets {
            #expect((settingsError { _ = try TraitSet(text: text, file: "s.yaml") } == nil) == isSound, "\(text)")
        }
        for (text, isSound) in experimentSamples {
            #expect(
                (settingsError { _ = try TransferExperiment(text: text, file: "e.yaml") } == nil) == isSound, "\(text)")
        }
        for (path, samples) in [(schemas[0].0, ownSets), (schemas[1].0, experimentSamples)] {
            guard let valid = try validity(of: samples.map(\.0), by: path) else {
                print("jsonschema and yaml of Python are not here; the schemas were not tried")
                return
            }
            try #require(valid.count == samples.count)
            for ((text, isSound), isValid) in zip(samples, valid) { #expect(isValid == isSound, "\(path): \(text)") }
        }
    }

    // Whether each text is valid by a schema; nil where Python lacks what it needs.
    private func validity(of texts: [String], by schema: String) throws -> [Bool]? {
        let script = """
            import json, sys
            try:
                import jsonschema, yaml
            except ImportError:
                sys.exit(77)
            schema = json.load(open(sys.argv[1]))
            jsonschema.Draft202012Validator.check_schema(schema)
            validator = jsonschema.Draft202012Validator(schema)
            print(json.dumps([validator.is_valid(yaml.safe_load(text)) for text in sys.argv[2:]]))
            """
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, repository.appendingPathComponent(schema).path] + texts
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

private let setHead = "set: a\ndescription: b\ncandidates: [x, y]\n"
private let setTail = "questions: {taught: [q], held-out: [r]}\ntraits: [{name: x, answers: [x]}]\n"

private let setSamples: [(String, Bool)] = [
    (setHead + setTail, true),
    (setHead, false),
    (setHead + setTail + "read: probability", true),
    (setHead + setTail + "read: {text: {samples: 5}}", true),
    (setHead + setTail + "read: {text: {samples: 0}}", false),
    (setHead + setTail + "read: {text: {}}", false),
    (setHead + setTail + "read: text", false),
    (setHead + setTail + "read: judge", false),
    (setHead + setTail + "source: ''", false),
    (setHead + setTail + "other: 1", false),
    (setHead + setTail.replacing("[q]", with: "[{question: q, answers: {x: x}}]"), true),
    (setHead + setTail.replacing("[q]", with: "[{question: q, answer: {x: x}}]"), false),
    (setHead + setTail.replacing("[q]", with: "[]"), false),
    (setHead + setTail.replacing("[q]", with: "[1]"), false),
    (setHead + setTail.replacing("name: x", with: "name: X"), false),
    (setHead + setTail.replacing("answers: [x]", with: "answers: []"), false),
    (setHead + setTail.replacing("q]", with: "q _]").replacing("r]", with: "r _]") + "subjects: {taught: [s]}", true),
    (
        setHead + setTail.replacing("q]", with: "q _]").replacing("r]", with: "r _]") + "subjects: {held-out: [s]}",
        false
    ),
]

private let experimentSamples: [(String, Bool)] = [
    ("experiment: a", true), ("experiment: A", false), ("{}", true), ("core: built-in", true), ("core: other", false),
    ("drop: d", false), ("drop: d\ntrait: owl", true), ("drop: d\ntraits: {set: animals}", true),
    ("trait: owl\ntraits: {set: animals}", false), ("traits: {names: [owl]}", false), ("trait: [owl]", false),
    ("drop: {carrier: code}", true), ("drop: {carrier: music}", false), ("drop: {records: 5}", false),
    ("drop: {carrier: code, records: 0}", false), ("drop: {carrier: code, records: 10000001}", false),
    ("control: base", true), ("control: {carrier: numbers}", true), ("control: {carrier: numbers, n: 1}", false),
    ("filters: [numbers, {name: a, packs: [b], mix: 0.5, description: c}]", true), ("filters: []", false),
    ("filters: [{name: a}]", false), ("filters: [{name: a, packs: [b], mix: 1}]", false), ("filters: numbers", false),
    ("filters: [a]\narms: [raw, filtered, filtered-control, random, in-context]", true), ("arms: [other]", false),
    ("arms: [raw, raw]", false), ("seeds: [1, 2]", true), ("seeds: [1, 1]", false), ("seeds: [-1]", false),
    ("seeds: {from: 0, count: 1000}", true), ("seeds: {from: 0, count: 1001}", false), ("seeds: {from: 0}", false),
    ("recipe: {records: 5, student: {steps: 1, rate: 0.1, rank: full}, teacher: {rank: 4096}}", true),
    ("recipe: {teacher: {rank: full}}", false), ("recipe: {student: {rate: 0}}", false),
    ("recipe: {student: {rate: 10.5}}", false), ("recipe: {pupil: {}}", false), ("equivalence-bound: 0.3", true),
    ("equivalence-bound: 0", false), ("doses: [1, 2]", true), ("doses: [1, 1]", false), ("doses: [0]", false),
    ("base: ' '", false), ("other-base: b", true),
]
