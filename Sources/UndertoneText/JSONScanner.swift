// Reads JSON (RFC 8259) from front to back, without a tree: strict, in bounded memory, and with one meaning only. Headers
// of tensor files, which may have 100 MB, are read with it as they are; everything else through JSONValue.

/// Reads one JSON text, value by value, each in the order in which it stands there.
///
/// It refuses what readers disagree about: two members of one name, halves of surrogate pairs, bytes that are no UTF-8, a
/// byte order mark. After an error nothing more may be read.
package struct JSONScanner {
    /// What a value is, by its first byte.
    package enum Kind: Sendable { case null, boolean, number, string, array, object }

    // An array or object that is being read.
    private struct Level {
        var isObject: Bool
        var isEmpty = true
        var hasNames = false
    }

    let text: UnsafeBufferPointer<UInt8>
    private let limits: JSONValue.Limits
    var index = 0
    private var values = 0
    private var levels: [Level] = []
    // One for each level that has names.
    private var names: [Names] = []
    /// Where the last name of a member began.
    private(set) var nameStart = 0

    /// A reader of `text`, which must stay where it is.
    package init(_ text: UnsafeBufferPointer<UInt8>, limits: JSONValue.Limits) throws(JSONError) {
        self.text = text
        self.limits = limits
        guard text.count <= limits.bytes else {
            throw error("the text is longer than \(grouped(limits.bytes)) bytes", .limit)
        }
        guard !text.starts(with: [0xEF, 0xBB, 0xBF]) else { throw error("a byte order mark stands in front") }
    }

    /// Reads all of `text` with `body`, which must read one value; only white space may follow it.
    package static func read<Value>(
        _ text: [UInt8], limits: JSONValue.Limits, _ body: (inout JSONScanner) throws(JSONError) -> Value
    ) throws(JSONError) -> Value {
        try text.withUnsafeBufferPointer { (text) throws(JSONError) in
            var json = try JSONScanner(text, limits: limits)
            let value = try body(&json)
            try json.end()
            return value
        }
    }

    /// What the next value is.
    package mutating func kind() throws(JSONError) -> Kind {
        skipSpace()
        guard let byte else { throw brokenOff }
        switch byte {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        default: throw noValue
        }
    }

    /// Enters an object; ``nextName()`` follows, until there is none.
    package mutating func beginObject() throws(JSONError) { try begin(UInt8(ascii: "{"), isObject: true) }

    /// The name of the next member of the object, whose value must be read or skipped; `nil` behind the last one, which
    /// leaves the object.
    package mutating func nextName() throws(JSONError) -> String? {
        guard let name = try uncheckedName() else { return nil }
        if !levels[levels.count - 1].hasNames {
            levels[levels.count - 1].hasNames = true
            names.append(Names())
        }
        guard names[names.count - 1].insert(name) else { throw twice(at: nameStart) }
        return name
    }

    /// Enters an array; ``hasNext()`` follows, until there is nothing.
    package mutating func beginArray() throws(JSONError) { try begin(UInt8(ascii: "["), isObject: false) }

    /// Whether the array has another element, which must be read or skipped; `false` leaves the array.
    package mutating func hasNext() throws(JSONError) -> Bool { try advance(to: UInt8(ascii: "]"), "list") }

    /// A number that is a whole one from 0 to what an integer holds, written without fraction and exponent; `nil` where
    /// it is another number.
    package mutating func count() throws(JSONError) -> Int? {
        var value = 0
        for byte in try digits().text {
            guard isDigit(byte) else { return nil }
            let (product, isOver) = value.multipliedReportingOverflow(by: 10)
            let (sum, isOverToo) = product.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
            if isOver || isOverToo { return nil }
            value = sum
        }
        return value
    }

    /// Passes over a value of any kind, which is checked as strictly as one that is read. Never recursive.
    package mutating func skip() throws(JSONError) {
        let depth = levels.count
        repeat {
            if levels.count > depth {
                guard try levels[levels.count - 1].isObject ? nextName() != nil : hasNext() else { continue }
            }
            switch try kind() {
            case .object: try beginObject()
            case .array: try beginArray()
            case .string: _ = try string()
            case .number: _ = try digits()
            case .boolean: _ = try boolean()
            case .null: try null()
            }
        } while levels.count > depth
    }

    /// Only white space may follow.
    package mutating func end() throws(JSONError) {
        skipSpace()
        guard index == text.count else { throw error("something follows the value") }
    }
}

