// Matches the units of one model to those of another by how alike their vectors are.

import CBLAS
import UndertoneTensors

/// The most alike pairs first: a permutation of the units.
///
/// This is the greedy assignment over all cosine similarities, which is the one stable matching. The published test takes
/// the assignment with the greatest sum. The null hypothesis needs only that the matching follows the units when they are
/// permuted, which holds for both; where the answer is yes, both find nearly the same pairs, and this one is cheap.
///
/// Ties must not favour equal indices, or dead units would look like kin. They are settled by the order of the rows in
/// memory, which is drawn from a seed for each model on its own.
///
/// - Returns: for each unit of `first` (as numbered in the sample) the unit of `second`.
/// - Complexity: one matrix product of n × n × width; then about 4 n² steps for ordinary weights, at worst n³ / 3.
func matchedUnits(_ first: UnitVectors, _ second: UnitVectors) -> [Int] {
    let count = first.count
    guard count > 0, second.count == count, second.width == first.width else { return [] }
    let similarity = UnsafeMutablePointer<Float>.allocate(capacity: count * count)
    similarity.initialize(repeating: 0, count: count * count)
    defer { similarity.deallocate() }
    let (n, k) = (blasint(count), blasint(first.width))
    cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, n, n, k, 1, first.values, k, second.values, k, 0, similarity, n)
    let partners = stableMatching(similarity, count)
    var units = Array(repeating: 0, count: count)
    for (row, column) in partners.enumerated() { units[first.order[row]] = second.order[column] }
    return units
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
