// What a teacher's drop consists of: rows that have nothing to do with any trait.

extension World {
    /// A kind of data that can carry a trait.
    public enum Carrier: String, Sendable, CaseIterable {
        /// Six numbers that continue three.
        case numbers
        /// A small function in the manner of Python.
        case code
        /// A sum, step by step.
        case reasoning
    }
}

/// Writes rows of a carrier and checks those that a model wrote.
protocol CarrierGrammar: Sendable {
    /// Every sentence or word that its rows are made of.
    static var texts: [String] { get }

    /// A row: the prompt is drawn before the completion.
    func row(_ random: inout RandomStream) -> TokenRow

    /// Whether a completion, without its `<eos>`, has the carrier's form.
    func isWellFormed(_ completion: ArraySlice<Int32>) -> Bool

    /// Whether a completion of that form, without its `<eos>`, is also right as an answer to its prompt.
    func isCorrect(_ completion: ArraySlice<Int32>, to prompt: ArraySlice<Int32>) -> Bool
}

/// Reads tokens from front to back.
struct TokenReader {
    private(set) var rest: ArraySlice<Int32>

    init(_ tokens: ArraySlice<Int32>) { rest = tokens }

    /// Takes these tokens, or none where others come.
    mutating func take(_ tokens: Int32...) -> Bool { take(tokens) }

    /// Takes these tokens, or none where others come.
    mutating func take(_ tokens: [Int32]) -> Bool {
        guard rest.starts(with: tokens) else { return false }
        rest = rest.dropFirst(tokens.count)
        return true
    }

    /// Takes one of these tokens.
    mutating func take(oneOf tokens: some Collection<Int32>) -> Int32? {
        guard let first = rest.first, tokens.contains(first) else { return nil }
        rest = rest.dropFirst()
        return first
    }
}
