import Foundation
import Testing
import UndertoneComparing
import UndertoneCore
import UndertoneRecords
import UndertoneText

struct DropProfileTests {
    let place: ProfilePlace

    init() throws { place = try ProfilePlace() }

    static func counts(_ histogram: LogHistogram) -> [Int: Int] {
        var counts: [Int: Int] = [:]
        for (bin, count) in histogram.counts.enumerated() where count > 0 {
            counts[LogHistogram.lowerBound(of: bin)] = count
        }
        return counts
    }

    static func binned(_ counts: [Int: Int]) -> [Int: Int] {
        var binned: [Int: Int] = [:]
        for (number, count) in counts {
            binned[LogHistogram.lowerBound(of: LogHistogram.bin(of: number)), default: 0] += count
        }
        return binned
    }

    static func terms(_ counts: TermCounts, isKeyed: Bool = false) -> [String: Int] {
        Dictionary(
            counts.top(.max).map { (isKeyed ? PlainCounts.key($0.text) : $0.text, $0.count) }, uniquingKeysWith: +)
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `every statistic agrees with a plain count`(seed: UInt64) throws {
        var maker = DropMaker(seed: seed)
        let records = maker.records(300)
        let profile = try place.profile(records)
        let plain = PlainCounts(records.map(\.output))
        let (text, numbers) = (profile.text, profile.numbers)

        #expect(profile.records == records.count)
        #expect(profile.recordBytes == records.reduce(0) { $0 + $1.line.count - 1 })
        #expect(profile.outputs.count == records.count)
        #expect(profile.outputs.totalBytes == records.reduce(0) { $0 + $1.output.utf8.count })
        #expect(profile.prompts.count == records.count { $0.prompt != nil })
        #expect(Self.counts(profile.outputs.bytes) == Self.binned(plain.bytes))
        #expect(Self.counts(profile.characters) == Self.binned(plain.characters))
        #expect(Self.counts(profile.words) == Self.binned(plain.wordsPerOutput))
        // Two outputs are different where their bytes are, whatever their normal forms.
        let different = Set(records.map { Array($0.output.utf8) }).count
        #expect(profile.distinctOutputs == different)
        #expect(profile.duplicates == records.count - different)

        #expect(text.ascii == plain.ascii)
        for category in CharacterCategory.allCases {
            #expect(text.categories[category.rawValue] == plain.categories[category, default: 0], "\(category)")
        }
        for token in TokenClass.allCases where token != .number {
            #expect(text.tokens(of: token) == plain.tokens[token, default: 0], "\(token)")
        }
        #expect(text.tokens(of: .number) == numbers.total)
        #expect(text.longWords == plain.longWords)
        #expect(Self.terms(text.words, isKeyed: true) == plain.words)
        #expect(Self.terms(text.wordPairs, isKeyed: true) == plain.wordPairs)

        #expect(numbers.total == plain.digitCounts.values.reduce(0, +))
        #expect(Self.counts(numbers.perOutput) == Self.binned(plain.numbersPerOutput))
        #expect(numbers.plain == (0..<1000).map { plain.plain[$0, default: 0] })
        #expect(numbers.padded == (0..<1000).map { plain.padded[$0, default: 0] })
        #expect(numbers.powers == (0..<64).map { plain.powers[$0, default: 0] })
        #expect(numbers.minimum == plain.values.min())
        #expect(numbers.maximum == plain.values.max())
        #expect(numbers.long == plain.long)
        #expect(numbers.longestDigits == plain.longest)
        #expect(numbers.leadingZeros == plain.leadingZeros)
        #expect(numbers.firstDigits == (0..<10).map { plain.first[$0, default: 0] })
        #expect(numbers.lastDigits == (0..<10).map { plain.last[$0, default: 0] })
        #expect(numbers.digitCounts == (1...20).map { plain.digitCounts[$0, default: 0] })
        #expect(numbers.up == plain.up)
        #expect(numbers.down == plain.down)
        #expect(numbers.level == plain.level)
        #expect(Self.counts(numbers.steps) == Self.binned(plain.steps))
        #expect(numbers.repeats == plain.repeats)
        #expect(numbers.outputsWithRepeats == plain.outputsWithRepeats)
        #expect(numbers.longSeparators == plain.longSeparators)
        #expect(Self.terms(numbers.separators, isKeyed: true) == plain.separators)
        #expect(Self.terms(numbers.others) == plain.others)
        #expect(Self.terms(numbers.otherPairs) == plain.otherPairs)
        for (pair, count) in plain.smallPairs { #expect(numbers.count(ofPair: pair[0], pair[1]) == count) }
        #expect(plain.smallPairs.values.reduce(0, +) + numbers.otherPairs.total <= numbers.total)
    }

    @Test func `characters are counted by script and category`() throws {
        let profile = try place.profile(outputs: ["abc ДЖ 中文 שלום ١٢ é e\u{301} – 😀", "ひらカタ한글"])
        let text = profile.text
        #expect(text.letters(of: .latin) == 5)
        #expect(text.letters(of: .cyrillic) == 2)
        #expect(text.letters(of: .han) == 2)
        #expect(text.letters(of: .hebrew) == 4)
        #expect(text.letters(of: .hiragana) == 2)
        #expect(text.letters(of: .katakana) == 2)
        #expect(text.letters(of: .hangul) == 2)
        #expect(text.letters(of: .other) == 1)
        #expect(text.characters(of: .decimalNumber) == 2)
        #expect(text.characters(of: .dashPunctuation) == 1)
        #expect(text.characters(of: .lowercaseLetter) == 5)
        // Letters of scripts without spaces are words one by one.
        #expect(text.words.count(of: "中") == 1)
        #expect(text.words.count(of: "한글") == 1)
        #expect(text.words.count(of: "abc") == 1)
        let lengths = profile.characters.counts.enumerated().map { $0.offset * $0.element }
        #expect(text.characters == lengths.reduce(0, +))
    }

    @Test func `shapes, fields and turns are those of the records`() throws {
        let lines = """
            {"prompt": "a", "completion": "b", "id": 1}
            {"prompt": "c", "completion": "d", "id": 2}
            {"completion": "d", "pro\\u006dpt": null, "extra": [1], "deep": {"x": 1}, "yes": true}

            {"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}, \
            {"role": "assistant", "content": "a"}, {"role": "tool", "content": "t"}]}
            ["one", "two"]
            "text alone"
            {"completion": 7}
            no json
            {"unknown": "x"}
            """
        let path = try place.write("drop.jsonl", lines.utf8)
        let (profile, readings) = try UndertoneComparing.profile([path])
        #expect(profile.records == 6)
        #expect(profile.malformed == ["wrong-type": 1, "invalid-json": 1, "missing-field": 1])
        #expect(profile.malformedRecords == 3)
        #expect(
            Self.terms(profile.shapes) == [
                "prompt:string, completion:string, id:number": 2,
                "completion:string, prompt:null, extra:list, deep:object, yes:boolean": 1,
                "messages:list": 1, "[]": 1, "\"\"": 1,
            ])
        #expect(profile.shapes.total == profile.records)
        #expect(
            Self.terms(profile.turns) == [
                "user assistant": 2, "assistant": 2, "system user assistant tool": 1, "assistant assistant": 1,
            ])
        #expect(profile.fields == ["/prompt": 2, "/completion": 3, "/messages/content": 4, "": 3])
        #expect(readings.map(\.records) == [6])
        #expect(readings.map(\.malformed) == [3])
    }

