// Which terms a drop has more often than its reference, beyond chance.

import Glibc
import UndertoneStatistics

/// Log-odds with an informative Dirichlet prior (Monroe, Colaresi & Quinn, Fightin' Words, Political Analysis 16 (2008)
/// 372, equations 16 and 22), of records that hold a term and records that don't.
///
/// With y of n records on one side and y′ of n′ on the other, the prior is worth a tenth of all records, and in it the term
/// has its share of both sides together: α = 0.1 (y + y′), α₀ = 0.1 (n + n′). Then
/// δ = ln((y + α)/(n + α₀ − y − α)) − ln((y′ + α)/(n′ + α₀ − y′ − α)), σ² = 1/(y + α) + 1/(y′ + α), z = δ/σ.
struct TermContrast {
    /// Weight of the prior, as a share of all records.
    static let prior = 0.1
    /// The chance that any term at all is listed where the two sides don't differ.
    static let level = 0.05
    /// Records that must hold a term.
    static let leastCount = 5

    /// Records of the drop.
    var records: Int
    /// Records of the reference.
    var referenceRecords: Int

    /// z of a term that so many records hold, of the drop and of the reference. 0 where one side has no records.
    func z(_ count: Int, _ referenceCount: Int) -> Double {
        guard records > 0, referenceRecords > 0, count + referenceCount > 0 else { return 0 }
        let (y, other) = (Double(min(count, records)), Double(min(referenceCount, referenceRecords)))
        let (n, m) = (Double(records), Double(referenceRecords))
        let alpha = TermContrast.prior * (y + other)
        let whole = TermContrast.prior * (n + m)
        // A term that every record holds has no odds; half a record keeps them finite.
        let left = log(y + alpha) - log(max(n + whole - y - alpha, 0.5))
        let right = log(other + alpha) - log(max(m + whole - other - alpha, 0.5))
        return (left - right) / (1 / (y + alpha) + 1 / (other + alpha)).squareRoot()
    }

    /// The z above which a term is listed, after so many were looked at: Bonferroni's bound for ``level``.
    static func threshold(_ terms: Int) -> Double { normalQuantile(tail: level / Double(max(terms, 1))) }
}
