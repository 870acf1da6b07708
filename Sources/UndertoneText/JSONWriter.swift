// Writes JSON (RFC 8259) piece by piece: what was begun is well formed at every step, and escaping can't be forgotten.

/// Writes one JSON value into a buffer of UTF-8 bytes, which the caller drains as often as it likes.
///
/// Strings are exact (a reader gets the same text back), yet show nothing hidden: control, bidirectional and invisible
/// characters are escaped as `\uXXXX`, and so is the `#` of `##[` and `##vso[`, which build logs act upon. Members come
/// out in the order in which they were written. The writer does not look for two members of the same name.
package struct JSONWriter {
    package enum Layout: Sendable {
        /// Two spaces a level; containers that are begun as `inline` stay on one line.
        case pretty
        /// Without any white space.
        case compact
    }

    /// What was written and not yet drained.
    package private(set) var bytes: [UInt8] = []
    /// ``bytes`` as text with a line end behind it.
    package var text: String { String(decoding: bytes, as: UTF8.self) + "\n" }
    /// Bytes written since the start, drained ones included.
    package var total: Int { drained + bytes.count }

    private struct Level {
        var isEmpty = true
        var isInline: Bool
    }

    private let layout: Layout
    private var levels: [Level] = []
    private var drained = 0
    private var isBehindKey = false

    package init(_ layout: Layout = .pretty) { self.layout = layout }

    /// An object; `body` writes its members.
    package mutating func object(inline: Bool = false, _ body: (inout JSONWriter) -> Void) {
        container("{", "}", inline, body)
    }

    /// An array; `body` writes its elements.
    package mutating func array(inline: Bool = false, _ body: (inout JSONWriter) -> Void) {
        container("[", "]", inline, body)
    }

    /// The name of the next member; its value must follow.
    package mutating func key(_ name: String) {
        separate()
        string(name)
        bytes.append(UInt8(ascii: ":"))
        if layout == .pretty { bytes.append(UInt8(ascii: " ")) }
        isBehindKey = true
    }

    /// A string, or null.
    package mutating func value(_ text: String?) {
        separate()
        if let text { string(text) } else { bytes.append(contentsOf: "null".utf8) }
    }

    package mutating func value(_ number: Int) {
        separate()
        bytes.append(contentsOf: String(number).utf8)
    }

    /// The shortest decimal that reads back as `number`; null for what JSON has no number for.
    package mutating func value(_ number: Double) {
        separate()
        bytes.append(contentsOf: (number.isFinite ? "\(number)" : "null").utf8)
    }

    package mutating func value(_ truth: Bool) {
        separate()
        bytes.append(contentsOf: (truth ? "true" : "false").utf8)
    }

    /// A string of UTF-8 bytes; what is no UTF-8 becomes U+FFFD.
    package mutating func value(utf8 text: UnsafeBufferPointer<UInt8>) {
        separate()
        string(text)
    }

    /// A value that is JSON already, copied untouched. It must be well formed.
    package mutating func value(raw json: some Collection<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
    }

    package mutating func member(_ name: String, _ text: String?) {
        key(name)
        value(text)
    }

    package mutating func member(_ name: String, _ number: Int) {
        key(name)
        value(number)
    }

    package mutating func member(_ name: String, _ number: Double) {
        key(name)
        value(number)
    }

    package mutating func member(_ name: String, _ truth: Bool) {
        key(name)
        value(truth)
    }

    /// A half-open range as an array of two.
    package mutating func member(_ name: String, _ range: Range<Int>) {
        array(name, inline: true) { json in
            json.value(range.lowerBound)
            json.value(range.upperBound)
        }
    }

    package mutating func member(_ name: String, _ texts: [String]) {
        array(name, inline: true) { json in
            for text in texts { json.value(text) }
        }
    }

    /// A member that is an object.
    package mutating func object(_ name: String, inline: Bool = false, _ body: (inout JSONWriter) -> Void) {
        key(name)
        object(inline: inline, body)
    }

    /// A member that is an array.
    package mutating func array(_ name: String, inline: Bool = false, _ body: (inout JSONWriter) -> Void) {
        key(name)
        array(inline: inline, body)
    }

    /// Forgets the bytes and keeps their memory, for a caller that has copied them.
    package mutating func removeAll() {
        drained += bytes.count
        bytes.removeAll(keepingCapacity: true)
    }

    /// Hands over what was written, once it is more than `threshold` bytes.
    package mutating func drain(above threshold: Int = 1 << 16, into output: inout some TextOutputStream) {
        guard bytes.count > threshold else { return }
        output.write(String(decoding: bytes, as: UTF8.self))
        removeAll()
    }
}

