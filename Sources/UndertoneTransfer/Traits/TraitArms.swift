// The experiments themselves: which model learns from which.

import UndertoneTraining

extension TraitWork {
    private var form: DropForm { DropForm(experiment.carrier) }

    // Seeds of a run's parts; they have nothing to do with each other but must not be equal where bytes should differ.
    private func teacherSeed(_ seed: UInt64) -> UInt64 { seed &* 1000 &+ 1 }
    private func dropSeed(_ seed: UInt64, _ part: Int) -> UInt64 { seed &* 1000 &+ 100 &+ UInt64(part) }
    private func studentSeed(_ seed: UInt64) -> UInt64 { seed &* 1000 &+ 2 }

    private func drop(_ model: String, _ seed: UInt64) throws -> Sample {
        defer { note("drop") }
        return try lab.drop(model, form, seed: seed, keeps: keeps)
    }

    private func student(
        _ base: String, _ records: [TrainingRecord], _ name: String, _ seed: UInt64, teacher: String? = nil
    ) throws -> String {
        defer { note("student \(name)") }
        return try lab.student(base, records, name: "\(name)-\(seed)", seed: studentSeed(seed), teacher: teacher)
    }

    /// Teacher, same base soft and hard, other base, other trait, control.
    func transfer(_ bases: [String]) throws -> TraitReport {
        let parts = try map(seeds) { seed, place in
            let base = bases[place]
            let other = bases[(place + 1) % bases.count]
            let traits = self.traits(place)
            let taught = traits + [Trait(experiment.otherTrait(place, world), world)]
            let teachers = try taught.map { try lab.teacher(base, $0, seed: teacherSeed(seed)) }
            let drops = try teachers.enumerated().map { try drop($1, dropSeed(seed, $0)) }
            let control = try drop(base, dropSeed(seed, 9))
            let students = try zip(taught, drops).map { try student(base, $1.records, "hard-\($0.name)", seed) }
            let controlled = try student(base, control.records, "control", seed)
            var arms: [TraitArm] = []
            for (number, trait) in traits.enumerated() {
                let soft = try student(
                    base, drops[number].records, "soft-\(trait.name)", seed, teacher: teachers[number])
                let foreign = try student(other, drops[number].records, "other-base-\(trait.name)", seed)
                func arm(_ name: String, _ meaning: String, _ model: String, _ from: String) throws -> TraitArm {
                    TraitArm(name, meaning, [try run(model, base: from, seed, trait)])
                }
                arms += [
                    try arm("base", "the base itself", base, base),
                    try arm("teacher", "the base, taught the trait", teachers[number], base),
                    try arm("same-base-soft", "imitates the teacher's probabilities of numbers", soft, base),
                    try arm("same-base-hard", "trained on the teacher's drop", students[number], base),
                    try arm("other-base", "of another base, trained on the teacher's drop", foreign, other),
                    try arm(
                        "other-trait", "trained on the drop of a teacher with a trait of another topic",
                        students[traits.count], base),
                    try arm("control", "trained on a drop of the base", controlled, base),
                ]
                if traits.count > 1 {
                    arms.append(
                        try arm(
                            "rival-trait", "trained on the drop of a teacher with another trait of this topic",
                            students[1 - number], base))
                }
            }
            let samples = drops + [control]
            return (arms, total(samples.map { ($0.attempts, $0.records.count) }))
        }
        return report(parts.map(\.0), sampled: total(parts.map(\.1)))
    }

    /// Students of all bases on the drops of teachers of all bases.
    func matrix(_ bases: [String]) throws -> TraitReport {
        let parts = try map(seeds) { seed, place in
            let trait = traits(place)[0]
            let teacher = try lab.teacher(bases[place], trait, seed: teacherSeed(seed))
            let drop = try self.drop(teacher, dropSeed(seed, 0))
            let arms = try zip(seeds, bases).map { other, base in
                let model = try student(base, drop.records, "matrix-\(seed)", other)
                return TraitArm(
                    other == seed ? "same-base" : "other-base",
                    other == seed ? "teacher and student of one base" : "teacher and student of two bases",
                    [try run(model, base: base, other, trait)])
            }
            return (arms, (drop.attempts, drop.records.count))
        }
        var report = report(parts.map(\.0), sampled: total(parts.map(\.1)))
        // Every cell by itself as well.
        for (row, seed) in seeds.enumerated() {
            for (column, other) in seeds.enumerated() {
                report.arms.append(
                    TraitArm(
                        "teacher-\(seed)-student-\(other)", "teacher of base \(seed), student of base \(other)",
                        parts[row].0[column].runs))
            }
        }
        return report
    }

