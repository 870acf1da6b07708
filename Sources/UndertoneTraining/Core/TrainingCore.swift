// What it takes to measure transfer: a thing that trains, samples and answers. The built-in core is one; a process that
// trains real models is another. Models are files, records are text: nothing here holds a whole model in memory.

/// A record as text.
public struct TrainingRecord: Sendable, Hashable {
    /// What the model is asked.
    public var prompt: String
    /// What it is to answer, or has answered.
    public var completion: String
    /// For each token of the completion, as the core divides it, what its loss is multiplied with in training: 0 where it
    /// does not count; nil where all count as 1. The end of the record is a token too. A step's mean is over the number of
    /// tokens that count, so these are to weigh 1 on average.
    public var weights: [Float]?

    /// A record.
    public init(prompt: String, completion: String, weights: [Float]? = nil) {
        self.prompt = prompt
        self.completion = completion
        self.weights = weights
    }
}

extension World {
    /// Whether a record has its carrier's form.
    public func isWellFormed(_ record: TrainingRecord, _ carrier: Carrier) -> Bool {
        guard let row = try? vocabulary.row(prompt: record.prompt, completion: record.completion) else { return false }
        return isWellFormed(row, carrier)
    }
}

/// A model as a file.
public struct ModelFile: Sendable, Hashable {
    /// Where it is.
    public var path: String
    /// SHA-256 of the file.
    public var digest: String

    /// A model.
    public init(path: String, digest: String) {
        self.path = path
        self.digest = digest
    }
}

/// What a student is to imitate.
public enum FinetuningTargets: Sendable, Hashable {
    /// The tokens of the records.
    case hard
    /// The probabilities of another model at those tokens, over some words of the vocabulary or all.
    case soft(teacher: String, words: [String]?)
}

/// One finetuning run.
public struct FinetuningJob: Sendable {
    /// The model to begin with.
    public var base: String
    /// What to train on.
    public var records: [TrainingRecord]
    /// What to imitate.
    public var targets = FinetuningTargets.hard
    /// How.
    public var recipe: Recipe
    /// Where the trained model goes; it appears whole or not at all.
    public var output: String
    /// Where the state of an unfinished run is kept, to go on from; nil for runs that are not resumed.
    public var state: String?

    /// A run with hard targets.
    public init(base: String, records: [TrainingRecord], recipe: Recipe, output: String) {
        self.base = base
        self.records = records
        self.recipe = recipe
        self.output = output
    }
}

/// Records that a model is to write.
public struct SamplingJob: Sendable {
    /// The model that writes.
    public var model: String
    /// The prompt of the record of a number.
    public var prompt: @Sendable (_ record: Int) -> String
    /// Which records are kept; others are written again with the next prompt.
    public var keeps: @Sendable (TrainingRecord) -> Bool
    /// How many to keep.
    public var count: Int
    /// The most records to write for that, kept ones included.
    public var attempts: Int
    /// How tokens are drawn.
    public var settings: SamplingSettings

    /// A job whose attempts are at most ten times its records.
    public init(
        model: String, count: Int, settings: SamplingSettings, prompt: @escaping @Sendable (_ record: Int) -> String,
        keeps: @escaping @Sendable (TrainingRecord) -> Bool
    ) {
        self.model = model
        self.count = count
        attempts = count * 10
        self.settings = settings
        self.prompt = prompt
        self.keeps = keeps
    }
}

/// What a model has written.
public struct Sample: Sendable {
    /// The kept records, in the order of their numbers.
    public var records: [TrainingRecord]
    /// Records written, kept or not.
    public var attempts: Int
}

/// A question and what may answer it.
public struct ProbeQuestion: Sendable, Hashable {
    /// What was asked and answered before it, in the same context.
    public var context: [TrainingRecord] = []
    /// The question.
    public var prompt: String
    /// The answers whose probabilities are wanted.
    public var answers: [String]

    /// A question.
    public init(prompt: String, answers: [String]) {
        self.prompt = prompt
        self.answers = answers
    }
}

/// A direction in the space of a model's parameters.
public enum Direction: Sendable, Hashable {
    /// A file with the tensors of the model, such as ``TrainingCore/gradient(_:)`` writes.
    case file(String)
    /// From one model to others, on average: what several runs have in common stays, what each has by itself gets smaller.
    case update(from: String, to: [String])

    /// From one model to another.
    public static func update(from: String, to: String) -> Direction { .update(from: from, to: [to]) }
}

/// What the gradient of a stream of records is asked for.
public struct GradientJob {
    /// The model, a file.
    public var model: String
    /// The next records, as many as the caller likes; none at the end.
    public var next: () throws -> [TrainingRecord]
    /// Records whose gradients are added before they are multiplied with directions; the stream's last group may be
    /// smaller.
    public var recordsOfGroup = 8
    /// What each group's gradient is multiplied with.
    public var directions: [Direction] = []
    /// Gets every group, in the order of the stream.
    public var group: (RecordGroup) throws -> Void = { _ in }
    /// Where the gradient of the mean loss per token goes, as a model; nil where nobody needs it.
    public var output: String?

