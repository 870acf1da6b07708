// Which records are held out together.

/// Divides samples into folds so that equal outputs, and if asked answers to one prompt, lie in one fold.
///
/// Things that belong together are dealt out like cards, in an order by hash, those that only one side has separately from
/// those of several, so that folds are alike. O(n log n).
struct Folds {
    /// The fold of each sample.
    private(set) var ofSample: [Int]
    /// How many different things were dealt.
    private(set) var parts: Int

    /// - Parameter sides: which side each sample is of.
    init(_ samples: [Sample], sides: [Int], count: Int, keepsPromptsTogether: Bool, seed: UInt64) {
        let roots = Folds.roots(samples, keepsPromptsTogether)
        // The side of each part; nil where it has several.
        var parts: [UInt64: Int?] = [:]
        for (root, side) in zip(roots, sides) {
            if let known = parts[root] {
                if known != side { parts[root] = .some(nil) }
            } else {
                parts[root] = side
            }
        }
        self.parts = parts.count
        var folds: [UInt64: Int] = [:]
        var next: [Int?: Int] = [:]
        for (_, root) in parts.keys.map({ (mixed($0 ^ seed), $0) }).sorted(by: { $0 < $1 }) {
            let side = parts[root] ?? nil
            // Sides begin at different folds, so that the first are not the fullest.
            let place = next[side] ?? side ?? 0
            folds[root] = place % count
            next[side] = place + 1
        }
        ofSample = roots.map { folds[$0] ?? 0 }
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
