// Corrections of p-values for having looked at several things.

/// p-values adjusted by Holm's method, in their order: the family-wise error rate is kept under any dependence. Holm,
/// Scand. J. Stat. 6 (1979) 65. NaN stays NaN and counts as a test. O(n log n).
public func holm(_ pValues: [Double]) -> [Double] {
    var adjusted = pValues
    var most = 0.0
    for (rank, place) in ascending(pValues).enumerated() {
        most = max(most, min(1, pValues[place] * Double(pValues.count - rank)))
        adjusted[place] = most
    }
    return adjusted
}

/// p-values adjusted by the method of Benjamini & Hochberg, in their order: the expected share of false ones among
/// those below a level is at most that level, for independent or positively dependent tests. J. R. Stat. Soc. B 57
/// (1995) 289. NaN stays NaN and counts as a test. O(n log n).
public func benjaminiHochberg(_ pValues: [Double]) -> [Double] {
    var adjusted = pValues
    var least = 1.0
    for (rank, place) in ascending(pValues).enumerated().reversed() {
        least = min(least, pValues[place] * (Double(pValues.count) / Double(rank + 1)))
        adjusted[place] = least
    }
    return adjusted
}

private func ascending(_ pValues: [Double]) -> [Int] {
    pValues.indices.filter { !pValues[$0].isNaN }.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
}
