// Which records are held out together.

/// Divides samples into folds so that equal outputs, and if asked answers to one prompt, lie in one fold.
///
/// Things that belong together are dealt out like cards, in an order by hash, those that only one side has separately from
/// those of both, so that folds are alike. O(n log n).
struct Folds {
    /// The fold of each sample.
    private(set) var ofSample: [Int]
    /// How many different things were dealt.
    private(set) var parts: Int

    init(_ samples: [Sample], isPositive: [Bool], count: Int, keepsPromptsTogether: Bool, seed: UInt64) {
        var parts: [UInt64: (Bool, Bool)] = [:]
        var part = [UInt64](repeating: 0, count: samples.count)
        let roots = Folds.roots(samples, keepsPromptsTogether)
        for place in samples.indices {
            part[place] = roots[place]
            var sides = parts[roots[place]] ?? (false, false)
            if isPositive[place] { sides.0 = true } else { sides.1 = true }
            parts[roots[place]] = sides
        }
        self.parts = parts.count
        var folds: [UInt64: Int] = [:]
        var next = [0, 1, 2]
        for (_, key) in parts.keys.map({ (mixed($0 ^ seed), $0) }).sorted(by: { $0 < $1 }) {
            let kind = parts[key].map { $0.0 && $0.1 ? 2 : $0.0 ? 0 : 1 } ?? 0
            folds[key] = next[kind] % count
            next[kind] += 1
        }
        ofSample = part.map { folds[$0] ?? 0 }
    }

    // A key for each sample, the same for those that belong together: the output's, or the smallest of all outputs that
    // prompts and equal outputs link.
    private static func roots(_ samples: [Sample], _ keepsPromptsTogether: Bool) -> [UInt64] {
        guard keepsPromptsTogether, samples.contains(where: { $0.promptKey != nil }) else {
            return samples.map(\.outputKey)
        }
        var parent = Array(samples.indices)
        func root(_ place: Int) -> Int {
            var place = place
            while parent[place] != place {
                parent[place] = parent[parent[place]]
                place = parent[place]
            }
            return place
        }
        var firsts: [UInt64: Int] = [:]
        for (place, sample) in samples.enumerated() {
            for key in [sample.outputKey, sample.promptKey.map { mixed($0) }].compactMap({ $0 }) {
                guard let first = firsts[key] else {
                    firsts[key] = place
                    continue
                }
                let (a, b) = (root(first), root(place))
                parent[max(a, b)] = min(a, b)
            }
        }
        return samples.indices.map { samples[root($0)].outputKey }
    }
}
