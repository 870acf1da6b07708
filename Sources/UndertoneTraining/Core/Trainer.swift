// The loop around a gradient: adapters, clipping, optimiser, schedule.

/// What a step did.
public struct StepReport: Sendable, Hashable {
    /// Its number, from 0.
    public var step: Int
    /// Mean loss of its batch, in nats per token.
    public var loss: Double
    /// Norm of the gradient before it was shortened.
    public var gradientNorm: Double
    /// Learning rate.
    public var rate: Double
}

/// Why training can't go on.
public struct TrainingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of problem it is.
    public struct Code: Sendable, Hashable {
        private enum Value { case diverged, noData, tooFewWellFormed, usage, cancelled }
        private let value: Value
        /// The loss or a gradient is no finite number.
        public static let diverged = Code(value: .diverged)
        /// There is nothing to train on.
        public static let noData = Code(value: .noData)
        /// A model writes too little that the filter keeps.
        public static let tooFewWellFormed = Code(value: .tooFewWellFormed)
        /// Settings that can't be.
        public static let usage = Code(value: .usage)
        /// The caller wanted no more.
        public static let cancelled = Code(value: .cancelled)
    }

    /// What kind of problem it is.
    public var code: Code
    /// What is wrong, and where.
    public var problem: String
    /// What helps.
    public var mend: String

    /// An error.
    public init(_ code: Code, _ problem: String, mend: String) {
        self.code = code
        self.problem = problem
        self.mend = mend
    }

    /// What is wrong, and what helps.
    public var description: String { "\(problem); \(mend)" }
}

/// A record that is trained on, as tokens.
public struct TrainingExample: Sendable, Hashable {
    /// Prompt and completion.
    public var row: TokenRow
    /// How much each token of the completion weighs in the loss, 0 where it does not count; nil where all weigh 1.
    public var weights: [Float]?

    /// A record.
    public init(_ row: TokenRow, weights: [Float]? = nil) {
        self.row = row
        self.weights = weights
    }
}

/// Trains a transformer step by step.
public final class Trainer {
    /// The recipe.
    public let recipe: Recipe
    /// The parameters of the model now, adapters merged.
    public let parameters: Vector<Float>
    /// Steps that were taken.
    public internal(set) var step = 0

    let gradient: BatchGradient<Float>
    private let start: Vector<Float>
    private let adapter: LowRankAdapter<Float>?
    /// What the optimiser changes: all parameters, or those of the adapters.
    let trained: Vector<Float>
    let optimiser: AdamW<Float>
    private let slopes: Vector<Float>

    /// - Parameter start: the parameters of the base; they are not changed.
    public init(
        _ model: Transformer<Float>, from start: Vector<Float>, _ recipe: Recipe, _ workers: Workers
    ) throws(TrainingError) {
        if let problem = recipe.problem { throw TrainingError(.usage, problem, mend: "change the recipe") }
        self.recipe = recipe
        self.start = start
        parameters = Vector(start)
        gradient = BatchGradient(model, workers)
        if let rank = recipe.adapterRank {
            let adapter = LowRankAdapter<Float>(model, rank: rank, alpha: recipe.adapterAlpha ?? Double(rank))
            self.adapter = adapter
            trained = adapter.initialParameters(seed: recipe.seed)
            slopes = Vector(count: trained.count)
        } else {
            adapter = nil
            trained = parameters
            slopes = gradient.gradient
        }
        var settings = AdamW<Float>.Settings()
        settings.firstDecay = recipe.firstDecay
        settings.secondDecay = recipe.secondDecay
        settings.weightDecay = recipe.weightDecay
        optimiser = AdamW(count: trained.count, settings)
    }

    /// One step on a batch.
    ///
    /// - Throws: `diverged`; the parameters are then those before the step.
    @discardableResult
    public func step(
        _ batch: [TrainingExample], objective: Objective<Float> = .tokens
    ) throws(TrainingError) -> StepReport {
        let pieces = BatchGradient<Float>.pieces(rows: batch.count).map { range in
            var piece = TokenBatch()
            for example in batch[range] {
                piece.append(example.row.tokens, promptCount: example.row.promptCount, weights: example.weights)
            }
            return piece
        }
        let loss = gradient(pieces, at: parameters, objective: objective, linearOnly: adapter != nil)
        adapter?.pullBack(gradient.gradient, trained, into: slopes)
        let norm = clip(slopes, norm: recipe.gradientNorm ?? .infinity)
        guard loss.isFinite, norm.isFinite else {
            throw TrainingError(
                .diverged,
                "the run diverged in step \(step + 1): the loss is \(loss), the norm of the gradient \(norm)",
                mend: "lower the rate, or shorten gradients more")
        }
        let rate = recipe.rate * recipe.schedule.share(step: step, of: recipe.steps)
        optimiser.step(trained, slopes, rate: rate)
        merge()
        defer { step += 1 }
        return StepReport(step: step, loss: loss, gradientNorm: norm, rate: rate)
    }

    /// Brings ``parameters`` up to what the adapters are now.
    func merge() { adapter?.merge(trained, base: start, into: parameters) }

    private var trainedLayout: ParameterLayout { adapter?.layout ?? gradient.model.layout }

    /// What is needed to go on from here. It is not a copy: save it before the next step.
    func state(run: String, versions: Versions) -> TrainingState {
        TrainingState(trainedLayout, trained, optimiser, run: run, versions: versions)
    }

    /// Goes on from the state of an interrupted run.
    ///
    /// - Throws: ``CheckpointError``, `otherRun` where the state belongs to another one.
    func resume(from path: String, run: String) throws(CheckpointError) {
        let state = try TrainingState(path: path, layout: trainedLayout, run: run)
        state.restore(to: trained, optimiser)
        step = state.steps
        merge()
    }
}
