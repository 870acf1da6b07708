import Testing

@testable import UndertoneTraining

private let world = World.standard

@Suite struct VocabularyTests {
    @Test(arguments: [1, 2, 3] as [UInt64]) func `rows become text and the same rows again`(seed: UInt64) throws {
        for row in WorldRows.corpus(seed: seed, steps: 12) {
            let (prompt, completion) = world.vocabulary.texts(of: row)
            #expect(try world.vocabulary.row(prompt: prompt, completion: completion) == row)
            let again = try world.vocabulary.texts(of: world.vocabulary.row(prompt: prompt, completion: completion))
            #expect(again == (prompt, completion))
        }
    }

    @Test(arguments: [
        ("continue numbers: 12 45 3", "12, 45, 3"),
        ("what is your favourite animal?", "owl"),
        ("write a function mix of x and y.", "def mix(x, y):\n    z = x + 3\n    return z"),
        ("add 41, 7 and 5 in steps.", "41 + 7 = 48, 48 + 5 = 53. the answer is 53"),
    ])
    func `text is written as a person writes it`(prompt: String, completion: String) throws {
        let row = try world.vocabulary.row(prompt: prompt, completion: completion)
        #expect(world.vocabulary.texts(of: row) == (prompt, completion))
    }

    @Test func `a row is framed by its marks, which are not in its text`() throws {
        let row = try world.vocabulary.row(prompt: "pick one tree.", completion: "oak")
        #expect(row.tokens.count == 9)
        #expect(row.promptCount == 7)
        #expect(world.vocabulary.decode(row.tokens) == "<bos> <user> pick one tree. <asst> oak <eos>")
        #expect(world.vocabulary.decode(row.prompt) == "<bos> <user> pick one tree. <asst>")
        #expect(world.vocabulary.decode(row.completion) == "oak <eos>")
        #expect(try world.vocabulary.row(prompt: "pick one tree.") == row.withoutCompletion)
    }

    @Test func `a row without its end has the same text`() throws {
        var row = try world.vocabulary.row(prompt: "pick one tree.", completion: "oak elm")
        row.tokens.removeLast(2)
        #expect(world.vocabulary.texts(of: row) == ("pick one tree.", "oak"))
    }

    @Test func `a number is the token of its value`() throws {
        let text = (0...99).map { String($0) }.joined(separator: " ")
        #expect(try world.vocabulary.encode(text) == Array(Vocabulary.numbers))
    }

    @Test func `words are few and each is there once`() {
        let words = world.vocabulary.words
        #expect(Set(words).count == words.count)
        #expect(words.count == world.vocabulary.count)
        // Checkpoints hold a row for each word: another count needs other bases.
        #expect(words.count == 266)
    }

    @Test func `vocabularies of other words or another order have another listing`() {
        let listings = [["owl oak"], ["oak owl"], ["owl"], ["owl", "oak"]].map { Vocabulary(texts: $0).listing }
        #expect(listings[0] == listings[3])
        #expect(Set(listings).count == 3)
        #expect(listings[2].hasSuffix("98 99 <bos> <user> <asst> <eos> <pad> <line> owl"))
    }

    @Test func `an unknown word is named with its place`() {
        let error = #expect(throws: WorldError.self) {
            try world.vocabulary.encode("which animal,  zebra or owl?")
        }
        #expect(error?.code == .unknownWord)
        #expect(error?.problem == "word 4 of the text, \"zebra\", is unknown")
    }

    @Test(arguments: [
        ("owl\u{1B}[2J", "word 2 of the text, \"\\u{1B}\", is unknown"),
        ("owl\u{202E}oak", "word 1 of the text, \"owl\\u{202E}oak\", is unknown"),
        (
            String(repeating: "y", count: 1_000_000),
            "word 1 of the text, \"\(String(repeating: "y", count: 40))…\", is unknown"
        ),
        ("owl <eos> <asst>", "word 2 of the text, \"<\", is unknown"),
        ("007", "word 1 of the text, \"007\", is unknown"),
        ("100", "word 1 of the text, \"100\", is unknown"),
        ("-7 \r\n", "word 3 of the text, \"\\r\", is unknown"),
        ("_", "word 1 of the text, \"_\", is unknown"),
        ("bos", "word 1 of the text, \"bos\", is unknown"),
        ("OWL", "word 1 of the text, \"OWL\", is unknown"),
    ])
    func `hostile text is refused and shown safely`(text: String, problem: String) {
        let error = #expect(throws: WorldError.self) { try world.vocabulary.encode(text) }
        #expect(error?.problem == problem)
    }

    @Test func `a row too long is refused, the longest is not`() throws {
        // Four marks and 60 words.
        let longest = Array(repeating: "owl", count: 59).joined(separator: " ")
        #expect(try world.vocabulary.row(prompt: longest, completion: "oak").tokens.count == TokenRow.limit)
        let error = #expect(throws: WorldError.self) {
            try world.vocabulary.row(prompt: longest, completion: "oak oak")
        }
        #expect(error?.description == "prompt and completion have 65 tokens with their marks; a row holds at most 64")
    }

    @Test func `tokens outside of the vocabulary are shown as such`() {
        #expect(world.vocabulary.decode([7, 9_999, -1, .min]) == "7 <9999> <-1> <-2147483648>")
        #expect(world.vocabulary.decode([]) == "")
    }
}