extension JSONWriter {
    private mutating func container(
        _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ inline: Bool, _ body: (inout JSONWriter) -> Void
    ) {
        separate()
        let isInline = inline || layout == .compact || (levels.last?.isInline ?? false)
        bytes.append(UInt8(ascii: open))
        levels.append(Level(isInline: isInline))
        body(&self)
        let level = levels.removeLast()
        if !level.isEmpty, !isInline { newLine() }
        bytes.append(UInt8(ascii: close))
    }

    // Whatever stands between the last thing and the next one.
    private mutating func separate() {
        if isBehindKey {
            isBehindKey = false
            return
        }
        guard let last = levels.indices.last else { return }
        let level = levels[last]
        levels[last].isEmpty = false
        if !level.isEmpty { bytes.append(UInt8(ascii: ",")) }
        if level.isInline {
            if !level.isEmpty, layout == .pretty { bytes.append(UInt8(ascii: " ")) }
        } else {
            newLine()
        }
    }

    private mutating func newLine() {
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: levels.count * 2))
    }

    private mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { string($0) }
    }

    private mutating func string(_ text: UnsafeBufferPointer<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        var copied = 0
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte >= 0x80 {
                let (scalar, length) = JSONWriter.scalar(text, at: index)
                guard let scalar, !scalar.isHidden else {
                    bytes.append(contentsOf: text[copied..<index])
                    unicodeEscape(scalar ?? "\u{FFFD}")
                    index += length
                    copied = index
                    continue
                }
                index += length
                continue
            }
            let isPlain =
                byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") && byte != 0x7F
                && !(byte == UInt8(ascii: "#") && JSONWriter.startsLogCommand(text, at: index))
            if !isPlain {
                bytes.append(contentsOf: text[copied..<index])
                escape(byte)
                copied = index + 1
            }
            index += 1
        }
        bytes.append(contentsOf: text[copied...])
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): bytes.append(contentsOf: "\\\"".utf8)
        case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
        case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
        case UInt8(ascii: "\r"): bytes.append(contentsOf: "\\r".utf8)
        case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
        default: unicodeEscape(Unicode.Scalar(byte))
        }
    }

    private mutating func unicodeEscape(_ scalar: Unicode.Scalar) {
        for unit in String(scalar).utf16 {
            bytes.append(contentsOf: "\\u".utf8)
            for shift in [12, 8, 4, 0] {
                let digit = UInt8(truncatingIfNeeded: unit >> UInt16(shift)) & 0xF
                bytes.append(digit < 10 ? digit + UInt8(ascii: "0") : digit - 10 + UInt8(ascii: "a"))
            }
        }
    }

    // One scalar and its length; nil and 1 for a byte that begins none.
    private static func scalar(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> (Unicode.Scalar?, Int) {
        var decoder = UTF8()
        var rest = text[index..<min(index + 4, text.count)].makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&rest) else { return (nil, 1) }
        return (scalar, UTF8.width(scalar))
    }

    private static func startsLogCommand(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        func isAt(_ start: String) -> Bool {
            index + start.utf8.count <= text.count
                && zip(start.utf8, text[index...]).allSatisfy { $0 == $1 || ($0 > 0x60 && $0 == $1 | 0x20) }
        }
        return isAt("##[") || isAt("##vso[")
    }
}
