// Generated data.

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): the same numbers for the same seed, everywhere.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// From 0 to below a bound above 0.
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }

    /// A text of up to eight pieces, hostile ones among them.
    mutating func text() -> String {
        let pieces = [
            "a", "owl", "é", "e\u{301}", "\"", "\\", "\n", "\0", "\u{1B}[31m", "\u{202E}", "##[error]", "</script>",
            "日本",
            "🦉", "\u{FFFD}", "\u{10FFFF}", "'; DROP TABLE node; --", "{\"seq\":1}", ",", " ",
        ]
        return (0..<Int.random(in: 0...8, using: &self)).map { _ in pieces.randomElement(using: &self) ?? "" }.joined()
    }

    mutating func bytes(most: Int) -> [UInt8] {
        (0..<Int.random(in: 0...most, using: &self)).map { _ in UInt8.random(in: 0...255, using: &self) }
    }
}
