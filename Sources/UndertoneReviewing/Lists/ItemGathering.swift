// The second reading: exact counts, texts and examples of what was selected, and the strangest outputs.

import UndertoneCore
import UndertoneRecords

/// Something that is looked for in the second reading.
struct Watched {
    /// Records that hold it.
    var count = 0
    /// Empty until it was seen.
    var text = ""
    var examples: [ReviewItem.Example] = []
    /// Whether its text and examples are wanted.
    var isShown: Bool
}

/// An output with its bits a character.
struct StrangeOutput {
    var key: TextKey
    var bits: Double
    var line: Int
    var watched: Watched
}

/// Looks at a drop for the second time.
final class ItemGathering {
    static let mostExamples = 3

    private(set) var outputs: [Watched] = []
    private(set) var terms: [Watched] = []
    private(set) var places: [TextKey: Int] = [:]
    private(set) var termPlaces: [TextKey: Int] = [:]
    private(set) var strange: Best<StrangeOutput>

    private let models: TextModels?
    private var normal = NormalWords()
    private var seenOutputs: [TextKey] = []
    private var seenTerms: Set<Int> = []
    private let sketch: DropSketch

    init(_ selection: SheetSelection, _ sketch: DropSketch, _ models: TextModels?, size: Int) {
        self.sketch = sketch
        self.models = models
        strange = Best(models == nil ? 0 : size) { $0.bits != $1.bits ? $0.bits > $1.bits : $0.line < $1.line }
        for key in selection.frequent { watch(key, isShown: true) }
        for group in selection.groups {
            for (rank, key) in group.enumerated() { watch(key, isShown: rank <= SheetSelection.mostVariants) }
        }
        for draw in sketch.drawn.elements { watch(draw.key, isShown: false) }
        for contrast in selection.contrasts {
            if contrast.isTerm {
                termPlaces[contrast.key] = terms.count
                terms.append(Watched(isShown: true))
            } else {
                watch(contrast.key, isShown: true)
            }
        }
    }

    private func watch(_ key: TextKey, isShown: Bool) {
        if let known = places[key] {
            if isShown { outputs[known].isShown = true }
        } else {
            places[key] = outputs.count
            outputs.append(Watched(isShown: isShown))
        }
    }

    /// What is known of an output that is looked for.
    func output(_ key: TextKey) -> Watched { places[key].map { outputs[$0] } ?? Watched(isShown: false) }

    /// What is known of a term that is looked for.
    func term(_ key: TextKey) -> Watched { termPlaces[key].map { terms[$0] } ?? Watched(isShown: false) }

    /// Takes a record in.
    func add(_ record: DropRecord) {
        seenOutputs.removeAll(keepingCapacity: true)
        seenTerms.removeAll(keepingCapacity: true)
        record.forEachCompletion { turn, bytes in
            let key = TextKey(bytes)
            guard !seenOutputs.contains(key) else { return }
            if seenOutputs.count < 64 { seenOutputs.append(key) }
            if let place = places[key] {
                outputs[place].count += 1
                if outputs[place].isShown {
                    if outputs[place].count == 1 { outputs[place].text = ReviewSheet.bounded(bytes) }
                    if outputs[place].examples.count < ItemGathering.mostExamples {
                        outputs[place].examples.append(ReviewItem.Example(record, turn, bytes))
                    }
                }
            }
            if !terms.isEmpty { lookForTerms(record, turn, bytes) }
            if let models { score(record, turn, bytes, key, models) }
        }
    }

    private func lookForTerms(_ record: DropRecord, _ turn: Int, _ bytes: UnsafeBufferPointer<UInt8>) {
        normal.read(bytes)
        for index in 0..<normal.words.count {
            let word = normal.words[index]
            let text = normal.bytes(of: word)
            guard text.count <= NormalWords.longestTerm, let place = termPlaces[TextKey(text)],
                seenTerms.insert(place).inserted
            else { continue }
            terms[place].count += 1
            if terms[place].count == 1 { terms[place].text = String(decoding: text, as: UTF8.self) }
            if terms[place].examples.count < ItemGathering.mostExamples {
                terms[place].examples.append(ReviewItem.Example(record, turn, bytes, from: Int(word.source)))
            }
        }
    }

    private func score(
        _ record: DropRecord, _ turn: Int, _ bytes: UnsafeBufferPointer<UInt8>, _ key: TextKey, _ models: TextModels
    ) {
        // Once for each different output; those that are kept so far are counted on.
        guard sketch.outputs.mark(key) else {
            recount(key)
            return
        }
        guard let bits = models.bitsPerCharacter(bytes, DropSketch.fold(of: key)) else { return }
        var found = StrangeOutput(key: key, bits: bits, line: record.line, watched: Watched(isShown: true))
        guard strange.takes(found), !recount(key) else { return }
        found.watched.count = 1
        found.watched.text = ReviewSheet.bounded(bytes)
        found.watched.examples = [ReviewItem.Example(record, turn, bytes)]
        strange.add(found)
    }

    @discardableResult
    private func recount(_ key: TextKey) -> Bool {
        strange.update(where: { $0.key == key }) { $0.watched.count += 1 }
    }
}

/// Models of the reference, or of two halves of the drop.
final class TextModels {
    private let first: TextModel
    private let second: TextModel
    private let isDivided: Bool

    /// Bytes that a model must have learnt from.
    static let leastBytes = 1000

    /// - Returns: nil where there is too little text to learn from.
    init?(_ samples: [TextSample]) {
        guard let sample = samples.first else { return nil }
        let model = TextModel(sample.all)
        guard model.bytes >= TextModels.leastBytes else { return nil }
        first = model
        isDivided = samples.count > 1
        let other = isDivided ? TextModel(samples[1].all) : TextModel()
        guard !isDivided || other.bytes >= TextModels.leastBytes else { return nil }
        second = other
    }

    /// Bits a character of an output of that fold, by a model that has not seen it.
    func bitsPerCharacter(_ text: UnsafeBufferPointer<UInt8>, _ fold: Int) -> Double? {
        isDivided && fold == 0 ? second.bitsPerCharacter(text) : first.bitsPerCharacter(text)
    }
}
