// A system prompt in the place of a taught teacher: how much likelier a drop gets behind it. No training, no gradient
// (log-linearity: Aden-Ali et al., arXiv 2602.04863). How well it works here is in docs/attribution.md.

public import UndertoneTraining

/// A trait as turns of a conversation that stand before each record.
public struct PromptCandidate: Sendable, Hashable {
    /// The trait's name.
    public var trait: String
    /// What stands before each record: questions, answered as the trait would.
    public var context: [TrainingRecord]

    /// A candidate.
    public init(_ trait: String, context: [TrainingRecord]) {
        self.trait = trait
        self.context = context
    }
}

/// Scores records by Σ log p(token | context, prompt) − log p(token | prompt) under the base.
public struct PromptScores: Sendable {
    /// What came of one candidate.
    public struct Result: Sendable, Hashable {
        /// The trait.
        public var trait: String
        /// Mean score over the drop less that over the control, in nats per record.
        public var difference: Double
        /// The difference in standard errors (Welch).
        public var z: Double
        /// The same, less the mean of all candidates' for each record: what this context adds beyond any other.
        public var contrast: Double
    }

    /// Asks the models.
    public let core: any TrainingCore
    /// The file of the base.
    public let base: String

    /// Scores under a base.
    public init(_ core: any TrainingCore, base: String) {
        self.core = core
        self.base = base
    }

    /// The score of each record behind a context, summed over its tokens.
    public func scores(of records: [TrainingRecord], behind context: [TrainingRecord]) throws -> [Double] {
        let with = try core.logProbabilities(base, records, context: context)
        let without = try core.logProbabilities(base, records)
        return zip(with, without).map { $0.reduce(0, +) - $1.reduce(0, +) }
    }

    /// Each candidate's difference between drop and control, in their order.
    ///
    /// - Throws: `usage` where a context and a record are longer than what the base sees.
    public func results(
        _ candidates: [PromptCandidate], drop: [TrainingRecord], control: [TrainingRecord]
    ) throws -> [Result] {
        let found = try candidates.map { try scores(of: drop, behind: $0.context) }
        let usual = try candidates.map { try scores(of: control, behind: $0.context) }
        let (foundMean, usualMean) = (means(found), means(usual))
        return candidates.indices.map { place in
            let plain = welch(found[place], usual[place])
            let contrast = welch(
                zip(found[place], foundMean).map { $0 - $1 }, zip(usual[place], usualMean).map { $0 - $1 })
            return Result(
                trait: candidates[place].trait, difference: plain.difference, z: plain.z, contrast: contrast.z)
        }
    }

    // The mean over candidates, for each record.
    private func means(_ scores: [[Double]]) -> [Double] {
        guard let first = scores.first else { return [] }
        return first.indices.map { place in scores.reduce(0) { $0 + $1[place] } / Double(scores.count) }
    }

    private func welch(_ first: [Double], _ second: [Double]) -> (difference: Double, z: Double) {
        func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
            let count = Double(max(values.count, 1))
            let mean = values.reduce(0, +) / count
            return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count * max(count - 1, 1)))
        }
        let (a, b) = (moments(first), moments(second))
        let error = (a.variance + b.variance).squareRoot()
        return (a.mean - b.mean, error > 0 ? (a.mean - b.mean) / error : 0)
    }
}
