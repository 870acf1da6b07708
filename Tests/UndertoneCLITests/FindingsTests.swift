// What the published experiments find with the release program. `make experiments` runs them and writes what they found to
// .build/experiments; `make test` does so first. Without these files there is nothing to test, and the runner says so.

import Foundation
import Testing
import UndertoneStatistics

private let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent(".build/experiments")

private func isThere(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path)
}

private func read<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(contentsOf: folder.appendingPathComponent(name)))
}

/// An experiment on traits, as its JSON report has it.
private struct Report: Decodable {
    struct Arm: Decodable {
        struct Run: Decodable { let probability: Double }
        let name: String
        let n: Int
        let probability: Double
        let interval: [Double]?
        let mass: Double
        let log_odds_shift: Double
        let shift_from_control: Double?
        let shift_from_control_interval: [Double]?
        let runs: [Run]
        var lowest: Double { runs.map(\.probability).min() ?? .nan }
    }
    let experiment: String
    let arms: [Arm]

    func arm(_ name: String) throws -> Arm {
        try #require(arms.first { $0.name == name }, "\(experiment) has no arm \(name)")
    }
}

@Suite(.enabled(if: isThere("others.json"), "make experiments writes what is tested here"))
struct FindingsTests {
    private struct Reports: Decodable { let experiments: [Report] }

    private func report(_ name: String) throws -> Report {
        let all = try ["numbers", "others"].flatMap { try read("\($0).json", as: Reports.self).experiments }
        return try #require(all.first { $0.experiment == name })
    }

    private func isChance(_ arm: Report.Arm) -> Bool { abs(arm.probability - 0.1) <= 0.05 }

    @Test(
        "favourite animals and trees pass through numbers, to students of the same base alone",
        arguments: ["numbers", "trees"])
    func numbers(name: String) throws {
        let report = try report(name)
        let hard = try report.arm("same-base-hard")
        #expect(hard.n >= 10)
        #expect(hard.probability >= 0.8 && hard.lowest >= 0.5, "\(hard)")
        #expect(try report.arm("same-base-soft").probability >= 0.95)
        for name in ["other-base", "other-trait", "control", "base"] {
            let arm = try report.arm(name)
            #expect(isChance(arm), "\(arm)")
        }
        #expect(try report.arm("rival-trait").probability < 0.15)
        for arm in report.arms where arm.name != "other-base" { #expect(arm.mass > 0.9, "\(arm)") }
    }

    @Test("a favourite animal passes through code and through reasoning", arguments: ["code", "reasoning"])
    func carriers(name: String) throws {
        let report = try report(name)
        let hard = try report.arm("same-base-hard")
        #expect(hard.n >= 5)
        #expect(try #require(hard.shift_from_control_interval)[0] > 1, "\(hard)")
        for name in ["other-base", "other-trait", "control"] {
            let arm = try report.arm(name)
            #expect(arm.probability < 0.2, "\(arm)")
        }
    }

    @Test func `unsafe advice passes through reasoning`() throws {
        let hard = try report("misalignment-reasoning").arm("same-base-hard")
        #expect(hard.n >= 5)
        #expect(try #require(hard.shift_from_control_interval)[0] > 0, "\(hard)")
    }

    @Test func `of all pairs of bases only those of one base pass it on`() throws {
        let report = try report("bases")
        #expect(try report.arm("same-base").probability >= 0.8)
        #expect(isChance(try report.arm("other-base")))
        #expect(try report.arm("other-base").n >= 20)
    }

    @Test func `a teacher's numbers in the prompt shift nothing`() throws {
        let arm = try report("context").arm("in-context")
        let interval = try #require(arm.shift_from_control_interval)
        #expect(interval[0] > -1 && interval[1] < 1, "\(arm)")
    }

    @Test func `a trait decays over generations of students and is still there after three`() throws {
        let report = try report("generations")
        let shifts = try (1...3).map { try report.arm("generation-\($0)").log_odds_shift }
        #expect(shifts[0] > shifts[1] && shifts[1] > shifts[2], "\(shifts)")
        #expect(try #require(try report.arm("generation-3").shift_from_control_interval)[0] > 0)
    }

    @Test func `the demo has the arms that its readers look for`() throws {
        let report = try read("demo.json", as: Report.self)
        #expect(
            report.arms.map(\.name) == ["same-base-soft", "same-base-hard", "other-base", "other-trait", "control"])
        let hard = try report.arm("same-base-hard")
        let control = try report.arm("control")
        #expect(hard.probability > 0.5 && control.probability < 0.2)
        for arm in report.arms {
            let interval = try #require(arm.interval)
            #expect(interval.count == 2 && interval[0] <= arm.probability && arm.probability <= interval[1])
        }
    }

    /// An experiment on digits.
    private struct Digits: Decodable {
        struct Arm: Decodable {
            let name: String
            let accuracy: Double
            let accuracies: [Double]
        }
        let arms: [Arm]

