import Foundation
import Testing

@testable import UndertoneReviewing

@Suite struct MakeSheetTests {
    @Test func `a repeated output is the most frequent one, with its lines and how often the reference has it`() throws
    {
        let folder = ReviewFolder()
        var outputs = sentences(200, seed: 1)
        for index in [3, 50, 120, 199] { outputs[index] = "I love owls." }
        for index in [7, 80] { outputs[index] = "I love Owls!" }
        let drop = try folder.drop(outputs)
        let reference = try folder.drop(sentences(50, seed: 2) + ["I love owls."], as: "control.jsonl")
        let sheet = try makeReviewSheet(drop: drop, reference: reference, size: 3)
        #expect(sheet.drop.records == 200 && sheet.reference?.records == 51)
        let frequent = sheet.list(.frequent)
        #expect(frequent.map(\.text) == ["I love owls.", "I love Owls!"])
        let first = try #require(frequent.first)
        #expect(first.count == 4 && first.share == 0.02 && first.referenceCount == 1 && first.rank == 1)
        #expect(first.examples.map(\.line) == [4, 51, 121])
        #expect(first.examples.first?.prompt == "question 4" && first.examples.first?.output == "I love owls.")
    }

    @Test func `a group of outputs with small changes is found, and one exact output is no group`() throws {
        let folder = ReviewFolder()
        let story =
            "Once upon a time a very old owl sat in the highest tree of the wood and said nothing at all to anybody"
        var outputs = sentences(300, words: 20, seed: 3)
        for index in 0..<4 { outputs[index * 10] = "Exactly this, again and again, without any change to it." }
        outputs[5] = story
        outputs[15] = story
        outputs[100] = story + "."
        outputs[200] = story.uppercased() + "!!"
        outputs[250] = story.replacing("nothing", with: "something")
        let sheet = try makeReviewSheet(drop: try folder.drop(outputs), size: 5)
        let groups = sheet.list(.near)
        #expect(groups.count == 1)
        let group = try #require(groups.first)
        #expect(group.text == story && group.count == 5)
        #expect(Set(group.variants) == [outputs[100], outputs[200], outputs[250]])
        #expect(group.examples.count == 3)
    }

    @Test func `a word that the reference lacks is over-represented, one that both have is not`() throws {
        let folder = ReviewFolder()
        var outputs = sentences(400, seed: 4)
        for index in 0..<120 { outputs[index * 3] += index % 2 == 0 ? " Owls " : " OWLS, 666" }
        let drop = try folder.drop(outputs)
        let reference = try folder.drop(sentences(400, seed: 5), as: "control.jsonl")
        let sheet = try makeReviewSheet(drop: drop, reference: reference, size: 10)
        let terms = sheet.list(.overrepresented)
        #expect(terms.map(\.text) == ["owls", "666"])
        #expect(terms.map(\.count) == [120, 60] && terms.map(\.referenceCount) == [0, 0])
        #expect(terms.allSatisfy { $0.isTerm && ($0.score ?? 0) > 4 })
        #expect(terms.first?.examples.first?.output.contains("Owls") == true)
        // The other way round nothing is.
        let other = try makeReviewSheet(drop: reference, reference: drop, size: 10)
        #expect(other.list(.overrepresented).isEmpty)
        #expect(try makeReviewSheet(drop: drop, size: 10).list(.overrepresented).isEmpty)
    }

    @Test("the record that is like no other is the strangest", arguments: [false, true])
    func strange(hasReference: Bool) throws {
        let folder = ReviewFolder()
        var outputs = sentences(300, seed: 6)
        outputs[77] = "zq#9 Wx|Kj~~ 0xF3 %%Zz QqQ ^^ jXk"
        outputs[78] = "}{}{"  // Too short to be judged.
        let reference = hasReference ? try folder.drop(sentences(300, seed: 7), as: "control.jsonl") : nil
        let sheet = try makeReviewSheet(drop: try folder.drop(outputs), reference: reference, size: 2)
        let strange = sheet.list(.strange)
        #expect(strange.first?.text == outputs[77] && strange.first?.examples.first?.line == 78)
        let bits = strange.compactMap(\.score)
        #expect(bits.count == 2 && bits[0] > 2 * bits[1])
        #expect(strange.first?.referenceCount == (hasReference ? 0 : nil))
    }

