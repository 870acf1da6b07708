// Rows of tokens, packed one behind the other without padding, and where in them something is to be predicted.

/// A batch of token sequences of different lengths, and the places whose next token counts.
public struct TokenBatch: Sendable {
    /// All tokens, sequence behind sequence.
    public private(set) var tokens: [Int32] = []
    /// Where each sequence begins; one more than there are sequences, the last is the number of tokens.
    public private(set) var starts: [Int32] = [0]
    /// The places whose output is wanted, within their sequences, ascending.
    public private(set) var queries: [Int32] = []
    /// Where the queries of each sequence begin in ``queries``.
    public private(set) var queryStarts: [Int32] = [0]
    /// The places of ``queries`` among all tokens.
    private(set) var queryRows: [Int32] = []
    /// The place of each token in its sequence.
    private(set) var positions: [Int32] = []
    /// The token that follows each query; -1 where there is none.
    public private(set) var targets: [Int32] = []
    /// How much each query weighs in the loss.
    public private(set) var weights: [Float] = []
    /// Tokens of the longest sequence.
    public private(set) var longest = 0

    /// No sequences.
    public init() {}

    /// Sequences.
    public var count: Int { starts.count - 1 }

    /// Adds a sequence. What counts are the tokens behind the first `promptCount` ones, but for those that weigh 0.
    ///
    /// - Parameter weights: of each token behind the prompt; nil for 1.
    public mutating func append(_ row: [Int32], promptCount: Int, weights: [Float]? = nil) {
        precondition(promptCount > 0 && promptCount <= row.count)
        tokens += row
        for place in promptCount..<row.count where weights?[place - promptCount] != 0 {
            queries.append(Int32(place - 1))
            queryRows.append(starts[count] + Int32(place - 1))
            targets.append(row[place])
            self.weights.append(weights?[place - promptCount] ?? 1)
        }
        close(row.count)
    }

    /// Adds a prompt, whose next token is wanted.
    public mutating func append(prompt: [Int32]) {
        precondition(!prompt.isEmpty)
        tokens += prompt
        queries.append(Int32(prompt.count - 1))
        queryRows.append(starts[count] + Int32(prompt.count - 1))
        targets.append(-1)
        weights.append(1)
        close(prompt.count)
    }

    /// Sequences with the tokens behind their prompts.
    init(_ rows: some Sequence<TokenRow>) {
        for row in rows { append(row.tokens, promptCount: row.promptCount) }
    }

    /// For each sequence the places of its queries in ``queries``.
    var queriesOfSequences: [Range<Int>] {
        (0..<count).map { Int(queryStarts[$0])..<Int(queryStarts[$0 + 1]) }
    }

    private mutating func close(_ length: Int) {
        positions += 0..<Int32(length)
        starts.append(Int32(tokens.count))
        queryStarts.append(Int32(queries.count))
        longest = max(longest, length)
    }

    /// Room for the attention of one head of one query.
    var stride: Int { (longest + 15) / 16 * 16 }
}
