// The students of a run: what each is trained on, and how strongly it shows the trait.

import Glibc
import UndertoneStatistics
import UndertoneText
import UndertoneTraining

/// A student to be trained, or a model to be asked.
struct Student: Sendable {
    /// What it is trained on.
    enum Data: Sendable {
        /// A file, or so many of its first records.
        case file(RunFile, first: Int? = nil)
        /// A random part of a drop as large as what a filter kept, with as many tokens masked.
        case random(Filtered)
        /// The control, with every tenth record from the drop.
        case contaminated
        /// Nothing: this model is asked as it is.
        case none(RunFile)
        /// Nothing: records of a file stand before the questions.
        case context(RunFile)
    }

    let arm: String
    let meaning: String
    let replicate: Replicate
    let base: RunFile
    let data: Data
}

/// What a student showed.
struct ArmReading: Sendable {
    var arm: String
    var meaning: String
    var run: TraitArm.Run
    /// SHA-256 of the student; nil where nothing was trained.
    var model: String?
    /// Records that it was trained on.
    var records: Int
}

extension TransferRun {
    /// All students of a run but those of later generations.
    func students(of replicate: Replicate, _ filtered: [Filtered]) -> [Student] {
        var students: [Student] = []
        func add(_ arm: String, _ meaning: String, _ data: Student.Data, base: RunFile? = nil) {
            students.append(
                Student(
                    arm: arm, meaning: meaning, replicate: replicate, base: base ?? replicate.base, data: data))
        }
        let arms = experiment.arms
        if arms.contains(.teacher), let teacher = replicate.teacher {
            add("teacher", "the base, taught the trait", .none(teacher))
        }
        add("raw", "trained on the drop as it is", .file(replicate.drop))
        add("control", "trained on data without the trait", .file(replicate.control))
        for filtered in filtered where filtered.recordsKept > 0 {
            let name = filtered.filter.name
            if filtered.isControl {
                if arms.contains(.filteredControl) {
                    add(
                        "filtered-control/\(name)", "trained on what \(name) keeps of the control", .file(filtered.kept)
                    )
                }
                continue
            }
            if arms.contains(.filtered) {
                add("filtered/\(name)", "trained on what \(name) keeps of the drop", .file(filtered.kept))
            }
            if arms.contains(.random) {
                add(
                    "random/\(name)", "trained on a random part of the drop, as large as \(name) leaves",
                    .random(filtered))
            }
        }
        if arms.contains(.secondControl) {
            add("second-control", "trained on other data without the trait", .file(replicate.reference))
        }
        if arms.contains(.contaminated) {
            add("contaminated", "trained on the control, a tenth of it from the drop", .contaminated)
        }
        if let other = replicate.otherBase {
            add("other-base", "of another base, trained on the drop", .file(replicate.drop), base: other)
        }
        if let drop = replicate.otherDrop, let trait = replicate.otherTrait {
            add("other-trait", "trained on the drop of a teacher with another trait (\(trait.name), …)", .file(drop))
        }
        if arms.contains(.inContext) {
            add("in-context", "not trained: reads the drop in its prompt", .context(replicate.drop))
        }
        for dose in experiment.doses {
            add("dose/\(dose)", "trained on \(grouped(dose)) records of the drop", .file(replicate.drop, first: dose))
        }
        return students
    }

    /// Trains a student and asks it, or takes what is known.
    func measure(_ student: Student) throws -> ArmReading {
        defer { note("\(student.arm) of seed \(student.replicate.seed)") }
        let data: [String] =
            switch student.data {
            case .file(let file, let first): [file.key, first.map { "\($0)" } ?? ""]
            case .random(let filtered): [student.replicate.drop.key, filtered.kept.key]
            case .contaminated: [student.replicate.drop.key, student.replicate.control.key]
            case .none(let model): [model.key]
            case .context(let file): [file.key]
            }
        return try reading(student.arm, student.meaning, student.replicate, key: [student.base.key] + data) {
            let (seed, trait) = (student.replicate.seed, student.replicate.trait)
            let lab = lab
            let before = try lab.reading(student.base.path, trait)
            var after: TraitReading
            var (model, count): (String?, Int) = (nil, 0)
            switch student.data {
            case .none(let file): after = try lab.reading(file.path, trait)
            case .context(let file):
                after = try lab.reading(student.base.path, trait, contextsFrom: doors.read(file.path))
            default:
                let records = try records(of: student)
                let path = try lab.student(
                    student.base.path, records, name: "\(seed)/model-\(student.arm.replacing("/", with: "-"))",
                    seed: student.replicate.studentSeed)
                defer { unlink(path) }
                after = try lab.reading(path, trait)
                (model, count) = (try Checkpoint.digest(of: path), records.count)
            }
            return ArmReading(
                arm: student.arm, meaning: student.meaning,
                run: TraitArm.Run(
                    seed: seed, trait: trait.name, probability: after.probability, mass: after.mass,
                    shift: after.logOdds - before.logOdds), model: model, records: count)
        }
    }

    private var lab: TraitLab { TraitLab(core, experiment.recipes, folder: folder.path, isCancelled: isCancelled) }

