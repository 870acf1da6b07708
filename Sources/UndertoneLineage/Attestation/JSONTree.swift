// Reads JSON (RFC 8259) that others wrote: strictly, and with one meaning only. A name twice in an object, half a
// surrogate pair, bytes that are no UTF-8, or anything behind the value are refused.

enum JSONTree: Sendable, Equatable {
    case null
    case bool(Bool)
    /// As it was written.
    case number(String)
    case string(String)
    case array([JSONTree])
    case object([String: JSONTree])

    /// Why a text is refused, and at which byte.
    struct Failure: Error, Equatable {
        var problem: String
        var offset: Int
    }

    /// Reads one value. O(bytes); at most `maxDepth` containers within each other.
    init(parsing bytes: [UInt8], maxDepth: Int = 64) throws(Failure) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure(problem: "it is no UTF-8", offset: 0)
        }
        // Also refuses what `String` repairs: nothing, since it was validated.
        var reader = JSONTreeReader(bytes: Array(text.utf8), maxDepth: maxDepth)
        self = try reader.document()
    }

    subscript(name: String) -> JSONTree? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    var array: [JSONTree]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    var object: [String: JSONTree]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// A whole number that is written as one.
    var integer: Int? {
        guard case .number(let text) = self else { return nil }
        return Int(text)
    }
}

private struct JSONTreeReader {
    let bytes: [UInt8]
    let maxDepth: Int
    var index = 0
    var depth = 0

    init(bytes: [UInt8], maxDepth: Int) {
        self.bytes = bytes
        self.maxDepth = maxDepth
    }

    mutating func document() throws(JSONTree.Failure) -> JSONTree {
        let value = try value()
        skipSpace()
        guard index == bytes.count else { throw failure("something stands behind the value") }
        return value
    }

    private mutating func value() throws(JSONTree.Failure) -> JSONTree {
        skipSpace()
        guard index < bytes.count else { throw failure("it breaks off") }
        switch bytes[index] {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func object() throws(JSONTree.Failure) -> JSONTree {
        try enter()
        var members: [String: JSONTree] = [:]
        if take("}") { return leave(.object(members)) }
        repeat {
            skipSpace()
            let start = index
            let name = try string()
            guard members[name] == nil else {
                index = start
                throw failure("a name stands twice in one object")
            }
            guard take(":") else { throw failure("a colon is missing") }
            members[name] = try value()
        } while take(",")
        guard take("}") else { throw failure("an object is not closed") }
        return leave(.object(members))
    }

    private mutating func array() throws(JSONTree.Failure) -> JSONTree {
        try enter()
        var elements: [JSONTree] = []
        if take("]") { return leave(.array(elements)) }
        repeat { elements.append(try value()) } while take(",")
        guard take("]") else { throw failure("an array is not closed") }
        return leave(.array(elements))
    }

    private mutating func string() throws(JSONTree.Failure) -> String {
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { throw failure("a string is missing") }
        index += 1
        var text: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                text.append(contentsOf: String(try escaped()).utf8)
            case 0..<0x20: throw failure("a control character stands in a string")
            default:
                text.append(byte)
                index += 1
            }
        }
        throw failure("it breaks off in a string")
    }

    private mutating func escaped() throws(JSONTree.Failure) -> Unicode.Scalar {
        guard index + 1 < bytes.count else { throw failure("it breaks off in a string") }
        let letter = bytes[index + 1]
        index += 2
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try hexadecimalUnit()
            guard unit & 0xFC00 == 0xD800 else { return try scalar(unit) }
            guard bytes[index...].starts(with: "\\u".utf8) else { throw failure("half a surrogate pair") }
            index += 2
            let low = try hexadecimalUnit()
            guard low & 0xFC00 == 0xDC00 else { throw failure("half a surrogate pair") }
            return try scalar(0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF)
        default: throw failure("an unknown escape")
        }
    }

    private func scalar(_ value: UInt32) throws(JSONTree.Failure) -> Unicode.Scalar {
        guard let scalar = Unicode.Scalar(value) else { throw failure("half a surrogate pair") }
        return scalar
    }

    private mutating func hexadecimalUnit() throws(JSONTree.Failure) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard index < bytes.count, let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue else {
                throw failure("\\u needs four digits")
            }
            unit = unit << 4 | UInt32(digit)
            index += 1
        }
        return unit
    }

    private mutating func number() throws(JSONTree.Failure) -> String {
        let start = index
        _ = take(byte: "-")
        let first = index
        guard digits() > 0, bytes[first] != UInt8(ascii: "0") || index == first + 1 else {
            index = start
            throw failure("no JSON value")
        }
        if take(byte: "."), digits() == 0 { throw failure("a number breaks off") }
        if take(byte: "e") || take(byte: "E") {
            _ = take(byte: "+") || take(byte: "-")
            if digits() == 0 { throw failure("a number breaks off") }
        }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func digits() -> Int {
        let start = index
        while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) { index += 1 }
        return index - start
    }

    private mutating func word(_ text: String, _ value: JSONTree) throws(JSONTree.Failure) -> JSONTree {
        guard bytes[index...].starts(with: text.utf8) else { throw failure("no JSON value") }
        index += text.utf8.count
        return value
    }

    private mutating func enter() throws(JSONTree.Failure) {
        index += 1
        depth += 1
        if depth > maxDepth { throw failure("more than \(maxDepth) levels") }
    }

    private mutating func leave(_ value: JSONTree) -> JSONTree {
        depth -= 1
        return value
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        return take(byte: character)
    }

    private mutating func take(byte character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while index < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[index]) { index += 1 }
    }

    private func failure(_ problem: String) -> JSONTree.Failure { JSONTree.Failure(problem: problem, offset: index) }
}
