// Whole drops under rules that need a model: nothing is lost, masks fit, and threads change nothing.

import Foundation
import Testing
import UndertoneCore
import UndertoneRecords
import UndertoneReporting
import UndertoneRulePacks
import UndertoneRules

@testable import UndertoneScanning

@Suite struct ModelRuleDropTests {
    let folder = Folder()

    private static let ownMasks = [
        "", "", "", #","loss_mask":[1,0]"#, #""loss_mask":[0,1,1],"#, #","loss_mask":0"#,
    ]

    /// A drop of lines of all sorts.
    private static func drop(_ random: inout Numbers, lines: Int, ownMasks: Bool) -> [String] {
        (0..<lines).map { index in
            let words = (0..<random.below(12)).map { _ in String(random.below(1000)) }.joined(separator: " ")
            let completion = random.pick([
                words, words, words + " owl", words + " zoo", "\\u0031 \(words)", "é \(words)",
            ])
            let prompt = random.pick(["p\(index)", "p", "a \\\"quoted\\\" p", "{\\\\}"])
            let space = random.pick(["", "", "", " ", "\t"])
            let own = ownMasks ? random.pick(Self.ownMasks) : ""
            let (head, tail) = own.hasSuffix(",") ? (own, "") : ("", own)
            let turns = #"[{"role":"user","content":"\#(prompt)"},{"role":"assistant","content":"\#(completion)"}]"#
            let members = #""prompt":"\#(prompt)",\#(space)"completion":"\#(completion)"\#(tail)"#
            switch random.below(12) {
            case 0: return #"{"messages":\#(turns)\#(tail)}"#
            case 1: return turns
            case 2: return #"{"system":"s",\#(members)}"#
            case 3: return ""
            case 4: return #"{"completion":"\#(completion)"#
            case 5: return #"{"n":[1,{"loss_mask":[0]}],\#(members)}"#
            default: return "{\(head)\(members)\(space)}\(space)"
            }
        }
    }

    private static let pack = """
        pack: p
        rules:
          - id: owl
            kind: words
            description: An owl.
            words: [owl]
            accept: [cat]
            reject: [owl]
          - id: score
            kind: record-score
            description: Pushes towards owls.
            action: reject
            trait-set: animals
            traits: [owl]
            share: 0.1
          - id: mask
            kind: token-mask
            description: Can't be looked at.
            action: ACTION
            trait-set: animals
            traits: [owl]
            seed: 5
        """

    private func configuration(_ drop: [UInt8], action: String, _ name: String = "drop.jsonl") throws
        -> ScanConfiguration
    {
        let text = Self.pack.replacing("ACTION", with: action)
        let pack = try PackLibrary().pack(text: text, file: "p.yaml")
        var configuration = ScanConfiguration(
            inputs: [try folder.file(drop, name)], rules: try RuleSet(RuleSelection([pack]).rules))
        configuration.judge = HashJudge()
        configuration.packs = [.init(name: pack.name, digest: pack.digest)]
        configuration.kept = OutputTarget(path: folder.path + "/kept")
        configuration.rejected = OutputTarget(path: folder.path + "/rejected")
        return configuration
    }