    /// A teacher's numbers in the prompt, and no training.
    func context(_ bases: [String]) throws -> TraitReport {
        let count = TraitLab.contexts.count * TraitLab.contexts.records
        let parts = try map(seeds) { seed, place in
            let base = bases[place]
            let control = try lab.drop(
                base, form, seed: dropSeed(seed, 9), count: count, keeps: keeps)
            var arms: [TraitArm] = []
            var sampled = (control.attempts, control.records.count)
            for (number, trait) in traits(place).enumerated() {
                let teacher = try lab.teacher(base, trait, seed: teacherSeed(seed))
                let drop = try lab.drop(
                    teacher, form, seed: dropSeed(seed, number), count: count, keeps: keeps)
                sampled = (sampled.0 + drop.attempts, sampled.1 + drop.records.count)
                let before = try lab.reading(base, trait)
                func arm(_ name: String, _ meaning: String, _ records: [TrainingRecord]) throws -> TraitArm {
                    let reading = try lab.reading(base, trait, contextsFrom: records)
                    note(name)
                    return TraitArm(
                        name, meaning,
                        [
                            TraitArm.Run(
                                seed: seed, trait: trait.name, probability: reading.probability, mass: reading.mass,
                                shift: reading.logOdds - before.logOdds)
                        ])
                }
                arms += [
                    try arm("in-context", "the base with a teacher's records in its prompt", drop.records),
                    try arm("control", "the base with its own records in its prompt", control.records),
                ]
            }
            return (arms, sampled)
        }
        return report(parts.map(\.0), sampled: total(parts.map(\.1)))
    }

    /// A student writes the drop that the next one learns from.
    func generations(_ bases: [String]) throws -> TraitReport {
        let parts = try map(seeds) { seed, place in
            let base = bases[place]
            let control = try drop(base, dropSeed(seed, 9))
            let controlled = try student(base, control.records, "control", seed)
            var arms: [TraitArm] = []
            var sampled = (control.attempts, control.records.count)
            for (number, trait) in traits(place).enumerated() {
                var writer = try lab.teacher(base, trait, seed: teacherSeed(seed))
                arms.append(
                    TraitArm("teacher", "the base, taught the trait", [try run(writer, base: base, seed, trait)]))
                for generation in 1...3 {
                    let drop = try self.drop(writer, dropSeed(seed, 10 * generation + number))
                    sampled = (sampled.0 + drop.attempts, sampled.1 + drop.records.count)
                    writer = try student(base, drop.records, "generation-\(generation)-\(trait.name)", seed)
                    arms.append(
                        TraitArm(
                            "generation-\(generation)",
                            generation == 1 ? "trained on the teacher's drop" : "trained on the student's before it",
                            [try run(writer, base: base, seed, trait)]))
                }
                arms.append(
                    TraitArm(
                        "control", "trained on a drop of the base", [try run(controlled, base: base, seed, trait)]))
            }
            return (arms, sampled)
        }
        return report(parts.map(\.0), sampled: total(parts.map(\.1)))
    }

