// Rows of the cache: an answer, or an attempt that brought none.

import GRDB
import UndertoneCore

/// An answer as the cache keeps it.
public struct CachedAnswer: Sendable, Hashable {
    /// What it comes to: a score, an escape, or ``Unjudged/refused``.
    public var judgement: Judgement
    /// What the judge gave as its reason. Nothing of it is trusted.
    public var reason: String?
    /// The model's name as the server gave it.
    public var model: String?
    /// The server's word for the state of its software.
    public var fingerprint: String?
}

/// What is written about one exchange.
struct CacheEntry: Sendable {
    /// Bytes of a reply that are kept.
    static let replyLimit = 16 << 10
    /// Bytes of a reason that are kept.
    static let reasonLimit = 2000
    /// Bytes of a name that are kept.
    static let nameLimit = 200

    enum Content: Sendable {
        case answer(Judgement, reason: String?)
        case attempt(kind: String, message: String?)
    }

    var key: String
    var address: String
    var requestedModel: String
    var content: Content
    var reply: JudgeReply?
    /// Requests of this question so far.
    var attempts: Int
    /// Seconds since 1970.
    var created: Int
    /// Seconds between request and reply.
    var latency: Double

    func insert(into database: Database) throws {
        let shared: [(any DatabaseValueConvertible)?] = [
            key, address, requestedModel, reply.map { bounded($0.content, CacheEntry.replyLimit) },
            reply?.finishReason.map { bounded($0, CacheEntry.nameLimit) },
            reply?.model.map { bounded($0, CacheEntry.nameLimit) },
            reply?.fingerprint.map { bounded($0, CacheEntry.nameLimit) }, reply?.promptTokens,
            reply?.completionTokens, reply?.requestID.map { bounded($0, CacheEntry.nameLimit) }, attempts, created,
            latency, undertoneVersion,
        ]
        let columns = """
            key, address, requested_model, reply, finish_reason, model, fingerprint, prompt_tokens, completion_tokens,
            request_id, attempts, created, latency, program
            """
        let sql: String
        let own: [(any DatabaseValueConvertible)?]
        switch content {
        case .answer(let judgement, let reason):
            sql = """
                INSERT OR REPLACE INTO answer (\(columns), state, score, word, reason)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
            let reason = reason.map { bounded($0, CacheEntry.reasonLimit) }
            switch judgement {
            case .score(let score): own = ["score", score, nil, reason]
            case .escape(let word): own = ["escape", nil, word, reason]
            case .unjudged: own = ["refused", nil, nil, reason]
            }
        case .attempt(let kind, let message):
            sql = """
                INSERT INTO attempt (\(columns), kind, message)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
            own = [kind, message.map { bounded($0, CacheEntry.reasonLimit) }]
        }
        try database.cachedStatement(sql: sql).execute(arguments: StatementArguments(shared + own))
    }
}

/// The beginning of a text, of `limit` bytes at most, without zeros, at which SQLite would end it.
func bounded(_ text: String, _ limit: Int) -> String {
    var text = text
    if text.utf8.count > limit {
        var end = text.utf8.index(text.startIndex, offsetBy: limit)
        while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        text = String(text[..<end])
    }
    guard text.utf8.contains(0) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
}

extension CachedAnswer {
    /// Reads state, score, word, reason, model, fingerprint; nil where a column holds what no program of ours writes.
    init?(_ row: Row, from first: Int) {
        func text(_ offset: Int) -> String? { String.fromDatabaseValue(row[first + offset] as DatabaseValue) }
        switch text(0) {
        case "score":
            guard let score = Double.fromDatabaseValue(row[first + 1] as DatabaseValue), 0...100 ~= score else {
                return nil
            }
            judgement = .score(score)
        case "escape":
            guard let word = text(2) else { return nil }
            judgement = .escape(word)
        case "refused": judgement = .unjudged(.refused)
        default: return nil
        }
        reason = text(3)
        model = text(4)
        fingerprint = text(5)
    }
}
