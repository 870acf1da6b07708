// Words and their numbers: the vocabulary of a model that reads whole words.

import UndertoneText

/// A word-level vocabulary: 100 numbers, six marks, then words and symbols.
///
/// Text is written as a person writes it (`12, 45, 3`): symbols attach to the word before them. Marks never come out of a
/// text, whatever it holds, so data can't forge the end of a prompt.
public struct Vocabulary: Sendable, Equatable {
    /// The tokens of the numbers 0 to 99, in their order.
    public static let numbers: Range<Int32> = 0..<100
    /// Begins a row.
    public static let bos: Int32 = 100
    /// Begins the prompt.
    public static let user: Int32 = 101
    /// Ends the prompt and begins the completion.
    public static let assistant: Int32 = 102
    /// Ends the completion.
    public static let eos: Int32 = 103
    /// Fills a batch where a row is shorter than the others.
    public static let pad: Int32 = 104
    /// A new line, in text with four spaces behind it.
    static let line: Int32 = 105

    /// All words, each at the place that is its token.
    public let words: [String]
    private let tokens: [String: Int32]

    /// The words of these texts, in the order in which they come first, behind numbers and marks.
    init(texts: [String]) {
        var words = Vocabulary.numbers.map { String($0) } + ["<bos>", "<user>", "<asst>", "<eos>", "<pad>", "<line>"]
        var tokens: [String: Int32] = [:]
        // Marks get no entry: no text can name them.
        for number in Vocabulary.numbers { tokens[words[Int(number)]] = number }
        tokens["\n"] = Vocabulary.line
        for text in texts {
            for word in Vocabulary.split(text) where tokens[word] == nil {
                tokens[word] = Int32(words.count)
                words.append(word)
            }
        }
        self.words = words
        self.tokens = tokens
    }

    /// Words, marks included: the width of a model's logits.
    public var count: Int { words.count }

    /// All words in their order, with a space between two: two vocabularies are the same where these texts are.
    public var listing: String { words.joined(separator: " ") }

    /// The tokens of a text. Spaces only part words.
    ///
    /// - Throws: ``WorldError`` with the first word that is not in the vocabulary and its place.
    public func encode(_ text: String) throws(WorldError) -> [Int32] {
        var found: [Int32] = []
        for word in Vocabulary.split(text) {
            guard let token = tokens[word] else {
                throw WorldError(
                    .unknownWord, "word \(found.count + 1) of the text, \"\(visible(word, limit: 40))\", is unknown",
                    mend: "this vocabulary has \(count) words, the numbers 0 to 99 among them (docs/world.md)")
            }
            found.append(token)
        }
        return found
    }

    /// The text of tokens. A mark is written as `<eos>`, a token outside of the vocabulary as `<777>`; neither can be
    /// read back.
    public func decode(_ tokens: some Sequence<Int32>) -> String {
        var text = ""
        var isOpen = true
        for token in tokens {
            let word = words.indices.contains(Int(token)) ? words[Int(token)] : "<\(token)>"
            if !isOpen && token != Vocabulary.line && !Vocabulary.attached.contains(word) { text += " " }
            text += token == Vocabulary.line ? "\n    " : word
            isOpen = token == Vocabulary.line || word == "("
        }
        return text
    }

    /// The tokens of a text of the world's own, all of whose words were given to ``init(texts:)``.
    func tokens(_ text: String) -> [Int32] { Vocabulary.split(text).map { self[$0] } }

    /// The token of a word of the world's own.
    subscript(word: String) -> Int32 {
        guard let token = tokens[word] else { preconditionFailure("the world's vocabulary lacks \(word)") }
        return token
    }

    // Without a space before them.
    private static let attached: Set<String> = [",", ".", "?", ":", ")", "("]

    // Runs of letters and digits, a new line with the spaces behind it, and all other characters one by one. What is not
    // ASCII counts as a letter.
    private static func split(_ text: String) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: word.append(byte)
            default:
                if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
                word.removeAll(keepingCapacity: true)
                if byte != 0x20 { words.append(String(decoding: [byte], as: UTF8.self)) }
            }
        }
        if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
        return words
    }
}
