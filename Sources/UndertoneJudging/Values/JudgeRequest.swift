// What goes to a model and what comes back, whatever carries it.

/// One chat completion that is asked for.
public struct JudgeRequest: Sendable, Hashable {
    /// A turn of the conversation.
    public struct Message: Sendable, Hashable {
        /// Who speaks.
        public enum Role: String, Sendable { case system, user, assistant }

        /// Who speaks.
        public var role: Role
        /// What is said.
        public var content: String

        /// A turn.
        public init(_ role: Role, _ content: String) {
            self.role = role
            self.content = content
        }
    }

    /// The model's name, as the server knows it.
    public var model: String
    /// The conversation.
    public var messages: [Message]
    /// 0: the likeliest token each time.
    public var temperature = 0.0
    /// Share of the probability that is sampled from.
    public var topP = 1.0
    /// For servers that repeat themselves by one.
    public var seed: Int?
    /// Tokens of the answer at most.
    public var maxTokens = 300
    /// A JSON Schema that the answer must have, as JSON text; nil: free text.
    public var schema: String?
    /// How many of the likeliest first tokens are wanted with their log-probabilities; nil: none.
    public var topLogProbabilities: Int?

    /// A request with nothing else asked.
    public init(model: String, messages: [Message]) {
        self.model = model
        self.messages = messages
    }
}

/// What a model answered. Nothing of it is trusted.
public struct JudgeReply: Sendable, Hashable {
    /// A token that the model could have begun its answer with.
    public struct Alternative: Sendable, Hashable {
        /// Its text.
        public var token: String
        /// The natural logarithm of its probability.
        public var logProbability: Double

        /// A token.
        public init(_ token: String, _ logProbability: Double) {
            self.token = token
            self.logProbability = logProbability
        }
    }

    /// What it wrote.
    public var content: String
    /// Why it stopped: `stop`, `length`, `content_filter`, …
    public var finishReason: String?
    /// The model's name as the server gives it, often more exact than the one that was asked for.
    public var model: String?
    /// The server's word for the state of its software.
    public var fingerprint: String?
    /// Tokens that were read, where the server counts them.
    public var promptTokens: Int?
    /// Tokens that were written, where the server counts them.
    public var completionTokens: Int?
    /// The likeliest first tokens of the answer; empty where none were asked for or the server gives none.
    public var alternatives: [Alternative] = []
    /// The server's name for the exchange, for its operators.
    public var requestID: String?

    /// An answer with nothing known beside it.
    public init(content: String) { self.content = content }
}

/// Why there is no answer. Its text holds no key, no prompt and nothing of the record.
public struct TransportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What to do about it.
    public enum Kind: Sendable, Hashable {
        /// The server asks for patience (429); after so many seconds, where it says.
        case tooMany(after: Double?)
        /// It may go well another time: 408, 409, 425, 5xx, a broken connection, half a reply, no JSON; after so many
        /// seconds, where the server says.
        case passing(after: Double?)
        /// No answer in time.
        case timeout
        /// It won't go well another time: 400, 401, 403, 404, 422, a wrong certificate, an address that is none.
        case lasting
        /// The server can't do something that the request wants, such as log-probabilities where they are required.
        case unsupported
    }

    /// What to do about it.
    public var kind: Kind
    /// What happened: `the server answered 401`.
    public var message: String
    /// What the user can do; nil where nothing is known.
    public var mend: String?

    /// An error.
    public init(_ kind: Kind, _ message: String, mend: String? = nil) {
        self.kind = kind
        self.message = message
        self.mend = mend
    }

    /// What and how to mend it.
    public var description: String { mend.map { "\(message); \($0)" } ?? message }
}

/// Carries requests to a model and its answers back. Used from many threads at once.
public protocol JudgeTransport: Sendable {
    /// Where the answers come from, without credentials and query, the same text each time: part of the cache's key.
    var address: String { get }

    /// Asks, and waits for the answer.
    ///
    /// - Parameter timeout: seconds, connecting included.
    func send(_ request: JudgeRequest, timeout: Double) throws(TransportError) -> JudgeReply
}
