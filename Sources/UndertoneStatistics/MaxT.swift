// Many candidates at once: which of them has a higher mean in one sample of groups than in the other?

/// What the max-T test found of one candidate.
public struct MaxTCandidate: Sendable, Hashable {
    /// Student's t of two samples with one variance; 0 where all values are the same.
    public var statistic: Double
    /// The one-sided p-value of this candidate alone.
    public var pValue: Double
    /// The one-sided p-value corrected for looking at all candidates: the chance that any false one gets below it.
    public var adjustedPValue: Double
}

/// The step-down max-T permutation test of many candidates, one-sided for higher means in `drop`: Westfall & Young,
/// *Resampling-Based Multiple Testing* (1993), algorithm 4.1; Ge, Dudoit, Speed, *Resampling-based multiple testing for
/// microarray data analysis*, Test 12 (2003) 1, box 2.
///
/// Whole groups change sides, so that candidates keep their correlation. As all values of a candidate have one variance
/// together, whoever changes sides, t is the same rising function of the standardised sum of the drop's side for every
/// candidate, and comparing sums compares t. All divisions are gone through where there are at most 2¹⁶, else `permutations`
/// random ones, and p is (hits + 1)/(permutations + 1). Needs as many groups on either side, or nearly, where variances differ.
/// O(permutations · groups of the smaller side · candidates); 2,048 against 2,048 groups, 21 candidates and 4,999 permutations
/// take some tenths of a second.
///
/// - Parameters:
///   - drop: groups × candidates.
///   - control: groups × candidates, the candidates in the same order.
///   - permutations: how many are drawn.
///   - seed: of the drawing.
/// - Returns: candidates in their order; nil where a side has no groups, both together fewer than three, rows differ in
///   length or are empty, or a value is not finite.
public func maxTTest(
    drop: [[Double]], control: [[Double]], permutations: Int = 4_999, seed: UInt64 = 0
) -> [MaxTCandidate]? {
    guard let candidates = drop.first?.count, candidates > 0, !control.isEmpty, drop.count + control.count > 2,
        permutations > 0
    else { return nil }
    let rows = drop + control
    guard rows.allSatisfy({ $0.count == candidates && $0.allSatisfy(\.isFinite) }) else { return nil }
    let table = StandardRows(rows, candidates: candidates)
    // Columns add up to 0, so that the smaller side tells all.
    let isDropSmaller = drop.count <= control.count
    let sign = isDropSmaller ? 1.0 : -1.0
    let splits = Splits(
        choosing: min(drop.count, control.count), of: rows.count, resamples: permutations)

    let own = Array(isDropSmaller ? 0..<drop.count : drop.count..<rows.count)
    let observed = own.withUnsafeBufferPointer { table.sums(of: $0) }.map { $0 * sign }
    let order = observed.indices.sorted { (-observed[$0], $0) < (-observed[$1], $1) }
    // Sums that are equal but for rounding count as equal.
    let bounds = observed.map { $0 - 1e-11 * max(1, $0.magnitude) }
    var hits = Array(repeating: 0, count: candidates)
    var familyHits = hits
    var sums = Array(repeating: SIMD4<Double>(), count: table.width)
    splits.forEach(seed: seed) { chosen in
        table.add(chosen, to: &sums)
        var most = -Double.infinity
        for candidate in order.reversed() {
            let sum = sums[candidate / 4][candidate % 4] * sign
            most = max(most, sum)
            if sum >= bounds[candidate] { hits[candidate] += 1 }
            if most >= bounds[candidate] { familyHits[candidate] += 1 }
        }
    }

    let (first, second) = (Double(drop.count), Double(control.count))
    let scale = ((first + second) / (first * second)).squareRoot()
    var result = observed.indices.map { candidate in
        // The correlation of side and value, and t as a function of it.
        let correlation = min(max(observed[candidate] * scale, -1), 1)
        let t = correlation * ((first + second - 2) / ((1 - correlation) * (1 + correlation))).squareRoot()
        return MaxTCandidate(
            statistic: t, pValue: splits.pValue(hits: hits[candidate]),
            adjustedPValue: splits.pValue(hits: familyHits[candidate]))
    }
    var least = 0.0
    for candidate in order {
        least = max(least, result[candidate].adjustedPValue)
        result[candidate].adjustedPValue = least
    }
    return result
}

/// Rows whose columns have the sum 0 and the sum of squares 1 (0 where all of a column are equal), in vectors of four.
private struct StandardRows {
    /// Vectors in a row.
    let width: Int
    private let candidates: Int
    private var vectors: [SIMD4<Double>]

    init(_ rows: [[Double]], candidates: Int) {
        self.candidates = candidates
        width = (candidates + 3) / 4
        vectors = Array(repeating: SIMD4(), count: rows.count * width)
        for candidate in 0..<candidates {
            guard let moments = Moments(rows.map { $0[candidate] }), moments.variance > 0 else { continue }
            let scale = 1 / (moments.variance * (moments.count - 1)).squareRoot()
            for (place, row) in rows.enumerated() {
                vectors[place * width + candidate / 4][candidate % 4] = (row[candidate] - moments.mean) * scale
            }
        }
    }

    /// The sum of the rows of those numbers, by candidate.
    func sums(of chosen: UnsafeBufferPointer<Int>) -> [Double] {
        var sums = Array(repeating: SIMD4<Double>(), count: width)
        add(chosen, to: &sums)
        return (0..<candidates).map { sums[$0 / 4][$0 % 4] }
    }

    /// Replaces `sums` by the sum of the rows of those numbers.
    func add(_ chosen: UnsafeBufferPointer<Int>, to sums: inout [SIMD4<Double>]) {
        vectors.withUnsafeBufferPointer { vectors in
            sums.withUnsafeMutableBufferPointer { sums in
                for place in 0..<width { sums[place] = SIMD4() }
                for row in chosen {
                    let begin = row * width
                    for place in 0..<width { sums[place] += vectors[begin + place] }
                }
            }
        }
    }
}
