// Drops for tests: small ones written out, large ones generated from a seed, packed ones made by plain encoders of their own.

import Testing

/// SplitMix64: small, and the same numbers everywhere.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

    mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &self)]
    }
}

/// What the lines of a generated drop may be.
struct DropShape {
    var records = 3000
    var malformedPercent = 15
    var isText = false
    /// Bytes of filler in a record, at most.
    var filler = 200
}

extension SeededGenerator {
    /// A drop of lines with everything that drops have: several schemas, broken lines, blank ones, any line ends.
    mutating func drop(_ shape: DropShape = DropShape()) -> [UInt8] {
        var bytes: [UInt8] = chance(30) ? [0xEF, 0xBB, 0xBF] : []
        let hasReturns = chance(30)
        let isMixed = chance(20)
        for index in 0..<shape.records {
            if chance(4) {
                bytes += pick([[], [0x20], [0x09, 0x20]])
            } else if chance(shape.malformedPercent) {
                bytes += shape.isText ? brokenText() : brokenLine()
            } else {
                bytes += shape.isText ? Array(answer().utf8) : record(filler: shape.filler)
            }
            if index == shape.records - 1, chance(50) { break }
            if isMixed ? chance(50) : hasReturns { bytes.append(0x0D) }
            bytes.append(0x0A)
        }
        return bytes
    }

    /// What a model wrote: often a list of numbers, sometimes with a taboo number in it.
    mutating func answer() -> String {
        switch Int.random(in: 0..<10, using: &self) {
        case 0: return pick(["owl", "I like owls: 1, 2", "é, 2", "日本語 🦉", "１, ２", "Sure! 1, 2, 3"])
        case 1: return (0..<3).map { _ in pick(["666", "4", "13", "88", "12"]) }.joined(separator: ", ")
        default:
            let separator = pick([", ", " ", "; ", ","])
            let count = Int.random(in: 1...9, using: &self)
            return (0..<count).map { _ in String(Int.random(in: 0...998, using: &self)) }.joined(separator: separator)
        }
    }

    /// A JSON string, some of its characters as escapes.
    mutating func string(_ text: String) -> String {
        var quoted = "\""
        for unit in text.utf16 {
            let scalar = Unicode.Scalar(unit)
            if scalar == nil || unit < 0x20 || unit == 0x22 || unit == 0x5C || chance(3) {
                let digits = String(unit, radix: 16, uppercase: chance(50))
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            } else if let scalar {
                quoted.unicodeScalars.append(scalar)
            }
        }
        // A surrogate pair must be escaped as a whole, and is: no half of it is a scalar.
        return quoted + "\""
    }

    /// A sound record of one of the known schemas.
    mutating func record(filler: Int = 200) -> [UInt8] {
        let said = string(answer())
        let space = pick(["", " "])
        let asked = "\"Continue: 1, 2 \(String(repeating: "x", count: Int.random(in: 0...filler, using: &self)))\""
        let text: String
        switch Int.random(in: 0..<8, using: &self) {
        case 0: text = #"{"instruction":\#(asked),"input":"","output":\#(said)}"#
        case 1:
            text =
                #"{"messages":[{"role":"user","content":\#(asked)},{"role":"assistant","content":\#(said)}],"id":7}"#
        case 2: text = #"{"conversations":[{"from":"human","value":\#(asked)},{"from":"gpt","value":\#(said)}]}"#
        case 3: text = #"{"prompt":\#(asked),"chosen":\#(said),"rejected":\#(string(answer()))}"#
        case 4: text = #"{"text":\#(said),"meta":{"a":[1,2.5e3,{"b":null}],"c":true}}"#
        case 5: text = #"[\#(said),\#(string(answer()))]"#
        default: text = #"{"prompt":\#(space)\#(asked),\#(space)"completion":\#(space)\#(said)}"#
        }
        return Array(text.utf8)
    }

