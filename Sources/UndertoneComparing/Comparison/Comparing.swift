// From two drops to what differs between them: profiles, tests, and a classifier.
//
//     let comparison = try compareDrops(["drop.jsonl"], ["control.jsonl"])
//
// Each side is read twice: once for its profile, which counts everything, and once for a sample of its outputs, from which come the
// classifier and the errors of the tests.

package import UndertoneRecords
import UndertoneText

/// How drops are compared.
public struct ComparisonSettings: Sendable {
    /// Of the classifier; its seed and threads serve the tests too.
    public var classifier = ClassifierSettings()
    /// Whether answers to the same prompts are compared one by one.
    public var isPaired = false
    /// Labelled drops: which one is the drop most like? Each a name and its files.
    public var labelled: [(name: String, inputs: [String])] = []
    /// The chance that any test finds a difference where there is none.
    public var significance = 0.05

    /// The usual ones.
    public init() {}
}

/// Compares a drop with a reference.
///
/// The same files give the same figures, whatever the number of threads.
///
/// - Parameters:
///   - drop: files, folders or patterns that are one drop.
///   - reference: the same for what it is compared with.
///   - progress: hears of the bytes read, of every file twice, and may end it.
/// - Throws: ``InputError`` where a file can't be read to its end, changes between two readings, or is no file.
/// - Complexity: O(bytes), and what the classifier takes.
package func compareDrops(
    _ drop: [String], _ reference: [String], settings: ComparisonSettings = ComparisonSettings(),
    progress: (any ReadingProgress)? = nil
) throws(InputError) -> Comparison {
    let threads = settings.classifier.threads
    let sides = (
        try ComparedDrop(drop, most: settings.classifier.most, threads: threads, progress),
        try ComparedDrop(reference, most: settings.classifier.most, threads: threads, progress)
    )
    var comparison = Comparison(drop: sides.0.source, reference: sides.1.source, significance: settings.significance)
    let (tests, unsaid) = profileTests(
        sides.0.profile, sides.1.profile, samples: (sides.0.samples, sides.1.samples), threads: threads)
    comparison.tests = tests
    comparison.unsaid = unsaid
    comparison.classifier = compareByClassifier(sides.0.samples, sides.1.samples, settings: settings.classifier)
    if settings.isPaired {
        comparison.paired = comparePairs(sides.0.samples, sides.1.samples, seed: settings.classifier.seed)
    }
    if !settings.labelled.isEmpty {
        var references: [TraitReference] = []
        for (name, inputs) in settings.labelled {
            var keeper = SampleKeeper(most: settings.classifier.most)
            let list = InputList(arguments: inputs)
            if let error = list.errors.first { throw error }
            for input in list.inputs { _ = try readDrop(input.path, progress: progress) { keeper.add($0) } }
            references.append(TraitReference(name: name, samples: keeper.samples))
        }
        var traits = TraitSettings()
        traits.classifier = settings.classifier
        comparison.traits = mostLike(sides.0.samples, references, settings: traits)
    }
    return comparison
}

/// One side of a comparison, as it was read.
struct ComparedDrop {
    var profile: DropProfile
    var samples: [Sample]
    var source: Comparison.Source

    init(
        _ inputs: [String], most: Int, threads: Int, _ progress: (any ReadingProgress)?
    ) throws(InputError) {
        let (profile, readings) = try UndertoneComparing.profile(inputs, threads: threads, progress: progress)
        var keeper = SampleKeeper(most: most)
        for reading in readings {
            let again = try readDrop(reading.path, progress: progress) { keeper.add($0) }
            guard again.digest == reading.digest else {
                throw InputError(
                    .changed, reading.path, "was changed while it was read", mend: "wait until it is whole")
            }
        }
        self.profile = profile
        samples = keeper.samples
        source = Comparison.Source(
            files: readings.map { .init(path: $0.path, digest: $0.digest) }, records: profile.records,
            malformed: profile.malformedRecords, outputs: profile.outputs.count,
            sampled: samples.count)
    }
}
