// How well scores of held-out records tell two sides apart: one by one, in bags, and against chance.

public import UndertoneStatistics

/// An area under the receiver operating characteristic from cross-validation.
public struct HeldOutArea: Sendable, Hashable {
    /// The chance that a thing of the drop scores higher than one of the reference: 0.5 where they can't be told apart.
    public var value: Double
    /// Its standard error: DeLong's, and √2 times that where nothing was found (see ``ClassifierComparison/record``).
    public var standardError: Double
    /// The 95 % interval, on the scale of log-odds.
    public var interval: Interval
}

/// What is known of bags of one size.
public struct BagArea: Sendable, Hashable {
    /// Records in a bag.
    public var size: Int
    /// Bags of the drop in one division; records that fill no bag are left out.
    public var dropBags: Int
    /// Bags of the reference.
    public var referenceBags: Int
    /// nil below ten bags on a side.
    public var area: HeldOutArea?
}

/// Log-odds of records, each by a model that has not seen it.
struct HeldOutScores {
    /// The scores of the drop by fold, and those of the reference.
    private(set) var folds: [(drop: [Double], reference: [Double])]

    init(_ scores: [Double], isPositive: [Bool], folds: [Int], count: Int) {
        self.folds = Array(repeating: ([], []), count: count)
        for place in scores.indices {
            if isPositive[place] {
                self.folds[folds[place]].drop.append(scores[place])
            } else {
                self.folds[folds[place]].reference.append(scores[place])
            }
        }
    }

    /// Of single records.
    ///
    /// - Parameter stretch: what standard errors are multiplied by.
    func area(stretch: Double = 1) -> HeldOutArea? {
        HeldOutScores.area(folds).map { HeldOutScores.area($0.value, stretch * $0.standardError, trials: fewest) }
    }

    private var fewest: Int {
        min(folds.reduce(0) { $0 + $1.drop.count }, folds.reduce(0) { $0 + $1.reference.count })
    }

    /// Of bags of `size` records of one side and one fold, each scored by the mean of its records, without overlap.
    ///
    /// Which records come into one bag is chance; the value is the mean over `divisions` ways. The standard error is the
    /// one of a single way, which the mean's does not exceed.
    func area(bagsOf size: Int, divisions: Int, stretch: Double = 1, seed: UInt64) -> BagArea {
        var found = BagArea(
            size: size, dropBags: folds.reduce(0) { $0 + $1.drop.count / size },
            referenceBags: folds.reduce(0) { $0 + $1.reference.count / size })
        let fewest = min(found.dropBags, found.referenceBags)
        guard fewest >= 10 else { return found }
        var numbers = SplitMix64(seed: seed ^ UInt64(size))
        let areas = (0..<divisions).compactMap { _ in
            HeldOutScores.area(
                folds.map { fold in
                    (
                        HeldOutScores.means(of: fold.drop, size, &numbers),
                        HeldOutScores.means(of: fold.reference, size, &numbers)
                    )
                })
        }
        guard !areas.isEmpty else { return found }
        let count = Double(areas.count)
        let value = areas.reduce(0) { $0 + $1.value } / count
        let error = (areas.reduce(0) { $0 + $1.standardError * $1.standardError } / count).squareRoot()
        found.area = HeldOutScores.area(value, stretch * error, trials: fewest)
        return found
    }

    private static func means(of scores: [Double], _ size: Int, _ numbers: inout SplitMix64) -> [Double] {
        var scores = scores
        for place in scores.indices.dropFirst().reversed() { scores.swapAt(place, numbers.below(place + 1)) }
        return stride(from: 0, to: scores.count / size * size, by: size).map { start in
            scores[start..<start + size].reduce(0, +) / Double(size)
        }
    }

    /// The p-value of what a classifier tells: under the null hypothesis labels are exchangeable.
    ///
    /// Within a fold the model is fixed, since it saw no label of it; labels are permuted there, and p is exact: (hits +
    /// 1)/(permutations + 1) for areas at least as large. The p-values of the folds depend on each other, as their models
    /// share records; twice their mean is a p-value whatever the dependence (Vovk & Wang, Biometrika 107 (2020) 791). So
    /// it is on the safe side, and never below 2/(permutations + 1). O(permutations · records).
    func pValue(permutations: Int, seed: UInt64) -> Double? {
        var numbers = SplitMix64(seed: seed)
        let asExtreme = folds.compactMap { fold -> Int? in
            guard !fold.drop.isEmpty, !fold.reference.isEmpty else { return nil }
            var ranks = HeldOutScores.twiceMidranks(fold.drop + fold.reference)
            let observed = ranks.prefix(fold.drop.count).reduce(0, +)
            // The smaller side is drawn; both sums tell the same.
            let part = min(fold.drop.count, fold.reference.count)
            let all = ranks.reduce(0, +)
            var hits = 0
            for _ in 0..<permutations {
                var sum = 0
                for place in 0..<part {
                    ranks.swapAt(place, place + numbers.below(ranks.count - place))
                    sum += ranks[place]
                }
                if (part == fold.drop.count ? sum : all - sum) >= observed { hits += 1 }
            }
            return hits + 1
        }
        guard !asExtreme.isEmpty else { return nil }
        return min(1, Double(2 * asExtreme.reduce(0, +)) / Double(asExtreme.count * (permutations + 1)))
    }

    private static func twiceMidranks(_ values: [Double]) -> [Int] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Int](repeating: 0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            for place in start..<end { ranks[order[place]] = start + 1 + end }
            start = end
        }
        return ranks
    }

    // The mean of the areas within folds, weighted by pairs, since scores of different models are not on one scale; with
    // DeLong's error of each: LeDell, Petersen & van der Laan, Electron. J. Stat. 9 (2015) 1583. Folds with few things are
    // put together.
    private static func area(_ folds: [(drop: [Double], reference: [Double])]) -> HeldOutArea? {
        let alone = folds.allSatisfy { min($0.drop.count, $0.reference.count) >= 10 }
        let parts = alone ? folds : [(folds.flatMap(\.drop), folds.flatMap(\.reference))]
        var (value, variance, pairs) = (0.0, 0.0, 0.0)
        for part in parts {
            guard let area = auroc(positives: part.drop, negatives: part.reference) else { return nil }
            let weight = Double(part.drop.count) * Double(part.reference.count)
            value += weight * area.value
            variance += weight * weight * area.standardError * area.standardError
            pairs += weight
        }
        let trials = min(
            folds.reduce(0) { $0 + $1.drop.count }, folds.reduce(0) { $0 + $1.reference.count })
        return area(value / pairs, variance.squareRoot() / pairs, trials: trials)
    }

    private static func area(_ value: Double, _ error: Double, trials: Int) -> HeldOutArea {
        // As in `auroc`: without overlap the error says nothing.
        guard error > 1e-12, value > 0, value < 1 else {
            let isChance = abs(value - 0.5) < 1e-9
            let interval =
                isChance
                ? Interval(low: 0.5, high: 0.5)
                : wilsonInterval(successes: value > 0.5 ? trials : 0, trials: trials)
            return HeldOutArea(value: value, standardError: 0, interval: interval)
        }
        let half = 1.959963984540054 * error / (value * (1 - value))
        let middle = logOdds(value)
        return HeldOutArea(
            value: value, standardError: error,
            interval: Interval(low: logistic(middle - half), high: logistic(middle + half)))
    }
}
