// Tables and sketches in the JSON form of a profile: numbers of variable length, in Base64.

/// Writes numbers and texts behind each other.
struct PackedWriter {
    private var bytes: [UInt8] = []

    /// A number from 0 in groups of seven bits, the lowest first, as LEB128.
    mutating func count(_ number: Int) {
        var rest = UInt(bitPattern: number)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Sixty-four bits, the lowest byte first.
    mutating func word(_ word: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
    }

    mutating func text(_ text: String) {
        count(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    /// A list of known length; a 0 stands for a run of them, whose length follows.
    mutating func counts(_ list: [Int]) {
        list.withUnsafeBufferPointer { list in
            var at = 0
            while at < list.count {
                count(list[at])
                let start = at
                if list[at] == 0 {
                    while at < list.count, list[at] == 0 { at &+= 1 }
                    count(at - start)
                } else {
                    at &+= 1
                }
            }
        }
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// What was written, in Base64 (RFC 4648, section 4).
    var base64: String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var at = 0
        while at < bytes.count {
            let rest = bytes.count - at
            let group =
                UInt32(bytes[at]) << 16 | (rest > 1 ? UInt32(bytes[at + 1]) << 8 : 0)
                | (rest > 2 ? UInt32(bytes[at + 2]) : 0)
            for digit in 0..<4 {
                text.append(
                    digit <= rest ? PackedWriter.alphabet[Int(group >> UInt32(18 - 6 * digit) & 63)] : UInt8(ascii: "=")
                )
            }
            at += 3
        }
        return String(decoding: text, as: UTF8.self)
    }

    fileprivate static let digits: [UInt8] = {
        var digits = [UInt8](repeating: 64, count: 256)
        for (value, byte) in alphabet.enumerated() { digits[Int(byte)] = UInt8(value) }
        return digits
    }()
}

/// Reads what ``PackedWriter`` wrote; `nil` wherever that is not what stands there.
struct PackedReader {
    /// No count is larger, so that no sum of thousands of them runs over.
    static let largest = 1 << 48

    private var bytes: [UInt8] = []
    private var at = 0

    init?(base64: String) {
        var text = Array(base64.utf8)
        guard text.count % 4 == 0 else { return nil }
        let padding = text.suffix(2).filter { $0 == UInt8(ascii: "=") }.count
        guard !text.dropLast(padding).contains(UInt8(ascii: "=")) else { return nil }
        for index in text.indices.suffix(padding) { text[index] = UInt8(ascii: "A") }
        bytes.reserveCapacity(text.count / 4 * 3)
        for start in stride(from: 0, to: text.count, by: 4) {
            var group: UInt32 = 0
            for byte in text[start..<start + 4] {
                let digit = PackedWriter.digits[Int(byte)]
                guard digit < 64 else { return nil }
                group = group << 6 | UInt32(digit)
            }
            bytes.append(UInt8(group >> 16))
            bytes.append(UInt8(group >> 8 & 0xFF))
            bytes.append(UInt8(group & 0xFF))
        }
        bytes.removeLast(padding)
    }

    /// Whether all was read.
    var isAtEnd: Bool { at == bytes.count }

    mutating func count() -> Int? {
        var number: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 56, by: 7) {
            guard at < bytes.count else { return nil }
            let byte = bytes[at]
            at += 1
            number |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return number <= UInt64(PackedReader.largest) ? Int(number) : nil }
        }
        return nil
    }

    mutating func word() -> UInt64? {
        guard bytes.count - at >= 8 else { return nil }
        defer { at += 8 }
        return bytes[at..<at + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }

    /// A text of at most `limit` bytes.
    mutating func text(limit: Int) -> String? {
        guard let length = count(), length <= limit, bytes.count - at >= length else { return nil }
        defer { at += length }
        return String(validating: bytes[at..<at + length], as: UTF8.self)
    }

    /// A list of that length.
    mutating func counts(_ length: Int) -> [Int]? {
        var list = [Int](repeating: 0, count: length)
        var at = 0
        while at < length {
            guard let number = count() else { return nil }
            if number == 0 {
                guard let zeros = count(), zeros > 0, zeros <= length - at else { return nil }
                at &+= zeros
            } else {
                list[at] = number
                at &+= 1
            }
        }
        return list
    }
}
