// Samples as rows of a sparse matrix.

import Dispatch
import Glibc

/// Rows of features: for each row its columns, and for each entry which of the few possible values it has.
///
/// An entry is one word: column, group, and how often the feature occurs (at most 15). Its value is ln(1 + occurrences) in
/// units of the group, whose rows have a mean square of the group's weight squared; so no group drowns another one.
struct FeatureTable: Sendable {
    /// Where rows begin in `entries`; one more than there are rows.
    private(set) var starts: [Int] = [0]
    private(set) var entries: [UInt32] = []
    /// By the low bits of an entry.
    private(set) var values = [Float](repeating: 0, count: 1 << FeatureTable.lowBits)
    /// The bucket of each column, ascending.
    private(set) var buckets: [UInt32] = []
    var rows: Int { starts.count - 1 }

    static let lowBits: UInt32 = 9
    private static let countBits: UInt32 = 4

    /// The features of samples that at least `leastRows` of them have.
    ///
    /// - Complexity: O(bytes of the samples + buckets), on `threads` threads. Memory: four bytes for each different
    ///   feature of a sample, and 16 MiB.
    init(_ samples: [Sample], groups: Set<FeatureGroup>, leastRows: Int, threads: Int) {
        var rows = FeatureTable.entries(of: samples, groups, threads)
        var seen = [UInt32](repeating: 0, count: 1 << Int(FeatureCode.bucketBits))
        var found: [UInt32] = []
        for row in rows {
            for entry in row {
                let bucket = Int(entry >> FeatureTable.lowBits)
                if seen[bucket] == 0 { found.append(UInt32(bucket)) }
                seen[bucket] += 1
            }
        }
        found.sort()
        var size = 0
        for bucket in found {
            let isColumn = seen[Int(bucket)] >= leastRows
            if isColumn {
                buckets.append(bucket)
                size += Int(seen[Int(bucket)])
            }
            // From here on the column, or none.
            seen[Int(bucket)] = isColumn ? UInt32(buckets.count - 1) : .max
        }
        let lowMask = UInt32(1) << FeatureTable.lowBits - 1
        var squares = [Double](repeating: 0, count: FeatureGroup.allCases.count)
        entries.reserveCapacity(size)
        for place in rows.indices {
            for entry in rows[place] {
                let column = seen[Int(entry >> FeatureTable.lowBits)]
                guard column != .max else { continue }
                entries.append(column << FeatureTable.lowBits | entry & lowMask)
                let (group, count) = FeatureTable.parts(entry)
                squares[group] += logarithm(count) * logarithm(count)
            }
            starts.append(entries.count)
            // Given back at once, so that there is hardly ever more than one copy.
            rows[place] = []
        }
        for place in values.indices {
            let (group, count) = FeatureTable.parts(UInt32(place))
            guard group < squares.count, squares[group] > 0, let name = FeatureGroup(rawValue: UInt8(group)) else {
                continue
            }
            let unit = (squares[group] / Double(rows.count)).squareRoot()
            values[place] = Float(name.weight * logarithm(count) / unit)
        }
    }

    /// The columns of a row, each with the value of its feature where an output has it once.
    func columns(of row: Int) -> some Sequence<(column: Int, unit: Double)> {
        entries[starts[row]..<starts[row + 1]].lazy.map { entry in
            let lowest = entry & (1 << FeatureTable.lowBits - 1) & ~(1 << FeatureTable.countBits - 1) | 1
            return (Int(entry >> FeatureTable.lowBits), Double(values[Int(lowest)]))
        }
    }

    private static func parts(_ entry: UInt32) -> (group: Int, count: Int) {
        (Int(entry >> countBits) & 31, Int(entry & (1 << countBits - 1)))
    }

    // One array of entries for each sample, in order, whatever the number of threads.
    private static func entries(of samples: [Sample], _ groups: Set<FeatureGroup>, _ threads: Int) -> [[UInt32]] {
        let threads = max(threads, 1)
        var rows = [[UInt32]](repeating: [], count: samples.count)
        rows.withUnsafeMutableBufferPointer { rows in
            // Each thread writes to rows of its own.
            nonisolated(unsafe) let rows = rows
            inParallel(threads, pieces: threads) { thread in
                var extractor = FeatureExtractor(groups)
                var tally = Tally()
                for place in stride(from: thread, to: samples.count, by: threads) {
                    let sample = samples[place]
                    sample.output.withUnsafeBufferPointer { output in
                        sample.prompt.withUnsafeBufferPointer { extractor.look(at: output, prompt: $0) }
                    }
                    rows[place] = tally.entries(of: extractor.codes)
                }
            }
        }
        return rows
    }

    // Counts features in a small table of hashes.
    private struct Tally {
        var keys = [UInt32](repeating: .max, count: 4_096)
        var counts = [UInt8](repeating: 0, count: 4_096)
        var used: [Int] = []

        mutating func entries(of codes: [FeatureCode]) -> [UInt32] {
            if codes.count * 2 > keys.count {
                keys = Array(repeating: .max, count: keys.count * 4)
                counts = Array(repeating: 0, count: keys.count)
                return entries(of: codes)
            }
            used.removeAll(keepingCapacity: true)
            for code in codes {
                let key = code.bucket << 5 | UInt32(code.group.rawValue)
                var slot = Int(key &* 0x9e37_79b1 >> 8) & (keys.count - 1)
                while keys[slot] != key, keys[slot] != .max { slot = (slot + 1) & (keys.count - 1) }
                if keys[slot] == .max {
                    keys[slot] = key
                    counts[slot] = 0
                    used.append(slot)
                }
                if counts[slot] < 15 { counts[slot] += 1 }
            }
            return used.map { slot in
                defer { keys[slot] = .max }
                return keys[slot] << FeatureTable.countBits | UInt32(counts[slot])
            }
        }
    }
}

/// Calls `body` with 0 ..< `pieces`, on at most `threads` threads.
func inParallel(_ threads: Int, pieces: Int, _ body: @escaping @Sendable (Int) -> Void) {
    guard threads > 1, pieces > 1 else {
        for piece in 0..<pieces { body(piece) }
        return
    }
    DispatchQueue.concurrentPerform(iterations: min(threads, pieces)) { thread in
        for piece in stride(from: thread, to: pieces, by: threads) { body(piece) }
    }
}

private func logarithm(_ count: Int) -> Double { log1p(Double(count)) }
