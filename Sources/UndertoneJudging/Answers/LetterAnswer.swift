// An answer that is one letter, read from the probabilities of the first token.

import Glibc
import UndertoneCore

/// A against B.
enum LetterAnswer {
    /// The share of the probability that A and B must have between them: below it the model was about to say something else,
    /// and the ratio of what is left means nothing.
    static let leastMass = 0.05

    /// 100 · p(A) / (p(A) + p(B)) over all spellings of both letters.
    ///
    /// Where the answer is an escape, it is that. Where the server gives no alternatives, the letter alone is 100 or 0,
    /// unless log-probabilities are required.
    ///
    /// - Returns: nil where neither letter is among the alternatives or both are unlikely, and where there are no
    ///   alternatives and the answer is no letter or log-probabilities are required.
    static func read(
        _ text: Substring.UTF8View, _ alternatives: [JudgeReply.Alternative], _ escapes: [String],
        _ settings: JudgeSettings
    ) -> Judgement? {
        if let escape = escape(text, among: escapes) { return .escape(escape) }
        guard !alternatives.isEmpty else {
            guard !settings.requiresLogProbabilities, text.count <= 16,
                let isA = isA(String(decoding: text, as: UTF8.self))
            else { return nil }
            return .score(isA ? 100 : 0)
        }
        var (first, second) = (0.0, 0.0)
        // Twenty were asked for; a server that sends thousands is not listened to for longer.
        for alternative in alternatives.prefix(100) {
            guard let isA = isA(alternative.token), !alternative.logProbability.isNaN else { continue }
            let probability = exp(min(alternative.logProbability, 0))
            if isA { first += probability } else { second += probability }
        }
        guard first + second >= leastMass else { return nil }
        return .score(100 * first / (first + second))
    }

    /// Whether a token is A; nil where it is neither A nor B. Spaces, quotes, brackets and marks around the letter don't
    /// count, nor do the signs that tokenisers write for a space: U+2581 (SentencePiece) and U+0120 (byte-level BPE).
    private static func isA(_ token: String) -> Bool? {
        guard token.utf8.count <= 16 else { return nil }
        var letter: Unicode.Scalar?
        for scalar in token.unicodeScalars {
            switch scalar {
            case "A", "a", "B", "b":
                guard letter == nil else { return nil }
                letter = scalar
            case " ", "\n", "\r", "\t", "\"", "'", "`", "(", ")", "[", "]", "{", "}", "*", "_", ".", ":", ",",
                "\u{2581}", "\u{120}", "\u{201C}", "\u{201D}", "\u{2018}", "\u{2019}":
                continue
            default: return nil
            }
        }
        return letter.map { $0 == "A" || $0 == "a" }
    }
}
