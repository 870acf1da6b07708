// What a drop consists of, as one value: counts, histograms and sketches that can be added up.

/// A description of a drop that was read once, in bounded memory.
///
/// Profiles of parts of a drop, ``merge(_:)``d in any order, are the profile of the drop, bit for bit: every member is a sum, a
/// minimum, a maximum, or a choice by hashes of what stands in the data. What each of them is, and how far it may be off, is said
/// there; `docs/profile.md` has all of it in one place.
public struct DropProfile: Sendable, Hashable {
    /// Version of the JSON form.
    public static let version = 1

    /// Records that could be read.
    public internal(set) var records = 0
    /// Records that could not, by the reason that scans give.
    public internal(set) var malformed: [String: Int] = [:]
    /// Bytes of records that could be read, line ends not counted.
    public internal(set) var recordBytes = 0
    /// Names and types of top-level members, in the order of the record: `prompt:string, completion:string`.
    public internal(set) var shapes = TermCounts(.forms)
    /// Who speaks, in order: `system user assistant`. Up to 32 turns.
    public internal(set) var turns = TermCounts(.forms)
    /// Where texts came from, as JSON Pointers without the numbers of list elements: `/messages/content`; empty for whole lines and
    /// records that are a text or a list.
    public internal(set) var fields: [String: Int] = [:]

    /// What the model wrote.
    public internal(set) var outputs = TextsProfile()
    /// What it was asked.
    public internal(set) var prompts = TextsProfile()
    /// Characters of an output.
    public internal(set) var characters = LogHistogram()
    /// Words of an output.
    public internal(set) var words = LogHistogram()
    /// Outputs by their hashes; the texts are not kept.
    public internal(set) var sample = TermCounts(.outputs)
    /// Characters, tokens and words of outputs.
    public internal(set) var text = TextProfile()
    /// Numbers of outputs.
    public internal(set) var numbers = NumberProfile()

    /// Nothing was read.
    public init() {}

    /// Records that could not be read.
    public var malformedRecords: Int { malformed.values.reduce(0, &+) }

    /// Outputs that an output before them repeats byte for byte: exact while there are at most 65,536 different outputs, and beyond
    /// that estimated from how often each of 16,384 of them was seen, which were drawn by their hashes.
    ///
    /// A drop in which nothing is repeated is estimated without error. Where few outputs have most of the copies, the estimate is
    /// rough; ``TextsProfile/distinct`` bounds it then.
    public var duplicates: Int {
        let sampled = sample.terms.reduce(0) { $0 &+ $1.count }
        guard sampled > 0 else { return 0 }
        if sample.isExact { return outputs.count - sample.terms.count }
        let different = Double(outputs.count) * Double(sample.terms.count) / Double(sampled)
        return max(0, outputs.count - Int(different.rounded()))
    }

    /// Whether ``duplicates`` and ``distinctOutputs`` are exact.
    public var areDuplicatesExact: Bool { sample.isExact }

    /// Different outputs: exact under the same condition as ``duplicates``, and beyond that by ``TextsProfile/distinct``.
    public var distinctOutputs: Int { sample.isExact ? sample.terms.count : outputs.distinct.estimate }

    /// Counts what another one has counted.
    ///
    /// - Complexity: O(terms and cells of both), some tens of milliseconds where all tables are full.
    public mutating func merge(_ other: DropProfile) {
        records &+= other.records
        malformed.merge(other.malformed, uniquingKeysWith: &+)
        recordBytes &+= other.recordBytes
        shapes.merge(other.shapes)
        turns.merge(other.turns)
        fields.merge(other.fields, uniquingKeysWith: &+)
        outputs.merge(other.outputs)
        prompts.merge(other.prompts)
        characters.merge(other.characters)
        words.merge(other.words)
        sample.merge(other.sample)
        text.merge(other.text)
        numbers.merge(other.numbers)
    }
}

/// Texts of one kind: how many, how long, how many different ones.
public struct TextsProfile: Sendable, Hashable {
    /// Texts.
    public internal(set) var count = 0
    /// Bytes of all of them.
    public internal(set) var totalBytes = 0
    /// Bytes of each.
    public internal(set) var bytes = LogHistogram()
    /// Different ones.
    public internal(set) var distinct = DistinctCount()

    /// No texts.
    public init() {}

    /// Counts what another one has counted.
    public mutating func merge(_ other: TextsProfile) {
        count &+= other.count
        totalBytes &+= other.totalBytes
        bytes.merge(other.bytes)
        distinct.merge(other.distinct)
    }
}
