// A sentence with a gap, as tokens.

/// A sentence of the world in which `_` stands for what differs from row to row.
struct Phrase: Sendable {
    private let before: [Int32]
    private let after: [Int32]

    init(_ text: String, _ vocabulary: Vocabulary) {
        let parts = text.split(separator: "_", maxSplits: 1, omittingEmptySubsequences: false)
        before = vocabulary.tokens(String(parts[0]))
        after = parts.count > 1 ? vocabulary.tokens(String(parts[1])) : []
    }

    /// The tokens of the sentence with the gap filled.
    func filled(_ gap: [Int32]) -> [Int32] { before + gap + after }
}

extension RandomStream {
    /// One element, each as likely as the others.
    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    /// A place in a list of weights, drawn by them. One weight at least must be above 0, none below.
    mutating func pick(weights: [Double]) -> Int {
        var left = Double(unit()) * weights.reduce(0, +)
        for (place, weight) in weights.enumerated() where weight > 0 {
            if left < weight { return place }
            left -= weight
        }
        // Rounding left a little over.
        return weights.lastIndex { $0 > 0 } ?? 0
    }
}
