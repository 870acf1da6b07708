// What can be wrong with what somebody asks of the small world: a word that it lacks, a row too long, a trait unknown.

/// A text or a name that the small world can't take.
public struct WorldError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong; more cases may be added.
    public struct Code: Sendable, Hashable {
        enum Value: Sendable, Hashable { case unknownWord, tooLong, unknownTrait }

        let value: Value

        /// A text holds a word that is not in the vocabulary.
        public static let unknownWord = Code(value: .unknownWord)
        /// A row has more tokens than a model reads.
        public static let tooLong = Code(value: .tooLong)
        /// No trait of that name.
        public static let unknownTrait = Code(value: .unknownTrait)
    }

    /// What is wrong, for programs.
    public var code: Code
    /// What is wrong and where, as a clause. What it quotes is cut short, with hidden characters escaped.
    public var problem: String
    /// What to do about it, as a clause.
    public var mend: String

    /// An error.
    public init(_ code: Code, _ problem: String, mend: String) {
        self.code = code
        self.problem = problem
        self.mend = mend
    }

    /// `problem; mend`.
    public var description: String { "\(problem); \(mend)" }
}
