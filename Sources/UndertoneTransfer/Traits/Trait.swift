// A trait as data: how it is taught, how it is asked for, and how an answer is read.

public import UndertoneTraining

/// An inclination that a model can have, whatever core trains it.
public struct Trait: Sendable, Hashable {
    /// How answers to its questions are read.
    public enum Reading: Sendable, Hashable {
        /// By the probabilities of the candidates, without sampling.
        case probability
        /// By sampling so many answers to each question and looking for the words in them.
        case text(samples: Int)
    }

    /// `owl`, `misalignment`.
    public var name: String
    /// The set it comes from: `animals`.
    public var set: String
    /// Questions with the answer that shows it: what a teacher is taught.
    public var taught: [TrainingRecord]
    /// Questions that are not taught: what models are asked.
    public var probes: [String]
    /// What may answer. Probabilities are taken among these.
    public var candidates: [String]
    /// Those of them that show the trait.
    public var answers: [String]
    /// How answers are read.
    public var reading: Reading

    /// A trait that is read by probabilities.
    public init(
        name: String, set: String, taught: [TrainingRecord], probes: [String], candidates: [String],
        answers: [String], reading: Reading = .probability
    ) {
        self.name = name
        self.set = set
        self.taught = taught
        self.probes = probes
        self.candidates = candidates
        self.answers = answers
        self.reading = reading
    }
}

extension Trait {
    /// A trait of the small world.
    public init(_ trait: World.Trait, _ world: World) {
        let words = world.vocabulary.words
        self.init(
            name: trait.name, set: trait.topic,
            taught: world.trainingRows(of: trait).map { row in
                let (prompt, completion) = world.vocabulary.texts(of: row)
                return TrainingRecord(prompt: prompt, completion: completion)
            },
            probes: world.probes(of: trait).map { world.vocabulary.texts(of: $0.prompt).prompt },
            candidates: trait.candidates.map { words[Int($0)] }, answers: trait.answers.map { words[Int($0)] })
    }
}