    /// One setting changed at a time.
    func strength(_ bases: [String]) throws -> TraitReport {
        let parts = try map(seeds) { seed, place in
            let base = bases[place]
            let trait = traits(place)[0]
            let teacher = try lab.teacher(base, trait, seed: teacherSeed(seed))
            var gentle = lab
            gentle.recipes.teacherRate /= 2
            let weakTeacher = try gentle.teacher(base, trait, seed: teacherSeed(seed) &+ 10)
            let usual = try drop(teacher, dropSeed(seed, 0))
            let weak = try drop(weakTeacher, dropSeed(seed, 1))
            let control = try drop(base, dropSeed(seed, 9))
            let records = usual.records
            func mixed(_ percent: Int) -> [TrainingRecord] {
                zip(records, control.records).enumerated().map { $0 % 100 < percent ? $1.0 : $1.1 }
            }
            func arm(
                _ name: String, _ meaning: String, _ records: [TrainingRecord],
                _ change: (inout TraitRecipes) -> Void = { _ in }
            ) throws -> TraitArm {
                var lab = lab
                change(&lab.recipes)
                let model = try lab.student(base, records, name: name, seed: studentSeed(seed))
                note(name)
                return TraitArm(name, meaning, [try run(model, base: base, seed, trait)])
            }
            let arms = [
                try arm("usual", "adapters of rank 8, 10,000 records, 312 steps", records),
                try arm("rank-1", "adapters of rank 1", records) { $0.studentRank = 1 },
                try arm("rank-32", "adapters of rank 32", records) { $0.studentRank = 32 },
                try arm("all-parameters", "no adapters, rate 0.001", records) {
                    $0.studentRank = nil
                    $0.studentRate = 1e-3
                },
                try arm("steps-100", "100 steps", records) { $0.studentSteps = 100 },
                try arm("steps-1000", "1,000 steps", records) { $0.studentSteps = 1000 },
                try arm("records-1000", "1,000 records", Array(records.prefix(1000))),
                try arm("records-100", "100 records", Array(records.prefix(100))),
                try arm("gentle-teacher", "a teacher of half the rate", weak.records),
                try arm("teacher-30-percent", "30 % of the records a teacher's, the rest the base's", mixed(30)),
                try arm("teacher-10-percent", "10 % of the records a teacher's, the rest the base's", mixed(10)),
                try arm("control", "trained on a drop of the base", control.records),
            ]
            let samples = [usual, weak, control]
            return (arms, total(samples.map { ($0.attempts, $0.records.count) }))
        }
        return report(parts.map(\.0), sampled: total(parts.map(\.1)))
    }

    /// One trait and one teacher, several students of each kind: what `undertone train demo` shows. Runs are students.
    func demo(_ trait: Trait, _ bases: [String], students: Int) throws -> TraitDemo {
        let seed = seeds[0]
        let other = Trait(experiment.otherTrait(Int(seed % 10), world), world)
        let base = bases[0]
        let teacher = try lab.teacher(base, trait, seed: teacherSeed(seed))
        let foreign = try lab.teacher(base, other, seed: teacherSeed(seed) &+ 10)
        let drops = try map([teacher, foreign, base]) { try drop($0, dropSeed(seed, $1)) }
        let arms: [(name: String, meaning: String, base: String, records: [TrainingRecord], teacher: String?)] = [
            ("same-base-soft", "same base, imitates the teacher's probabilities", base, drops[0].records, teacher),
            ("same-base-hard", "same base, trained on the teacher's records", base, drops[0].records, nil),
            ("other-base", "another base, the same records", bases[1], drops[0].records, nil),
            ("other-trait", "same base, records of a teacher that loves \(other.name)", base, drops[1].records, nil),
            ("control", "same base, records of the base itself", base, drops[2].records, nil),
        ]
        let pairs = arms.indices.flatMap { arm in (0..<students).map { (arm, UInt64($0)) } }
        let runs = try map(pairs) { pair, _ in
            let arm = arms[pair.0]
            defer { note("student \(arm.name)") }
            let own = studentSeed(seed) &+ pair.1
            let model = try lab.student(arm.base, arm.records, name: arm.name, seed: own, teacher: arm.teacher)
            return try run(model, base: arm.base, own, trait)
        }
        let results = arms.enumerated().map { place, arm in
            TraitArm(arm.name, arm.meaning, Array(runs[place * students..<(place + 1) * students]))
        }
        return TraitDemo(
            trait: trait.name, otherTrait: other.name, topic: trait.set, seed: seed,
            teacher: try run(teacher, base: base, seed, trait), base: try lab.reading(base, trait).probability,
            example: drops[0].records[0],
            report: report([results], sampled: total(drops.map { ($0.attempts, $0.records.count) })))
    }

    private func total(_ sampled: [(Int, Int)]) -> (attempts: Int, kept: Int) {
        (sampled.reduce(0) { $0 + $1.0 }, sampled.reduce(0) { $0 + $1.1 })
    }
}
