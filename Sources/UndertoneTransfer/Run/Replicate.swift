// One run of an experiment: its base, its teacher, its data.

import UndertoneTraining

/// What the students of one seed are made from.
struct Replicate: Sendable {
    let seed: UInt64
    let trait: Trait
    let base: RunFile
    let otherBase: RunFile?
    let teacher: RunFile?
    let drop: RunFile
    let control: RunFile
    /// A second control, for filters.
    let reference: RunFile
    /// The drop of a teacher with another trait.
    let otherDrop: RunFile?
    let otherTrait: Trait?

    // Seeds of a run's parts: they have nothing to do with each other but must not be equal where bytes should differ.
    var teacherSeed: UInt64 { seed &* 1000 &+ 1 }
    var studentSeed: UInt64 { seed &* 1000 &+ 2 }
    func dropSeed(_ part: UInt64) -> UInt64 { seed &* 1000 &+ 100 &+ part }
}

extension TransferRun {
    /// Makes what the students of a seed are made from.
    func replicate(_ seed: UInt64, _ place: Int) throws -> Replicate {
        let trait = traits[place % traits.count]
        let base = try self.base(seed)
        let wantsOtherTrait = experiment.arms.contains(.otherTrait) && !otherTraits.isEmpty
        let otherTrait = wantsOtherTrait ? otherTraits[place % otherTraits.count] : nil
        // Only to draw its seeds from; what is in it comes below.
        let seeds = Replicate(
            seed: seed, trait: trait, base: base, otherBase: nil, teacher: nil, drop: base, control: base,
            reference: base, otherDrop: nil, otherTrait: nil)

        var teacher: RunFile?
        let drop: RunFile
        let (form, count) = try form()
        switch experiment.drop {
        case .teacher:
            let made = try self.teacher(trait, of: base, seed, seeds.teacherSeed)
            teacher = made
            drop = try sample("drop", by: made, form, count, seed, seeds.dropSeed(0))
        case .file(let path): drop = RunFile(path: path, key: try Checkpoint.digest(of: path))
        }
        var otherDrop: RunFile?
        if let otherTrait {
            let made = try self.teacher(otherTrait, of: base, seed, seeds.teacherSeed &+ 10)
            otherDrop = try sample("other-drop", by: made, form, count, seed, seeds.dropSeed(1))
        }
        let (control, reference) = try controls(base, count, seed, seeds)
        note("data of seed \(seed)")
        return Replicate(
            seed: seed, trait: trait, base: base, otherBase: try otherBase(seed), teacher: teacher, drop: drop,
            control: control, reference: reference, otherDrop: otherDrop, otherTrait: otherTrait)
    }

    private func base(_ seed: UInt64) throws -> RunFile {
        switch experiment.base {
        case .builtIn:
            let path = try bases.base(seed: seed)
            return RunFile(path: path, key: try Checkpoint.digest(of: path))
        case .file(let path): return RunFile(path: path, key: try Checkpoint.digest(of: path))
        }
    }

    private func otherBase(_ seed: UInt64) throws -> RunFile? {
        guard experiment.arms.contains(.otherBase) else { return nil }
        // Far from the seeds that people choose, so that it is none of the experiment's own.
        let path = try experiment.otherBase ?? bases.base(seed: seed &+ 5000)
        return RunFile(path: path, key: try Checkpoint.digest(of: path))
    }

    private func form() throws -> (DropForm, count: Int) {
        switch experiment.drop {
        case .teacher(let carrier, let records): return (DropForm(carrier), records)
        case .file(let path):
            // What is written beside a given drop is as large, and of the kind that its control has.
            guard case .base(let carrier) = experiment.control else { return (DropForm(.numbers), 0) }
            return (DropForm(carrier), try doors.read(path).count)
        }
    }

    private func teacher(_ trait: Trait, of base: RunFile, _ seed: UInt64, _ own: UInt64) throws -> RunFile {
        let recipe = experiment.recipes.teacher(records: trait.taught.count, seed: own)
        let key = key("teacher", base.key, trait.key, recipe.json)
        let path = try folder.file("\(seed)/teacher-\(trait.name).safetensors", key: key) { path in
            _ = try core.finetune(
                FinetuningJob(base: base.path, records: trait.taught, recipe: recipe, output: path),
                Watch(isCancelled: isCancelled))
        }
        return RunFile(path: path, key: key)
    }

