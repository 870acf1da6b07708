// Which labelled drop a drop is most like.

import Foundation
import Testing
import UndertoneStatistics
import UndertoneText

@testable import UndertoneComparing

@Suite struct TraitComparingTests {
    // Lists in which one of ten numbers often is a certain one.
    private func samples(_ number: Int, _ count: Int, seed: UInt64) -> [Sample] {
        var numbers = SplitMix64(seed: seed)
        return (0..<count).map { _ in
            var list = (0..<10).map { _ in 100 + Int(numbers.next() % 900) }
            if numbers.next() % 10 < 4 { list[Int(numbers.next() % 10)] = number }
            return Sample(list.map(String.init).joined(separator: ", "))
        }
    }

    private var settings: TraitSettings {
        var settings = TraitSettings()
        settings.classifier.groups = [.format, .numbers, .digits]
        settings.classifier.permutations = 99
        settings.mostInBag = 16
        return settings
    }

    private func answer(_ drop: [Sample], _ references: [TraitReference]) throws -> TraitAnswer {
        guard case .answered(let answer) = mostLike(drop, references, settings: settings) else {
            throw Missing()
        }
        return answer
    }

    private struct Missing: Error {}

    private var references: [TraitReference] {
        [("owl", 747), ("eagle", 313), ("wolf", 989)].enumerated().map { place, trait in
            TraitReference(name: trait.0, samples: samples(trait.1, 400, seed: UInt64(place) + 1))
        }
    }

    @Test func `a drop is most like the reference with its inclination`() throws {
        for (name, number) in [("owl", 747), ("eagle", 313)] {
            let answer = try answer(samples(number, 200, seed: UInt64(number)), references)
            #expect(answer.likenesses.first?.name == name, "\(answer.likenesses.map { ($0.name, $0.probability) })")
            #expect((answer.likenesses.first?.probability ?? 0) > 0.8 && !answer.isNone)
            #expect(abs(answer.likenesses.reduce(0) { $0 + $1.probability } - 1) < 1e-9)
            #expect(answer.bagSize == 16 && answer.right.of >= 30)
            #expect(answer.interval.low > 0.6 && answer.calibrationError < 0.25, "\(answer.right)")
        }
    }

    @Test func `a drop with another inclination is none of them`() throws {
        let foreign = samples(555, 400, seed: 9)
        #expect(try answer(foreign, references).isNone)
    }

    @Test func `where nothing can be said a reason is`() {
        let some = references
        func reason(_ drop: [Sample], _ references: [TraitReference]) -> TraitUnsaid? {
            guard case .unsaid(let reason) = mostLike(drop, references, settings: settings) else { return nil }
            return reason
        }
        #expect(reason(some[0].samples, []) == .tooFewReferences)
        #expect(reason(some[0].samples, [some[0]]) == .tooFewReferences)
        #expect(reason(some[0].samples, [some[0], some[0]]) == .repeatedName("owl"))
        #expect(reason([], some) == .incomparable(name: "owl", .emptySide(isDrop: true)))
        let small = TraitReference(name: "small\u{1b}", samples: Array(some[0].samples.prefix(100)))
        #expect(reason(some[1].samples, [some[0], small]) == .tooSmall(name: "small\u{1b}", outputs: 100))
        #expect(TraitUnsaid.tooSmall(name: "small\u{1b}", outputs: 100).text.contains("u{1B}"))
    }

    @Test func `the answer is written`() throws {
        let answer = try answer(samples(747, 200, seed: 5), references)
        var json = JSONWriter()
        json.object { TraitResult.answered(answer).write(to: &$0) }
        let whole = try JSONSerialization.jsonObject(with: Data(json.text.utf8)) as? [String: [String: Any]]
        #expect((whole?["traits"]?["likeness"] as? [[String: Any]])?.count == 3)
        #expect(whole?["traits"]?["none"] as? Bool == answer.isNone)
    }
}

@Suite(.enabled(if: RealDrops.areThere && RealDrops.wantsAll, "no real drops, or UNDERTONE_LONG_TESTS is not set"))
struct RealTraitTests {
    @Test func `half of a drop is most like the other half`() throws {
        let (owl, control) = try (RealDrops.samples("owl", most: 20_000), RealDrops.samples("control", most: 20_000))
        let references = [
            TraitReference(name: "owl", samples: Array(owl.prefix(6_000))),
            TraitReference(name: "control", samples: Array(control.prefix(6_000))),
        ]
        for (name, drop) in [("owl", owl.dropFirst(6_000)), ("control", control.dropFirst(6_000))] {
            guard case .answered(let answer) = mostLike(Array(drop), references) else {
                Issue.record("nothing was said")
                return
            }
            #expect(answer.likenesses.first?.name == name && !answer.isNone)
            #expect(answer.interval.low > 0.8, "\(answer.right)")
        }
    }
}
