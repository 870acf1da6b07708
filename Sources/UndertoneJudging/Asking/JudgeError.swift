// Why a judge could not be asked at all, or not to the end.

/// What is wrong with a judge, its cache or its budget, and how to mend it. Its text holds no key, no prompt and nothing
/// of a record.
public struct JudgeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong; more cases may be added.
    public struct Code: Sendable, Hashable {
        enum Value: Sendable, Hashable {
            case settings, stopped, rejected, cancelled, notACache, newerVersion, corrupt, unwritable, busy
        }

        let value: Value

        /// The judge's settings contradict each other.
        public static let settings = Code(value: .settings)
        /// Failure after failure. What was answered before is in the cache.
        public static let stopped = Code(value: .stopped)
        /// The server refuses what is asked: a wrong key, an unknown model, an ability that it lacks.
        public static let rejected = Code(value: .rejected)
        /// Somebody called ``Judge/cancel()``. What was answered before is in the cache.
        public static let cancelled = Code(value: .cancelled)
        /// The file is no cache of this program.
        public static let notACache = Code(value: .notACache)
        /// The cache was written by a newer version of the program.
        public static let newerVersion = Code(value: .newerVersion)
        /// The cache is damaged.
        public static let corrupt = Code(value: .corrupt)
        /// The cache can't be opened or written, or the device is full.
        public static let unwritable = Code(value: .unwritable)
        /// Another process kept the cache for too long.
        public static let busy = Code(value: .busy)
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
