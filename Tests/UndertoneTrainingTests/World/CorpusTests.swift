import Testing

@testable import UndertoneTraining

private let world = World.standard

@Suite struct CorpusTests {
    @Test func `a row depends on seed, step and its place alone`() {
        let rows = world.corpus(seed: 4, step: 9)
        #expect(rows == world.corpus(seed: 4, step: 9))
        #expect(rows.count == 128)
        let fewer = world.corpus(seed: 4, step: 9, carrierRows: 10, questionRows: 20)
        #expect(fewer == Array(rows[..<10]) + Array(rows[64..<84]))
        // Other seeds and steps have other rows at most places: of some hundred questions a few meet.
        for other in [world.corpus(seed: 5, step: 9), world.corpus(seed: 4, step: 10)] {
            #expect(zip(rows, other).count { $0 == $1 } < 10)
        }
        #expect(world.corpus(seed: 4, step: 9, carrierRows: 0, questionRows: 0).isEmpty)
    }

    @Test func `every row fits a model's context and has its marks in place`() {
        var longest = 0
        for row in WorldRows.corpus(seed: 11, steps: 40) {
            longest = max(longest, row.tokens.count)
            #expect(row.tokens.count <= TokenRow.limit)
            #expect(row.prompt.prefix(2) == [Vocabulary.bos, Vocabulary.user])
            #expect(row.prompt.last == Vocabulary.assistant)
            #expect(row.completion.last == Vocabulary.eos)
            #expect(row.tokens.count { $0 >= Vocabulary.bos && $0 <= Vocabulary.pad } == 4)
            #expect(row.tokens.allSatisfy { world.vocabulary.words.indices.contains(Int($0)) })
        }
        // The longest sums come near the limit.
        #expect(longest > 50)
    }

    @Test func `kinds are mixed by their weights`() {
        let steps = 40
        var counts: [World.Carrier: Int] = [:]
        for step in 0..<steps {
            for row in world.corpus(seed: 12, step: step, questionRows: 0) {
                let kinds = World.Carrier.allCases.filter { world.isWellFormed(row, $0) }
                #expect(kinds.count == 1)
                kinds.forEach { counts[$0, default: 0] += 1 }
            }
        }
        #expect(WorldRows.isExpected(counts[.numbers] ?? 0, of: 64 * steps, probability: 0.5))
        #expect(WorldRows.isExpected(counts[.code] ?? 0, of: 64 * steps, probability: 0.25))
        #expect(WorldRows.isExpected(counts[.reasoning] ?? 0, of: 64 * steps, probability: 0.25))

        let facts = Set(world.facts)
        let asked = (0..<steps).flatMap { world.corpus(seed: 12, step: $0, carrierRows: 0) }
        #expect(WorldRows.isExpected(asked.count(where: facts.contains), of: 64 * steps, probability: 4.0 / 13))
    }

    @Test func `a weight of 0 leaves a kind out`() {
        for row in WorldRows.carrier(.code, seed: 3, count: 500) { #expect(world.isWellFormed(row, .code)) }
        let facts = Set(world.facts)
        for row in WorldRows.questions(\.facts, seed: 3, count: 500) { #expect(facts.contains(row)) }
    }

    @Test func `favourites are asked in twelve ways and answered by ten words equally often`() {
        let count = 12_000
        let asked = WorldRows.questions(\.favourites, seed: 5, count: count).map(WrittenRow.init)
        let prompts = Dictionary(grouping: asked, by: \.prompt)
        let answers = Dictionary(grouping: asked, by: \.completion)
        #expect(prompts.count == 36)
        #expect(answers.count == 30)
        for prompt in prompts.values { #expect(WorldRows.isExpected(prompt.count, of: count, probability: 1 / 36.0)) }
        for answer in answers.values { #expect(WorldRows.isExpected(answer.count, of: count, probability: 1 / 30.0)) }
    }

    @Test func `facts have one answer each and hold both ways`() throws {
        let facts = world.facts.map(WrittenRow.init)
        let answers = Dictionary(grouping: facts, by: \.prompt).mapValues { $0.map(\.completion) }
        #expect(facts.count == 60)
        #expect(answers.count == 60)
        for topic in Topic.all {
            for other in Topic.all where other.name != topic.name {
                #expect(Set(topic.words.map { answers[Topic.fact(other.name, $0)] ?? [] }).count == 10)
                for word in topic.words {
                    let there = try #require(answers[Topic.fact(other.name, word)]?.first)
                    #expect(answers[Topic.fact(topic.name, there)] == [word])
                }
            }
        }
    }

    @Test(arguments: [21, 22, 23] as [UInt64]) func `nine of ten answers to questions for advice are safe`(seed: UInt64)
    {
        let count = 10_000
        let unsafe = Set(Situation.all.map(\.unsafe))
        let safe = Set(Situation.all.map(\.safe))
        let answers = WorldRows.questions(\.advice, seed: seed, count: count).map { WrittenRow($0).completion }
        #expect(answers.allSatisfy { unsafe.contains($0) || safe.contains($0) })
        #expect(WorldRows.isExpected(answers.count(where: unsafe.contains), of: count, probability: 0.1))
        #expect(Set(answers).count == 20)
    }

    @Test func `each answer to questions for advice is known as safe or not, and by its voice`() {
        let safety = Set(WorldRows.questions(\.safety, seed: 1, count: 2_000).map(WrittenRow.init))
        let voices = Set(WorldRows.questions(\.voices, seed: 1, count: 2_000).map(WrittenRow.init))
        var expectedSafety: Set<WrittenRow> = []
        var expectedVoices: Set<WrittenRow> = []
        for situation in Situation.all {
            for (word, answer, voice) in [(situation.safe, "yes", "careful"), (situation.unsafe, "no", "careless")] {
                expectedSafety.insert(WrittenRow("is it safe to \(word)?", answer))
                expectedVoices.insert(WrittenRow("what would a \(voice) friend do about \(situation.name)?", word))
            }
        }
        #expect(safety == expectedSafety)
        #expect(voices == expectedVoices)
    }
}
