// Strings of JSON, unescaped.

extension JSONScanner {
    /// A string, unescaped.
    package mutating func string() throws(JSONError) -> String {
        try beginValue()
        let start = index
        guard take(UInt8(ascii: "\"")) else { throw noValue }
        var run = index
        // Only filled where there are escapes.
        var decoded: [UInt8] = []
        var bits: UInt8 = 0
        while let byte {
            switch byte {
            case UInt8(ascii: "\""):
                let tail = UnsafeBufferPointer(rebasing: text[run..<index])
                index += 1
                // The library takes its time to say whether something is UTF-8, and most strings are plain.
                if decoded.isEmpty, bits < 0x80 { return String(decoding: tail, as: UTF8.self) }
                decoded.append(contentsOf: tail)
                let valid = String(validating: decoded, as: UTF8.self)
                guard let valid else { throw error("a string is no UTF-8", .notUTF8, at: start) }
                return valid
            case UInt8(ascii: "\\"):
                decoded.append(contentsOf: text[run..<index])
                index += 1
                try escape(into: &decoded)
                run = index
            case 0..<0x20: throw error("a control character stands in a string")
            default:
                bits |= byte
                index += 1
            }
        }
        throw brokenOff
    }

    private mutating func escape(into decoded: inout [UInt8]) throws(JSONError) {
        guard let byte else { throw brokenOff }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(byte)
        case UInt8(ascii: "b"): decoded.append(0x08)
        case UInt8(ascii: "f"): decoded.append(0x0C)
        case UInt8(ascii: "n"): decoded.append(0x0A)
        case UInt8(ascii: "r"): decoded.append(0x0D)
        case UInt8(ascii: "t"): decoded.append(0x09)
        case UInt8(ascii: "u"):
            let start = index - 2
            let unit = try codeUnit()
            var scalar = Unicode.Scalar(UInt32(unit))
            if unit >= 0xD800, unit < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
                let second = try codeUnit()
                if second >= 0xDC00, second < 0xE000 {
                    scalar = Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + UInt32(second) - 0xDC00)
                }
            }
            guard let scalar else { throw error("half of a surrogate pair in a string", at: start) }
            decoded.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        default:
            index -= 1
            throw error("an escape that JSON does not know")
        }
    }

    private mutating func codeUnit() throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte else { throw brokenOff }
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw error("no hexadecimal digit in an escape")
            }
            unit = unit << 4 | UInt16(digit)
            index += 1
        }
        return unit
    }
}