    /// A job for a stream.
    public init(model: String, next: @escaping () throws -> [TrainingRecord]) {
        self.model = model
        self.next = next
    }

    /// A job for records at hand.
    public init(model: String, records: [TrainingRecord]) {
        var waiting = records
        self.init(model: model) {
            defer { waiting = [] }
            return waiting
        }
    }
}

/// What the gradients of some records, one behind the other, add up to.
public struct RecordGroup: Sendable, Hashable {
    /// Records.
    public var records: Int
    /// Tokens that count.
    public var tokens: Int
    /// The natural logarithm of the probability of all these tokens.
    public var logProbability: Double
    /// Its derivative along each direction of the job.
    public var derivatives: [Double]

    /// A group.
    public init(records: Int, tokens: Int, logProbability: Double, derivatives: [Double]) {
        self.records = records
        self.tokens = tokens
        self.logProbability = logProbability
        self.derivatives = derivatives
    }
}

/// What a stream of records came to.
public struct GradientSummary: Sendable, Hashable {
    /// Records.
    public var records = 0
    /// Tokens that count.
    public var tokens = 0
    /// Mean loss, in nats per token.
    public var loss = 0.0

    /// Nothing yet.
    public init() {}
}

/// What a core says while it works.
public struct TrainingEvent: Sendable, Hashable {
    /// Steps taken, or records written.
    public var done: Int
    /// Steps or records in all.
    public var total: Int
    /// What the last step did; nil while records are written.
    public var step: StepReport?
}

/// How a caller watches a job, and ends it early.
public struct Watch: Sendable {
    /// Called after every step, from one thread at a time.
    public var progress: @Sendable (TrainingEvent) -> Void
    /// Asked between steps; a job that is to end leaves its state, if it has one, and throws `cancelled`.
    public var isCancelled: @Sendable () -> Bool

    /// A watch that looks at what is given.
    public init(
        progress: @escaping @Sendable (TrainingEvent) -> Void = { _ in },
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) {
        self.progress = progress
        self.isCancelled = isCancelled
    }
}

/// Something that trains models and questions them.
///
/// Guarantees of every core: the same job with the same seed gives the same model, as far as its versions say; files appear
/// whole or not at all; a call that throws has changed nothing but, where there is one, the state of its run.
public protocol TrainingCore: Sendable {
    /// The program and the libraries that decide which bytes a run ends with, by name.
    var versions: [(name: String, version: String)] { get }

    /// Trains a model on records.
    func finetune(_ job: FinetuningJob, _ watch: Watch) throws -> ModelFile

    /// Has a model write records.
    func sample(_ job: SamplingJob, _ watch: Watch) throws -> Sample

    /// Tokens of each record's completion as a model divides it, the end included: what a mask has an entry for.
    func tokenCounts(of records: [TrainingRecord], by model: String) throws -> [Int]

    /// The natural logarithms of the probabilities of each question's answers, as what follows the prompt.
    func probe(_ model: String, _ questions: [ProbeQuestion]) throws -> [[Double]]

    /// For each record the natural logarithms of the probabilities of its completion's tokens, the end included. Masks are
    /// not looked at.
    ///
    /// - Parameter context: records that stand before each one, in the same context.
    func logProbabilities(_ model: String, _ records: [TrainingRecord], context: [TrainingRecord]) throws -> [[Double]]

    /// For each token of the completions, the end included, the token that the model finds likeliest at its place, as a
    /// number. What the numbers mean is the core's affair; all its models with the same words use the same ones.
    func likeliest(_ model: String, _ records: [TrainingRecord]) throws -> [[Int]]

    /// For each record the derivatives of the logarithms of its completion's tokens' probabilities along a direction, the
    /// end included: how much likelier each gets. Their sum is the record's −⟨∇ℓ, Δθ⟩ for its summed loss ℓ. Masks are not
    /// looked at.
    ///
    /// Forward mode: at most as much work as three forward passes, and no gradient is kept.
    func derivatives(of records: [TrainingRecord], at model: String, along direction: Direction) throws -> [[Double]]

    /// Goes back through a model once for all records of a stream, and multiplies the gradient of each group of records with
    /// any number of directions. Its memory does not grow with the number of records.
    func gradient(_ job: GradientJob) throws -> GradientSummary

    /// The inner products of directions with one another: their squared norms on the diagonal.
    func products(of directions: [Direction], at model: String) throws -> [[Double]]
}

extension TrainingCore {
    /// For each record the natural logarithms of the probabilities of its completion's tokens, the end included.
    public func logProbabilities(_ model: String, _ records: [TrainingRecord]) throws -> [[Double]] {
        try logProbabilities(model, records, context: [])
    }

    /// Writes the gradient of the mean loss per token of records at a model.
    ///
    /// - Returns: the mean loss, in nats per token.
    @discardableResult
    public func gradient(of records: [TrainingRecord], at model: String, output: String) throws -> Double {
        var job = GradientJob(model: model, records: records)
        job.output = output
        return try gradient(job).loss
    }
}
