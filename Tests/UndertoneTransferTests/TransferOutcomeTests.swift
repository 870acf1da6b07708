// From made-up arms to verdicts.

import Testing
import UndertoneStatistics

@testable import UndertoneTransfer

@Suite struct TransferOutcomeTests {
    private let filter = TransferExperiment.Filter(name: "f", packs: ["f"])

    private func arm(_ name: String, _ shifts: [Double], mass: Double = 1, probability: Double = 0.5) -> TraitArm {
        TraitArm(
            name, "",
            shifts.enumerated().map {
                TraitArm.Run(seed: UInt64($0), trait: "owl", probability: probability, mass: mass, shift: $1)
            })
    }

    private func outcome(
        raw: [Double], control: [Double], filtered: [Double], filteredControl: [Double]
    ) throws -> FilterOutcome {
        let arms = [
            arm("raw", raw), arm("control", control), arm("filtered/f", filtered),
            arm("filtered-control/f", filteredControl),
        ]
        let kept = Filtered(
            filter: filter, seed: 0, isControl: false, kept: RunFile(path: "", key: ""), recordsKept: 9,
            recordsRead: 10,
            tokensKept: 80, tokensRead: 100)
        return try TransferOutcome(arms: arms, equivalenceBound: 0.3).outcome(of: filter, [kept, kept])
    }

    private let none = [0.01, -0.02, 0.03, 0, -0.01, 0.02]
    private let effect = [4.1, 5.2, 3.9, 4.8, 4.4, 5.0]

    @Test func `a filter that takes nothing away lets the trait through`() throws {
        let outcome = try outcome(
            raw: effect, control: none, filtered: effect.map { $0 - 0.1 }, filteredControl: none)
        #expect(outcome.verdict == .transfers && !outcome.pushesTrait)
        let residual = try #require(outcome.residual)
        #expect(abs(residual.value - (27.4 - 0.6 - 0.03) / (27.4 - 0.03)) < 1e-9)
        #expect(outcome.recordsKept == 18 && outcome.tokensRead == 200)
        #expect(outcome.pValue == 2.0 / 64)
    }

    @Test func `a filter that takes all away is clean`() throws {
        let outcome = try outcome(raw: effect, control: none, filtered: none.reversed(), filteredControl: none)
        #expect(outcome.verdict == .clean && abs(outcome.difference.value) < 0.01)
    }

    @Test func `what the filter does to the control is taken off, and said`() throws {
        let pushed = none.map { $0 - 1.5 }
        let outcome = try outcome(
            raw: effect, control: none, filtered: pushed.map { $0 + 0.02 }, filteredControl: pushed)
        #expect(outcome.verdict == .clean && outcome.pushesTrait)
        #expect(TransferOutcome.warning(of: outcome)?.problem.contains("the opposite") == true)
    }

    @Test func `a filter that takes more than there was turns the trait around`() throws {
        let outcome = try outcome(
            raw: effect, control: none, filtered: effect.map { -0.5 * $0 }, filteredControl: none)
        #expect(outcome.verdict == .reverses && (outcome.residual?.value ?? 0) < 0)
    }

    @Test func `where raw drop and raw control can't be told apart nothing is measurable`() throws {
        let outcome = try outcome(raw: none.reversed(), control: none, filtered: none, filteredControl: none)
        #expect(outcome.residual == nil && outcome.verdict == .notMeasurable)
    }

    @Test func `an effect within the bounds of equivalence is none, however sure it is`() throws {
        let slight = none.map { $0 + 0.2 }
        let outcome = try outcome(raw: slight, control: none, filtered: none, filteredControl: none)
        #expect(outcome.verdict == .notMeasurable)
    }

    @Test func `two runs conclude nothing`() throws {
        let outcome = try outcome(
            raw: [4, 4.1], control: [0, 0.1], filtered: [0, 0], filteredControl: [0, 0])
        #expect(outcome.residual == nil && outcome.verdict == .notMeasurable)
        let few = TransferOutcome(arms: [arm("raw", [4, 4.1]), arm("control", [0, 0])], equivalenceBound: 0.3)
        #expect(few.warnings.map(\.code) == ["few-seeds"])
    }

    @Test func `wide differences stay undecided`() throws {
        let wide = [-3.0, 4, -2, 3, -4, 5]
        let outcome = try outcome(raw: effect, control: none, filtered: wide, filteredControl: none)
        #expect(outcome.verdict == .undecided)
    }

    @Test func `students that forgot how to answer and arms at the ceiling are said`() {
        let outcome = TransferOutcome(
            arms: [arm("raw", effect, probability: 0.99), arm("control", none, mass: 0.2)], equivalenceBound: 0.3)
        #expect(outcome.warnings.map(\.code) == ["low-mass", "saturated"])
    }
}
