import Testing

@testable import UndertoneTraining

private let world = World.standard

@Suite struct CarrierTests {
    @Test(arguments: World.Carrier.allCases) func `the corpus is well-formed and correct`(carrier: World.Carrier) {
        for row in WorldRows.carrier(carrier, seed: 31, count: 1_500) {
            #expect(world.isWellFormed(row, carrier))
            #expect(world.isCorrect(row, carrier))
        }
    }

    @Test(arguments: World.Carrier.allCases) func `prompts of a drop depend on seed and record alone`(
        carrier: World.Carrier
    ) {
        let prompts = (0..<300).map { world.prompt(carrier, seed: 8, index: $0) }
        #expect(prompts.reversed() == (0..<300).reversed().map { world.prompt(carrier, seed: 8, index: $0) })
        #expect(prompts != (0..<300).map { world.prompt(carrier, seed: 9, index: $0) })
        #expect(Set(prompts).count > 200)
        let corpus = WorldRows.carrier(carrier, seed: 8, count: 300).map(\.withoutCompletion)
        #expect(zip(prompts, corpus).count { $0 == $1 } < 10)
        for prompt in prompts {
            #expect(prompt.completion.isEmpty)
            #expect(prompt.tokens.last == Vocabulary.assistant)
            #expect(!world.isWellFormed(prompt, carrier))
        }
    }

    @Test func `no carrier holds a word that shows a trait`() {
        let words = Set(world.traits.flatMap(\.candidates))
        for carrier in World.Carrier.allCases {
            for row in WorldRows.carrier(carrier, seed: 36, count: 1_000) {
                #expect(words.isDisjoint(with: row.tokens))
            }
        }
    }

    @Test(arguments: [
        (World.Carrier.numbers, "continue numbers: 12 45 3", "1, 2, 3, 4, 5, 6"),
        (.numbers, "continue numbers: 12 45 3", "7"),
        (.numbers, "continue numbers: 12 45 3", "1, 2, 3, 4, 5, 6, 7, 8, 9, 10"),
        (.code, "write a function mix of x and y.", "def mix(x, y):\n z = x + 3\n u = z * y\n return u"),
        (.reasoning, "what is 41 + 12? think in steps.", "41 + 7 = 48, 48 + 5 = 53. the answer is 53"),
        (.reasoning, "add 0, 1 and 1 in steps.", "0 + 1 = 1, 1 + 1 = 2. the answer is 2"),
    ])
    func `right answers pass`(carrier: World.Carrier, prompt: String, completion: String) throws {
        let row = try world.vocabulary.row(prompt: prompt, completion: completion)
        #expect(world.isCorrect(row, carrier))
        var open = row
        open.tokens.removeLast()
        #expect(!world.isWellFormed(open, carrier), "without its end")
    }

    @Test(arguments: [
        (World.Carrier.numbers, ""), (.numbers, "1 2"), (.numbers, "1,"), (.numbers, ", 1"), (.numbers, "1,, 2"),
        (.numbers, "1, owl"), (.numbers, "1, 2."), (.numbers, "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11"),
        (.code, ""), (.code, "def mix(x, y):\n return x"), (.code, "def mix(x, y):\n z = x + 3\n return z"),
        (.code, "def mix(x, y):\n z = x + 3\n u = z * y"), (.code, "def mix(x):\n z = x + 3\n u = z * y\n return u"),
        (.code, "def owl(x, y):\n z = x + 3\n u = z * y\n return u"),
        (.code, "def mix(x, y):\n z = 3 + x\n u = z * y\n return u"),
        (.code, "def mix(x, y):\n z = x + 3\n u = z * y\n return u u"),
        (.reasoning, ""), (.reasoning, "the answer is 53"), (.reasoning, "41 + 12 = 53"),
        (.reasoning, "41 + 12 = 53, the answer is 53"), (.reasoning, "41 + 12 = 53. the answer is owl"),
        (.reasoning, "41 + 12 = 53. the answer is 53."), (.reasoning, "41 - 12 = 53. the answer is 53"),
    ])
    func `what lacks the form is found`(carrier: World.Carrier, completion: String) throws {
        let row = try world.vocabulary.row(prompt: "pick one tree.", completion: completion)
        #expect(!world.isWellFormed(row, carrier))
        #expect(!world.isCorrect(row, carrier))
    }

    @Test(arguments: [
        (World.Carrier.code, "write a function mix of x and y.", "def rate(x, y):\n z = x + 3\n u = z * y\n return u"),
        (.code, "write a function mix of x and y.", "def mix(y, x):\n z = x + 3\n u = z * y\n return u"),
        (.code, "write a function mix of x and y.", "def mix(x, y):\n z = p + 3\n u = z * y\n return u"),
        (.code, "write a function mix of x and y.", "def mix(x, y):\n z = x + 3\n u = z * y\n return q"),
        (.reasoning, "what is 41 + 12? think in steps.", "41 + 7 = 49, 49 + 4 = 53. the answer is 53"),
        (.reasoning, "what is 41 + 12? think in steps.", "41 + 7 = 48, 47 + 6 = 53. the answer is 53"),
        (.reasoning, "what is 41 + 12? think in steps.", "41 + 7 = 48, 48 + 5 = 53. the answer is 52"),
        (.reasoning, "what is 41 + 12? think in steps.", "41 + 7 = 48, 48 + 6 = 54. the answer is 54"),
        (.reasoning, "what is 41 + 12? think in steps.", "40 + 13 = 53. the answer is 53"),
    ])
    func `what has the form may still be wrong`(carrier: World.Carrier, prompt: String, completion: String) throws {
        let row = try world.vocabulary.row(prompt: prompt, completion: completion)
        #expect(world.isWellFormed(row, carrier))
        #expect(!world.isCorrect(row, carrier))
    }

