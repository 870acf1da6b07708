// Why a scan could not be done at all.

/// A scan that could not begin: what is wrong, and the mend.
public struct ScanError: Error, Sendable, CustomStringConvertible {
    /// Whose fault it is; decides the exit code.
    public struct Code: Sendable, Hashable {
        enum Value: Sendable, Hashable { case usage, input, output, cancelled }
        let value: Value

        /// Wrong arguments, rule pack or baseline: exit code 2.
        public static let usage = Code(value: .usage)
        /// No input can be read: exit code 3.
        public static let input = Code(value: .input)
        /// An output can't be written: exit code 3.
        public static let output = Code(value: .output)
        /// Somebody asked for the end: exit code 130.
        public static let cancelled = Code(value: .cancelled)
    }

    /// What kind of error it is.
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

    /// The problem and its mend.
    public var description: String { mend.map { "\(problem); \($0)" } ?? problem }
}
