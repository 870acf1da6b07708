// Data within a prompt: as JSON on one line, in which nothing of the data can be taken for a turn, a fence or nothing.

import UndertoneText

/// Writes texts of records so that a model reads them and nothing else acts upon them.
///
/// The result is JSON, and a reader of JSON gets the very texts back: all that is done is done with JSON's own escapes,
/// which show what was there. Beside what JSON demands, `\uXXXX` stands for
/// - every character that shows nothing or not what it is: controls, bidirectional and zero-width ones, tags, fillers,
///   white space other than U+0020 and line ends and tabs, private use;
/// - every `<` (and U+FF1C, U+FE64, which some tokenisers read as one), so that `<|im_start|>`, `<<SYS>>`, `<s>` and
///   `<start_of_turn>` never stand in a prompt;
/// - a `[` before a letter or a slash: `[INST]`, `[/INST]`, `[SYSTEM_PROMPT]`;
/// - every `#` beside another: `### System`, `### Instruction`;
/// - the first letter of our own fence's words, in capitals or not.
///
/// A line of the data is never a line of the prompt, so that `Human:` at the start of one means nothing either.
enum FencedText {
    static let begin = "BEGIN DATA"
    static let end = "END DATA"

    /// One text as a string, none or several as a list of strings.
    static func encoded(_ texts: [String]) -> String {
        if texts.count == 1 { return encoded(texts[0]) }
        return "[" + texts.map(encoded).joined(separator: ", ") + "]"
    }

    /// The lines that hold `json`.
    static func block(_ json: String, marker: String) -> String {
        "\(begin) \(marker)\n\(json)\n\(end) \(marker)"
    }

    /// Twelve hexadecimal digits that follow from the data and don't occur in it: the same record gives the same prompt.
    ///
    /// - Parameter hash: SHA-256 in hexadecimal; another one only in tests.
    static func marker(
        for texts: [String], hash: (String) -> String = { sha256Text(Array($0.utf8)) }
    ) -> String {
        let all = texts.joined(separator: "\n")
        var counter = 0
        while true {
            // A text has less places than there are markers, so this ends; in practice at the first one.
            let marker = String(hash(counter == 0 ? all : "\(counter)\n\(all)").prefix(12))
            if !holds(Array(all.utf8), Array(marker.utf8)) { return marker }
            counter += 1
        }
    }

    // The standard library's search takes some hundred nanoseconds a byte.
    private static func holds(_ text: [UInt8], _ word: [UInt8]) -> Bool {
        guard let first = word.first, text.count >= word.count else { return false }
        return text.indices.dropLast(word.count - 1).contains { place in
            text[place] == first && text[place..<place + word.count].elementsEqual(word)
        }
    }

    private static func encoded(_ text: String) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        bytes.reserveCapacity(text.utf8.count + 16)
        let scalars = Array(text.unicodeScalars)
        for (place, scalar) in scalars.enumerated() {
            switch scalar {
            case "\"": bytes.append(contentsOf: "\\\"".utf8)
            case "\\": bytes.append(contentsOf: "\\\\".utf8)
            case "\n": bytes.append(contentsOf: "\\n".utf8)
            case "\r": bytes.append(contentsOf: "\\r".utf8)
            case "\t": bytes.append(contentsOf: "\\t".utf8)
            default:
                if scalar.isHidden || isActive(scalars, place) {
                    escape(scalar, into: &bytes)
                } else if scalar.isASCII {
                    bytes.append(UInt8(truncatingIfNeeded: scalar.value))
                } else {
                    bytes.append(contentsOf: scalar.utf8)
                }
            }
        }
        bytes.append(UInt8(ascii: "\""))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether a prompt may not hold the character where it stands.
    private static func isActive(_ scalars: [Unicode.Scalar], _ place: Int) -> Bool {
        switch scalars[place] {
        case "<", "\u{FF1C}", "\u{FE64}": return true
        case "[":
            guard place + 1 < scalars.count else { return false }
            let next = scalars[place + 1]
            return next == "/" || next.isASCII && next.properties.isAlphabetic
        case "#":
            return place > 0 && scalars[place - 1] == "#" || place + 1 < scalars.count && scalars[place + 1] == "#"
        case "B", "b": return isAt(scalars, place, begin)
        case "E", "e": return isAt(scalars, place, end)
        default: return false
        }
    }

    private static func isAt(_ scalars: [Unicode.Scalar], _ place: Int, _ words: String) -> Bool {
        let wanted = words.unicodeScalars
        return place + wanted.count <= scalars.count
            && zip(wanted, scalars[place...]).allSatisfy { $0 == $1 || $0.value | 0x20 == $1.value && $0 != " " }
    }

    private static func escape(_ scalar: Unicode.Scalar, into bytes: inout [UInt8]) {
        for unit in String(scalar).utf16 {
            let digits = String(unit, radix: 16)
            bytes.append(contentsOf: "\\u".utf8)
            bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count))
            bytes.append(contentsOf: digits.utf8)
        }
    }
}
