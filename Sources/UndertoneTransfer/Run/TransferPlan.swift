// What an experiment will cost and what it will be able to show, before anything is trained.

import UndertoneStatistics
package import UndertoneText
import UndertoneTraining

/// The cost of an experiment and its power.
public struct TransferPlan: Sendable, Hashable {
    /// Models that are trained: bases and teachers not counted.
    public var students: Int
    /// Bases of the built-in core, where they are not there yet.
    public var bases: Int
    /// Teachers.
    public var teachers: Int
    /// Records that models write.
    public var records: Int
    /// Records that go through students, each as often as it is trained on.
    public var trainedRecords: Int
    /// Runs.
    public var runs: Int
    /// The standard deviation of paired differences between runs that was assumed, in log-odds.
    public var deviation: Double
    /// The effect of the raw drop that was assumed, in log-odds.
    public var effect: Double
    /// The chance to see a third of the effect: tTestPower; nil for one run.
    public var powerOfThird: Double?
    /// The smallest shift that is seen with a chance of 80 %; nil for one run.
    public var detectable: Double?
    /// Runs that would be needed to see a third of the effect with a chance of 80 %.
    public var runsForThird: Int?
    /// Seconds that it will take on this machine, by a measurement of some steps; nil where none was made.
    public var seconds: Double?

    /// Pieces of work of an experiment: what progress counts.
    static func pieces(of experiment: TransferExperiment) -> Int {
        let each = students(of: experiment) + 1 + 2 * experiment.filters.count
        return each * experiment.seeds.count
    }

    // Arms of one run, those included that train nothing.
    private static func students(of experiment: TransferExperiment) -> Int {
        let filters = experiment.filters.count
        return experiment.doses.count
            + experiment.arms.union([.raw, .control]).reduce(0) { sum, arm in
                switch arm {
                case .filtered, .filteredControl, .random: sum + filters
                case .generations: sum + 2
                default: sum + 1
                }
            }
    }

    /// - Parameters:
    ///   - deviation: of paired differences between runs, in log-odds. 1.5 is what hard-sampled numbers of the built-in
    ///     core show (docs/experiments.md).
    ///   - effect: of the raw drop, in log-odds.
    ///   - secondsOfStudent: seconds that one student takes, where it was measured.
    public init(
        _ experiment: TransferExperiment, deviation: Double = 1.5, effect: Double = 4.5,
        secondsOfStudent: Double? = nil, threads: Int = 1
    ) {
        let untrained = experiment.arms.intersection([.teacher, .inContext]).count
        let runs = experiment.seeds.count
        let each = TransferPlan.students(of: experiment) - untrained + (experiment.arms.contains(.generations) ? 2 : 0)
        var written = 0
        if case .teacher(_, let records) = experiment.drop {
            teachers = runs
            let drops =
                1 + (experiment.arms.contains(.otherTrait) ? 1 : 0) + (experiment.arms.contains(.generations) ? 2 : 0)
            written = drops * records
            if case .base = experiment.control { written += 2 * records }
        } else {
            teachers = 0
        }
        if experiment.arms.contains(.otherTrait) { teachers += runs }
        bases = experiment.base == .builtIn ? runs : 0
        if experiment.arms.contains(.otherBase), experiment.otherBase == nil { bases += runs }
        students = each * runs
        records = written * runs
        let recipe = experiment.recipes.student(isSoft: false, seed: 0)
        trainedRecords = students * recipe.steps * recipe.batch
        self.runs = runs
        self.deviation = deviation
        self.effect = effect
        powerOfThird = tTestPower(effect: effect / 3, deviation: deviation, runs: runs)
        detectable = detectableEffect(deviation: deviation, runs: runs)
        runsForThird = runsNeeded(effect: effect / 3, deviation: deviation)
        // What is written costs a fifth of what is trained on, a base as much as five students.
        seconds = secondsOfStudent.map { seconds in
            let perRecord = seconds / Double(recipe.steps * recipe.batch)
            return (Double(students + 5 * bases) * seconds + 0.2 * Double(records) * perRecord)
                / Double(max(threads, 1))
        }
    }

    /// The plan for people.
    package var text: String {
        var lines = [
            "\(counted(runs, "run")), \(counted(students, "student")), \(counted(teachers, "teacher"))"
                + (bases > 0 ? ", \(counted(bases, "base")) at most" : ""),
            "\(grouped(records)) records to write, \(grouped(trainedRecords)) to train on",
        ]
        if let seconds { lines.append("about \(duration(seconds)) on this machine, by a trial of some steps") }
        lines.append("")
        lines.append(
            "Assumed: the raw drop shifts the trait by \(fixed(effect, decimals: 1)) log-odds; differences between runs deviate by "
                + "\(fixed(deviation, decimals: 1)).")
        if let powerOfThird, let detectable {
            lines.append("Chance to see a third of the effect: \(fixed(100 * powerOfThird, decimals: 0)) %.")
            lines.append("Smallest shift seen with a chance of 80 %: \(fixed(detectable, decimals: 2)) log-odds.")
        } else {
            lines.append("One run has no interval: nothing can be concluded from it.")
        }
        if let runsForThird {
            lines.append("Runs that see a third of the effect with a chance of 80 %: \(runsForThird).")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The plan as one JSON value.
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("runs", runs)
            json.member("students", students)
            json.member("teachers", teachers)
            json.member("bases", bases)
            json.member("records_written", records)
            json.member("records_trained", trainedRecords)
            json.object("assumed", inline: true) { json in
                json.member("effect", effect)
                json.member("deviation", deviation)
            }
            if let powerOfThird { json.member("power_of_a_third", powerOfThird) }
            if let detectable { json.member("detectable_shift", detectable) }
            if let runsForThird { json.member("runs_for_a_third", runsForThird) }
            if let seconds { json.member("seconds", seconds) }
        }
    }
}
