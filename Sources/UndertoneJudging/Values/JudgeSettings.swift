// A judge as its user describes it: where it is, how it is asked, and what it may cost.

/// One judge of a file of judges.
public struct JudgeSettings: Sendable, Hashable {
    /// How it is reached.
    public enum Door: Sendable, Hashable {
        /// The base address of an OpenAI-compatible server, as in `http://127.0.0.1:4000/v1`.
        case endpoint(String)
        /// A program and its arguments, which speaks JSON Lines on standard input and output.
        case command([String])
    }

    /// What a million tokens cost, in the user's currency.
    public struct Price: Sendable, Hashable {
        /// Of the prompt.
        public var input: Double
        /// Of the answer.
        public var output: Double

        /// Prices.
        public init(input: Double, output: Double) {
            self.input = input
            self.output = output
        }
    }

    /// What one run may cost. What is nil is not limited.
    public struct Budget: Sendable, Hashable {
        /// Requests, repetitions of failed ones included.
        public var requests: Int?
        /// Tokens of prompts and answers together.
        public var tokens: Int?
        /// In the currency of ``JudgeSettings/price``.
        public var money: Double?

        /// No limit.
        public init() {}
    }

    /// Its name in the file.
    public var name: String
    /// How it is reached.
    public var door: Door
    /// The model's name, as the server knows it.
    public var model: String
    /// When the model was released, `2024-07-18`: a calibration must not be older.
    public var released: String?
    /// The environment variable that holds the key; never the key.
    public var keyVariable: String?
    /// Environment variables that a command sees, beside PATH, HOME and LANG.
    public var environment: [String] = []
    /// A file of certificates to trust in place of the system's.
    public var certificates: String?
    /// 0: the likeliest token each time.
    public var temperature = 0.0
    /// Share of the probability that is sampled from.
    public var topP = 1.0
    /// For servers that repeat themselves by one; nil: not sent.
    public var seed: Int? = 1
    /// Tokens of an answer at most.
    public var maxTokens = 300
    /// Whether an answer without log-probabilities is an error where a letter is asked for, in place of a bare letter.
    public var requiresLogProbabilities = false
    /// Requests under way at once, at most.
    public var inFlight = 64
    /// Seconds for one request, connecting included.
    public var timeout = 60.0
    /// Times that one question is sent, failed attempts included.
    public var attempts = 6
    /// Prices; nil: not known, and then no limit of money can be set.
    public var price: Price?
    /// What one run may cost.
    public var budget = Budget()

    /// A judge.
    public init(name: String, door: Door, model: String) {
        self.name = name
        self.door = door
        self.model = model
    }
}
