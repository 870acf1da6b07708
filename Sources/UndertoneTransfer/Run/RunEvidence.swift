// What a run made from what: what a catalogue is told.

import UndertoneTraining

/// The files of one run and the students that were trained on them.
public struct RunEvidence: Sendable {
    /// A student.
    public struct Training: Sendable {
        /// `raw`, `filtered/numbers`.
        public var arm: String
        /// SHA-256 of the student, which is not kept.
        public var model: String
        /// The base that it began with, a file.
        public var base: String
        /// What it was trained on, files.
        public var data: [String]
        /// How, as JSON on one line.
        public var recipe: String
        /// Seed of its adapters and the order of its data.
        public var seed: UInt64
    }

    /// The run's seed.
    public var seed: UInt64
    /// The trait that was looked for.
    public var trait: String
    /// The base, a file.
    public var base: String
    /// Whether the built-in core made it from random numbers.
    public var isBaseBuiltIn: Bool
    /// The teacher that was made for the run, a file.
    public var teacher: String?
    /// The drop, a file.
    public var drop: String
    /// The control, a file.
    public var control: String
    /// Whether the base wrote the control for the run.
    public var isControlSampled: Bool
    /// What filters kept of the drop, files, by their names.
    public var kept: [(filter: String, path: String)]
    /// What filters kept of the control.
    public var keptControl: [(filter: String, path: String)]
    /// Students.
    public var trainings: [Training]
}

extension TransferRun {
    /// What the runs made from what.
    func evidence(
        _ replicates: [Replicate], _ kept: [Filtered], _ students: [Student], _ readings: [ArmReading]
    ) -> [RunEvidence] {
        replicates.map { replicate in
            func files(_ isControl: Bool) -> [(filter: String, path: String)] {
                kept.filter { $0.seed == replicate.seed && $0.isControl == isControl && $0.recordsKept > 0 }
                    .map { ($0.filter.name, $0.kept.path) }
            }
            let models = Dictionary(
                readings.filter { $0.run.seed == replicate.seed }.compactMap { reading in
                    reading.model.map { (reading.arm, $0) }
                }
            ) { first, _ in first }
            let trainings = students.filter { $0.replicate.seed == replicate.seed }.compactMap { student in
                models[student.arm].map { model in
                    RunEvidence.Training(
                        arm: student.arm, model: model, base: student.base.path, data: student.files,
                        recipe: experiment.recipes.student(isSoft: false, seed: replicate.studentSeed).json,
                        seed: replicate.studentSeed)
                }
            }
            var isControlSampled = false
            if case .base = experiment.control { isControlSampled = true }
            return RunEvidence(
                seed: replicate.seed, trait: replicate.trait.name, base: replicate.base.path,
                isBaseBuiltIn: experiment.base == .builtIn, teacher: replicate.teacher?.path,
                drop: replicate.drop.path, control: replicate.control.path, isControlSampled: isControlSampled,
                kept: files(false), keptControl: files(true), trainings: trainings)
        }
    }
}

extension Student {
    /// The files that it is trained on.
    fileprivate var files: [String] {
        switch data {
        case .file(let file, _): [file.path]
        case .random: [replicate.drop.path]
        case .contaminated: [replicate.control.path, replicate.drop.path]
        case .none, .context: []
        }
    }
}