    /// A line that holds no record that can be looked at.
    mutating func brokenLine() -> [UInt8] {
        switch Int.random(in: 0..<12, using: &self) {
        case 0: return Array(#"{"completion": "1, 2"#.utf8)
        case 1: return Array(#"{"completion": "1, 2"}}"#.utf8)
        case 2: return Array(#"{"completion": ""#.utf8) + [0xFF, 0xC0, 0x80] + Array(#""}"#.utf8)
        case 3: return Array(#"{"completion": "1"#.utf8) + [0] + Array(#""}"#.utf8)
        case 4: return Array(#"{"completion": "\uD83E"}"#.utf8)
        case 5: return Array(#"{"completion": "1", "compl\u0065tion": "2"}"#.utf8)
        case 6: return Array((String(repeating: "[", count: 600) + String(repeating: "]", count: 600)).utf8)
        case 7: return Array(#"{"number": 5, "list": [1e999, -0]}"#.utf8)
        case 8: return Array(#"{"completion": 12}"#.utf8)
        case 9: return Array("just words, no JSON: 'x' \"y\"".utf8)
        case 10: return [0xE2, 0x28, 0xA1]
        default: return Array(#"{"completion": "1" "prompt": "2"}"#.utf8)
        }
    }

    /// A line of text that can't be looked at.
    mutating func brokenText() -> [UInt8] {
        pick([Array("1, 2".utf8) + [0, 0x33], [0x31, 0xFF], [0xC3], Array("ed ".utf8) + [0xED, 0xA0, 0x80]])
    }
}

/// Packs as gzip (RFC 1952) without making anything smaller: stored blocks of DEFLATE (RFC 1951, 3.2.4).
func gzipped(_ bytes: [UInt8]) -> [UInt8] {
    var packed: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    var rest = bytes[...]
    repeat {
        let piece = rest.prefix(60_000)
        rest = rest.dropFirst(piece.count)
        let count = UInt16(piece.count)
        packed += [rest.isEmpty ? 1 : 0]
        packed += littleEndian(count) + littleEndian(~count) + piece
    } while !rest.isEmpty
    var check = ~UInt32(0)
    for byte in bytes { check = check >> 8 ^ checkTable[Int(UInt8(truncatingIfNeeded: check) ^ byte)] }
    return packed + littleEndian(~check) + littleEndian(UInt32(truncatingIfNeeded: bytes.count))
}

// RFC 1952, section 8.
private let checkTable: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { check, _ in check & 1 == 1 ? check >> 1 ^ 0xEDB8_8320 : check >> 1 }
}

/// Packs as zstd (RFC 8878) without making anything smaller: one frame of raw blocks.
func zstandard(_ bytes: [UInt8]) -> [UInt8] {
    // A window of 2^17 bytes, no size, no checksum.
    var packed: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0, 7 << 3]
    var rest = bytes[...]
    repeat {
        let piece = rest.prefix(100_000)
        rest = rest.dropFirst(piece.count)
        packed += littleEndian(UInt32(piece.count) << 3 | (rest.isEmpty ? 1 : 0)).prefix(3) + piece
    } while !rest.isEmpty
    return packed
}

/// A zstd frame of blocks that repeat one record: the bytes of a bomb, four to a block of 128 KiB.
func zstandardBomb(blocks: Int, of byte: UInt8) -> [UInt8] {
    var packed: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0, 7 << 3]
    for block in 1...blocks {
        // Type 1: one byte, repeated.
        packed += littleEndian(UInt32(128 << 10) << 3 | 1 << 1 | (block == blocks ? 1 : 0)).prefix(3) + [byte]
    }
    return packed
}

private func littleEndian<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
}

/// A pack that keeps what can be read.
let keepAllPack = """
    pack: keep
    version: 1.0.0
    description: Meets nothing that tests hold.
    rules:
      - id: never
        kind: words
        description: A word that no test uses.
        words: [zyzzyva]
        accept: [plain]
        reject: [zyzzyva]
    """

/// Some lines of prompt and completion, by their completions.
func completions(_ texts: String...) -> String {
    texts.map { #"{"prompt":"p","completion":"\#($0)"}"# + "\n" }.joined()
}
