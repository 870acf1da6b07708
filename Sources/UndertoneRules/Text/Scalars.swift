// Unicode scalars on raw bytes: decoding that never trusts its input, runs of ASCII, and what counts as a word.

/// The value that stands for a byte which belongs to no valid UTF-8 sequence.
let invalidScalar: UInt32 = .max

/// The scalar at `index`, which must be below `end`, and its length; a byte that starts no valid sequence (Unicode
/// table 3-7) is an ``invalidScalar`` of length 1.
@inline(__always)
func scalar(_ bytes: UnsafePointer<UInt8>, at index: Int, end: Int) -> (value: UInt32, length: Int) {
    let first = bytes[index]
    if first < 0x80 { return (UInt32(first), 1) }
    let left = end &- index
    if first < 0xE0 {
        guard first >= 0xC2, left >= 2 else { return (invalidScalar, 1) }
        let second = bytes[index &+ 1]
        guard second & 0xC0 == 0x80 else { return (invalidScalar, 1) }
        return (UInt32(first & 0x1F) &<< 6 | UInt32(second & 0x3F), 2)
    }
    if first < 0xF0 {
        guard left >= 3 else { return (invalidScalar, 1) }
        let (second, third) = (bytes[index &+ 1], bytes[index &+ 2])
        guard second & 0xC0 == 0x80, third & 0xC0 == 0x80 else { return (invalidScalar, 1) }
        let value = UInt32(first & 0x0F) &<< 12 | UInt32(second & 0x3F) &<< 6 | UInt32(third & 0x3F)
        guard value >= 0x800, value & 0xF800 != 0xD800 else { return (invalidScalar, 1) }
        return (value, 3)
    }
    guard first < 0xF5, left >= 4 else { return (invalidScalar, 1) }
    let (second, third, fourth) = (bytes[index &+ 1], bytes[index &+ 2], bytes[index &+ 3])
    guard second & 0xC0 == 0x80, third & 0xC0 == 0x80, fourth & 0xC0 == 0x80 else { return (invalidScalar, 1) }
    let value =
        UInt32(first & 0x07) &<< 18 | UInt32(second & 0x3F) &<< 12 | UInt32(third & 0x3F) &<< 6 | UInt32(fourth & 0x3F)
    guard value >= 0x10000, value <= 0x10FFFF else { return (invalidScalar, 1) }
    return (value, 4)
}

/// The scalar that ends before `index`, which must be above 0: the same cuts as reading forward gives.
func scalar(_ bytes: UnsafePointer<UInt8>, before index: Int) -> (value: UInt32, length: Int) {
    let last = bytes[index - 1]
    if last < 0x80 { return (UInt32(last), 1) }
    guard last < 0xC0 else { return (invalidScalar, 1) }
    for length in 2...4 where index >= length {
        let lead = bytes[index - length]
        if lead < 0x80 { break }
        if lead >= 0xC0 {
            let found = scalar(bytes, at: index - length, end: index)
            return found.length == length ? found : (invalidScalar, 1)
        }
    }
    return (invalidScalar, 1)
}

/// The first index from `index` on whose byte is not ASCII, or `end`. Reads up to 15 bytes beyond `end`, as fields allow.
@inline(__always)
func endOfASCII(_ bytes: UnsafePointer<UInt8>, from index: Int, end: Int) -> Int {
    var index = index
    while index < end {
        let block = UnsafeRawPointer(bytes + index).loadUnaligned(as: SIMD2<UInt64>.self)
        let high = block & SIMD2(repeating: 0x8080_8080_8080_8080)
        if high[0] != 0 { return min(index &+ high[0].trailingZeroBitCount &>> 3, end) }
        if high[1] != 0 { return min(index &+ 8 &+ high[1].trailingZeroBitCount &>> 3, end) }
        index &+= 16
    }
    return end
}

/// Whether all of it is UTF-8.
func isValidUTF8(_ bytes: UnsafePointer<UInt8>, count: Int) -> Bool {
    var index = 0
    while true {
        index = endOfASCII(bytes, from: index, end: count)
        if index >= count { return true }
        while index < count, bytes[index] >= 0x80 {
            let next = scalar(bytes, at: index, end: count)
            guard next.value != invalidScalar else { return false }
            index &+= next.length
        }
    }
}

/// Whether a scalar is part of a word: letters, marks, digits and the underscore, but not letters of scripts that are
/// written without spaces, where a neighbouring letter says nothing about a word's end.
func isWordScalar(_ value: UInt32) -> Bool {
    if value < 0x80 {
        let folded = value | 0x20
        return folded &- 0x61 < 26 || value &- 0x30 < 10 || value == 0x5F
    }
    guard let scalar = Unicode.Scalar(value) else { return false }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber: return true
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
        return Script(of: value) != .unspaced
    default: return false
    }
}

/// "U+006F 'o'", for reports.
func describe(_ value: UInt32) -> String {
    guard value != invalidScalar, let scalar = Unicode.Scalar(value) else { return "a byte that is not UTF-8" }
    let digits = String(value, radix: 16, uppercase: true)
    let name = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator,
        .nonspacingMark, .spacingMark, .enclosingMark:
        return name
    default: return "\(name) '\(scalar)'"
    }
}

/// "1 word", "2 words".
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
