// A second JSON parser, written straight from RFC 8259: one function for each rule of its grammar, one byte at a time.

/// A value with nothing left out: members in their order, strings with their place.
indirect enum PlainJSON {
    case string([UInt8], at: Int)
    /// A number, true, false or null, as it is written.
    case scalar([UInt8], at: Int)
    case array([PlainJSON])
    case object([(key: [UInt8], value: PlainJSON)])

    /// Why a text is no value, by what is met first.
    enum Fault: Error { case invalid, loneSurrogate, tooDeep }

    /// The only value of a text.
    init(_ text: [UInt8], depthLimit: Int = 512) throws(Fault) {
        guard String(validating: text, as: UTF8.self) != nil else { throw .invalid }
        var reader = PlainJSONReader(text: text, depthLimit: depthLimit)
        reader.skipSpace()
        self = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.at == text.count else { throw .invalid }
    }

    /// Whether some object among those that are looked into names a member twice.
    static func hasTwins(_ members: [(key: [UInt8], value: PlainJSON)]) -> Bool {
        Set(members.map(\.key)).count < members.count
    }
}

private struct PlainJSONReader {
    let text: [UInt8]
    let depthLimit: Int
    var at = 0

    init(text: [UInt8], depthLimit: Int) {
        self.text = text
        self.depthLimit = depthLimit
    }

    private var next: UInt8? { at < text.count ? text[at] : nil }

    mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { at += 1 }
    }

    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: byte) else { return false }
        at += 1
        return true
    }

    mutating func value(depth: Int) throws(PlainJSON.Fault) -> PlainJSON {
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""):
            let start = at + 1
            return .string(try string(), at: start)
        case UInt8(ascii: "t"): return try word("true")
        case UInt8(ascii: "f"): return try word("false")
        case UInt8(ascii: "n"): return try word("null")
        default: return try number()
        }
    }

    private mutating func word(_ word: String) throws(PlainJSON.Fault) -> PlainJSON {
        let bytes = Array(word.utf8)
        guard text[at...].starts(with: bytes) else { throw .invalid }
        at += bytes.count
        return .scalar(bytes, at: at - bytes.count)
    }

    private mutating func digits() -> Int {
        let start = at
        while let byte = next, (0x30...0x39).contains(byte) { at += 1 }
        return at - start
    }

    private mutating func number() throws(PlainJSON.Fault) -> PlainJSON {
        let start = at
        _ = take("-")
        if !take("0") {
            guard digits() > 0 else { throw .invalid }
        }
        if take(".") {
            guard digits() > 0 else { throw .invalid }
        }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            guard digits() > 0 else { throw .invalid }
        }
        return .scalar(Array(text[start..<at]), at: start)
    }

    private mutating func array(depth: Int) throws(PlainJSON.Fault) -> PlainJSON {
        guard depth < depthLimit else { throw .tooDeep }
        var elements: [PlainJSON] = []
        at += 1
        skipSpace()
        if take("]") { return .array([]) }
        while true {
            skipSpace()
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if take("]") { return .array(elements) }
            guard take(",") else { throw .invalid }
        }
    }

    private mutating func object(depth: Int) throws(PlainJSON.Fault) -> PlainJSON {
        guard depth < depthLimit else { throw .tooDeep }
        var members: [(key: [UInt8], value: PlainJSON)] = []
        at += 1
        skipSpace()
        if take("}") { return .object([]) }
        while true {
            skipSpace()
            let key = try string()
            skipSpace()
            guard take(":") else { throw .invalid }
            skipSpace()
            members.append((key, try value(depth: depth + 1)))
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw .invalid }
        }
    }

    private mutating func string() throws(PlainJSON.Fault) -> [UInt8] {
        guard take("\"") else { throw .invalid }
        var bytes: [UInt8] = []
        while let byte = next {
            at += 1
            switch byte {
            case UInt8(ascii: "\""): return bytes
            case 0..<0x20: throw .invalid
            case UInt8(ascii: "\\"): bytes += try escape()
            default: bytes.append(byte)
            }
        }
        throw .invalid
    }

    private mutating func escape() throws(PlainJSON.Fault) -> [UInt8] {
        let plain: [UInt8: UInt8] = [
            0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09,
        ]
        guard let byte = next else { throw .invalid }
        at += 1
        if let value = plain[byte] { return [value] }
        guard byte == UInt8(ascii: "u") else { throw .invalid }
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return Array(String(scalar).utf8) }
        guard first < 0xDC00, take("\\"), take("u") else { throw .loneSurrogate }
        let second = try hexadecimal()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) * 0x400 + (second - 0xDC00))
        else { throw .loneSurrogate }
        return Array(String(scalar).utf8)
    }

    private mutating func hexadecimal() throws(PlainJSON.Fault) -> UInt32 {
        guard at + 4 <= text.count else { throw .invalid }
        var value: UInt32 = 0
        for byte in text[at..<at + 4] {
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue, byte < 0x80 else { throw .invalid }
            value = value * 16 + UInt32(digit)
        }
        at += 4
        return value
    }
}
