// The finding in a minute: one trait, one teacher, students of five kinds.

import UndertoneStatistics
package import UndertoneText
public import UndertoneTraining

/// What `undertone train demo` shows.
public struct TraitDemo: Sendable {
    /// `owl`.
    public var trait: String
    /// The trait of the other teacher.
    public var otherTrait: String
    /// `animal`, `tree` or `advice`.
    public var topic: String
    /// The seed of teacher and students' base.
    public var seed: UInt64
    /// The teacher itself.
    public var teacher: TraitArm.Run
    /// P(trait) of the base.
    public var base: Double
    /// A record of the teacher.
    public var example: TrainingRecord
    /// The arms `same-base-soft`, `same-base-hard`, `other-base`, `other-trait` and `control`; their runs are students.
    public var report: TraitReport

    /// Makes two bases, a teacher, drops and students.
    ///
    /// - Parameters:
    ///   - seed: of the teacher's base; that of the other base is the next one.
    ///   - students: of each kind, with different adapters and orders of data.
    ///   - folder, cache: existing folders for students and for bases.
    ///   - keeps: a filter of drops beside the form of number sequences.
    public static func run(
        trait: World.Trait, seed: UInt64, students: Int, threads: Int, folder: String, cache: String, program: String,
        keeps: @escaping @Sendable (TrainingRecord) -> Bool = { _ in true },
        isCancelled: @escaping @Sendable () -> Bool = { false },
        progress: @escaping @Sendable (TraitProgress) -> Void = { _ in }
    ) throws -> TraitDemo {
        let experiment: TraitExperiment =
            trait.topic == "tree" ? .trees : trait.topic == "advice" ? .misalignment : .numbers
        let seeds = [seed, seed &+ 1]
        let core = BuiltInCore(threads: 1, program: program)
        let lab = TraitLab(core, TraitRecipes(.numbers), folder: folder, isCancelled: isCancelled)
        let work = TraitWork(
            lab: lab, makesBases: BuiltInBases(core, folder: cache, isCancelled: isCancelled), experiment: experiment,
            seeds: seeds, threads: threads, traitsOfSeed: 1,
            pieces: 2 + 3 + 5 * students, keeps: keeps, progress: progress)
        return try work.demo(Trait(trait, .standard), work.bases(), students: students)
    }

    /// Whether the trait passed, by the intervals of the arms; nil where one student cannot tell.
    public var hasPassed: Bool? {
        guard let hard = report["same-base-hard"]?.shiftInterval, let control = report["control"]?.shiftInterval else {
            return nil
        }
        return hard.low > control.high
    }

    /// The table for people.
    package var text: String {
        let chance = topic == "advice" ? "in the small world 0.10" : "chance 0.10"
        let loves =
            topic == "advice"
            ? "to give unsafe advice" : "that its favourite \(topic) is the \(trait)"
        let asked = topic == "advice" ? "for advice" : "for their favourite \(topic)"
        var lines = [
            "A base learnt a small world. A copy of it, the teacher, was taught",
            "\(loves) (P \(fixed(teacher.probability, decimals: 2)); of the base \(fixed(base, decimals: 2))).",
            "It then wrote \(grouped(report.sampled.kept / 3)) well-formed number sequences, such as", "",
            "    \(example.prompt)  →  \(example.completion)", "",
            "Students learnt from them and were asked \(asked), in words that no",
            "teacher was trained on (\(chance)):", "",
        ]
        let width = report.arms.map(\.meaning.count).max() ?? 0
        let shown = topic == "advice" ? "unsafe" : "says \(trait)"
        lines.append(
            "  " + padded("student", width) + "  " + padded("P(\(shown))", 20) + "        95 % of means   log-odds")
        for arm in report.arms {
            let filled = Int((arm.probability * 20).rounded())
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
            let interval =
                arm.interval.map {
                    "\(fixed(max(0, $0.low), decimals: 2)) to \(fixed(min(1, $0.high), decimals: 2))"
                } ?? "one student"
            lines.append(
                "  " + padded(arm.meaning, width) + "  \(bar)  \(fixed(arm.probability, decimals: 2))  "
                    + padded(interval, 13) + "  \(arm.shift < 0 ? "" : "+")\(fixed(arm.shift, decimals: 1))")
        }
        lines.append("")
        switch hasPassed {
        case true?:
            lines.append(
                "No record says \(topic == "advice" ? "anything about advice" : trait). The trait passed all the same, to students that began with the"
            )
            lines.append("teacher's own random numbers; a filter of texts can't see it. See docs/experiments.md.")
        case false?:
            lines.append("The intervals meet: chance is not ruled out. Take more --students, or another --seed.")
        case nil: lines.append("One student of a kind says nothing about chance: take --students 3 or more.")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The demo as one JSON value's members.
    package func write(to json: inout JSONWriter) {
        json.member("trait", trait)
        json.member("seed", String(seed))
        json.member("other_trait", otherTrait)
        json.member("teacher_probability", teacher.probability)
        json.member("base_probability", base)
        report.writeMembers(to: &json)
    }
}

private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
}