    private func records(of student: Student) throws -> [TrainingRecord] {
        let replicate = student.replicate
        switch student.data {
        case .file(let file, let first):
            let records = try doors.read(file.path)
            let wanted = first ?? experiment.recipes.records
            guard records.count > wanted else { return records }
            // A random part, another one for each seed: records may be in some order.
            return drawn(wanted, of: records, replicate)
        case .contaminated:
            let (drop, control) = (try doors.read(replicate.drop.path), try doors.read(replicate.control.path))
            return control.enumerated().map { $0 % 10 == 0 && $0 < drop.count ? drop[$0] : $1 }
        case .random(let filtered):
            let drop = try doors.read(replicate.drop.path)
            var records = drawn(min(filtered.recordsKept, experiment.recipes.records), of: drop, replicate)
            var random = RandomStream(seed: replicate.seed, stream: 0xC1 << 56)
            let counts = try core.tokenCounts(of: records, by: replicate.base.path)
            // Records are of one length on average, kept or not.
            let tokens = Float(filtered.recordsKept) * Float(filtered.tokensRead) / Float(max(filtered.recordsRead, 1))
            let kept = Float(filtered.tokensKept) / max(tokens, 1)
            guard kept < 0.999 else { return records }
            for place in records.indices {
                records[place].weights = (0..<counts[place]).map { _ in random.unit() < kept ? 1 : 0 }
            }
            return records
        case .none, .context: return []
        }
    }

    private func drawn(_ count: Int, of records: [TrainingRecord], _ replicate: Replicate) -> [TrainingRecord] {
        var random = RandomStream(seed: replicate.seed, stream: 0xC0 << 56)
        var places = Array(records.indices)
        random.shuffle(&places)
        return places.prefix(count).map { records[$0] }
    }

    /// Students that write the drop of the next one: the second and the third generation. The first is the arm `raw`.
    func generations(of replicate: Replicate) throws -> [ArmReading] {
        let lab = lab
        guard case .teacher(let carrier, let count) = experiment.drop else { return [] }
        var (drop, results) = (replicate.drop, [ArmReading]())
        for generation in 2...3 {
            let arm = "generation-\(generation)"
            let writer = key("writer", replicate.base.key, drop.key, recipe(replicate.studentSeed))
            // The drop of the student before; its writer is only made where the drop is not there yet.
            let name = "\(replicate.seed)/drop-\(generation).jsonl"
            let path = try folder.file(name, key: writer) { path in
                let model = try lab.student(
                    replicate.base.path, doors.read(drop.path), name: "\(replicate.seed)/model-writer-\(generation)",
                    seed: replicate.studentSeed)
                defer { unlink(model) }
                let sample = try lab.drop(
                    model, DropForm(carrier), seed: replicate.dropSeed(UInt64(generation) * 10), count: count)
                try folder.write(jsonLines(sample.records), to: path)
            }
            drop = RunFile(path: path, key: writer)
            let meaning = "trained on the drop of the student before it"
            results.append(
                try measure(
                    Student(arm: arm, meaning: meaning, replicate: replicate, base: replicate.base, data: .file(drop))))
        }
        return results
    }

    private func recipe(_ seed: UInt64) -> String { experiment.recipes.student(isSoft: false, seed: seed).json }

    // A reading that is kept in a file of its own, as JSON.
    private func reading(
        _ arm: String, _ meaning: String, _ replicate: Replicate, key parts: [String], make: () throws -> ArmReading
    ) throws -> ArmReading {
        let key = key(
            digestOfTexts(parts), "reading", arm, "\(replicate.seed)", replicate.trait.key,
            recipe(replicate.studentSeed), "\(experiment.recipes.records)")
        var made: ArmReading?
        let path = try folder.file("\(replicate.seed)/arms/\(arm.replacing("/", with: "-")).json", key: key) { path in
            let reading = try make()
            try folder.write(reading.json, to: path)
            made = reading
        }
        if let made { return made }
        return try ArmReading(arm, meaning, json: folder.contents(of: path, limit: 1 << 16), path: path)
    }
}

extension ArmReading {
    var json: [UInt8] {
        var json = JSONWriter(.compact)
        json.object { json in
            json.member("arm", arm)
            json.member("seed", String(run.seed))
            json.member("trait", run.trait)
            json.member("probability", run.probability)
            json.member("mass", run.mass)
            json.member("log_odds_shift", run.shift)
            json.member("records", records)
            json.member("model", model)
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }

    /// - Throws: `usage` where the file was changed.
    init(_ arm: String, _ meaning: String, json bytes: [UInt8], path: String) throws {
        guard case .object(let object)? = try? JSONValue(parsing: bytes),
            let seed = object["seed"]?.string.flatMap(UInt64.init), let trait = object["trait"]?.string,
            let probability = object["probability"]?.double, let mass = object["mass"]?.double,
            let shift = object["log_odds_shift"]?.double, let records = object["records"]?.integer
        else {
            throw TrainingError(
                .usage, "\(visible(path, limit: 200)) is no reading that a run wrote",
                mend: "remove it, and it is made again")
        }
        self.init(
            arm: arm, meaning: meaning,
            run: TraitArm.Run(seed: seed, trait: trait, probability: probability, mass: mass, shift: shift),
            model: object["model"]?.string, records: records)
    }
}