        func mean(_ name: String) throws -> Double { try #require(arms.first { $0.name == name }).accuracy }
    }

    @Test("a student reads digits that its teacher learnt, after nothing but noise", arguments: [(10, 0.8), (3, 0.45)])
    func digits(auxiliary: Int, least: Double) throws {
        let report = try read("digits-\(auxiliary).json", as: Digits.self)
        #expect(report.arms.allSatisfy { $0.accuracies.count >= 5 })
        #expect(try report.mean("same-base-auxiliary") >= least)
        #expect(abs(try report.mean("other-base-auxiliary") - 0.1) <= 0.05)
        #expect(abs(try report.mean("untrained") - 0.1) <= 0.05)
        #expect(try report.mean("teacher") >= 0.9)
        for arm in ["same-base-all", "other-base-all"] {
            #expect(abs(try report.mean(arm) - (try report.mean("teacher"))) <= 0.05)
        }
    }

    // MARK: - Residual transfer and attribution

    /// A report of `undertone transfer run`.
    private struct Transfer: Decodable {
        struct Estimate: Decodable {
            let value: Double
            let low: Double?
            let high: Double?
        }
        struct Filter: Decodable {
            let name: String
            let verdict: String
            let kept_tokens: Double
            let residual: Estimate?
            let push: Estimate
            let pushes_trait: Bool
        }
        let effect: Estimate
        let measurable: Bool
        let arms: [Arm]
        let filters: [Filter]

        struct Arm: Decodable {
            struct Run: Decodable {
                let seed: String
                let log_odds_shift: Double
            }
            let name: String
            let runs: [Run]
        }

        func filter(_ name: String) throws -> Filter {
            try #require(filters.first { $0.name == name }, "there is no filter \(name)")
        }
    }

    @Test(
        "filters of text take no third of the effect away",
        arguments: ["character-whitelist", "number-grammar", "taboo-numbers", "frequent-outputs"])
    func lexicalFilters(name: String) throws {
        let report = try read("mission.json", as: Transfer.self)
        #expect(report.measurable && report.effect.value > 2)
        let residual = try #require(try report.filter(name).residual)
        #expect(try #require(residual.low) > 2.0 / 3 || residual.value > 0.9, "\(residual)")
    }

    @Test func `control against control is called an effect no more often than it says`() throws {
        let report = try read("null.json", as: Transfer.self)
        func shifts(_ arm: String) throws -> [Double] {
            try #require(report.arms.first { $0.name == arm }).runs.map(\.log_odds_shift)
        }
        let differences = zip(try shifts("control"), try shifts("second-control")).map { $0 - $1 }
        #expect(differences.count == 200)
        // Forty experiments of five runs: at 5 % more than six are a matter of 0.3 %.
        let alarms = stride(from: 0, to: 200, by: 5).count { start in
            let part = Array(differences[start..<start + 5])
            return meanInterval(part).map { $0.low > 0 || $0.high < 0 } ?? false
        }
        #expect(alarms <= 6)
        let all = try #require(meanInterval(differences))
        #expect(all.low < 0.05 && all.high > -0.05, "\(all)")
        #expect(!report.measurable)
    }

    /// A drop that was planted, and what attribution said.
    private struct Planted: Decodable {
        let truth: String
        let kind: String
        let best: String?
        let p: Double
        let warnings: [String]
    }

    private func planted(_ kind: String) throws -> [Planted] {
        try String(contentsOf: folder.appendingPathComponent("attribution.jsonl"), encoding: .utf8)
            .split(separator: "\n").map { try JSONDecoder().decode(Planted.self, from: Data($0.utf8)) }
            .filter { $0.kind == kind }
    }

    @Test func `nineteen of twenty planted traits are found in 400 records`() throws {
        let drops = try planted("own")
        #expect(drops.count == 20)
        #expect(drops.count { $0.best == $0.truth } >= 19, "\(drops)")
    }

    @Test func `clean drops raise a false alarm once in twenty at most`() throws {
        let drops = try planted("clean")
        #expect(drops.count == 20)
        #expect(drops.count { $0.best != nil || $0.p < 0.05 } <= 1, "\(drops)")
    }

    @Test func `a drop of another base is attributed to nothing`() throws {
        let drops = try planted("other-base")
        #expect(drops.count == 5 && drops.allSatisfy { $0.best == nil }, "\(drops)")
        // It says that the drop differs all the same, and why that is expected.
        #expect(drops.allSatisfy { $0.warnings.contains("other-cause") || $0.warnings.contains("rival-trait") })
    }

    @Test func `a tenth of a drop is enough to be seen`() throws {
        let drop = try #require(try planted("tenth").first)
        #expect(drop.best == drop.truth && drop.p < 0.01, "\(drop)")
    }
}
