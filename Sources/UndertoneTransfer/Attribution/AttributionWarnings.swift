// What must be said beside an attribution: data that is not what it is taken for, probes that say nothing.

import Glibc
import UndertoneText
import UndertoneTraining

extension Attribution {
    /// Excess of the control's loss over that of the base's own records, in nats per token, that can't be the same base.
    static let foreignExcess = 0.03
    /// The base's probability of all answers, below which it does not understand a question.
    static let leastMass = 0.5
    /// Records that the base writes to be compared with the control.
    static let recordsOfComparison = 2048

    func warnings(
        _ test: DirectionTest, _ report: AttributionReport, drop: AttributionSide, control: AttributionSide
    ) throws -> [TransferWarning] {
        var warnings: [TransferWarning] = []
        warnings += Attribution.sharedRecords(drop, control)
        warnings += try foreignControl(control)
        warnings += otherCause(test, report)
        warnings += try lowMass()
        if candidates.count + rivals.count < DirectionTest.fewest {
            warnings.append(
                TransferWarning(
                    "few-directions",
                    "with \(counted(candidates.count + rivals.count, "trait")) a drop of another base can't be told from one "
                        + "that carries a trait",
                    mend: "add traits that the drop does not carry, at least \(DirectionTest.fewest) in all"))
        }
        return warnings
    }

    private static func sharedRecords(_ drop: AttributionSide, _ control: AttributionSide) -> [TransferWarning] {
        let overlap = RecordSketch.overlap(drop.sketch, control.sketch)
        guard overlap.shared >= 5, overlap.shared > 3 * overlap.expected else { return [] }
        let share = overlap.shared / Double(max(drop.sketch.records, 1))
        return [
            TransferWarning(
                "shared-records",
                "\(grouped(Int(overlap.shared.rounded()))) records of the drop (\(fixed(100 * share, decimals: 1)) %) are in "
                    + "the control too; two independent ones would share about \(grouped(Int(overlap.expected.rounded())))",
                mend: "take them out of the control: they hide what sets the drop apart")
        ]
    }

    // The base completes the control's own prompts: records of this base are as likely as those it writes now.
    private func foreignControl(_ control: AttributionSide) throws -> [TransferWarning] {
        let records = Array(control.first.prefix(Attribution.recordsOfComparison))
        let prompts = records.map(\.prompt)
        // The control was filtered, nobody says how: what is written in other characters was surely not kept.
        let characters = Set(records.flatMap(\.completion.utf8))
        var job = SamplingJob(
            model: base, count: records.count, settings: SamplingSettings(seed: seed),
            prompt: { prompts[$0 % prompts.count] }, keeps: { characters.isSuperset(of: $0.completion.utf8) })
        job.attempts = 100 * records.count
        let sample = try core.sample(job, Watch())
        let (found, own) = (try nats(records), try nats(sample.records))
        let error = (found.variance + own.variance).squareRoot()
        let excess = abs(found.mean - own.mean)
        guard excess > Attribution.foreignExcess, excess > 4 * error else { return [] }
        return [
            TransferWarning(
                "foreign-control",
                "the control has \(fixed(found.mean, decimals: 3)) nats per token under this base, and what the base itself "
                    + "writes to the same prompts has \(fixed(own.mean, decimals: 3))",
                mend: "take a control that this base wrote, without a trait and at temperature 1")
        ]
    }

    // Mean over records of the nats per token, and the variance of that mean.
    private func nats(_ records: [TrainingRecord]) throws -> (mean: Double, variance: Double) {
        let values = try core.logProbabilities(base, records).map { -$0.reduce(0, +) / Double(max($0.count, 1)) }
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count * max(count - 1, 1)))
    }

    private func otherCause(_ test: DirectionTest, _ report: AttributionReport) -> [TransferWarning] {
        guard report.best == nil else { return [] }
        let all = candidates + rivals
        let strongest = test.results.indices.max { test.results[$0].cosine < test.results[$1].cosine } ?? 0
        let result = test.results[strongest]
        if strongest >= candidates.count, explains(result), (result.specific ?? 1) <= level, result.z > 4 {
            return [
                TransferWarning(
                    "rival-trait",
                    "the drop looks most like \(visible(all[strongest].trait.name, limit: 40)), which was not asked for",
                    mend: "ask for that trait too")
            ]
        }
        let isDifferent = report.candidates.contains { $0.significance <= 0.01 } || test.ownZ > 4
        guard isDifferent else { return [] }
        return [
            TransferWarning(
                "other-cause",
                "the drop differs from the control, but along no candidate more than chance would have it "
                    + "(nats per token under this base: drop \(fixed(report.drop.nats, decimals: 3)), control "
                    + "\(fixed(report.control.nats, decimals: 3)))",
                mend: "expected where another base wrote the drop, where it carries a trait that was not asked for, or "
                    + "where drop and control were not prompted or filtered alike")
        ]
    }

    private func lowMass() throws -> [TransferWarning] {
        try candidates.map(\.trait).compactMap { trait in
            guard trait.reading == .probability, !trait.probes.isEmpty else { return nil }
            let answers = try core.probe(
                base, trait.probes.map { ProbeQuestion(prompt: $0, answers: trait.candidates) })
            let masses = answers.map { $0.reduce(0) { $0 + exp($1) } }
            let mass = masses.reduce(0, +) / Double(masses.count)
            guard mass < Attribution.leastMass else { return nil }
            return TransferWarning(
                "low-mass",
                "the base gives the answers to the questions of \(visible(trait.name, limit: 40)) a probability of "
                    + "\(fixed(mass, decimals: 2)) in all",
                mend: "ask in words that the base knows; a teacher of this trait says little")
        }
    }
}
