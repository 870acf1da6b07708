// Matches the units of one model to those of another by how alike their vectors are.

import CNumerics
import Dispatch
import UndertoneTensors

/// Units of one model and their partners in another.
struct UnitMatching: Sendable, Equatable {
    /// Units of the sample that were matched, ascending; the same ones of both models.
    var units: [Int]
    /// For each of them its partner: ``units`` in another order.
    var partners: [Int]

    /// Against the identity.
    var identity: RankCorrelation { RankCorrelation(ranks(of: partners), Array(units.indices)) }

    /// Against another matching of the same models, over the units that both have; and how many have the same partner.
    func against(_ other: UnitMatching) -> (correlation: RankCorrelation, agreements: Int) {
        let others = Dictionary(zip(other.units, other.partners), uniquingKeysWith: { first, _ in first })
        var (left, right): ([Int], [Int]) = ([], [])
        for (unit, partner) in zip(units, partners) {
            guard let second = others[unit] else { continue }
            left.append(partner)
            right.append(second)
        }
        let agreements = zip(left, right).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
        return (RankCorrelation(ranks(of: left), ranks(of: right)), agreements)
    }
}

// For each number its place among all, from 0; numbers are there once.
private func ranks(of numbers: [Int]) -> [Int] {
    var ranks = Array(repeating: 0, count: numbers.count)
    for (rank, place) in numbers.indices.sorted(by: { numbers[$0] < numbers[$1] }).enumerated() { ranks[place] = rank }
    return ranks
}

/// The most alike pairs first: a permutation of the units that are alive in both models.
///
/// This is the greedy assignment over all cosine similarities, which is the one stable matching. The published test takes
/// the assignment with the greatest sum. The null hypothesis needs only that the matching follows the units when they are
/// permuted, which holds for both; where the answer is yes, both find nearly the same pairs, and this one is cheap.
///
/// Two things must not favour equal indices. Ties: they are settled by the order of the rows in memory, which is drawn from
/// a seed for each model on its own. And dead units, that are all 0 or hold what is no number: models that were padded to
/// the same size have them in the same places, so they are left out of both. Those that are left are still treated alike by
/// initialisation and training, so the matching of strangers stays a uniform permutation of them.
///
/// - Parameter threads: threads of the matrix product.
/// - Complexity: one matrix product of n × n × width; then about 4 n² steps for ordinary weights, at worst n³ / 3.
func matchedUnits(_ first: UnitVectors, _ second: UnitVectors, threads: Int) -> UnitMatching {
    let live = first.liveUnits.intersection(second.liveUnits)
    let units = live.sorted()
    first.normalize(keeping: live)
    second.normalize(keeping: live)
    let count = first.count
    guard count > 0, second.count == count, second.width == first.width else {
        return UnitMatching(units: [], partners: [])
    }
    let similarity = UnsafeMutablePointer<Float>.allocate(capacity: count * count)
    similarity.initialize(repeating: 0, count: count * count)
    defer { similarity.deallocate() }
    multiplyTransposed(first, second, threads: threads, into: similarity)
    var partnerOfUnit: [Int: Int] = [:]
    for (row, column) in stableMatching(similarity, count).enumerated() {
        partnerOfUnit[first.order[row]] = second.order[column]
    }
    return UnitMatching(units: units, partners: units.compactMap { partnerOfUnit[$0] })
}

/// The column of each row, where pairs are taken from the most alike down. `similarity` has count × count finite numbers.
///
/// In rounds: every row and every column names its favourite among those left, and who name each other are a pair. With
/// random numbers about half of the rest pair up in each round. The greatest number left is always such a pair, so each
/// round has one.
func stableMatching(_ similarity: UnsafePointer<Float>, _ count: Int) -> [Int] {
    var partners = Array(repeating: -1, count: count)
    var rows = Array(0..<count)
    var columns = Array(0..<count)
    var favouriteOfRow = Array(repeating: 0, count: count)
    var favouriteOfColumn = Array(repeating: 0, count: count)
    var best = Array(repeating: -Float.infinity, count: count)
    while !rows.isEmpty {
        for column in columns { best[column] = -.infinity }
        best.withUnsafeMutableBufferPointer { best in
            favouriteOfColumn.withUnsafeMutableBufferPointer { favouriteOfColumn in
                columns.withUnsafeBufferPointer { columns in
                    for row in rows {
                        let line = similarity + row * count
                        var top = -Float.infinity
                        var favourite = columns[0]
                        for column in columns {
                            let value = line[column]
                            if value > top {
                                top = value
                                favourite = column
                            }
                            if value > best[column] {
                                best[column] = value
                                favouriteOfColumn[column] = row
                            }
                        }
                        favouriteOfRow[row] = favourite
                    }
                }
            }
        }
        for row in rows where favouriteOfColumn[favouriteOfRow[row]] == row { partners[row] = favouriteOfRow[row] }
        let left = rows.count
        rows.removeAll { partners[$0] >= 0 }
        // Only numbers that are not finite could leave a round without a pair.
        if rows.count == left { break }
        var isTaken = Array(repeating: false, count: count)
        for partner in partners where partner >= 0 { isTaken[partner] = true }
        columns.removeAll { isTaken[$0] }
    }
    for (row, column) in zip(rows, columns) { partners[row] = column }
    return partners
}

/// similarity (count, count) ← first · secondᵀ, the rows divided among threads.
private func multiplyTransposed(
    _ first: UnitVectors, _ second: UnitVectors, threads: Int, into similarity: UnsafeMutablePointer<Float>
) {
    let (count, width) = (first.count, first.width)
    nonisolated(unsafe) let (left, right, product) = (first.values, second.values, similarity)
    let share = (count + threads - 1) / threads
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
        let from = thread * share
        let rows = min(share, count - from)
        guard rows > 0 else { return }
        undertone_numerics_f32().pointee.multiply(
            rows, count, width, 1, left + from * width, width, 0, right, width, 1, 0, product + from * count, count)
    }
}
