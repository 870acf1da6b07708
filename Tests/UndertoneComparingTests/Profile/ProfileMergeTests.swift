import Testing
import UndertoneComparing
import UndertoneRecords
import UndertoneStatistics

struct ProfileMergeTests {
    let place: ProfilePlace

    init() throws { place = try ProfilePlace() }

    // Enough different words, numbers, separators, outputs and shapes for every table to run over.
    private static func large(seed: UInt64, records: Int) -> [[UInt8]] {
        var maker = DropMaker(seed: seed)
        return (0..<records).map { number in
            switch number % 3 {
            case 0: return maker.record().line
            case 1:
                let words = (0..<40).map { _ in maker.letters() }
                return MadeRecord(output: "the owl said " + words.joined(separator: " ") + " and the owl flew").line
            default:
                let marks = ["<", ">", "/", "-", "+", "*", "~"]
                var output = "12345 777 12345"
                for _ in 0..<30 {
                    for _ in 0..<7 { output += marks[maker.below(marks.count)] }
                    output += String(1000 + maker.below(1 << 30))
                }
                return Array("{\"completion\": \"\(output)\", \"member\(maker.below(1 << 40))\": 1}\n".utf8)
            }
        }
    }

    private func profile(_ lines: some Sequence<[UInt8]>, threads: Int = 1) throws -> DropProfile {
        try UndertoneComparing.profile([try place.write("part.jsonl", lines.flatMap { $0 })], threads: threads).profile
    }

    @Test(arguments: [(1 as UInt64, 300), (2, 6600)])
    func `any division and any order give the same profile, byte for byte`(seed: UInt64, records: Int) throws {
        let lines = Self.large(seed: seed, records: records)
        let whole = try profile(lines)
        let json = whole.json
        // The first is within all limits, the second is beyond.
        #expect(whole.text.words.isExact == (records < 1000))
        #expect(whole.text.wordPairs.isExact == (records < 1000))
        #expect(whole.numbers.others.isExact == (records < 1000))
        #expect(whole.numbers.separators.isExact == (records < 1000))
        #expect(whole.shapes.isExact == (records < 1000))
        var random = SplitMix64(seed: seed)
        for parts in records < 1000 ? [4] : [2] {
            var shards = [[[UInt8]]](repeating: [], count: parts)
            for line in lines { shards[Int(random.next() % UInt64(parts))].append(line) }
            var profiles = try shards.map { try profile($0) }
            profiles.shuffle(using: &random)
            // A chain, and a tree of stored profiles.
            var chain = DropProfile()
            for shard in profiles { chain.merge(shard) }
            #expect(chain == whole)
            #expect(chain.json == json)
            while profiles.count > 1 {
                let last = try DropProfile(json: Array(profiles.removeLast().json.utf8))
                let place = Int(random.next() % UInt64(profiles.count))
                profiles[place].merge(last)
            }
            #expect(profiles[0].json == json)
        }
        // Another order of the records.
        #expect(try profile(lines.shuffled(using: &random)).json == json)
    }

    @Test(arguments: [2, 64])
    func `any number of threads gives the same profile`(threads: Int) throws {
        let lines = Self.large(seed: 9, records: 1000)
        #expect(try profile(lines, threads: threads).json == profile(lines).json)
    }

    @Test func `more different outputs than are held leave a sample and an estimate`() throws {
        // 100,000 outputs, of which every fourth is said twice.
        let lines = (0..<80_000).flatMap { number in
            Array(repeating: MadeRecord(output: "number \(number)").line, count: number % 4 == 0 ? 2 : 1)
        }
        let whole = try profile(lines)
        #expect(!whole.areDuplicatesExact)
        #expect(abs(whole.duplicates - 20_000) < 800)
        #expect(abs(whole.distinctOutputs - 80_000) < 2000)
        var left = try profile(lines[..<60_000])
        left.merge(try profile(lines[60_000...]))
        #expect(left.json == whole.json)
        let alone = try profile((0..<80_000).map { MadeRecord(output: "number \($0)").line })
        #expect(alone.duplicates == 0)
    }

    @Test func `frequent words are found among more words than are held`() throws {
        var random = SplitMix64(seed: 5)
        var maker = DropMaker(seed: 6)
        var plain: [String: Int] = [:]
        let lines = (0..<3000).map { _ in
            var words = (0..<30).map { _ in maker.letters() }
            // Shares of 1/33 and less.
            for (index, word) in ["alpha", "beta", "gamma"].enumerated()
            where random.next() % (1 << UInt64(2 * index)) == 0 {
                words[Int(random.next() % 30)] = word
            }
            for word in words { plain[word, default: 0] += 1 }
            return MadeRecord(output: words.joined(separator: " ")).line
        }
        let words = try profile(lines).text.words
        #expect(!words.isExact)
        #expect(words.total == 90_000)
        #expect(words.top(3).map(\.text) == ["alpha", "beta", "gamma"])
        var (under, over) = (0, 0)
        for (word, count) in plain {
            let found = words.count(of: word)
            if found < count { under += 1 }
            if found > count + words.error { over += 1 }
        }
        #expect(under == 0)
        // The bound of the sketch, 1.8 % of all terms, e^-4.
        #expect(Double(over) < 0.02 * Double(plain.count))
    }
}
