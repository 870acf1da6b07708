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
