// The parser behind JSONValue: recursive descent over bytes, with limits on bytes, depth and values.

struct JSONParser {
    // Not yet a place in lines; that is worked out once, for the error that leaves.
    private struct Fault: Error {
        var problem: String
        var offset: Int
    }

    private let text: UnsafeBufferPointer<UInt8>
    private let limits: JSONValue.Limits
    private var index = 0
    private var values = 0

    private init(_ text: UnsafeBufferPointer<UInt8>, _ limits: JSONValue.Limits) {
        self.text = text
        self.limits = limits
    }

    static func parse(
        _ text: UnsafeBufferPointer<UInt8>, _ limits: JSONValue.Limits
    ) -> Result<JSONValue, JSONError> {
        var parser = JSONParser(text, limits)
        do throws(Fault) {
            guard text.count <= limits.bytes else {
                throw Fault(problem: "the text is longer than \(grouped(limits.bytes)) bytes", offset: 0)
            }
            guard !text.starts(with: [0xEF, 0xBB, 0xBF]) else {
                throw Fault(problem: "a byte order mark stands in front", offset: 0)
            }
            parser.skipSpace()
            let value = try parser.value(depth: 0)
            parser.skipSpace()
            guard parser.index == text.count else { throw parser.fault("something follows the value") }
            return .success(value)
        } catch {
            let before = text.prefix(error.offset)
            let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            let line = before.reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
            return .failure(
                JSONError(
                    problem: error.problem, offset: error.offset, line: line, column: error.offset - start + 1))
        }
    }

    private func fault(_ problem: String) -> Fault { Fault(problem: problem, offset: index) }

    private var byte: UInt8? { index < text.count ? text[index] : nil }

    private mutating func skipSpace() {
        while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private mutating func take(_ wanted: UInt8) -> Bool {
        guard byte == wanted else { return false }
        index += 1
        return true
    }

    private mutating func value(depth: Int) throws(Fault) -> JSONValue {
        values += 1
        guard values <= limits.values else { throw fault("there are more than \(grouped(limits.values)) values") }
        guard let byte else { throw fault("the text breaks off") }
        switch byte {
        case UInt8(ascii: "{"): return .object(try object(depth: depth + 1))
        case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw fault("no value begins like this")
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(Fault) -> JSONValue {
        let wanted = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard text[index...].starts(with: wanted) else { throw fault("no value begins like this") }
        index += wanted.count
        return value
    }

    private mutating func array(depth: Int) throws(Fault) -> [JSONValue] {
        guard depth <= limits.depth else { throw fault("lists and objects are nested deeper than \(limits.depth)") }
        index += 1
        skipSpace()
        var elements: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return elements }
        while true {
            elements.append(try value(depth: depth))
            skipSpace()
            if take(UInt8(ascii: "]")) { return elements }
            guard take(UInt8(ascii: ",")) else {
                throw fault(byte == nil ? "the text breaks off" : "neither a comma nor the end of the list")
            }
            skipSpace()
        }
    }

    private mutating func object(depth: Int) throws(Fault) -> JSONObject {
        guard depth <= limits.depth else { throw fault("lists and objects are nested deeper than \(limits.depth)") }
        index += 1
        skipSpace()
        var members = JSONObject()
        if take(UInt8(ascii: "}")) { return members }
        while true {
            guard byte == UInt8(ascii: "\"") else {
                throw fault(byte == nil ? "the text breaks off" : "no name of a member in quotes")
            }
            values += 1
            let start = index
            let name = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else {
                throw fault(byte == nil ? "the text breaks off" : "no colon behind the name of a member")
            }
            skipSpace()
            let value = try value(depth: depth)
            guard members.add(name, value) else {
                throw Fault(problem: "a member has the name of an earlier one", offset: start)
            }
            skipSpace()
            if take(UInt8(ascii: "}")) { return members }
            guard take(UInt8(ascii: ",")) else {
                throw fault(byte == nil ? "the text breaks off" : "neither a comma nor the end of the object")
            }
            skipSpace()
        }
    }

    // RFC 8259, section 6.
    private mutating func number() throws(Fault) -> JSONValue {
        let start = index
        let isNegative = take(UInt8(ascii: "-"))
        if take(UInt8(ascii: "0")) {
            if let byte, isDigit(byte) { throw fault("a number begins with a zero too many") }
        } else {
            guard skipDigits() else { throw fault("a number without digits") }
        }
        var isWhole = true
        if take(UInt8(ascii: ".")) {
            isWhole = false
            guard skipDigits() else { throw fault("a number without digits behind its point") }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard skipDigits() else { throw fault("a number without digits in its exponent") }
        }
        // Nobody writes numbers this long, and the conversion need not cope with megabytes.
        guard index - start <= 1_024 else { throw Fault(problem: "a number has too many digits", offset: start) }
        let digits = String(decoding: text[start..<index], as: UTF8.self)
        if isWhole, let whole = Int(digits), !(whole == 0 && isNegative) { return .integer(whole) }
        guard let number = Double(digits), number.isFinite else {
            throw Fault(problem: "a number does not fit", offset: start)
        }
        return .number(number)
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private mutating func skipDigits() -> Bool {
        let start = index
        while let byte, isDigit(byte) { index += 1 }
        return index > start
    }

    private mutating func string() throws(Fault) -> String {
        let start = index
        index += 1
        var run = index
        // Only filled where there are escapes.
        var decoded: [UInt8] = []
        while let byte {
            switch byte {
            case UInt8(ascii: "\""):
                let tail = text[run..<index]
                index += 1
                let valid: String?
                if decoded.isEmpty {
                    valid = String(validating: tail, as: UTF8.self)
                } else {
                    decoded.append(contentsOf: tail)
                    valid = String(validating: decoded, as: UTF8.self)
                }
                guard let valid else { throw Fault(problem: "a string is no UTF-8", offset: start) }
                return valid
            case UInt8(ascii: "\\"):
                decoded.append(contentsOf: text[run..<index])
                index += 1
                try escape(into: &decoded)
                run = index
            case 0..<0x20: throw fault("a control character stands in a string")
            default: index += 1
            }
        }
        throw fault("the text breaks off")
    }

    private mutating func escape(into decoded: inout [UInt8]) throws(Fault) {
        guard let byte else { throw fault("the text breaks off") }
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
            guard let scalar else { throw Fault(problem: "half of a surrogate pair in a string", offset: start) }
            decoded.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        default:
            index -= 1
            throw fault("an escape that JSON does not know")
        }
    }

    private mutating func codeUnit() throws(Fault) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte else { throw fault("the text breaks off") }
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw fault("no hexadecimal digit in an escape")
            }
            unit = unit << 4 | UInt16(digit)
            index += 1
        }
        return unit
    }
}