    /// A drop that a model writes.
    func sample(
        _ name: String, by model: RunFile, _ form: DropForm, _ count: Int, _ seed: UInt64, _ own: UInt64
    ) throws -> RunFile {
        let key = key("sample", model.key, "\(experiment.drop) \(experiment.control)", "\(count)", "\(own)")
        let path = try folder.file("\(seed)/\(name).jsonl", key: key) { path in
            let lab = TraitLab(core, experiment.recipes, folder: folder.path, isCancelled: isCancelled)
            let sample = try lab.drop(model.path, form, seed: own, count: count)
            try folder.write(jsonLines(sample.records), to: path)
        }
        return RunFile(path: path, key: key)
    }

    // Students are trained on the one, filters look at the other.
    private func controls(
        _ base: RunFile, _ count: Int, _ seed: UInt64, _ seeds: Replicate
    ) throws -> (control: RunFile, reference: RunFile) {
        switch experiment.control {
        case .base(let carrier):
            let form = DropForm(carrier)
            return (
                try sample("control", by: base, form, count, seed, seeds.dropSeed(9)),
                try sample("reference", by: base, form, count, seed, seeds.dropSeed(8))
            )
        case .file(let path):
            let digest = try Checkpoint.digest(of: path)
            // Without a filter nothing else needs a part of it.
            guard !experiment.filters.isEmpty || experiment.arms.contains(.secondControl) else {
                let whole = RunFile(path: path, key: digest)
                return (whole, whole)
            }
            let halves = try [0, 1].map { half in
                let key = key("half", digest, "\(half)")
                let path = try folder.file("\(seed)/\(half == 0 ? "control" : "reference").jsonl", key: key) { file in
                    let records = try doors.read(path).enumerated().filter { $0.offset % 2 == half }.map(\.element)
                    try folder.write(jsonLines(records), to: file)
                }
                return RunFile(path: path, key: key)
            }
            return (halves[0], halves[1])
        }
    }
}

// MARK: - Filters

/// What a filter kept of the drop or the control of a run.
struct Filtered: Sendable {
    let filter: TransferExperiment.Filter
    let seed: UInt64
    let isControl: Bool
    let kept: RunFile
    let recordsKept: Int
    let recordsRead: Int
    let tokensKept: Int
    let tokensRead: Int
}

extension TransferRun {
    /// What a filter keeps.
    func filtered(
        _ filter: TransferExperiment.Filter, of replicate: Replicate, isControl: Bool
    ) throws -> Filtered {
        let input = isControl ? replicate.control : replicate.drop
        let name = "\(replicate.seed)/\(isControl ? "kept-control" : "kept")/\(filter.name)"
        let identity = try doors.identity(filter.packs)
        let key = key(
            "filter", input.key, replicate.base.key, replicate.reference.key, replicate.teacher?.key ?? "",
            replicate.trait.key, "\(filter.mix)", digestOfTexts(identity))
        let path = try folder.file("\(name).jsonl", key: key) { path in
            let context = FilterContext(
                base: replicate.base.path, reference: replicate.reference.path, teacher: replicate.teacher?.path,
                trait: replicate.trait, folder: bases.folder)
            if filter.packs.isEmpty {
                try folder.write(jsonLines(doors.read(input.path)), to: path)
            } else {
                try doors.apply(filter.packs, input.path, path, context)
            }
            guard filter.mix > 0 else { return }
            let kept = try doors.read(path)
            let others = try doors.read(replicate.reference.path)
            let count = Int((Double(kept.count) * filter.mix / (1 - filter.mix)).rounded())
            // Where there are too few, they come again.
            try folder.write(jsonLines(kept + (0..<count).map { others[$0 % others.count] }), to: path)
        }
        let read = try doors.read(input.path)
        let all = folder.isEmptyFile(path) ? [] : try doors.read(path)
        // Control data that was mixed in stands behind what was kept.
        let kept = all.prefix(Int((Double(all.count) * (1 - filter.mix)).rounded()))
        let counts = try core.tokenCounts(of: Array(kept), by: replicate.base.path)
        note("\(filter.name) of seed \(replicate.seed)")
        return Filtered(
            filter: filter, seed: replicate.seed, isControl: isControl, kept: RunFile(path: path, key: key),
            recordsKept: kept.count, recordsRead: read.count,
            tokensKept: zip(kept, counts).reduce(0) { $0 + ($1.0.weights?.count { $0 > 0 } ?? $1.1) },
            tokensRead: try core.tokenCounts(of: read, by: replicate.base.path).reduce(0, +))
    }
}
