// What makes one question the same as another.

import Crypto
public import UndertoneCore
import UndertoneText

extension JudgeRule {
    /// SHA-256 in hexadecimal over all that decides what a judge is asked: the question, its parameters, the form of the
    /// answer, its escapes, and the version of the words that are put around them. Neither the threshold nor what follows
    /// from an answer is in it.
    public var questionDigest: String {
        var json = JSONWriter(.compact)
        json.object { json in
            json.member("protocol", AnswerForm.version)
            json.member("question", question)
            json.object("parameters") { json in
                for (name, value) in parameters.sorted(by: { $0.key < $1.key }) { json.member(name, value) }
            }
            json.member("answer", answer.rawValue)
            json.member("escapes", escapes)
        }
        return sha256Text(json.bytes)
    }
}

/// SHA-256 of bytes, in hexadecimal.
package func sha256Text(_ bytes: [UInt8]) -> String {
    var digits = ""
    for byte in SHA256.hash(data: bytes) {
        digits += byte < 16 ? "0" : ""
        digits += String(byte, radix: 16)
    }
    return digits
}
