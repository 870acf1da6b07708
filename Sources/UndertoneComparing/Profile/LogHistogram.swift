// How often each whole number was seen: small ones exactly, large ones in bins of a known width.

/// Counts of whole numbers from 0.
///
/// Numbers below ``exactBelow`` have a bin each. Above, every power of two is divided into ``binsPerOctave`` bins of equal
/// width, so that a bin is less than 1.6 % as wide as the numbers in it (the layout of Tene's HdrHistogram, with powers of two).
public struct LogHistogram: Sendable, Hashable {
    /// Numbers below have a bin each.
    public static let exactBelow = 1024
    /// Bins from one power of two to the next.
    public static let binsPerOctave = 64
    /// All bins that there may be.
    public static let limit = exactBelow + (63 - 10) * binsPerOctave

    /// Counts by bin, up to the last one that is not 0.
    public private(set) var counts: [Int] = []

    /// Nothing was seen.
    public init() {}

    // Bins behind the last one that is not 0 are left out, so that equal counts are equal values.
    init(counts: some Collection<Int>) {
        self.counts = Array(counts)
        while self.counts.last == 0 { self.counts.removeLast() }
    }

    /// The bin of a number that is not negative.
    @inline(__always)
    public static func bin(of number: Int) -> Int {
        if number < exactBelow { return number }
        let power = 63 &- number.leadingZeroBitCount
        return exactBelow &+ (power &- 10) &* binsPerOctave &+ (number &>> (power &- 6)) & 63
    }

    /// The smallest number of a bin.
    public static func lowerBound(of bin: Int) -> Int {
        if bin < exactBelow { return bin }
        let power = (bin - exactBelow) / binsPerOctave + 10
        return (64 + (bin - exactBelow) % binsPerOctave) << (power - 6)
    }

    /// Numbers that were counted.
    public var total: Int { counts.reduce(0, &+) }

    /// The smallest number of the lowest bin that is not empty.
    public var minimum: Int? { counts.firstIndex { $0 > 0 }.map(LogHistogram.lowerBound) }

    /// The smallest number of the highest bin that is not empty.
    public var maximum: Int? { counts.isEmpty ? nil : LogHistogram.lowerBound(of: counts.count - 1) }

    /// The smallest number of the bin in which the given share of all numbers is reached; exact below ``exactBelow``.
    ///
    /// - Parameter share: 0 to 1.
    /// - Complexity: O(bins).
    public func quantile(_ share: Double) -> Int? {
        let wanted = max(1, Int((share * Double(total)).rounded(.up)))
        var seen = 0
        for (bin, count) in counts.enumerated() {
            seen &+= count
            if seen >= wanted { return LogHistogram.lowerBound(of: bin) }
        }
        return nil
    }

    /// Counts a number `times` times.
    mutating func add(_ number: Int, times: Int = 1) {
        guard times > 0 else { return }
        let bin = LogHistogram.bin(of: number)
        if bin >= counts.count { counts += repeatElement(0, count: bin + 1 - counts.count) }
        counts[bin] &+= times
    }

    /// Counts what another one has counted.
    public mutating func merge(_ other: LogHistogram) { counts.add(other.counts) }
}

extension [Int] {
    /// Adds the counts of another list, place by place; the longer one decides how many there are.
    mutating func add(_ other: [Int]) {
        if other.count > count { self += repeatElement(0, count: other.count - count) }
        withUnsafeMutableBufferPointer { sums in
            other.withUnsafeBufferPointer { other in
                var at = 0
                while at < other.count {
                    sums[at] &+= other[at]
                    at &+= 1
                }
            }
        }
    }
}

/// A histogram that is being filled by one thread.
struct HistogramTally: ~Copyable {
    private let counts: UnsafeMutablePointer<Int>

    init() {
        counts = .allocate(capacity: LogHistogram.limit)
        counts.initialize(repeating: 0, count: LogHistogram.limit)
    }

    deinit { counts.deallocate() }

    @inline(__always)
    func add(_ number: Int) { counts[LogHistogram.bin(of: number)] &+= 1 }

    var histogram: LogHistogram {
        LogHistogram(counts: UnsafeBufferPointer(start: counts, count: LogHistogram.limit))
    }
}