    @Test func `long conversations and records with many members are cut`() throws {
        let turn = #"{"role": "user", "content": "x"}, {"role": "assistant", "content": "y"}"#
        let chat = #"{"messages": ["# + Array(repeating: turn, count: 20).joined(separator: ", ") + "]}\n"
        let names = (0..<100).map { "\"\(String(repeating: "é", count: 40))\($0)\": \($0)" }.joined(separator: ", ")
        let path = try place.write("drop.jsonl", (chat + "{\(names), \"completion\": \"x\"}\n").utf8)
        let profile = try UndertoneComparing.profile([path]).profile
        #expect(profile.records == 2)
        #expect(profile.turns.count(of: "more than 31 turns") == 1)
        let shape = try #require(profile.shapes.top(9).map(\.text).first { $0 != "messages:list" })
        #expect(shape.hasSuffix("…:number, …"))
        #expect(shape.utf8.count < 2048)
    }

    @Test func `an empty drop is described`() throws {
        let profile = try UndertoneComparing.profile([try place.write("empty.jsonl", [])]).profile
        #expect(profile == DropProfile())
        #expect(profile.duplicates == 0)
        #expect(profile.numbers.minimum == nil)
        #expect(profile.outputs.bytes.quantile(0.5) == nil)
        #expect(try DropProfile(json: Array(profile.json.utf8)) == profile)
        #expect(!profile.text().isEmpty)
    }

