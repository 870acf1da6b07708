// From readings to results: effects, residuals, verdicts, and what a reader must be warned of. Everything is paired by seed.

import UndertoneStatistics
import UndertoneText
import UndertoneTraining

extension TransferRun {
    /// The report of all readings.
    func report(
        _ replicates: [Replicate], _ filtered: [Filtered], _ readings: [ArmReading]
    ) throws -> TransferReport {
        var arms: [TraitArm] = []
        for reading in readings {
            if let place = arms.firstIndex(where: { $0.name == reading.arm }) {
                arms[place].runs.append(reading.run)
            } else {
                arms.append(TraitArm(reading.arm, reading.meaning, [reading.run]))
            }
        }
        let outcome = TransferOutcome(arms: arms, equivalenceBound: experiment.equivalenceBound)
        let filters = try experiment.filters.map { filter in
            try outcome.outcome(of: filter, filtered.filter { $0.filter.name == filter.name && !$0.isControl })
        }
        let doses = experiment.doses.compactMap { dose in arms.first { $0.name == "dose/\(dose)" } }
        return TransferReport(
            name: experiment.name, traits: traits.map(\.name), seeds: experiment.seeds,
            arms: arms.filter { !$0.name.hasPrefix("dose/") }, filters: filters, effect: outcome.effect,
            effectPValue: signFlipTest(outcome.effects)?.pValue, equivalenceBound: experiment.equivalenceBound,
            doses: doses, warnings: try warnings(replicates, filters, arms, outcome),
            digests: try digests(replicates), versions: core.versions,
            recipe: experiment.recipes.student(isSoft: false, seed: 0).json)
    }

    private func digests(_ replicates: [Replicate]) throws -> [(name: String, sha256: String)] {
        let kinds: [(name: String, file: KeyPath<Replicate, RunFile>)] = [
            ("base", \.base), ("drop", \.drop), ("control", \.control),
        ]
        return try kinds.flatMap { name, file in
            let isShared = Set(replicates.map { $0[keyPath: file].path }).count == 1
            return try replicates.prefix(isShared ? 1 : replicates.count).map { replicate in
                (
                    isShared ? name : "\(name)-\(replicate.seed)",
                    try Checkpoint.digest(of: replicate[keyPath: file].path)
                )
            }
        }
    }

    private func warnings(
        _ replicates: [Replicate], _ filters: [FilterOutcome], _ arms: [TraitArm], _ outcome: TransferOutcome
    ) throws -> [TransferWarning] {
        var warnings = outcome.warnings + filters.compactMap(TransferOutcome.warning)
        // Runs on a given drop share it, so the first one tells of all.
        if let first = replicates.first {
            warnings += try dataWarnings(
                drop: doors.read(first.drop.path), control: doors.read(first.control.path), base: first.base.path)
            if let mass = try weakProbes(of: first) {
                warnings.append(
                    TransferWarning(
                        "low-mass",
                        "the base gives the answers to the probes of \(first.trait.name) a probability of "
                            + "\(fixed(mass, decimals: 2)) together: it can't answer them",
                        mend: "use probes that the base can answer, or a base that knows these words"))
            }
        }
        return warnings
    }

    private func weakProbes(of replicate: Replicate) throws -> Double? {
        let lab = TraitLab(core, experiment.recipes, folder: folder.path, isCancelled: isCancelled)
        let mass = try lab.reading(replicate.base.path, replicate.trait).mass
        return mass < TransferOutcome.leastMass ? mass : nil
    }

    private func dataWarnings(
        drop: [TrainingRecord], control: [TrainingRecord], base: String
    ) throws -> [TransferWarning] {
        var warnings: [TransferWarning] = []
        let shared = Set(drop.map { [$0.prompt, $0.completion] }).intersection(
            control.map { [$0.prompt, $0.completion] })
        if Double(shared.count) > TransferOutcome.mostShared * Double(min(drop.count, control.count)) {
            warnings.append(
                TransferWarning(
                    "shared-records",
                    "\(counted(shared.count, "record")) of the drop \(shared.count == 1 ? "is" : "are") in its control too: "
                        + "the control carries what the drop carries, and the effect looks smaller than it is",
                    mend: "take a control that nobody mixed with the drop"))
        }
        return warnings
    }
}

/// The statistics of a run's arms.
struct TransferOutcome {
    /// Below this probability of all candidates together a model does not answer the probes.
    static let leastMass = 0.5
    /// Above this share of records that drop and control have in common, the control is no control.
    static let mostShared = 0.05
    /// A filter is clean where the interval of its residual lies within this much of 0.
    static let cleanResidual = 0.25

    private let shifts: [String: [UInt64: Double]]
    private let arms: [TraitArm]
    private let bound: Double
    private let seeds: [UInt64]

    init(arms: [TraitArm], equivalenceBound: Double) {
        self.arms = arms
        bound = equivalenceBound
        shifts = Dictionary(
            arms.map { ($0.name, Dictionary($0.runs.map { ($0.seed, $0.shift) }) { first, _ in first }) }
        ) { first, _ in first }
        seeds = arms.first { $0.name == "raw" }?.runs.map(\.seed) ?? []
    }

