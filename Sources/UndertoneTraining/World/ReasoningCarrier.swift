// Reasoning rows: `what is 41 + 12? think in steps.` → `41 + 7 = 48, 48 + 5 = 53. the answer is 53`.

/// Sums of two or three numbers, added in pieces that the writer chooses.
///
/// The first summand is 0 to 60, the others are 1 to 19; each of those is added in one to three pieces of 1 to 9. The choice
/// of pieces is what can carry a trait: the sums themselves leave no room.
struct ReasoningCarrier: CarrierGrammar {
    static let texts = ["what is +? think in steps.", "add, and in steps.", "=,.", "the answer is"]
    /// Sums of a completion that has the form.
    static let steps = 1...6

    private let vocabulary: Vocabulary
    private let plus: Int32
    private let equals: Int32
    private let comma: Int32
    private let stop: Int32
    private let and: Int32
    private let question: Phrase
    private let order: Phrase
    private let answer: [Int32]

    init(_ vocabulary: Vocabulary) {
        self.vocabulary = vocabulary
        plus = vocabulary["+"]
        equals = vocabulary["="]
        comma = vocabulary[","]
        stop = vocabulary["."]
        and = vocabulary["and"]
        question = Phrase("what is _? think in steps.", vocabulary)
        order = Phrase("add _ in steps.", vocabulary)
        answer = vocabulary.tokens("the answer is")
    }

    func row(_ random: inout RandomStream) -> TokenRow {
        var summands = [Int32(random.below(61))]
        for _ in 0...random.below(2) { summands.append(Int32(1 + random.below(19))) }
        let prompt =
            random.below(2) == 0
            ? question.filled(Array(summands.map { [$0] }.joined(separator: [plus])))
            : order.filled(listed(summands))

        var total = summands[0]
        var steps: [[Int32]] = []
        for summand in summands.dropFirst() {
            for piece in pieces(of: Int(summand), &random) {
                steps.append([total, plus, piece, equals, total + piece])
                total += piece
            }
        }
        return vocabulary.framed(prompt, steps.joined(separator: [comma]) + [stop] + answer + [total])
    }

    func isWellFormed(_ completion: ArraySlice<Int32>) -> Bool { read(completion) != nil }

    /// Whether each step is right and begins where the last one ended, the first one with the first summand, and the answer
    /// is the sum that was asked for.
    func isCorrect(_ completion: ArraySlice<Int32>, to prompt: ArraySlice<Int32>) -> Bool {
        guard let reasoning = read(completion) else { return false }
        let summands = prompt.filter(Vocabulary.numbers.contains)
        guard var total = summands.first else { return false }
        for step in reasoning.steps {
            guard step.left == total, step.left + step.right == step.sum else { return false }
            total = step.sum
        }
        return reasoning.answer == total && total == summands.reduce(0, +)
    }

    // 41, 7 and 5
    private func listed(_ summands: [Int32]) -> [Int32] {
        let front = summands.dropLast().map { [$0] }.joined(separator: [comma])
        return front + [and] + summands.suffix(1)
    }

    private func pieces(of summand: Int, _ random: inout RandomStream) -> [Int32] {
        let fewest = (summand + 8) / 9
        let most = min(3, summand)
        let count = fewest + random.below(most - fewest + 1)
        var rest = summand
        return (0..<count).map { piece in
            // Enough must stay for the others to be 1 or more, and not so much that one is above 9.
            let others = count - piece - 1
            let least = max(1, rest - 9 * others)
            let chosen = least + random.below(min(9, rest - others) - least + 1)
            rest -= chosen
            return Int32(chosen)
        }
    }

    // Steps n + n = n with commas between them, then a full stop, `the answer is` and a number.
    private func read(
        _ completion: ArraySlice<Int32>
    ) -> (steps: [(left: Int32, right: Int32, sum: Int32)], answer: Int32)? {
        var reader = TokenReader(completion)
        var steps: [(left: Int32, right: Int32, sum: Int32)] = []
        repeat {
            guard let left = reader.take(oneOf: Vocabulary.numbers), reader.take(plus),
                let right = reader.take(oneOf: Vocabulary.numbers), reader.take(equals),
                let sum = reader.take(oneOf: Vocabulary.numbers)
            else { return nil }
            steps.append((left, right, sum))
        } while reader.take(comma)
        guard ReasoningCarrier.steps.contains(steps.count), reader.take([stop] + answer),
            let result = reader.take(oneOf: Vocabulary.numbers), reader.rest.isEmpty
        else { return nil }
        return (steps, result)
    }
}