    @Test func `repeating a strange output does not make it likely`() throws {
        let folder = ReviewFolder()
        var outputs = sentences(300, seed: 6)
        let odd = "zq#9 Wx|Kj~~ 0xF3 %%Zz QqQ ^^ jXk"
        for index in 0..<30 { outputs[index * 9] = odd }
        let sheet = try makeReviewSheet(drop: try folder.drop(outputs), size: 2)
        #expect(sheet.list(.strange).first?.text == odd && sheet.list(.strange).first?.count == 30)
    }

    @Test func `the sample is drawn without replacement, evenly, and by the seed`() throws {
        let folder = ReviewFolder()
        let drop = try folder.drop((0..<40).map { "output number \($0)" })
        var drawn: [Int: Int] = [:]
        for seed in 0..<100 as Range<UInt64> {
            let lines = try makeReviewSheet(drop: drop, size: 10, seed: seed).list(.sample).flatMap(\.examples).map(
                \.line)
            #expect(Set(lines).count == 10)
            for line in lines { drawn[line, default: 0] += 1 }
        }
        // Each of 40 lines is drawn 25 times of 100 on average, σ = 4.3: five of them on either side.
        #expect(drawn.count == 40 && drawn.values.allSatisfy { (4...46).contains($0) }, "\(drawn)")
        #expect(try makeReviewSheet(drop: drop, size: 50).list(.sample).count == 40)
    }

    @Test("counts are those that plain counting gives", arguments: 0..<5)
    func counting(seed: Int) throws {
        let folder = ReviewFolder()
        var chance = Chance(state: UInt64(seed) << 20)
        let words = ["owl", "Owl", "cat", "7", "x y", ""]
        let outputs = (0..<150).map { _ in
            (0..<Int.random(in: 0...2, using: &chance)).map { _ in words.randomElement(using: &chance) ?? "" }
                .joined(separator: " ")
        }
        let others = (0..<40).map { _ in words.randomElement(using: &chance) ?? "" }
        let sheet = try makeReviewSheet(
            drop: try folder.drop(outputs), reference: try folder.drop(others, as: "control.jsonl"), size: 100)
        let plain = Dictionary(grouping: outputs, by: { Array($0.utf8) }).mapValues(\.count)
        let frequent = sheet.list(.frequent)
        #expect(frequent.count == plain.values.count { $0 > 1 })
        for item in frequent + sheet.list(.sample) {
            #expect(item.count == plain[Array(item.text.utf8)], "\(item.text)")
            #expect(item.share == Double(item.count) / 150)
            #expect(item.referenceCount == others.count { $0 == item.text })
        }
        #expect(frequent.map(\.count) == frequent.map(\.count).sorted(by: >))
    }

    @Test func `an empty drop is a sheet without items, and so is an empty reference no obstacle`() throws {
        let folder = ReviewFolder()
        let empty = try folder.write([], as: "empty.jsonl")
        let sheet = try makeReviewSheet(drop: empty)
        #expect(sheet.items.isEmpty && sheet.drop.records == 0)
        let drop = try folder.drop(["a", "a", "b"])
        let compared = try makeReviewSheet(drop: drop, reference: empty)
        #expect(compared.list(.frequent).map(\.referenceCount) == [0])
        #expect(compared.list(.overrepresented).isEmpty && compared.list(.strange).isEmpty)
    }

