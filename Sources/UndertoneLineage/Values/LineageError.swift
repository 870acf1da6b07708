// What can go wrong with a catalogue: what, where, and the mend.

/// A question or a change that the catalogue can't carry out.
public struct LineageError: Error, Sendable, CustomStringConvertible {
    /// What is wrong; more cases may be added.
    public struct Code: Sendable, Hashable {
        enum Value: Sendable, Hashable {
            case usage, notFound, ambiguous, duplicate, notACatalogue, newerVersion, corrupt, unreadable, unwritable,
                busy
            case badDocument, badSignature
        }

        let value: Value

        /// The request makes no sense as it stands.
        public static let usage = Code(value: .usage)
        /// Nothing has that name.
        public static let notFound = Code(value: .notFound)
        /// Several things have that name.
        public static let ambiguous = Code(value: .ambiguous)
        /// The name is taken by something else.
        public static let duplicate = Code(value: .duplicate)
        /// The file is no catalogue of this program.
        public static let notACatalogue = Code(value: .notACatalogue)
        /// The catalogue was written by a newer version of the program.
        public static let newerVersion = Code(value: .newerVersion)
        /// The catalogue is damaged.
        public static let corrupt = Code(value: .corrupt)
        /// The file can't be read.
        public static let unreadable = Code(value: .unreadable)
        /// The file can't be written, or the device is full.
        public static let unwritable = Code(value: .unwritable)
        /// Another process kept the catalogue for too long.
        public static let busy = Code(value: .busy)
        /// A document from outside is not what it should be.
        public static let badDocument = Code(value: .badDocument)
        /// A signature does not fit.
        public static let badSignature = Code(value: .badSignature)
    }

    /// What is wrong, for programs.
    public var code: Code
    /// What is wrong, as a clause.
    public var problem: String
    /// What to do about it, as a clause.
    public var mend: String?

    /// An error.
    public init(_ code: Code, _ problem: String, mend: String? = nil) {
        self.code = code
        self.problem = problem
        self.mend = mend
    }

    /// `problem; mend`.
    public var description: String { mend.map { "\(problem); \($0)" } ?? problem }
}
