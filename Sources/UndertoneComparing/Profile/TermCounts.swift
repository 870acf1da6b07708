// How often each term was said, in bounded memory, and the same whatever way a drop is divided.

import Glibc

/// How many terms are counted, and what remains where there are more.
struct TermLimits: Sendable, Hashable {
    /// Different terms that are counted exactly.
    var exact: Int
    /// Terms that are kept once there are more.
    var kept: Int
    /// Whether counts go into a sketch then. Otherwise those that are kept, the ones with the smallest hashes, have exact counts.
    var hasSketch: Bool
    /// Whether a term is two with a space between them.
    var isPair = false
    /// Whether terms are known by their hash alone.
    var isNameless = false

    static let words = TermLimits(exact: 1 << 16, kept: 1 << 13, hasSketch: true)
    static let pairs = TermLimits(exact: 1 << 16, kept: 1 << 13, hasSketch: true, isPair: true)
    static let separators = TermLimits(exact: 1 << 12, kept: 1 << 10, hasSketch: true)
    static let forms = TermLimits(exact: 1 << 11, kept: 1 << 9, hasSketch: false)
    static let outputs = TermLimits(exact: 1 << 16, kept: 1 << 14, hasSketch: false, isNameless: true)

    /// Bytes of the longest term that is counted; one of a pair may have as many.
    static let longest = 64
    /// Bytes of the longest shape or sequence of roles.
    static let longestForm = 2048

    /// Rows of a sketch.
    static let rows = 4
    /// Cells of a row.
    static let width = 1 << 16

    /// The hash of a term.
    func key(of text: String) -> UInt64 {
        let bytes = Array(text.utf8)
        guard isPair, let space = bytes.firstIndex(of: 0x20) else { return TextHash.of(bytes) }
        return TextHash.pair(TextHash.of(bytes[..<space]), TextHash.of(bytes[(space + 1)...]))
    }

    /// The cell of a term in a row: the two halves of its hash make all rows (Kirsch & Mitzenmacher, ESA 2006).
    @inline(__always)
    static func cell(_ key: UInt64, _ row: Int) -> Int {
        let mixed = key &+ (key &>> 32 | 1) &* UInt64(truncatingIfNeeded: row)
        return row &* width &+ Int(truncatingIfNeeded: mixed) & (width &- 1)
    }
}

/// Counts of terms.
///
/// As long as there are at most so many different terms as its table holds, every count is exact. Beyond, two things remain, and
/// neither depends on the order or division of the data:
///
/// - A count-min sketch (Cormode & Muthukrishnan, J. Algorithms 55 (2005) 58) of 4 rows of 2¹⁶ cells. It is a sum over
///   occurrences. A count that is read from it is never too low, and with a chance of 98 % at most ``error`` too high.
/// - Candidates, of which the text is known. Every occurrence draws a number, the hash of its term, its text and its place there;
///   the 2¹³ terms with the smallest draws are kept (bottom-k sampling by exponential races, Cohen, J. Comput. Syst. Sci. 55
///   (1997) 441). A term whose share of the occurrences in different texts is p is missed with a chance below e^(−8192 p): 0.03 %
///   for a share of 0.1 %. A minimum over occurrences has no order either.
///
/// Space-saving or Misra–Gries tables would hold more of the rarer terms in the same memory, but what they hold depends on the order.
///
/// Some lists (shapes, sequences of roles, outputs) are bounded differently: beyond the limit the terms with the smallest hashes
/// remain, with exact counts, as a sample of the different terms in which none is likelier than another.
public struct TermCounts: Sendable, Hashable {
    /// A term with its count.
    public struct Term: Sendable, Hashable {
        /// The term; words in small letters as far as they are ASCII. Empty where only hashes are kept.
        public var text: String
        /// How often it was said.
        public var count: Int
        var key: UInt64
        var rank: UInt64
    }

    let limits: TermLimits
    /// All occurrences.
    public internal(set) var total = 0
    /// Whether there were no more different terms than are counted exactly.
    public internal(set) var isExact = true
    /// The terms that are known, by their hashes.
    public internal(set) var terms: [Term] = []
    // Cells of all rows; empty where counts are exact.
    var sketch: [Int] = []

    init(_ limits: TermLimits) { self.limits = limits }

    /// What a count may be too high by, with a chance of 98 %: e/2¹⁶ of ``total``; 0 where counts are exact.
    public var error: Int {
        sketch.isEmpty ? 0 : Int((2.718281828459045 * Double(total) / Double(TermLimits.width)).rounded(.up))
    }

    /// How often a term was said; where ``isExact`` does not hold, perhaps ``error`` more than that.
    ///
    /// - Complexity: O(log terms).
    public func count(of text: String) -> Int {
        let key = limits.key(of: text)
        if !sketch.isEmpty { return estimate(key) }
        var (low, high) = (0, terms.count)
        while low < high {
            let middle = (low + high) / 2
            if terms[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low < terms.count && terms[low].key == key ? terms[low].count : 0
    }

    /// The terms with the highest counts, the highest first; of equal counts in the order of their bytes. Where counts come from a
    /// sketch, those below twice its ``error`` are left out.
    public func top(_ size: Int) -> [Term] {
        let least = error * 2
        let sorted = terms.lazy.filter { $0.count >= least }.sorted {
            $0.count != $1.count ? $0.count > $1.count : $0.text.utf8.lexicographicallyPrecedes($1.text.utf8)
        }
        return Array(sorted.prefix(size))
    }

    /// Counts what another one has counted.
    ///
    /// - Complexity: O(terms + cells).
    public mutating func merge(_ other: TermCounts) {
        var table = TermTable(limits)
        table.absorb(self)
        table.absorb(other)
        self = table.counts()
    }

    func estimate(_ key: UInt64) -> Int {
        (0..<TermLimits.rows).map { sketch[TermLimits.cell(key, $0)] }.min() ?? 0
    }
}
