// What is known of the numbers in the outputs of a drop.

/// Counts of numbers: runs of ASCII digits in outputs. A sign or a decimal point is part of what stands between two numbers.
public struct NumberProfile: Sendable, Hashable {
    /// Values below have a count each.
    public static let exactBelow = 1000
    /// Significant digits of the longest number whose value is looked at; one that has more is only counted as ``long``.
    public static let longestValue = 18
    /// Entries of ``digitCounts``.
    public static let digitBins = 20

    /// Numbers of an output; one number for every output.
    public internal(set) var perOutput = LogHistogram()
    /// By value, of numbers below 1000 that are written without leading zeros.
    public internal(set) var plain = [Int](repeating: 0, count: NumberProfile.exactBelow)
    /// By value, of numbers below 1000 that are written with leading zeros.
    public internal(set) var padded = [Int](repeating: 0, count: NumberProfile.exactBelow)
    /// Numbers from 1000 on, by the power of two that they reach: entry 10 counts those from 1024 to 2047, and entry 9 those from
    /// 1000 to 1023.
    public internal(set) var powers = [Int](repeating: 0, count: 64)
    /// The smallest value.
    public internal(set) var minimum: Int?
    /// The largest value.
    public internal(set) var maximum: Int?
    /// Numbers of more significant digits than ``longestValue``.
    public internal(set) var long = 0
    /// Digits of the longest number, leading zeros among them.
    public internal(set) var longestDigits = 0
    /// Numbers of more than one digit that begin with 0.
    public internal(set) var leadingZeros = 0
    /// By the first digit, as it is written.
    public internal(set) var firstDigits = [Int](repeating: 0, count: 10)
    /// By the last digit.
    public internal(set) var lastDigits = [Int](repeating: 0, count: 10)
    /// By how many digits are written, from 1; the last entry counts all longer numbers too.
    public internal(set) var digitCounts = [Int](repeating: 0, count: NumberProfile.digitBins)
    /// Numbers that are larger than the one before them in the output; numbers without a value are passed over.
    public internal(set) var up = 0
    /// Numbers that are smaller.
    public internal(set) var down = 0
    /// Numbers that are equal.
    public internal(set) var level = 0
    /// Sizes of the differences between successive numbers.
    public internal(set) var steps = LogHistogram()
    /// Numbers whose value an earlier number of the same output has. Of values from 1000 on, up to 4096 are remembered.
    public internal(set) var repeats = 0
    /// Outputs with such a number.
    public internal(set) var outputsWithRepeats = 0
    // How often each number below 1000 stands behind each, both without leading zeros; empty where none does.
    var pairs: [Int] = []
    /// Numbers from 1000 on or with leading zeros, as they are written, up to 64 digits.
    public internal(set) var others = TermCounts(.words)
    /// Successive numbers of which at least one is of ``others``.
    public internal(set) var otherPairs = TermCounts(.pairs)
    /// What stands between two successive numbers, up to 7 bytes.
    public internal(set) var separators = TermCounts(.separators)
    /// Separators that are longer.
    public internal(set) var longSeparators = 0

    /// No numbers.
    public init() {}

    /// All numbers.
    public var total: Int { digitCounts.reduce(0, &+) }

    /// Numbers of that value, from 0 to 999.
    public func count(ofValue value: Int) -> Int { plain[value] &+ padded[value] }

    /// How often `second` stands behind `first`, both from 0 to 999 and without leading zeros.
    public func count(ofPair first: Int, _ second: Int) -> Int {
        pairs.isEmpty ? 0 : pairs[first * NumberProfile.exactBelow + second]
    }

    /// The numbers that were written most often, as they are written; where ``others`` is not exact, it may lack rare ones.
    public func topNumbers(_ size: Int) -> [(text: String, count: Int)] {
        var all = others.top(size).map { (text: $0.text, count: $0.count) }
        for (value, count) in plain.enumerated() where count > 0 { all.append((String(value), count)) }
        return NumberProfile.top(all, size)
    }

    /// The successive numbers that were written most often, with a space between them.
    ///
    /// - Complexity: O(10⁶).
    public func topPairs(_ size: Int) -> [(text: String, count: Int)] {
        // Of equal counts those with the smaller numbers, which come first.
        var best: [(cell: Int, count: Int)] = []
        var least = 1
        func cut() {
            best.sort { $0.count != $1.count ? $0.count > $1.count : $0.cell < $1.cell }
            best = Array(best.prefix(size))
        }
        pairs.withUnsafeBufferPointer { pairs in
            var cell = 0
            while cell < pairs.count {
                let count = pairs[cell]
                if count >= least {
                    best.append((cell, count))
                    if best.count >= 2 * size + 64 {
                        cut()
                        least = (best.last?.count ?? .max - 1) + 1
                    }
                }
                cell &+= 1
            }
        }
        cut()
        var all = otherPairs.top(size).map { (text: $0.text, count: $0.count) }
        for (cell, count) in best {
            all.append(("\(cell / NumberProfile.exactBelow) \(cell % NumberProfile.exactBelow)", count))
        }
        return NumberProfile.top(all, size)
    }

    private static func top(_ all: [(text: String, count: Int)], _ size: Int) -> [(text: String, count: Int)] {
        let sorted = all.sorted {
            $0.count != $1.count ? $0.count > $1.count : $0.text.utf8.lexicographicallyPrecedes($1.text.utf8)
        }
        return Array(sorted.prefix(size))
    }

    /// Counts what another one has counted.
    public mutating func merge(_ other: NumberProfile) {
        perOutput.merge(other.perOutput)
        plain.add(other.plain)
        padded.add(other.padded)
        powers.add(other.powers)
        minimum = [minimum, other.minimum].compactMap { $0 }.min()
        maximum = [maximum, other.maximum].compactMap { $0 }.max()
        long &+= other.long
        longestDigits = max(longestDigits, other.longestDigits)
        leadingZeros &+= other.leadingZeros
        firstDigits.add(other.firstDigits)
        lastDigits.add(other.lastDigits)
        digitCounts.add(other.digitCounts)
        up &+= other.up
        down &+= other.down
        level &+= other.level
        steps.merge(other.steps)
        repeats &+= other.repeats
        outputsWithRepeats &+= other.outputsWithRepeats
        pairs.add(other.pairs)
        others.merge(other.others)
        otherPairs.merge(other.otherPairs)
        separators.merge(other.separators)
        longSeparators &+= other.longSeparators
    }
}