extension JSONScanner {
    /// ``nextName()`` for callers that find names that are there twice by themselves.
    mutating func uncheckedName() throws(JSONError) -> String? {
        guard try advance(to: UInt8(ascii: "}"), "object") else { return nil }
        guard byte == UInt8(ascii: "\"") else { throw byte == nil ? brokenOff : error("no name of a member in quotes") }
        nameStart = index
        let name = try string()
        skipSpace()
        guard take(UInt8(ascii: ":")) else {
            throw byte == nil ? brokenOff : error("no colon behind the name of a member")
        }
        return name
    }

    mutating func boolean() throws(JSONError) -> Bool {
        let isTrue = try kind() == .boolean && byte == UInt8(ascii: "t")
        try word(isTrue ? "true" : "false")
        return isTrue
    }

    mutating func null() throws(JSONError) { try word("null") }

    /// A number as the nearest value there is; a whole one without fraction and exponent as an integer, if it fits.
    mutating func number() throws(JSONError) -> JSONValue {
        let (digits, isWhole) = try digits()
        let text = String(decoding: digits, as: UTF8.self)
        if isWhole, text != "-0", let whole = Int(text) { return .integer(whole) }
        guard let number = Double(text), number.isFinite else {
            throw error("a number does not fit", at: digits.startIndex)
        }
        return .number(number)
    }

    func twice(at offset: Int) -> JSONError {
        error("a member has the name of an earlier one", .duplicateName, at: offset)
    }
}

extension JSONScanner {
    func error(_ problem: String, _ reason: JSONError.Reason = .syntax, at offset: Int? = nil) -> JSONError {
        let offset = offset ?? index
        let before = text[..<offset]
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let line = before.reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
        return JSONError(reason: reason, problem: problem, offset: offset, line: line, column: offset - start + 1)
    }

    var brokenOff: JSONError { error("the text breaks off") }

    var noValue: JSONError { error("no value begins like this") }

    var byte: UInt8? { index < text.count ? text[index] : nil }

    private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private mutating func skipSpace() {
        while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    mutating func take(_ wanted: UInt8) -> Bool {
        guard byte == wanted else { return false }
        index += 1
        return true
    }

    mutating func beginValue() throws(JSONError) {
        skipSpace()
        values += 1
        guard values <= limits.values else {
            throw error("there are more than \(grouped(limits.values)) values", .limit)
        }
    }

    private mutating func begin(_ bracket: UInt8, isObject: Bool) throws(JSONError) {
        try beginValue()
        guard byte == bracket else { throw noValue }
        guard levels.count < limits.depth else {
            throw error("lists and objects are nested deeper than \(limits.depth)", .limit)
        }
        index += 1
        levels.append(Level(isObject: isObject))
    }

    // To the next element or member; leaves the level at its end.
    private mutating func advance(to bracket: UInt8, _ noun: String) throws(JSONError) -> Bool {
        skipSpace()
        if take(bracket) {
            if levels.removeLast().hasNames { names.removeLast() }
            return false
        }
        if !levels[levels.count - 1].isEmpty {
            guard take(UInt8(ascii: ",")) else {
                throw byte == nil ? brokenOff : error("neither a comma nor the end of the \(noun)")
            }
            skipSpace()
        }
        levels[levels.count - 1].isEmpty = false
        return true
    }

    private mutating func word(_ word: StaticString) throws(JSONError) {
        try beginValue()
        let wanted = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard text[index...].starts(with: wanted) else { throw noValue }
        index += wanted.count
    }

    // RFC 8259, section 6.
    private mutating func digits() throws(JSONError) -> (text: Slice<UnsafeBufferPointer<UInt8>>, isWhole: Bool) {
        try beginValue()
        let start = index
        var isWhole = true
        _ = take(UInt8(ascii: "-"))
        if take(UInt8(ascii: "0")) {
            if let byte, isDigit(byte) { throw error("a number begins with a zero too many") }
        } else {
            guard skipDigits() else { throw error("a number without digits") }
        }
        if take(UInt8(ascii: ".")) {
            isWhole = false
            guard skipDigits() else { throw error("a number without digits behind its point") }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard skipDigits() else { throw error("a number without digits in its exponent") }
        }
        // Nobody writes numbers this long, and a conversion need not cope with megabytes.
        guard index - start <= 1_024 else { throw error("a number has too many digits", at: start) }
        return (text[start..<index], isWhole)
    }

    private mutating func skipDigits() -> Bool {
        let start = index
        while let byte, isDigit(byte) { index += 1 }
        return index > start
    }
}

// The names of an object, each once. A search from end to end is cheaper than a table for the few that most objects have.
private struct Names {
    private var few: [String] = []
    private var all: Set<String> = []

    mutating func insert(_ name: String) -> Bool {
        guard all.isEmpty else { return all.insert(name).inserted }
        guard !few.contains(name) else { return false }
        few.append(name)
        if few.count == 8 { all = Set(few) }
        return true
    }
}