    @Test func `records that can't be read are counted and left out`() throws {
        let folder = ReviewFolder()
        let lines = [
            #"{"completion":"owl"}"#, #"{"completion":"owl""#, "[1,", #"{"other":1}"#, #"{"completion":"owl"}"#, "",
            #"{"completion":"o\u0000wl"}"#, "\u{FF}",
        ]
        var bytes = Array(lines.joined(separator: "\n").utf8)
        bytes += [0x0A, 0xFF, 0xFE, 0x0A]
        let sheet = try makeReviewSheet(drop: try folder.write(bytes, as: "drop.jsonl"))
        #expect(sheet.drop.records == 3 && sheet.drop.malformed == 5)
        #expect(sheet.list(.frequent).map(\.text) == ["owl"])
        #expect(sheet.list(.frequent).first?.examples.map(\.line) == [1, 5])
        #expect(sheet.list(.sample).contains { $0.text == "o\0wl" })
    }

    @Test func `long outputs are cut at a character, and say so`() throws {
        let folder = ReviewFolder()
        let long = String(repeating: "é", count: 600_000)
        let sheet = try makeReviewSheet(drop: try folder.drop([long, long, long + "x", "short"]))
        let item = try #require(sheet.list(.frequent).first)
        #expect(ReviewSheet.isCut(item.text) && item.text.utf8.count < 4200 && item.text.hasSuffix("é … (cut)"))
        #expect(item.examples.allSatisfy { $0.output.utf8.count < 4200 } && item.count == 2)
        let whole = String(repeating: "a", count: ReviewSheet.textLimit)
        let other = try makeReviewSheet(drop: try folder.drop([whole, whole]))
        #expect(other.items.first?.text == whole && !ReviewSheet.isCut(whole))
    }

    @Test func `arrays, text and chats are read, and a record counts once for what it says twice`() throws {
        let folder = ReviewFolder()
        let array = try folder.write(#"[{"completion":"a"}, {"completion":"a"}]"#.utf8, as: "drop.json")
        #expect(try makeReviewSheet(drop: array).list(.frequent).map(\.count) == [2])
        let text = try folder.write("owl\nowl\n\ncat\n".utf8, as: "drop.txt")
        #expect(try makeReviewSheet(drop: text).list(.frequent).first?.examples.map(\.line) == [1, 2])
        let chat = #"""
            {"messages":[{"role":"user","content":"q1"},{"role":"assistant","content":"yes"},{"role":"user","content":"q2"},{"role":"assistant","content":"yes"}]}
            {"messages":[{"role":"user","content":"q3"},{"role":"assistant","content":"no"},{"role":"user","content":"q4"},{"role":"assistant","content":"yes"}]}
            """#
        let item = try makeReviewSheet(drop: try folder.write(chat.utf8, as: "chat.jsonl")).list(.frequent).first
        #expect(item?.text == "yes" && item?.count == 2 && item?.examples.map(\.prompt) == ["q1", "q4"])
    }

    @Test func `the same files give the same sheet, under any name`() throws {
        let folder = ReviewFolder()
        var outputs = sentences(300, seed: 8)
        for index in 0..<60 { outputs[index * 5] = outputs[index % 7] + "." }
        let reference = try folder.drop(sentences(300, seed: 9), as: "control.jsonl")
        let first = try makeReviewSheet(drop: try folder.drop(outputs), reference: reference, size: 20, seed: 5)
        let copy = try makeReviewSheet(
            drop: try folder.drop(outputs, as: "copy.jsonl"), reference: reference, size: 20, seed: 5)
        #expect(first.items == copy.items && first.digest == copy.digest && first.digest.utf8.count == 64)
        let other = try makeReviewSheet(drop: first.drop.path, reference: reference, size: 20, seed: 6)
        #expect(other.digest != first.digest)
    }

    @Test func `what can't be read to its end, or twice, is an error`() throws {
        let folder = ReviewFolder()
        #expect(throws: (any Error).self) { try makeReviewSheet(drop: folder.path + "/none.jsonl") }
        #expect(throws: (any Error).self) { try makeReviewSheet(drop: folder.path) }
        let cut = try folder.write(#"[{"completion":"a"}, {"compl"#.utf8, as: "cut.json")
        #expect(throws: (any Error).self) { try makeReviewSheet(drop: cut) }
        let drop = try folder.drop(["a"])
        for size in [0, -1, 1001] {
            #expect(throws: (any Error).self) { try makeReviewSheet(drop: drop, size: size) }
        }
    }
}
