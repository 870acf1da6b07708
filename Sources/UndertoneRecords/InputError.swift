// What can be wrong with an input: what, where, and the mend.

/// An input that can't be read, or not to its end.
public struct InputError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong; more cases may be added.
    public struct Code: Sendable, Hashable {
        enum Value: Sendable, Hashable {
            case noSuchFile, noData, unreadable, noMatch, repeatedStandardInput, notAFile, badName
            case corrupt, truncated, unsupported, tooLarge, changed
        }

        let value: Value

        /// Nothing of this name.
        public static let noSuchFile = Code(value: .noSuchFile)
        /// A folder in which no name looks like data.
        public static let noData = Code(value: .noData)
        /// The system refuses to open or read it.
        public static let unreadable = Code(value: .unreadable)
        /// A pattern that no name matches.
        public static let noMatch = Code(value: .noMatch)
        /// `-` was given twice.
        public static let repeatedStandardInput = Code(value: .repeatedStandardInput)
        /// A folder, socket or disk where data was to be read.
        public static let notAFile = Code(value: .notAFile)
        /// A name that is not UTF-8.
        public static let badName = Code(value: .badName)
        /// Packed data that can't be unpacked, or something behind its end.
        public static let corrupt = Code(value: .corrupt)
        /// Packed data that ends too early.
        public static let truncated = Code(value: .truncated)
        /// A format or variant that is known and not read.
        public static let unsupported = Code(value: .unsupported)
        /// More bytes than the caller allows.
        public static let tooLarge = Code(value: .tooLarge)
        /// The file was not the same at the end as at the start.
        public static let changed = Code(value: .changed)
    }

    /// What is wrong, for programs.
    public var code: Code
    /// The input as the user named it; `-` for standard input.
    public var path: String
    /// What is wrong, as a clause: `no such file or folder`.
    public var problem: String
    /// What to do about it, as a clause: `did you mean drop.jsonl?`
    public var mend: String?

    /// An error about one input.
    public init(_ code: Code, _ path: String, _ problem: String, mend: String? = nil) {
        self.code = code
        self.path = path
        self.problem = problem
        self.mend = mend
    }

    /// `path: problem; mend`, with control characters of the path escaped.
    public var description: String {
        var text = (path == "-" ? "standard input" : printable(path)) + ": " + problem
        if let mend { text += "; \(mend)" }
        return text
    }
}
