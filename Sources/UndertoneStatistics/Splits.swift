// Ways to divide things into two parts, for permutation tests of two samples.

/// Ways to choose `part` of `whole` things: every one where there are at most 2¹⁶, else a random sample of them.
struct Splits {
    /// How many ways are gone through.
    let count: Int
    /// Whether these are all ways that there are; they include the observed one then.
    let isExact: Bool
    private let part: Int
    private let whole: Int

    /// - Parameters:
    ///   - part: from 0 to `whole`.
    ///   - resamples: how many ways are drawn where there are too many to go through.
    init(choosing part: Int, of whole: Int, resamples: Int) {
        self.part = part
        self.whole = whole
        let all = Splits.combinations(part, whole)
        count = all ?? resamples
        isExact = all != nil
    }

    /// The p-value of `hits` ways that are at least as extreme as the observed one: their share of all ways, or (hits +
    /// 1)/(count + 1) of a sample, which counts the observed one in: Phipson & Smyth, *Permutation p-values should
    /// never be zero*, Stat. Appl. Genet. Mol. Biol. 9 (2010) 39.
    func pValue(hits: Int) -> Double {
        isExact ? Double(hits) / Double(count) : Double(hits + 1) / Double(count + 1)
    }

    /// Calls `body` with the numbers of the chosen things, in no particular order. O(part) each.
    func forEach(seed: UInt64, _ body: (UnsafeBufferPointer<Int>) -> Void) {
        var chosen = Array(0..<whole)
        guard isExact else {
            var numbers = SplitMix64(seed: seed)
            for _ in 0..<count {
                // The first places of a random order, begun at any order (Durstenfeld, 1964).
                for place in 0..<part { chosen.swapAt(place, place + numbers.below(whole - place)) }
                chosen.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[..<part])) }
            }
            return
        }
        chosen.removeLast(whole - part)
        while true {
            chosen.withUnsafeBufferPointer(body)
            // The next combination in lexicographic order: the last place that can still grow does.
            guard let place = chosen.indices.last(where: { chosen[$0] < whole - part + $0 }) else { return }
            chosen[place] += 1
            for later in chosen.indices.dropFirst(place + 1) { chosen[later] = chosen[later - 1] + 1 }
        }
    }

    // How many ways there are; nil above 2¹⁶.
    private static func combinations(_ part: Int, _ whole: Int) -> Int? {
        var count = 1
        let smaller = min(part, whole - part)
        guard smaller > 0 else { return count }
        for step in 1...smaller {
            // Grows with every step, so that the first one above the bound decides.
            count = count * (whole - smaller + step) / step
            if count > 1 << 16 { return nil }
        }
        return count
    }
}
