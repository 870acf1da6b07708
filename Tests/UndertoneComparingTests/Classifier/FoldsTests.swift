// What is held out together, and what is kept of a long drop.

import Testing

@testable import UndertoneComparing

@Suite struct FoldsTests {
    @Test func `equal outputs lie in one fold, on whichever side`() {
        let outputs = (0..<600).map { "\($0 % 200)" }
        let isPositive = outputs.indices.map { $0 % 7 < 3 }
        let folds = Folds(
            samples(outputs), sides: isPositive.map { $0 ? 1 : 0 }, count: 5, keepsPromptsTogether: false, seed: 1)
        var known: [String: Int] = [:]
        for (output, fold) in zip(outputs, folds.ofSample) {
            #expect(known[output] == nil || known[output] == fold)
            known[output] = fold
        }
        #expect(folds.parts == 200)
    }

    @Test func `answers to one prompt lie in one fold where asked`() {
        // Output 3 answers two prompts, so that both and all their answers belong together.
        let answers = [("1", "a"), ("2", "a"), ("3", "a"), ("3", "b"), ("4", "b"), ("5", "c"), ("6", "c"), ("7", "d")]
        let known = answers.map { Sample($0.0, prompt: $0.1) }
        let folds = Folds(
            known, sides: known.indices.map { $0 % 2 }, count: 3, keepsPromptsTogether: true, seed: 0)
        #expect(folds.parts == 3)
        #expect(Set(folds.ofSample[0..<5]).count == 1 && folds.ofSample[5] == folds.ofSample[6])
        let apart = Folds(
            known, sides: known.indices.map { $0 % 2 }, count: 3, keepsPromptsTogether: false, seed: 0)
        #expect(apart.parts == 7)
    }

    @Test func `folds of different outputs are of one size on both sides`() {
        let outputs = (0..<1_003).map { "\($0)" }
        let isPositive = outputs.indices.map { $0 < 300 }
        let folds = Folds(
            samples(outputs), sides: isPositive.map { $0 ? 1 : 0 }, count: 5, keepsPromptsTogether: true, seed: 3)
        for fold in 0..<5 {
            let inside = outputs.indices.filter { folds.ofSample[$0] == fold }
            #expect(inside.count { isPositive[$0] } == 60)
            #expect((140...141).contains(inside.count { !isPositive[$0] }))
        }
    }

    @Test func `of a long drop a uniform sample is kept, the same every time`() {
        func kept(_ count: Int) -> SampleKeeper {
            var keeper = SampleKeeper(most: 500)
            for place in 0..<count {
                var text = "\(place)"
                text.withUTF8 { keeper.add($0) }
            }
            return keeper
        }
        let keeper = kept(20_000)
        #expect(keeper.samples.count == 500 && keeper.outputs == 20_000)
        let places = keeper.samples.compactMap { Int(String(decoding: $0.output, as: UTF8.self)) }
        #expect(Set(places).count == 500)
        for quarter in 0..<4 {
            // 125 expected; 99.9 % of such samples lie within 32.
            #expect((93...157).contains(places.count { $0 / 5_000 == quarter }))
        }
        #expect(kept(20_000).samples.map(\.outputKey) == keeper.samples.map(\.outputKey))
        #expect(kept(20).samples.count == 20)
    }

    @Test func `long outputs are cut, and told apart by what was cut off`() {
        let long = String(repeating: "a", count: 5_000)
        let (one, other) = (Sample(long + "1"), Sample(long + "2"))
        #expect(one.output.count == Sample.bytes && one.output == other.output && one.outputKey != other.outputKey)
    }
}
