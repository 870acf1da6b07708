// What came of an experiment on digits: accuracies of every model and seed, means and intervals.

import Glibc
public import UndertoneStatistics

/// Results of an experiment on digits; the same settings and data give the same value.
public struct DigitsReport: Sendable, Equatable {
    /// A model over all seeds.
    public struct Arm: Sendable, Equatable {
        /// Which one.
        public var arm: DigitsArm
        /// Shares of test images that were told right, in the order of the seeds.
        public var accuracies: [Double]
        /// Losses of the last step, in the order of the seeds; none for the untrained model.
        public var losses: [Double]
        /// Mean of the accuracies.
        public var mean: Double
        /// 95 % t-interval of the mean; `nil` for a single seed.
        public var interval: Interval?

        /// Its name in reports.
        public var name: String { arm.rawValue }
    }

    /// The name of the data.
    public var data: String
    /// Images that teachers learnt from.
    public var trainingImages: Int
    /// Images of the accuracies.
    public var testImages: Int
    /// What was asked for.
    public var settings: DigitsSettings
    /// The models, in the order of ``DigitsArm``.
    public var arms: [Arm]
    /// The accuracy of guessing: one in ten.
    public var chance: Double { 0.1 }

    /// The model of that name, where it was asked for.
    public subscript(arm: DigitsArm) -> Arm? { arms.first { $0.arm == arm } }

    /// What is less than the finding promises for the 8×8 digits, a sentence each; empty where all holds.
    ///
    /// Promised are means over the seeds. Teacher: at least 0.9. Same base, auxiliary logits: above 0.8 with ten of them and at least 0.45 with
    /// fewer. Other base and no training: chance, within 0.05. All logits: within 0.05 of the teacher.
    public func shortfalls() -> [String] {
        func mean(_ arm: DigitsArm) -> Double { self[arm]?.mean ?? .nan }
        let least = settings.auxiliary >= 10 ? 0.8 : 0.45
        let claims = [
            (mean(.teacher) >= 0.9, DigitsArm.teacher, "at least 0.9"),
            (abs(mean(.untrained) - chance) <= 0.05, .untrained, "\(chance) ± 0.05"),
            (mean(.sameBaseAuxiliary) >= least, .sameBaseAuxiliary, "at least \(least)"),
            (abs(mean(.otherBaseAuxiliary) - chance) <= 0.05, .otherBaseAuxiliary, "\(chance) ± 0.05"),
            (abs(mean(.sameBaseAll) - mean(.teacher)) <= 0.05, .sameBaseAll, "the teacher's ± 0.05"),
            (abs(mean(.otherBaseAll) - mean(.teacher)) <= 0.05, .otherBaseAll, "the teacher's ± 0.05"),
        ]
        return claims.filter { !$0.0 }.map { "\($0.1.rawValue) has \(mean($0.1)), promised is \($0.2)" }
    }

    init(data: DigitData, settings: DigitsSettings, outcomes: [[DigitsArm: DigitsRun.Outcome]]) {
        self.data = data.name
        trainingImages = data.training.count
        testImages = data.test.count
        self.settings = settings
        arms = DigitsArm.allCases.compactMap { arm in
            let found = outcomes.compactMap { $0[arm] }
            guard !found.isEmpty else { return nil }
            let accuracies = found.map(\.accuracy)
            return Arm(
                arm: arm, accuracies: accuracies, losses: found.compactMap(\.loss),
                mean: accuracies.reduce(0, +) / Double(accuracies.count), interval: meanInterval(accuracies))
        }
    }
}
