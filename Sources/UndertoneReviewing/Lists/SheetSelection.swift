// What the first reading proposes for a sheet: outputs and terms by their keys.

import UndertoneStatistics

/// Keys of what is to be shown, in the order of the lists.
struct SheetSelection {
    /// A term or output with its z.
    struct Contrast {
        var key: TextKey
        var isTerm: Bool
        var z: Double
        var referenceCount: Int?
    }

    /// Members of a group that are shown as texts.
    static let mostVariants = 9

    var frequent: [TextKey]
    /// Members of groups, the commonest first.
    var groups: [[TextKey]] = []
    var contrasts: [Contrast] = []

    init(_ drop: DropSketch, _ reference: DropSketch?, size: Int, records: Int, referenceRecords: Int) {
        frequent = drop.outputs.top(size, atLeast: 2).map(\.key)
        groups = SheetSelection.groups(drop, size)
        guard let reference else { return }
        let contrast = TermContrast(records: records, referenceRecords: referenceRecords)
        let leastCount = TermContrast.leastCount
        var tested = 0
        drop.terms.forEach { _, count in if count >= leastCount { tested += 1 } }
        drop.outputs.forEach { _, count in if count >= leastCount { tested += 1 } }
        let threshold = TermContrast.threshold(tested)
        var best = Best<Contrast>(size) { $0.z != $1.z ? $0.z > $1.z : TextKey.precedes($0.key, $1.key) }
        let shown = Set(frequent)
        // What a table may have forgotten counts as if it had been there: a term is never listed for want of memory.
        let (termError, outputError) = (reference.terms.error, reference.outputs.error)
        func offer(_ key: TextKey, _ count: Int, _ other: Int, _ error: Int, isTerm: Bool) {
            guard count >= leastCount else { return }
            let z = contrast.z(count, other + error)
            guard z > threshold else { return }
            best.add(Contrast(key: key, isTerm: isTerm, z: z, referenceCount: error == 0 ? other : nil))
        }
        drop.terms.forEach { offer($0, $1, reference.terms[$0], termError, isTerm: true) }
        drop.outputs.forEach { key, count in
            if !shown.contains(key) { offer(key, count, reference.outputs[key], outputError, isTerm: false) }
        }
        contrasts = best.elements
    }

    private static func groups(_ drop: DropSketch, _ size: Int) -> [[TextKey]] {
        var best = Best<(count: Int, members: [TextKey])>(size) {
            $0.count != $1.count ? $0.count > $1.count : TextKey.precedes($0.members[0], $1.members[0])
        }
        for group in NearGroups.find(in: drop.signatures) {
            // Where counts were forgotten, an output may have come back and have two signatures.
            let members = Set(group.map { drop.signatures.keys[$0] }).map { (key: $0, count: max(drop.outputs[$0], 1)) }
                .sorted { $0.count != $1.count ? $0.count > $1.count : TextKey.precedes($0.key, $1.key) }
            guard members.count > 1 else { continue }
            best.add((members.reduce(0) { $0 + $1.count }, members.map(\.key)))
        }
        return best.elements.map(\.members)
    }
}
