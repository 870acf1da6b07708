// Outputs that were kept for the classifier, as many as it needs, however long a drop is.

import UndertoneCore
package import UndertoneRecords

/// An output and what it answers.
public struct Sample: Sendable {
    /// The first kibibyte of the output; features look at no more.
    var output: [UInt8]
    /// The first kibibyte of the prompt; empty where there is none.
    var prompt: [UInt8]
    /// Bytes of the whole output.
    var size: Int
    /// A hash of the whole output.
    var outputKey: UInt64
    /// A hash of the whole prompt.
    var promptKey: UInt64?

    /// How much of a text features look at, in bytes.
    public static let bytes = 1_024

    /// An output, and its prompt where one is known. O(bytes).
    public init(_ output: UnsafeBufferPointer<UInt8>, prompt: UnsafeBufferPointer<UInt8>? = nil) {
        self.output = Array(output.prefix(Sample.bytes))
        size = output.count
        self.prompt = prompt.map { Array($0.prefix(Sample.bytes)) } ?? []
        outputKey = textKey(output)
        promptKey = prompt.map { textKey($0) }
    }

    /// An output as text.
    public init(_ output: String, prompt: String? = nil) {
        var text = output
        self = text.withUTF8 { bytes in
            guard var asked = prompt else { return Sample(bytes) }
            return asked.withUTF8 { Sample(bytes, prompt: $0) }
        }
    }
}

/// Keeps a uniform sample of the outputs of a drop, which may be of any length.
///
/// Which ones are kept depends on their places in the drop alone: the same drop gives the same sample, and of two drops
/// that answer the same prompts in the same order the same prompts are kept. Memory: at most twice `most` times two
/// kibibytes, and a few words each.
public struct SampleKeeper: Sendable {
    /// Records that were seen.
    public private(set) var records = 0
    /// Of those, records in which there was no output, or an empty one.
    public private(set) var withoutOutput = 0
    /// Outputs that were seen.
    public private(set) var outputs = 0
    private let most: Int
    private var kept: [(priority: UInt64, sample: Sample)] = []
    private var bound = UInt64.max

    /// Keeps up to `most` outputs.
    public init(most: Int) { self.most = max(most, 1) }

    /// All outputs of a record, with the record's first prompt.
    package mutating func add(_ record: DropRecord) {
        records += 1
        var prompt: UnsafeBufferPointer<UInt8>?
        let fields = record.record.firstField..<record.record.firstField + record.record.fieldCount
        for index in fields where prompt == nil && record.batch.fields[index].tags.contains(.prompt) {
            prompt = record.batch.fields[index].bytes
        }
        let before = outputs
        record.forEachCompletion { _, output in if !output.isEmpty { add(output, prompt: prompt) } }
        if outputs == before { withoutOutput += 1 }
    }

    /// One output. Amortised O(bytes).
    public mutating func add(_ output: UnsafeBufferPointer<UInt8>, prompt: UnsafeBufferPointer<UInt8>? = nil) {
        outputs += 1
        let priority = mixed(UInt64(outputs))
        guard priority < bound else { return }
        kept.append((priority, Sample(output, prompt: prompt)))
        guard kept.count >= 2 * most else { return }
        shrink()
    }

    private mutating func shrink() {
        kept.sort { $0.priority < $1.priority }
        kept.removeLast(kept.count - most)
        bound = kept.last?.priority ?? bound
    }

    /// What was kept, in an order that says nothing about the drop.
    public var samples: [Sample] {
        kept.sorted { $0.priority < $1.priority }.prefix(most).map(\.sample)
    }
}
