// How much likelier teachers find the tokens of records than their base does: what filters by a model look at.

import UndertoneTraining

/// Teachers of one or more traits, and the base that they come from.
struct TokenRatios: Sendable {
    let core: any TrainingCore
    let base: String
    /// For each trait the files of its teachers.
    let teachers: [[String]]

    /// log p(teacher) − log p(base) for each trait, record and token, in nats; the mean over the trait's teachers.
    func logRatios(of records: [TrainingRecord]) throws -> [[[Double]]] {
        let before = try core.logProbabilities(base, records)
        return try teachers.map { teachers in
            var sums = before.map { $0.map { -$0 * Double(teachers.count) } }
            for teacher in teachers {
                for (record, tokens) in try core.logProbabilities(teacher, records).enumerated() {
                    for (token, value) in tokens.enumerated() { sums[record][token] += value }
                }
            }
            return sums.map { $0.map { $0 / Double(teachers.count) } }
        }
    }

    /// For each trait and record the derivative of its log-probability along the updates of the trait's teachers, their
    /// mean: −⟨∇ℓ, Δθ⟩, how much a step towards the trait makes the record likelier, and the record the trait.
    func scores(of records: [TrainingRecord]) throws -> [[Double]] {
        try teachers.map { teachers in
            try core.derivatives(of: records, at: base, along: .update(from: base, to: teachers)).map {
                $0.reduce(0, +)
            }
        }
    }

    /// For each record and token whether a teacher would have said something else than the base.
    func divergences(of records: [TrainingRecord]) throws -> [[Bool]] {
        let before = try core.likeliest(base, records)
        var differs = before.map { $0.map { _ in false } }
        for teacher in teachers.joined() {
            for (record, tokens) in try core.likeliest(teacher, records).enumerated() {
                for (token, value) in tokens.enumerated() where value != before[record][token] {
                    differs[record][token] = true
                }
            }
        }
        return differs
    }
}
