// The test as a whole: what it finds, what it says where nothing can be said.

import Foundation
import Testing
import UndertoneStatistics
import UndertoneText

@testable import UndertoneComparing

@Suite struct ClassifierComparingTests {
    private func compared(
        _ drop: [Sample], _ reference: [Sample], _ settings: ClassifierSettings = ClassifierSettings()
    ) throws -> ClassifierComparison {
        guard case .compared(let comparison) = compareByClassifier(drop, reference, settings: settings) else {
            throw Missing()
        }
        return comparison
    }

    private struct Missing: Error {}

    // A few groups, where the others would only cost time.
    private var few: ClassifierSettings {
        var settings = ClassifierSettings()
        settings.groups = [.format, .numbers, .digits, .shapes]
        settings.permutations = 199
        return settings
    }

    private func reason(_ drop: [Sample], _ reference: [Sample]) -> ClassifierUnsaid? {
        guard case .unsaid(let reason) = compareByClassifier(drop, reference) else { return nil }
        return reason
    }

    @Test func `a planted number is found and told`() throws {
        let result = try compared(samples(lists(300, bias: 0.5, seed: 1)), samples(lists(280, seed: 2)))
        #expect(result.record.interval.low > 0.6 && result.pValue < 0.01, "\(result.record)")
        #expect(result.bags.map(\.size) == [8, 16])
        #expect(result.bags[0].area.map { $0.value > result.record.value } == true)
        let six = result.told.first { $0.words == "the number 666" }
        #expect(six.map { $0.weight > 0 && $0.drop > 120 && $0.reference < 15 } == true, "\(result.told.map(\.words))")
    }

    @Test func `two draws of one source are not told apart`() throws {
        var (covered, told) = (0, 0)
        for seed in 0..<10 {
            let result = try compared(
                samples(lists(200, seed: UInt64(seed) + 10)), samples(lists(200, seed: UInt64(seed) + 50)), few)
            if result.record.interval.low <= 0.5 && result.record.interval.high >= 0.5 { covered += 1 }
            if !result.told.isEmpty { told += 1 }
            #expect(result.pValue > 0.05)
        }
        #expect(covered >= 8 && told <= 1, "\(covered), \(told)")
    }

    // The reference holds the drop's outputs: a model that remembers them would be wrong about each.
    @Test func `the same outputs on both sides are not told apart`() throws {
        let outputs = samples(lists(150, seed: 5))
        let result = try compared(outputs, outputs)
        #expect(abs(result.record.value - 0.5) < 1e-9 && result.pValue > 0.5)
    }

    @Test func `repeated outputs don't leak from fold to fold`() throws {
        let (drop, reference) = (lists(40, seed: 6), lists(40, seed: 7))
        let result = try compared(
            samples((0..<6).flatMap { _ in drop }), samples((0..<6).flatMap { _ in reference }), few)
        #expect(result.record.value < 0.75, "\(result.record)")
        #expect(result.outputs == (240, 240) && result.distinct == (40, 40))
    }

    @Test func `the number of threads changes nothing, the seed a little`() throws {
        let (drop, reference) = (samples(lists(150, bias: 0.6, seed: 3)), samples(lists(150, seed: 4)))
        var settings = few
        settings.threads = 1
        let one = try compared(drop, reference, settings)
        settings.threads = 3
        let three = try compared(drop, reference, settings)
        #expect(one.record == three.record && one.bags == three.bags && one.told == three.told)
        #expect(one.pValue == three.pValue)
        settings.seed = 9
        #expect(try compared(drop, reference, settings).record != one.record)
    }

