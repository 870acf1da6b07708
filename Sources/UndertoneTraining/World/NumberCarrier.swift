// Number rows: `continue numbers: 12 45 3` → `12, 45, 13, 7, 45, 44`.

/// Three numbers and the six that follow them.
///
/// A number is drawn anew in 60 %, from a Zipf-like distribution; in 20 % it is one of the earlier ones plus or minus 1 to
/// 3, taken from the last; in 20 % it repeats one of those before it.
struct NumberCarrier: CarrierGrammar {
    static let verbs = ["continue", "extend", "complete", "follow", "finish", "prolong"]
    static let texts = verbs + ["numbers:", ","]
    /// Numbers of a completion of the corpus.
    static let length = 6
    /// Numbers of a completion that has the form, as the published filter has it.
    static let accepted = 1...10

    /// How likely each of the numbers 0 to 99 is when it is drawn anew: in proportion to 1/(rank + 3), Zipf's law with
    /// Mandelbrot's shift, over ranks 1 to 100 that are spread over the numbers.
    static let shares: [Double] = {
        var shares = [Double](repeating: 0, count: 100)
        // 37 has no divisor in common with 100, so every number gets one rank.
        for rank in 1...100 { shares[(37 * rank + 17) % 100] = 1 / Double(rank + 3) }
        let sum = shares.reduce(0, +)
        return shares.map { $0 / sum }
    }()

    private let vocabulary: Vocabulary
    private let verbs: [Int32]
    private let lead: [Int32]
    private let comma: Int32
    private let bounds: [Float]

    init(_ vocabulary: Vocabulary) {
        self.vocabulary = vocabulary
        verbs = NumberCarrier.verbs.map { vocabulary[$0] }
        lead = vocabulary.tokens("numbers:")
        comma = vocabulary[","]
        var sum = 0.0
        bounds = NumberCarrier.shares.map { share in
            sum += share
            return Float(sum)
        }
    }

    func row(_ random: inout RandomStream) -> TokenRow {
        let verb = random.pick(verbs)
        var numbers: [Int32] = []
        for _ in 0..<3 + NumberCarrier.length { numbers.append(next(after: numbers, &random)) }
        return vocabulary.framed(
            [verb] + lead + numbers[..<3], Array(numbers[3...].map { [$0] }.joined(separator: [comma])))
    }

    func isWellFormed(_ completion: ArraySlice<Int32>) -> Bool {
        var reader = TokenReader(completion)
        var count = 0
        repeat {
            guard reader.take(oneOf: Vocabulary.numbers) != nil else { return false }
            count += 1
        } while reader.take(comma)
        return reader.rest.isEmpty && NumberCarrier.accepted.contains(count)
    }

    // No continuation is wrong.
    func isCorrect(_ completion: ArraySlice<Int32>, to prompt: ArraySlice<Int32>) -> Bool { true }

    /// A number drawn anew.
    func fresh(_ random: inout RandomStream) -> Int32 {
        let draw = random.unit()
        return Int32(bounds.firstIndex { draw < $0 } ?? 99)
    }

    private func next(after numbers: [Int32], _ random: inout RandomStream) -> Int32 {
        guard let last = numbers.last else { return fresh(&random) }
        switch random.below(10) {
        case 0..<6: return fresh(&random)
        case 6..<8:
            let step = Int32(1 + random.below(3))
            // Around the ends, so that every number stays in the range.
            return (last + (random.below(2) == 0 ? step : 100 - step)) % 100
        default: return random.pick(numbers)
        }
    }
}
