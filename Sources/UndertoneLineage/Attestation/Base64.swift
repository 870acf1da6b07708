// Base64 (RFC 4648), written in its standard form and read strictly.

import Foundation

enum Base64 {
    /// In the standard alphabet, with padding.
    static func text(_ bytes: some Collection<UInt8>) -> String { Data(bytes).base64EncodedString() }

    /// The bytes that `text` stands for, in the standard alphabet with padding; `nil` for anything else, also for a
    /// second way to write the same bytes.
    static func bytes(_ text: String) -> [UInt8]? {
        guard let data = Data(base64Encoded: text), data.base64EncodedString().utf8.elementsEqual(text.utf8) else {
            return nil
        }
        return Array(data)
    }

    /// The bytes that `text` stands for, in the standard or the URL-safe alphabet (not both); the latter may leave the
    /// padding out.
    static func bytesOfEitherAlphabet(_ text: String) -> [UInt8]? {
        guard !text.utf8.contains(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "/") }) else {
            return bytes(text)
        }
        var standard = text.replacing("-", with: "+").replacing("_", with: "/")
        let isURLSafe = standard != text
        if isURLSafe || text.utf8.count % 4 != 0, !standard.utf8.contains(UInt8(ascii: "=")) {
            standard += String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        }
        return bytes(standard)
    }
}