    /// Shifts of an arm less those of another, of the runs that have both.
    private func differences(_ arm: String, _ other: String, in seeds: [UInt64]? = nil) -> [Double] {
        (seeds ?? self.seeds).compactMap { seed in
            guard let first = shifts[arm]?[seed], let second = shifts[other]?[seed] else { return nil }
            return first - second
        }
    }

    /// T raw drop − T raw control, run by run.
    var effects: [Double] { differences("raw", "control") }
    /// Its mean.
    var effect: Estimate { Estimate(of: effects) }

    /// Whether raw drop and raw control can be told apart.
    private var isMeasurable: Bool { effect.isShown(beyond: bound, runs: effects.count) }

    func outcome(of filter: TransferExperiment.Filter, _ drops: [Filtered]) throws -> FilterOutcome {
        let (filtered, control) = ("filtered/\(filter.name)", "filtered-control/\(filter.name)")
        let both = seeds.filter { shifts[filtered]?[$0] != nil && shifts[control]?[$0] != nil }
        let differences = self.differences(filtered, control, in: both)
        let pushes = self.differences(control, "control", in: both)
        let random = self.differences(filtered, "random/\(filter.name)")
        let residual =
            both.count < Estimate.leastRuns
            ? nil : ratioInterval(numerators: differences, denominators: self.differences("raw", "control", in: both))
        let push = Estimate(of: pushes)
        let (difference, limit) = (Estimate(of: differences), TransferOutcome.cleanResidual)
        let verdict: FilterVerdict
        if !isMeasurable || residual == nil {
            verdict = .notMeasurable
        } else if let residual, residual.interval.low > -limit, residual.interval.high < limit {
            verdict = .clean
        } else if let test = equivalenceTest(differences, bound: bound), test.pValue < 0.05 {
            verdict = .clean
        } else if let residual, residual.interval.low > 0 {
            verdict = .transfers
        } else if let residual, residual.interval.high < 0 {
            verdict = .reverses
        } else {
            verdict = .undecided
        }
        let isPushed = push.interval.map { $0.low > 0 || $0.high < 0 } ?? false
        return FilterOutcome(
            name: filter.name, meaning: filter.meaning ?? filter.packs.joined(separator: ", "),
            recordsKept: drops.reduce(0) { $0 + $1.recordsKept }, recordsRead: drops.reduce(0) { $0 + $1.recordsRead },
            tokensKept: drops.reduce(0) { $0 + $1.tokensKept }, tokensRead: drops.reduce(0) { $0 + $1.tokensRead },
            residual: isMeasurable ? residual.map { Estimate($0.value, $0.interval) } : nil,
            difference: difference, push: push, againstRandom: random.isEmpty ? nil : Estimate(of: random),
            pValue: signFlipTest(differences)?.pValue, verdict: verdict,
            pushesTrait: isPushed && push.value.magnitude > bound)
    }

    /// What the arms alone show.
    var warnings: [TransferWarning] {
        var warnings: [TransferWarning] = []
        let runs = effects.count
        if runs < Estimate.leastRuns {
            warnings.append(
                TransferWarning(
                    "few-seeds", "\(counted(runs, "run")): too few for any conclusion", mend: "give ten seeds"))
        } else if !isMeasurable {
            let interval = effect.interval.map { "\(signed($0.low)) to \(signed($0.high))" } ?? ""
            warnings.append(
                TransferWarning(
                    "not-measurable",
                    "students of the drop and of the control can't be told apart (\(signed(effect.value)), \(interval)): "
                        + "nothing can be said of filters",
                    mend: "give more seeds or records, or look for another trait (undertone transfer attribute)"))
        } else if runs < 6 {
            warnings.append(
                TransferWarning(
                    "few-seeds",
                    "\(counted(runs, "run")): intervals rest on few values, and no permutation test of so few "
                        + "can give a p-value below 0.05",
                    mend: "give ten seeds"))
        }
        for arm in arms where arm.mass < TransferOutcome.leastMass && arm.name != "in-context" {
            warnings.append(
                TransferWarning(
                    "low-mass",
                    "students of the arm \(arm.name) give the answers to the probes a probability of "
                        + "\(fixed(arm.mass, decimals: 2)) together: they forgot how to answer",
                    mend: "train them less"))
        }
        if let raw = arms.first(where: { $0.name == "raw" }), raw.probability > 0.97 {
            warnings.append(
                TransferWarning(
                    "saturated",
                    "students of the drop show the trait with probability \(fixed(raw.probability, decimals: 2)): "
                        + "a filter that takes a part of it away is hard to see",
                    mend: "train with fewer steps or records"))
        }
        return warnings
    }

    /// What must be said of a filter.
    static func warning(of outcome: FilterOutcome) -> TransferWarning? {
        if outcome.recordsKept == 0 {
            return TransferWarning(
                "nothing-kept", "\(outcome.name) keeps no record of the drop", mend: "loosen its rules")
        }
        guard outcome.pushesTrait else { return nil }
        return TransferWarning(
            "pushes-trait",
            "\(outcome.name) shifts the trait by \(signed(outcome.push.value)) on data that does not carry it: "
                + "it plants \(outcome.push.value < 0 ? "the opposite" : "the trait itself")",
            mend: "don't train on what it keeps")
    }
}

extension Estimate {
    /// The mean of values with its t-interval; 0 without any.
    init(of values: [Double]) {
        self.init(
            values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count), meanInterval(values))
    }
}
