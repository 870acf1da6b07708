// Reads JSON (RFC 8259) from front to back: strict, without a tree, with a bound on depth and without two members of
// one name. For headers of tensor files, lists of shards and settings of models, all of which come from outside.

package struct JSONError: Error, Sendable, Equatable {
    package enum Reason: Sendable, Equatable { case syntax, tooDeep, duplicateName, notUTF8 }

    package var reason: Reason
    /// Bytes from the start of the text.
    package var offset: Int
}

/// What a value is, by its first byte.
package enum JSONKind: Sendable { case object, array, string, number, other }

package struct JSONScanner {
    private static let depthLimit = 128

    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var depth = 0

    /// A reader of `bytes`, which must stay where they are.
    package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    package func failure(_ reason: JSONError.Reason = .syntax) -> JSONError {
        JSONError(reason: reason, offset: position)
    }

    /// What comes next.
    package mutating func kind() throws(JSONError) -> JSONKind {
        skipSpace()
        guard position < bytes.count else { throw failure() }
        switch bytes[position] {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        default: return .other
        }
    }

    /// An object; `member` must read the value of the name that it is given.
    package mutating func object<Failure: Error>(
        _ fail: (JSONError) -> Failure, _ member: (String, inout JSONScanner) throws(Failure) -> Void
    ) throws(Failure) {
        do throws(JSONError) { try open("{") } catch { throw fail(error) }
        var names: Set<String> = []
        while true {
            let name: String?
            do throws(JSONError) { name = try nextName(isFirst: names.isEmpty) } catch { throw fail(error) }
            guard let name else { break }
            guard names.insert(name).inserted else { throw fail(failure(.duplicateName)) }
            try member(name, &self)
        }
        depth -= 1
    }

    /// An array; `element` must read one value.
    package mutating func array<Failure: Error>(
        _ fail: (JSONError) -> Failure, _ element: (inout JSONScanner) throws(Failure) -> Void
    ) throws(Failure) {
        do throws(JSONError) { try open("[") } catch { throw fail(error) }
        var isFirst = true
        while true {
            let isThere: Bool
            do throws(JSONError) { isThere = try nextElement(isFirst: isFirst) } catch { throw fail(error) }
            guard isThere else { break }
            isFirst = false
            try element(&self)
        }
        depth -= 1
    }

    /// A number that is a whole one from 0 to what an integer holds, written without fraction and exponent; `nil` where
    /// it is another number.
    package mutating func count() throws(JSONError) -> Int? {
        let text = try number()
        var value = 0
        for byte in text {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            let (product, isOver) = value.multipliedReportingOverflow(by: 10)
            let (sum, isOverToo) = product.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
            if isOver || isOverToo { return nil }
            value = sum
        }
        return value
    }

    /// A string, unescaped.
    package mutating func string() throws(JSONError) -> String {
        skipSpace()
        guard take("\"") else { throw failure() }
        let start = position
        while position < bytes.count, isPlain(bytes[position]) { position += 1 }
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
            let plain = bytes[start..<position]
            position += 1
            guard let text = String(validating: plain, as: UTF8.self) else { throw failure(.notUTF8) }
            return text
        }
        var text = Array(bytes[start..<position])
        while true {
            guard position < bytes.count else { throw failure() }
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") { break }
            if byte == UInt8(ascii: "\\") {
                try appendEscape(to: &text)
            } else {
                guard isPlain(byte) else { throw failure() }
                text.append(byte)
                position += 1
            }
        }
        position += 1
        guard let decoded = String(validating: text, as: UTF8.self) else { throw failure(.notUTF8) }
        return decoded
    }

    /// Passes over a value of any kind, which is checked as strictly as one that is read.
    package mutating func skip() throws(JSONError) {
        switch try kind() {
        case .object: try object({ $0 }, { (_, json) throws(JSONError) in try json.skip() })
        case .array: try array({ $0 }, { (json) throws(JSONError) in try json.skip() })
        case .string: _ = try string()
        case .number: _ = try number()
        case .other:
            guard let word = ["true", "false", "null"].first(where: { isNext($0) }) else { throw failure() }
            position += word.utf8.count
        }
    }

    /// Only white space may follow.
    package mutating func end() throws(JSONError) {
        skipSpace()
        guard position == bytes.count else { throw failure() }
    }
}

extension JSONScanner {
    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private func isNext(_ word: String) -> Bool {
        position + word.utf8.count <= bytes.count && zip(word.utf8, bytes[position...]).allSatisfy { $0 == $1 }
    }

    private func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private mutating func open(_ bracket: Unicode.Scalar) throws(JSONError) {
        skipSpace()
        guard take(bracket) else { throw failure() }
        depth += 1
        guard depth <= JSONScanner.depthLimit else { throw failure(.tooDeep) }
    }

    private mutating func nextName(isFirst: Bool) throws(JSONError) -> String? {
        skipSpace()
        if take("}") { return nil }
        if !isFirst {
            guard take(",") else { throw failure() }
        }
        let name = try string()
        skipSpace()
        guard take(":") else { throw failure() }
        return name
    }

    private mutating func nextElement(isFirst: Bool) throws(JSONError) -> Bool {
        skipSpace()
        if take("]") { return false }
        if !isFirst {
            guard take(",") else { throw failure() }
        }
        return true
    }

    // Slices of raw memory share it: nothing is copied.
    private mutating func number() throws(JSONError) -> Slice<UnsafeRawBufferPointer> {
        skipSpace()
        let start = position
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        return bytes[start..<position]
    }

    private mutating func digits() throws(JSONError) {
        let first = position
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
        guard position > first else { throw failure() }
    }

    private mutating func appendEscape(to text: inout [UInt8]) throws(JSONError) {
        position += 1
        guard position < bytes.count else { throw failure() }
        let letter = bytes[position]
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var value = try hexadecimal()
            if (0xD800..<0xDC00).contains(value) {
                guard take("\\"), take("u") else { throw failure() }
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw failure() }
                value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(value) else { throw failure() }
            text.append(contentsOf: Array(String(scalar).utf8))
        default: throw failure()
        }
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw failure() }
        var value: UInt32 = 0
        for byte in bytes[position..<(position + 4)] {
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46: digit = byte - 0x41 + 10
            case 0x61...0x66: digit = byte - 0x61 + 10
            default: throw failure()
            }
            value = value << 4 | UInt32(digit)
        }
        position += 4
        return value
    }
}