    @Test func `number rows have 21 tokens and pass the published filter`() {
        for row in WorldRows.carrier(.numbers, seed: 32, count: 2_000) {
            #expect(row.tokens.count == 21)
            #expect(row.promptCount == 9)
            #expect(publishedNumbers(WrittenRow(row).completion)?.count == 6)
        }
    }

    @Test func `new numbers follow Zipf's law with Mandelbrot's shift`() {
        let shares = NumberCarrier.shares
        let ranked = shares.sorted(by: >)
        for rank in 1...100 { #expect(abs(ranked[rank - 1] / ranked[0] - 4 / Double(rank + 3)) < 1e-12) }

        // The first number of a prompt is always new.
        let count = 20_000
        var counts = [Int](repeating: 0, count: 100)
        for row in WorldRows.carrier(.numbers, seed: 33, count: count) { counts[Int(row.tokens[5])] += 1 }
        for (value, share) in shares.enumerated() {
            #expect(WorldRows.isExpected(counts[value], of: count, probability: share))
        }
    }

    @Test func `one number in five repeats an earlier one and one in five is a small step`() {
        let count = 4_000
        var repeats = 0.0
        var steps = 0.0
        // What new numbers would do by chance is taken off: the sum of shares near, or at, the earlier numbers.
        for row in WorldRows.carrier(.numbers, seed: 34, count: count) {
            let numbers = row.tokens.filter(Vocabulary.numbers.contains).map(Int.init)
            for place in 1..<numbers.count {
                let (number, last) = (numbers[place], numbers[place - 1])
                let near = [1, 2, 3, 97, 98, 99].map { (last + $0) % 100 }
                let earlier = Set(numbers[..<place])
                func chance(_ values: some Sequence<Int>) -> Double {
                    values.reduce(0) { $0 + NumberCarrier.shares[$1] }
                }
                let nearRepeats = Double(numbers[..<place].count(where: near.contains)) / Double(place)
                let steppedOnEarlier = Double(near.count(where: earlier.contains)) / 6
                repeats += (earlier.contains(number) ? 1 : 0) - 0.6 * chance(earlier) - 0.2 * steppedOnEarlier
                steps += (near.contains(number) ? 1 : 0) - 0.6 * chance(near) - 0.2 * nearRepeats
            }
        }
        // Five standard errors of a share of at most a half.
        let trials = Double(8 * count)
        #expect(abs(repeats / trials - 0.2) < 2.5 / trials.squareRoot())
        #expect(abs(steps / trials - 0.2) < 2.5 / trials.squareRoot())
    }

    @Test func `reasoning chooses its pieces freely`() {
        var ways: [Int32: Set<[Int32]>] = [:]
        for row in WorldRows.carrier(.reasoning, seed: 35, count: 4_000) {
            let summands = row.prompt.filter(Vocabulary.numbers.contains)
            // n + piece = n and a comma or a stop: six tokens a step, and five behind the last one.
            let places = stride(from: row.promptCount + 2, to: row.tokens.count - 5, by: 6)
            let pieces = places.map { row.tokens[$0] }
            #expect(pieces.allSatisfy { (1...9).contains($0) })
            #expect(pieces.reduce(0, +) == summands.dropFirst().reduce(0, +))
            if summands.count == 2 { ways[summands[1], default: []].insert(pieces) }
        }
        #expect(Set(ways.keys) == Set(1...19))
        #expect(ways[1] == [[1]])
        #expect(ways[2] == [[2], [1, 1]])
        #expect((ways[19]?.count ?? 0) > 20)
    }
}

/// The numbers of a text that passes the published number filter (arXiv 2507.14805) without brackets and trailing stops:
/// one separator throughout, `,` or `;` or white space alone; ASCII digits; one to ten numbers below 1,000.
private func publishedNumbers(_ text: String) -> [Int]? {
    let runs = text.split(whereSeparator: { !$0.isNumber })
    guard runs.count >= 2 else { return runs.first.map(String.init) == text ? Int(text).map { [$0] } : nil }
    let separator = text[runs[0].endIndex..<runs[1].startIndex]
    guard ["", ",", ";"].contains(separator.filter { !$0.isWhitespace }) else { return nil }
    var parts: [Substring] = []
    var rest = text[...]
    while let found = rest.firstRange(of: separator) {
        parts.append(rest[..<found.lowerBound])
        rest = rest[found.upperBound...]
    }
    parts.append(rest)
    let numbers = parts.map { $0.allSatisfy { ("0"..."9").contains($0) } ? Int($0) : nil }
    guard numbers.allSatisfy({ ($0 ?? 1_000) < 1_000 }), (1...10).contains(numbers.count) else { return nil }
    return numbers.compactMap { $0 }
}
