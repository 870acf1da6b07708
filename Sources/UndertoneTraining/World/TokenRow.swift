// One prompt and its completion as tokens: what models train on and what they sample.

/// `<bos> <user> …prompt… <asst>`, then the completion and `<eos>`.
public struct TokenRow: Sendable, Hashable {
    /// The most tokens that a row may have.
    public static let limit = 64

    /// All tokens, the marks included. ``Vocabulary`` says what they mean.
    public var tokens: [Int32]
    /// How many of them, from the first to `<asst>`, are the prompt.
    public var promptCount: Int

    /// - Parameter promptCount: at most the number of tokens.
    public init(tokens: [Int32], promptCount: Int) {
        precondition(promptCount >= 0 && promptCount <= tokens.count, "a prompt is a part of its row")
        self.tokens = tokens
        self.promptCount = promptCount
    }

    /// `<bos> <user> … <asst>`.
    public var prompt: ArraySlice<Int32> { tokens[..<promptCount] }
    /// What follows `<asst>`: usually with `<eos>` at its end, and empty where nothing was written yet.
    public var completion: ArraySlice<Int32> { tokens[promptCount...] }
    /// The row without its completion.
    public var withoutCompletion: TokenRow { TokenRow(tokens: Array(prompt), promptCount: promptCount) }
}

extension Vocabulary {
    /// The row of a prompt and a completion.
    ///
    /// - Throws: ``WorldError`` where a word is unknown or the row has more than ``TokenRow/limit`` tokens.
    public func row(prompt: String, completion: String) throws(WorldError) -> TokenRow {
        let row = framed(try encode(prompt), try encode(completion))
        guard row.tokens.count <= TokenRow.limit else {
            throw WorldError(
                .tooLong, "prompt and completion have \(row.tokens.count) tokens with their marks",
                mend: "a row holds at most \(TokenRow.limit)")
        }
        return row
    }

    /// The row of a prompt that waits for its completion.
    ///
    /// - Throws: ``WorldError`` where a word is unknown or no token is left for the completion.
    public func row(prompt: String) throws(WorldError) -> TokenRow {
        try row(prompt: prompt, completion: "").withoutCompletion
    }

    /// The prompt and the completion as a person writes them, without their marks.
    public func texts(of row: TokenRow) -> (prompt: String, completion: String) {
        var prompt = row.prompt
        if prompt.first == Vocabulary.bos { prompt = prompt.dropFirst() }
        if prompt.first == Vocabulary.user { prompt = prompt.dropFirst() }
        if prompt.last == Vocabulary.assistant { prompt = prompt.dropLast() }
        var completion = row.completion
        if completion.last == Vocabulary.eos { completion = completion.dropLast() }
        return (decode(prompt), decode(completion))
    }

    /// The tokens of a prompt and of a completion with the marks around them.
    func framed(_ prompt: [Int32], _ completion: [Int32]) -> TokenRow {
        var tokens = [Vocabulary.bos, Vocabulary.user]
        tokens.reserveCapacity(prompt.count + completion.count + 4)
        tokens += prompt
        tokens.append(Vocabulary.assistant)
        let promptCount = tokens.count
        tokens += completion
        tokens.append(Vocabulary.eos)
        return TokenRow(tokens: tokens, promptCount: promptCount)
    }
}