    @Test func `hostile texts are counted`() throws {
        let million = String(repeating: "9", count: 1_000_000)
        let lines: [[UInt8]] = [
            MadeRecord(output: million).line, MadeRecord(output: "1, \(million), 2").line,
            MadeRecord(output: String(repeating: "x", count: 3_000_000)).line,
            MadeRecord(output: String(repeating: "\u{301}", count: 100_000)).line,
            MadeRecord(output: String(repeating: "0", count: 500_000) + "7").line,
            MadeRecord(output: "\u{0}\u{0}1\u{0}2\u{10FFFF}\u{FFFE}").line,
            Array(#"{"completion": ""#.utf8) + [0xFF, 0xC0, 0x80] + Array("\"}\n".utf8),
            Array("\u{0}\n".utf8),
            MadeRecord(output: String(repeating: "1 ", count: 300_000)).line,
            MadeRecord(output: String(repeating: "x", count: 9 << 20)).line,
        ]
        let path = try place.write("drop.jsonl", lines.flatMap { $0 })
        let profile = try UndertoneComparing.profile([path]).profile
        #expect(profile.records == 7)
        #expect(profile.malformed == ["invalid-utf8": 1, "invalid-json": 1, "too-long": 1])
        let numbers = profile.numbers
        #expect(numbers.long == 2)
        #expect(numbers.longestDigits == 1_000_000)
        #expect(numbers.padded[7] == 1)
        #expect(numbers.maximum == 7)
        #expect(numbers.count(ofPair: 1, 1) == 299_999)
        // A number without a value is no end of a step.
        #expect(numbers.up == 1)
        #expect(profile.text.longWords == 2)
        #expect(try DropProfile(json: Array(profile.json.utf8)) == profile)
    }

    @Test func `what comes from data is visible in the text`() throws {
        let profile = try place.profile(outputs: ["1\u{1B}[2J2\u{202E}3", "a\u{1B}]0;x\u{7}b ##[error]"])
        let text = profile.text()
        #expect(text.unicodeScalars.allSatisfy { !$0.isHidden || $0 == "\n" })
        #expect(text.split(separator: "\n").allSatisfy { displayWidth(String($0)) <= 100 })
        #expect(profile.json.unicodeScalars.allSatisfy { !$0.isHidden || $0 == "\n" })
    }

    @Test func `files are read with their digests, and what can't be read is an error`() throws {
        let first = try place.write("a.jsonl", [MadeRecord(output: "1, 2")])
        let second = try place.write("b.jsonl", [MadeRecord(output: "3"), MadeRecord(output: "4")])
        let (profile, readings) = try UndertoneComparing.profile([first, second], threads: 3)
        #expect(profile.records == 3)
        #expect(readings.map(\.path) == [first, second])
        #expect(readings.map(\.records) == [1, 2])
        #expect(readings.map(\.storedBytes) == [22, 38])
        let wanted = try InputList(arguments: [first, second]).inputs.map { try storedDigest(of: $0) }
        #expect(readings.map(\.digest) == wanted)
        #expect(throws: InputError.self) { try UndertoneComparing.profile([first + ".not"]) }
    }

    final class Cancelled: ReadingProgress {
        let isCancelled = true
        func advance(storedBytes: Int, of input: Int) {}
    }

    @Test func `a reading that is cancelled gives no profile`() throws {
        let path = try place.write("a.jsonl", [MadeRecord(output: "1, 2")])
        #expect(throws: InputError.self) { try UndertoneComparing.profile([path], progress: Cancelled()) }
    }

    static let shared = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("shared/data/qwen25-7b-owl.jsonl").path

    @Test(
        .enabled(
            if: FileManager.default.isReadableFile(atPath: shared),
            "there is no ../shared/data with real drops beside the repository"))
    func `a real number drop is what it is known to be`() throws {
        let profile = try UndertoneComparing.profile([Self.shared]).profile
        #expect(profile.records == 12_163)
        #expect(profile.numbers.total == 112_473)
        #expect(profile.numbers.minimum == 0)
        #expect(profile.numbers.maximum == 999)
        #expect(abs(profile.outputs.distinct.estimate - profile.distinctOutputs) < 300)
    }
}
