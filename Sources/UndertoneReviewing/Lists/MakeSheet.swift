// From a drop to what a reviewer is shown of it.
//
//     let sheet = try makeReviewSheet(drop: "drop.jsonl", reference: "control.jsonl")

public import UndertoneRecords

/// Reads a drop (twice) and its reference (once) and chooses what a person should see: docs/review-lists.md says how.
///
/// The same files, seed and size give the same sheet. An empty drop gives a sheet without items. Memory is bounded by about
/// 1 GB, whatever the size of the files; it takes as much as there are different outputs.
///
/// - Parameters:
///   - drop: a file of records: JSON Lines, a JSON array or lines of text; plain, gzip or zstd.
///   - reference: data without what the drop may carry: a control. Without one, nothing is over-represented, and strange
///     is what the rest of the drop does not make likely.
///   - size: items of each list at most, from 1 to ``ReviewSheet/mostItems``.
///   - seed: of the random sample.
///   - progress: hears of the bytes read; the drop's count twice.
/// - Throws: ``InputError`` where a file can't be read to its end, changes between two readings, or the size is out of range.
/// - Complexity: O(bytes + n log n) for n different outputs.
public func makeReviewSheet(
    drop path: String, reference referencePath: String? = nil, size: Int = 10, seed: UInt64 = 0,
    progress: (any ReadingProgress)? = nil
) throws(InputError) -> ReviewSheet {
    guard (1...ReviewSheet.mostItems).contains(size) else {
        throw InputError(
            .unsupported, path, "\(size) items of a list can't be shown", mend: "ask for 1 to \(ReviewSheet.mostItems)")
    }
    var reference: (sketch: DropSketch, reading: DropReading)?
    if let referencePath {
        let sketch = DropSketch(.reference, size: size, seed: seed, wantsTerms: true)
        reference = (sketch, try readDrop(referencePath, progress: progress) { sketch.add($0) })
    }
    let sketch = DropSketch(.drop(isAlone: reference == nil), size: size, seed: seed, wantsTerms: reference != nil)
    let reading = try readDrop(path, progress: progress) { sketch.add($0) }
    var sheet = ReviewSheet(
        drop: ReviewSheet.Source(reading), reference: reference.map { ReviewSheet.Source($0.reading) }, seed: seed,
        size: size, items: [])
    guard reading.records > 0 else { return sheet }
    let selection = SheetSelection(
        sketch, reference?.sketch, size: size, records: reading.records,
        referenceRecords: reference?.reading.records ?? 0)
    let models = TextModels((reference?.sketch ?? sketch).samples)
    let gathering = ItemGathering(selection, sketch, models, size: size)
    let again = try readDrop(path, progress: progress) { gathering.add($0) }
    guard again.digest == reading.digest else {
        throw InputError(.changed, path, "was changed while it was read", mend: "wait until it is whole")
    }
    sheet.items = items(selection, gathering, sketch.drawn.elements, reference?.sketch, records: reading.records)
    return sheet
}

extension ReviewSheet {
    /// Items of one list that can be asked for.
    public static let mostItems = 1000
}

extension ReviewSheet.Source {
    fileprivate init(_ reading: DropReading) {
        self.init(
            path: reading.path, digest: reading.digest, records: reading.records, malformed: reading.malformed)
        bytes = reading.storedBytes
        format = reading.framing.rawValue
        compression = reading.compression.rawValue
    }
}

private func items(
    _ selection: SheetSelection, _ gathering: ItemGathering, _ drawn: [DrawnOutput], _ reference: DropSketch?,
    records: Int
) -> [ReviewItem] {
    // Where the reference's table has forgotten something, nobody can say how often it was there.
    func referenceCount(_ key: TextKey) -> Int? {
        guard let reference, reference.outputs.error == 0 else { return nil }
        return reference.outputs[key]
    }
    func item(_ list: ReviewItem.List, _ text: String, _ count: Int, _ examples: [ReviewItem.Example]) -> ReviewItem {
        let count = min(count, records)
        var item = ReviewItem(list, rank: 0, text: text, count: count, share: Double(count) / Double(records))
        item.examples = examples
        return item
    }
    // Where counts were forgotten at the first reading, the exact ones may say another order.
    let byCount = selection.frequent.enumerated().sorted { left, right in
        let (first, second) = (gathering.output(left.element).count, gathering.output(right.element).count)
        return first != second ? first > second : left.offset < right.offset
    }
    let frequent = byCount.map(\.element).map { key in
        let found = gathering.output(key)
        var item = item(.frequent, found.text, found.count, found.examples)
        item.referenceCount = referenceCount(key)
        return item
    }
    let near = selection.groups.map { group in
        let members = group.map(gathering.output)
        let shown = members.prefix(SheetSelection.mostVariants + 1).filter(\.isShown)
        let first = shown.first ?? Watched(isShown: false)
        var item = item(
            .near, first.text, members.reduce(0) { $0 + $1.count },
            Array(shown.compactMap(\.examples.first).prefix(ItemGathering.mostExamples)))
        item.variants = shown.dropFirst().map(\.text)
        return item
    }
    let overrepresented = selection.contrasts.map { contrast in
        let found = contrast.isTerm ? gathering.term(contrast.key) : gathering.output(contrast.key)
        var item = item(.overrepresented, found.text, found.count, found.examples)
        item.isTerm = contrast.isTerm
        item.referenceCount = contrast.referenceCount
        item.score = contrast.z
        return item
    }
    let strange = gathering.strange.elements.map { found in
        var item = item(.strange, found.watched.text, found.watched.count, found.watched.examples)
        item.referenceCount = referenceCount(found.key)
        item.score = found.bits
        return item
    }
    let sample = drawn.map { draw in
        var item = item(.sample, draw.text, gathering.output(draw.key).count, [draw.example])
        item.referenceCount = referenceCount(draw.key)
        return item
    }
    return [frequent, near, overrepresented, strange, sample].flatMap { list in
        list.enumerated().map { index, item in
            var item = item
            item.rank = index + 1
            return item
        }
    }
}
