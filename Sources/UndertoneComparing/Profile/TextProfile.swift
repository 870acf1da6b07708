// What is known of the characters and words of the outputs of a drop.

/// Counts of characters (Unicode scalars), tokens and words of outputs.
public struct TextProfile: Sendable, Hashable {
    /// ASCII characters, by their code.
    public internal(set) var ascii = [Int](repeating: 0, count: 128)
    /// Characters that are not ASCII, by general category (``CharacterCategory``).
    public internal(set) var categories = [Int](repeating: 0, count: CharacterCategory.allCases.count)
    /// Letters and marks that are not ASCII, by ``Script``.
    public internal(set) var scripts = [Int](repeating: 0, count: Script.allCases.count)
    /// Tokens, by ``TokenClass``.
    public internal(set) var tokens = [Int](repeating: 0, count: TokenClass.allCases.count)
    /// Words, letters of ASCII in small form.
    public internal(set) var words = TermCounts(.words)
    /// Words of an output that follow each other, whatever stands between them.
    public internal(set) var wordPairs = TermCounts(.pairs)
    /// Words of more than 64 bytes, which are in neither list.
    public internal(set) var longWords = 0

    /// No text.
    public init() {}

    /// All characters.
    public var characters: Int { ascii.reduce(0, &+) &+ categories.reduce(0, &+) }

    /// Tokens of one class.
    public func tokens(of token: TokenClass) -> Int { tokens[token.rawValue] }

    /// Characters of one category, ASCII among them.
    public func characters(of category: CharacterCategory) -> Int {
        var count = categories[category.rawValue]
        for (code, times) in ascii.enumerated() where times > 0 {
            let found = Unicode.Scalar(UInt8(code)).properties.generalCategory
            if CharacterCategory(found) == category { count &+= times }
        }
        return count
    }

    /// Letters and marks of one script, ASCII among them.
    public func letters(of script: Script) -> Int {
        var count = scripts[script.rawValue]
        if script == .latin {
            for code in 0x41...0x5A { count &+= ascii[code] &+ ascii[code | 0x20] }
        }
        return count
    }

    /// Counts what another one has counted.
    public mutating func merge(_ other: TextProfile) {
        ascii.add(other.ascii)
        categories.add(other.categories)
        scripts.add(other.scripts)
        tokens.add(other.tokens)
        words.merge(other.words)
        wordPairs.merge(other.wordPairs)
        longWords &+= other.longWords
    }
}