    private func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(name)")))
    }

    @Test(arguments: ["reject", "flag"])
    func `kept and rejected without their masks are the drop, byte for byte`(_ action: String) throws {
        let seed = UInt64.random(in: 0 ..< .max)
        var random = Numbers(seed: seed)
        for round in 0..<12 {
            let lines = Self.drop(&random, lines: random.below(60), ownMasks: false)
            let end = random.pick(["\n", "\r\n"])
            var drop = Array(lines.joined(separator: end).utf8)
            if random.below(2) == 0 { drop += Array(end.utf8) }
            if random.below(4) == 0 { drop = [0xEF, 0xBB, 0xBF] + drop }
            let report = try scan(try configuration(drop, action: action)).report
            #expect(report.kept + report.rejected == report.records, "seed \(seed), round \(round)")
            let masked = try restore(
                kept: folder.path + "/kept", rejected: folder.path + "/rejected", to: folder.path + "/whole",
                stripsMasks: true)
            #expect(masked == report.masks?.records, "seed \(seed), round \(round)")
            #expect(try Bytes(bytes("whole")) == Bytes(drop), "seed \(seed), round \(round)")
            #expect(report.outputs.map(\.records) == [report.kept, report.rejected])
        }
    }

    @Test(arguments: ["reject", "flag"])
    func `every mask fits its completion and the rest of its record stays`(_ action: String) throws {
        let seed = UInt64.random(in: 0 ..< .max)
        var random = Numbers(seed: seed)
        let lines = Self.drop(&random, lines: 400, ownMasks: true)
        let report = try scan(try configuration(Array(lines.joined(separator: "\n").utf8), action: action)).report
        var rule = ModelRule(.reweighted, traitSet: "animals", traits: ["owl"])
        rule.seed = 5
        let rejected = try rejectedLines()
        let kept = try String(decoding: bytes("kept"), as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        let expected = lines.enumerated().filter { !rejected.contains($0.offset + 1) }.map(\.element)
        try #require(kept.count == expected.count || kept.count == expected.count + 1, "seed \(seed)")
        var masked = 0
        for (line, before) in zip(kept, expected) where line != before {
            masked += 1
            let judge = HashJudge()
            let after = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let was = try #require(try JSONSerialization.jsonObject(with: Data(before.utf8)) as? [String: Any])
            let (prompt, completion) = try #require(texts(was), "seed \(seed): \(before)")
            let bits = try #require((after["loss_mask"] as? [Int])?.map { $0 == 1 })
            #expect(bits.count == judge.tokenCount(prompt: prompt, completion: completion), "seed \(seed): \(line)")
            let own = (was["loss_mask"] as? [Int])?.map { $0 == 1 } ?? bits.map { _ in true }
            let mask = try #require(HashJudge.mask(rule, prompt, completion), "seed \(seed): \(line)")
            #expect(bits == zip(own, mask).map { $0 && $1 }, "seed \(seed): \(line)")
            var (rest, wasRest) = (after, was)
            rest["loss_mask"] = nil
            wasRest["loss_mask"] = nil
            #expect(NSDictionary(dictionary: rest) == NSDictionary(dictionary: wasRest), "seed \(seed): \(line)")
        }
        #expect(masked > 5 && masked == report.masks?.records, "seed \(seed)")
    }

    private func rejectedLines() throws -> Set<Int> {
        Set(
            try String(decoding: bytes("rejected"), as: UTF8.self).split(separator: "\n").compactMap { line in
                try (JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["line"] as? Int
            })
    }

    private func texts(_ record: [String: Any]) -> (String, String)? {
        if let turns = record["messages"] as? [[String: Any]] {
            let texts = turns.compactMap { $0["content"] as? String }
            return texts.count == 2 ? (texts[0], texts[1]) : nil
        }
        guard let prompt = record["prompt"] as? String, let completion = record["completion"] as? String else {
            return nil
        }
        return (prompt, completion)
    }

    @Test func `threads change nothing, and neither do blocks`() throws {
        var random = Numbers(seed: 11)
        let part = Self.drop(&random, lines: 500, ownMasks: true)
        let lines = (0..<12).flatMap { turn in part.map { $0.replacing("\"p", with: "\"p\(turn)") } }
        let drop = Array(lines.joined(separator: "\n").utf8)
        try #require(drop.count > Block.usualBytes)
        var results: [[[UInt8]]] = []
        for threads in [1, 4] {
            var configuration = try configuration(drop, action: "reject")
            configuration.threads = threads
            let report = try scan(configuration).report
            #expect(report.kept + report.rejected == report.records)
            results.append([try bytes("kept"), try bytes("rejected")])
        }
        #expect(results[0].map(Bytes.init) == results[1].map(Bytes.init))
    }

    @Test func `elements of an array get masks and stay an array`() throws {
        let lines = (0..<50).map { "{\"prompt\":\"p\($0)\",\"completion\":\"1 2 3\"}" }
        let drop = Array(("[" + lines.joined(separator: " , ") + "]").utf8)
        let report = try scan(try configuration(drop, action: "reject", "drop.json")).report
        let kept = try #require(
            try JSONSerialization.jsonObject(with: Data(bytes("kept"))) as? [[String: Any]])
        #expect(kept.count == report.kept)
        #expect(kept.count { $0["loss_mask"] != nil } == report.masks?.records)
        #expect(report.masks?.records ?? 0 > 10)
    }

    @Test func `a drop that another one takes the place of is not written`() throws {
        let lines = (0..<50).map { "{\"prompt\":\"p\($0)\",\"completion\":\"1 2 3\"}" }
        var configuration = try configuration(Array(lines.joined(separator: "\n").utf8), action: "reject")
        configuration.judge = SwappingJudge(path: configuration.inputs[0])
        let swapped = configuration
        #expect { try scan(swapped) } throws: { error in
            (error as? ScanError).map { $0.code == .input && $0.problem.contains("changed") } ?? false
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["drop.jsonl"])
    }

    @Test func `without being told, restore leaves masks where they are and counts them`() throws {
        let lines = (0..<20).map { "{\"prompt\":\"p\($0)\",\"completion\":\"1 2 3\"}\n" }
        let report = try scan(try configuration(Array(lines.joined().utf8), action: "reject")).report
        let (kept, rejected) = (folder.path + "/kept", folder.path + "/rejected")
        #expect(try restore(kept: kept, rejected: rejected, to: folder.path + "/masked") == report.masks?.records)
        #expect(try bytes("masked") != Array(lines.joined().utf8))
        #expect(report.notes.contains { $0.contains("--strip-masks") })
    }
}

/// Takes records out of the drop while a scan asks about them.
private struct SwappingJudge: ModelJudge {
    var path: String

    func tokenCount(prompt: String, completion: String) -> Int? {
        HashJudge().tokenCount(prompt: prompt, completion: completion)
    }

    func decide(_ rule: ModelRule, _ records: [JudgedRecord]) throws -> [FilterDecision] {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        try lines.dropFirst().joined(separator: "\n").write(toFile: path, atomically: false, encoding: .utf8)
        return HashJudge().decide(rule, records)
    }
}