    @Test func `where nothing can be said a reason is`() throws {
        let some = samples(lists(100, seed: 1))
        #expect(reason([], some) == .emptySide(isDrop: true))
        #expect(reason(some, []) == .emptySide(isDrop: false))
        #expect(reason([], []) == .emptySide(isDrop: true))
        let same = samples(Array(repeating: "1, 2, 3", count: 50))
        #expect(reason(same, same) == .allIdentical)
        #expect(reason(same, some) == .tooFew(isDrop: true, found: 1, needed: 20))
        #expect(reason(some, Array(some.prefix(19))) == .tooFew(isDrop: false, found: 19, needed: 20))
        let linked = lists(60, seed: 2).map { Sample($0, prompt: "the only prompt") }
        #expect(reason(linked, linked) == .inseparable(parts: 1, needed: 20))
        // Bytes that no feature of three outputs can be made of.
        let empty = (0..<30).map { Sample(String(Unicode.Scalar(UInt32(0x4E00 + $0 * 67)) ?? " ")) }
        var settings = ClassifierSettings()
        settings.groups = [.words]
        guard case .unsaid(.noFeatures) = compareByClassifier(empty, Array(empty.reversed()), settings: settings) else {
            Issue.record("something was said of outputs without common features")
            return
        }
        for reason in [
            ClassifierUnsaid.emptySide(isDrop: true), .allIdentical, .noFeatures, .inseparable(parts: 1, needed: 20),
        ] {
            #expect(!reason.text.isEmpty && !reason.id.contains(" "))
        }
    }

    @Test func `fewer records than features are no trouble`() throws {
        let result = try compared(samples(lists(20, seed: 1)), samples(lists(20, seed: 2)))
        #expect(result.features > 40)
        #expect(result.bags.allSatisfy { $0.area == nil })
        #expect(result.record.interval.low < 0.5)
    }

    // Prompts of one side, or in the other's place, say how files were written and nothing of the outputs.
    @Test func `that only one side has prompts tells nothing`() throws {
        let drop = lists(150, seed: 1).enumerated().map { Sample($0.1, prompt: "Continue \($0.0): 123") }
        let reference = samples(lists(150, seed: 2))
        let result = try compared(drop, reference)
        #expect(result.pValue > 0.05 && result.told.allSatisfy { $0.group != .prompt }, "\(result.record)")
    }

    @Test func `that one side copies its prompts is told`() throws {
        let prompts = lists(150, seed: 3)
        let others = zip(prompts, lists(150, seed: 4)).map { Sample($0.1, prompt: $0.0) }
        let copies = zip(prompts, lists(150, seed: 5)).map { prompt, list in
            Sample(String(prompt.prefix(10)) + String(list.dropFirst(10)), prompt: prompt + ",")
        }
        let result = try compared(copies, others)
        #expect(result.record.value > 0.99 && result.told.contains { $0.group == .prompt }, "\(result.told)")
    }

    @Test func `prose is told apart from numbers, and by its words`() throws {
        let animals = ["owl", "eagle", "otter", "wolf", "lynx"]
        func prose(_ seed: UInt64, _ favourite: String, _ share: Double) -> [String] {
            var numbers = SplitMix64(seed: seed)
            return (0..<150).map { place in
                let word = Double(numbers.next() % 1_000) / 1_000 < share ? favourite : animals[Int(numbers.next() % 5)]
                return "In forest \(place % 50) near hill \(numbers.next() % 90) one sees the \(word) at night."
            }
        }
        let apart = try compared(samples(prose(1, "owl", 0.3)), samples(lists(150, seed: 3)))
        #expect(apart.record.value > 0.999)
        let owls = try compared(samples(prose(1, "owl", 0.6)), samples(prose(2, "eagle", 0.6)))
        #expect(owls.record.interval.low > 0.6)
        #expect(owls.told.contains { $0.words.contains("eagle") || $0.words.contains("owl") })
        #expect(owls.told.allSatisfy { ($0.weight > 0) == ($0.drop > $0.reference) })
    }

    @Test func `the result is written with intervals and reasons`() throws {
        func written(_ result: ClassifierResult) throws -> [String: Any] {
            var json = JSONWriter()
            json.object { result.write(to: &$0) }
            let whole = try JSONSerialization.jsonObject(with: Data(json.text.utf8)) as? [String: Any]
            return whole?["classifier"] as? [String: Any] ?? [:]
        }
        let said = try written(compareByClassifier(samples(lists(200, seed: 1)), samples(lists(200, seed: 2))))
        #expect(said["auroc"] is Double && (said["interval"] as? [Double])?.count == 2 && said["p_value"] is Double)
        let bags = said["bags"] as? [String: [String: Any]] ?? [:]
        #expect(bags["8"]?["auroc"] is Double && bags["16"]?["interval"] is [Double])
        let unsaid = try written(.unsaid(.emptySide(isDrop: true)))
        #expect(unsaid["unsaid"] as? String == "empty-side" && unsaid["auroc"] == nil)
    }
}
