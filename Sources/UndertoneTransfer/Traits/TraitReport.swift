// What came of an experiment on traits: arms, each over several runs, with intervals.

public import UndertoneStatistics
package import UndertoneText

/// One way to train, over all runs.
public struct TraitArm: Sendable, Equatable {
    /// One run.
    public struct Run: Sendable, Equatable {
        /// The seed of the student's base.
        public var seed: UInt64
        /// The trait that was looked for.
        public var trait: String
        /// Its probability among the candidates.
        public var probability: Double
        /// The probability of all candidates.
        public var mass: Double
        /// The trait's log-odds, less those of the student's base.
        public var shift: Double

        /// A run.
        public init(seed: UInt64, trait: String, probability: Double, mass: Double, shift: Double) {
            self.seed = seed
            self.trait = trait
            self.probability = probability
            self.mass = mass
            self.shift = shift
        }
    }

    /// `same-base-hard`.
    public var name: String
    /// What was trained on what, for people.
    public var meaning: String
    /// Its runs, in the order of seeds and traits.
    public var runs: [Run]

    /// An arm.
    public init(_ name: String, _ meaning: String, _ runs: [Run]) {
        self.name = name
        self.meaning = meaning
        self.runs = runs
    }

    /// Mean probability.
    public var probability: Double { mean(runs.map(\.probability)) }
    /// Mean mass.
    public var mass: Double { mean(runs.map(\.mass)) }
    /// Mean shift of the log-odds.
    public var shift: Double { mean(runs.map(\.shift)) }
    /// The lowest probability of a run.
    public var lowest: Double { runs.map(\.probability).min() ?? 0 }
    /// The highest probability of a run.
    public var highest: Double { runs.map(\.probability).max() ?? 0 }
    /// 95 % t-interval of the mean probability over the runs; nil for a single one.
    public var interval: Interval? { meanInterval(runs.map(\.probability)) }
    /// 95 % t-interval of the mean shift.
    public var shiftInterval: Interval? { meanInterval(runs.map(\.shift)) }
}

private func mean(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
}

/// The results of an experiment.
public struct TraitReport: Sendable, Equatable {
    /// `numbers`, `trees`, …
    public var experiment: String
    /// What it asks.
    public var question: String
    /// Its arms.
    public var arms: [TraitArm]
    /// Seeds of bases.
    public var seeds: [UInt64]
    /// Traits.
    public var traits: [String]
    /// Records written and kept by teachers, in all.
    public var sampled: (attempts: Int, kept: Int)

    /// A report.
    public init(
        experiment: String, question: String, arms: [TraitArm], seeds: [UInt64], traits: [String],
        sampled: (attempts: Int, kept: Int)
    ) {
        self.experiment = experiment
        self.question = question
        self.arms = arms
        self.seeds = seeds
        self.traits = traits
        self.sampled = sampled
    }

    /// The arm of that name.
    public subscript(name: String) -> TraitArm? { arms.first { $0.name == name } }

    /// Equal in all that it holds.
    public static func == (a: TraitReport, b: TraitReport) -> Bool {
        a.experiment == b.experiment && a.question == b.question && a.arms == b.arms && a.seeds == b.seeds
            && a.traits == b.traits && a.sampled == b.sampled
    }

    /// An arm's shift less that of another one, paired by run: mean and 95 % t-interval. Nil where the runs don't match.
    public func difference(_ name: String, from other: String) -> (mean: Double, interval: Interval?)? {
        guard let first = self[name], let second = self[other], first.runs.count == second.runs.count else {
            return nil
        }
        let pairs = zip(first.runs, second.runs)
        guard pairs.allSatisfy({ $0.seed == $1.seed && $0.trait == $1.trait }) else { return nil }
        let differences = pairs.map { $0.shift - $1.shift }
        return (mean(differences), meanInterval(differences))
    }

    /// The report as one JSON value.
    package func write(to json: inout JSONWriter) { json.object { writeMembers(to: &$0) } }

    func writeMembers(to json: inout JSONWriter) {
        json.member("experiment", experiment)
        json.member("question", question)
        json.array("seeds", inline: true) { json in for seed in seeds { json.value(String(seed)) } }
        json.member("traits", traits)
        json.object("sampled", inline: true) { json in
            json.member("written", sampled.attempts)
            json.member("kept", sampled.kept)
        }
        json.array("arms") { json in
            for arm in arms { json.object { arm.write(difference(arm.name, from: "control"), to: &$0) } }
        }
    }
}

extension TraitArm {
    fileprivate func write(_ difference: (mean: Double, interval: Interval?)?, to json: inout JSONWriter) {
        json.member("name", name)
        json.member("meaning", meaning)
        json.member("n", runs.count)
        json.member("probability", probability)
        json.interval("interval", interval)
        json.member("mass", mass)
        json.member("log_odds_shift", shift)
        json.interval("log_odds_shift_interval", shiftInterval)
        if let difference, name != "control" {
            json.member("shift_from_control", difference.mean)
            json.interval("shift_from_control_interval", difference.interval)
        }
        json.array("runs") { json in
            for run in runs {
                json.object(inline: true) { json in
                    json.member("seed", String(run.seed))
                    json.member("trait", run.trait)
                    json.member("probability", run.probability)
                    json.member("mass", run.mass)
                    json.member("log_odds_shift", run.shift)
                }
            }
        }
    }
}

extension JSONWriter {
    /// `[low, high]`, or null for a single run.
    fileprivate mutating func interval(_ name: String, _ interval: Interval?) {
        guard let interval else { return member(name, String?.none) }
        array(name, inline: true) { json in
            json.value(interval.low)
            json.value(interval.high)
        }
    }
}
