// What the first reading of a drop leaves in memory: counts, signatures, some texts. All of it is bounded.

import UndertoneCore
import UndertoneRecords

/// An output that was drawn for the sample.
struct DrawnOutput {
    var rank: UInt64
    var key: TextKey
    var example = ReviewItem.Example(line: 0, prompt: "", output: "")
    var text = ""
}

/// Counts the outputs and terms of a drop, record by record.
final class DropSketch {
    /// What a sketch is of.
    enum Role {
        /// The drop that is reviewed; it is its own reference where it has no other.
        case drop(isAlone: Bool)
        case reference
    }

    /// Different outputs that are counted at most: 24 bytes each, in tables of up to 100 MB.
    static let mostOutputs = 3 << 20
    /// Different terms.
    static let mostTerms = 3 << 19
    /// Different outputs of which signatures are kept: 272 bytes each.
    static let mostSignatures = 1 << 20
    /// Bytes of texts that a model learns from.
    static let modelBytes = 2 << 20

    var outputs = CountTable(limit: DropSketch.mostOutputs)
    var terms = CountTable(limit: DropSketch.mostTerms)
    var signatures = Signatures(limit: DropSketch.mostSignatures)
    /// Texts for models; two folds, by the output, where a drop has no reference, so that none is judged by a model that
    /// saw it.
    private(set) var samples: [TextSample]
    private(set) var drawn: Best<DrawnOutput>

    private let seed: UInt64
    private let role: Role
    private let wantsTerms: Bool
    private var normal = NormalWords()
    private var seenTerms = SeenKeys()
    private var seenOutputs: [TextKey] = []
    private var number = 0

    /// - Parameters:
    ///   - size: outputs that are drawn.
    ///   - wantsTerms: whether terms are counted.
    init(_ role: Role, size: Int, seed: UInt64, wantsTerms: Bool) {
        self.role = role
        self.seed = seed
        self.wantsTerms = wantsTerms
        var folds = 1
        var draws = size
        switch role {
        case .drop(let isAlone): folds = isAlone ? 2 : 0
        case .reference: draws = 0
        }
        samples = Array(repeating: TextSample(limit: DropSketch.modelBytes), count: folds)
        drawn = Best(draws) { $0.rank < $1.rank }
    }

    /// The fold of an output.
    static func fold(of key: TextKey) -> Int { Int(truncatingIfNeeded: key.high &>> 40) & 1 }

    /// Takes a record in.
    func add(_ record: DropRecord) {
        seenTerms.removeAll()
        seenOutputs.removeAll(keepingCapacity: true)
        record.forEachCompletion { turn, bytes in
            let key = TextKey(bytes)
            // A record counts once, however often it says the same.
            guard !seenOutputs.contains(key) else { return }
            if seenOutputs.count < 64 { seenOutputs.append(key) }
            number += 1
            let isNew = outputs.add(key)
            let wantsSignature = if case .drop = role { isNew } else { false }
            if wantsTerms || wantsSignature { normal.read(bytes) }
            if wantsTerms {
                for index in 0..<normal.words.count {
                    let word = normal.bytes(of: normal.words[index])
                    guard word.count <= NormalWords.longestTerm else { continue }
                    let term = TextKey(word)
                    if seenTerms.insert(term.low) { terms.add(term) }
                }
            }
            if wantsSignature, normal.text.count > 0 { signatures.add(key, normal) }
            if !samples.isEmpty { samples[samples.count == 1 ? 0 : DropSketch.fold(of: key)].add(number, bytes) }
            var draw = DrawnOutput(rank: scrambled(seed ^ scrambled(UInt64(number))), key: key)
            if drawn.takes(draw) {
                draw.example = ReviewItem.Example(record, turn, bytes)
                draw.text = ReviewSheet.bounded(bytes)
                drawn.add(draw)
            }
        }
    }
}

/// Which keys were seen since it was emptied; emptying costs nothing.
struct SeenKeys {
    private var keys = [UInt64](repeating: 0, count: 1 << 8)
    private var stamps = [UInt32](repeating: 0, count: 1 << 8)
    private var stamp: UInt32 = 1
    private var count = 0

    mutating func removeAll() {
        count = 0
        stamp &+= 1
        // After four billion times the old stamps would count again.
        if stamp == 0 {
            stamps = [UInt32](repeating: 0, count: stamps.count)
            stamp = 1
        }
    }

    /// - Returns: whether it was not there.
    mutating func insert(_ key: UInt64) -> Bool {
        let mask = keys.count - 1
        var place = Int(truncatingIfNeeded: key) & mask
        while stamps[place] == stamp {
            if keys[place] == key { return false }
            place = (place + 1) & mask
        }
        (keys[place], stamps[place]) = (key, stamp)
        count += 1
        if count * 2 > keys.count { grow() }
        return true
    }

    private mutating func grow() {
        let old = keys.indices.filter { stamps[$0] == stamp }.map { keys[$0] }
        keys = [UInt64](repeating: 0, count: keys.count * 2)
        stamps = [UInt32](repeating: 0, count: keys.count)
        (stamp, count) = (1, 0)
        for key in old { _ = insert(key) }
    }
}
