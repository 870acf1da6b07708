// How far two raters agree beyond what chance would give them.

/// A measure of agreement with its standard error.
public struct Agreement: Sendable, Hashable {
    /// 1 where the raters always agree, 0 where they agree as often as chance has it.
    public var value: Double
    /// Of the value, for many items.
    public var standardError: Double
    /// The 95 % interval.
    public var interval: Interval

    /// A measure as it was computed elsewhere.
    public init(value: Double, standardError: Double, interval: Interval) {
        self.value = value
        self.standardError = standardError
        self.interval = interval
    }
}

/// Cohen's κ of two raters: (observed − expected agreement) / (1 − expected agreement), where chance follows each rater's
/// own habits. A rater who always says the same has κ = 0 by construction, with an interval of no width.
///
/// The standard error is the one of large samples: Fleiss, Cohen & Everitt, Psychol. Bull. 72 (1969) 323, equation 14.
/// It is 0 where the raters agree on every item, however few those are; the interval then begins where Wilson's interval
/// of the agreement does, so that three agreeing items prove little.
///
/// - Parameter table: items by what the first rater (row) and the second one (column) said; square, none below 0.
/// - Returns: nil without items, for a table that is not square, and where both raters said the same one thing of all
///   items, since there is nothing beyond chance then.
public func cohenKappa(_ table: [[Int]]) -> Agreement? {
    guard let shares = Shares(table) else { return nil }
    let expected = zip(shares.rows, shares.columns).reduce(0) { $0 + $1.0 * $1.1 }
    guard 1 - expected > 1e-12 else { return nil }
    let kappa = (shares.agreement - expected) / (1 - expected)
    var variance = 0.0
    for (row, cells) in shares.cells.enumerated() {
        for (column, cell) in cells.enumerated() {
            let term =
                row == column
                ? 1 - (shares.rows[row] + shares.columns[row]) * (1 - kappa)
                : (1 - kappa) * (shares.columns[row] + shares.rows[column])
            variance += cell * term * term
        }
    }
    let middle = kappa - expected * (1 - kappa)
    // What is 0 but for rounding must not become a width.
    let rest = variance - middle * middle
    let error = rest > 1e-14 ? (rest / shares.count).squareRoot() / (1 - expected) : 0
    return shares.measure(kappa, error, expected)
}

/// Gwet's AC1 of two raters, which stays where it is when nearly all items are of one class and κ collapses.
///
/// Source: Gwet, Br. J. Math. Stat. Psychol. 61 (2008) 29, with its variance for an infinite population of items. As
/// in ``cohenKappa(_:)``, the interval of raters who always agree begins where Wilson's does.
///
/// - Parameter table: as for ``cohenKappa(_:)``, of at least two classes.
/// - Returns: nil without items and for a table that is not square or of one class.
public func gwetAC1(_ table: [[Int]]) -> Agreement? {
    guard let shares = Shares(table), shares.cells.count > 1 else { return nil }
    let others = Double(shares.cells.count - 1)
    let habits = zip(shares.rows, shares.columns).map { ($0 + $1) / 2 }
    let expected = habits.reduce(0) { $0 + $1 * (1 - $1) } / others
    let value = (shares.agreement - expected) / (1 - expected)
    var (agreeing, all) = (0.0, 0.0)
    for (row, cells) in shares.cells.enumerated() {
        agreeing += cells[row] * (1 - habits[row])
        for (column, cell) in cells.enumerated() {
            let rest = 1 - (habits[row] + habits[column]) / 2
            all += cell * rest * rest
        }
    }
    let observed = shares.agreement
    let rest =
        observed * (1 - observed) - 4 * (1 - value) * (agreeing / others - observed * expected)
        + 4 * (1 - value) * (1 - value) * (all / (others * others) - expected * expected)
    let error = rest > 1e-14 ? (rest / shares.count).squareRoot() / (1 - expected) : 0
    return shares.measure(value, error, expected)
}

// A table of counts as shares of all items.
private struct Shares {
    var count: Double
    var cells: [[Double]]
    var rows: [Double]
    var columns: [Double]
    var agreement: Double
    private var agreeing: Int
    private var items: Int

    init?(_ table: [[Int]]) {
        guard table.allSatisfy({ $0.count == table.count && $0.allSatisfy { $0 >= 0 } }) else { return nil }
        items = table.reduce(0) { $0 + $1.reduce(0, +) }
        guard items > 0 else { return nil }
        let count = Double(items)
        self.count = count
        cells = table.map { $0.map { Double($0) / count } }
        rows = cells.map { $0.reduce(0, +) }
        columns = table.indices.map { column in table.reduce(0) { $0 + Double($1[column]) } / count }
        agreeing = table.indices.reduce(0) { $0 + table[$1][$1] }
        agreement = Double(agreeing) / count
    }

    func measure(_ value: Double, _ error: Double, _ expected: Double) -> Agreement {
        let half = 1.959963984540054 * error
        var interval = Interval(low: max(-1, value - half), high: min(1, value + half))
        if agreeing == items {
            let least = wilsonInterval(successes: agreeing, trials: items).low
            interval = Interval(low: (least - expected) / (1 - expected), high: 1)
        }
        return Agreement(value: value, standardError: error, interval: interval)
    }
}
