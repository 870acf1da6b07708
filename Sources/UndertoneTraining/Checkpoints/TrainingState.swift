// What a run needs to go on after it was interrupted, as if it had not been: parameters, moments, and the step.

import UndertoneTensors
import UndertoneText

/// The state of a run with AdamW between two steps: one safetensors file (docs/checkpoints.md).
///
/// A run that is resumed ends with the bytes of one that was never interrupted, if all else that it draws depends on the
/// seed and the step alone (``RandomStream``) and the ``versions`` are the same.
public struct TrainingState: Sendable {
    /// Steps that were taken at most.
    static let stepLimit = 1 << 40

    /// The tensors that are trained: all of a model's, or those of its adapters.
    public let layout: ParameterLayout
    /// The trained parameters. Vectors are not copied: save before the next step.
    public let parameters: Vector<Float>
    /// ``AdamW/first``.
    public let first: Vector<Float>
    /// ``AdamW/second``.
    public let second: Vector<Float>
    /// Steps that were taken.
    public let steps: Int
    /// What run this is, as JSON: recipe, seed, digests of base and data. A run goes on only where this text is the same.
    public let run: String
    /// What took the steps. Where a machine has others, a resumed run may end with other bytes.
    public let versions: Versions

    /// The state of a run.
    ///
    /// - Parameters:
    ///   - parameters: as many as the layout has; so for the optimiser.
    ///   - run: one JSON value. Integers beyond 64 bits signed are better written as strings, so that a difference can be
    ///     named.
    public init(
        _ layout: ParameterLayout, _ parameters: Vector<Float>, _ optimiser: AdamW<Float>, run: String,
        versions: Versions
    ) {
        precondition(parameters.count == layout.count && optimiser.first.count == layout.count)
        self.layout = layout
        self.parameters = parameters
        first = optimiser.first
        second = optimiser.second
        steps = optimiser.steps
        self.run = run
        self.versions = versions
    }

    /// Writes the state; it appears at the path whole or not at all, and the same state gives the same bytes.
    ///
    /// - Throws: `notFinite`, `badMetadata` for a run that is no JSON, `unwritable`. What was at the path is untouched
    ///   then.
    public func save(to path: String) throws(CheckpointError) {
        var entries = StoredEntries(.run, path: path)
        entries["run"] = run
        entries["steps"] = String(steps)
        entries.set(versions)
        _ = try entries.json("run")
        let vectors = zip(TrainingState.prefixes, [parameters, first, second]).map {
            StoredVector(prefix: $0, layout: layout, values: $1)
        }
        try StoredVector.write(vectors, metadata: entries.entries, to: path)
    }

    /// Reads the state of a run, to go on with it.
    ///
    /// - Parameters:
    ///   - layout: what the run trains.
    ///   - run: what run it is; the text that was given when the state was saved.
    /// - Throws: `otherRun` with what differs, and what ``Checkpoint/init(path:expecting:vocabulary:)`` throws for tensors.
    public init(path: String, layout: ParameterLayout, run: String) throws(CheckpointError) {
        let file = try TensorFile.opened(path)
        guard let entries = try StoredEntries(file, .run) else {
            throw CheckpointError(
                .wrongKind, path, "is not the state of a run", mend: "name the file that the interrupted run wrote")
        }
        let stored = try entries.text("run")
        guard stored.utf8.elementsEqual(run.utf8) else {
            throw TrainingState.otherRun(path, try entries.json("run"), run)
        }
        let steps = try entries.number("steps", at: TrainingState.stepLimit)
        let versions = try entries.versions
        let vectors = try StoredVector.read(file, layout: layout, prefixes: TrainingState.prefixes).map(\.values)
        (parameters, first, second) = (vectors[0], vectors[1], vectors[2])
        // Its root is a divisor of the next step.
        if let place = second.elements.firstIndex(where: { $0 < 0 }) {
            throw CheckpointError(
                .notFinite, path, "the mean of squared gradients of parameter \(place) is \(second[place]), below zero",
                mend: "the file was changed by hand or damaged; start the run anew")
        }
        self.layout = layout
        self.steps = steps
        self.run = run
        self.versions = versions
    }

    /// Puts the state in the place of another one: parameters, moments and steps are those of the state then.
    public func restore(to parameters: Vector<Float>, _ optimiser: AdamW<Float>) {
        precondition(parameters.count == layout.count && optimiser.first.count == layout.count)
        parameters.base.update(from: self.parameters.base, count: layout.count)
        optimiser.first.base.update(from: first.base, count: layout.count)
        optimiser.second.base.update(from: second.base, count: layout.count)
        optimiser.steps = steps
    }
}

extension TrainingState {
    private static let prefixes = ["parameters.", "first.", "second."]

    private static func otherRun(_ path: String, _ stored: JSONValue, _ run: String) -> CheckpointError {
        var all: [String] = []
        if let given = try? JSONValue(parsing: run.utf8) { addDifferences(stored, given, at: "", to: &all) }
        let shown = all.prefix(4).joined(separator: "; ") + (all.count > 4 ? "; and \(all.count - 4) more" : "")
        return CheckpointError(
            .otherRun, path,
            "belongs to another run: " + (all.isEmpty ? "its description is written differently" : shown),
            mend: "give the settings and data of that run again, or start a new one with another file")
    }

    // Places are written as `recipe.rate`; elements of lists as `data[2]`.
    private static func addDifferences(
        _ stored: JSONValue?, _ given: JSONValue?, at place: String, to all: inout [String]
    ) {
        guard stored != given else { return }
        if let stored = stored?.object, let given = given?.object {
            let added = given.members.map(\.name).filter { stored[$0] == nil }
            for name in stored.members.map(\.name) + added {
                addDifferences(stored[name], given[name], at: place.isEmpty ? name : "\(place).\(name)", to: &all)
            }
        } else if let stored = stored?.array, let given = given?.array {
            for index in 0..<max(stored.count, given.count) {
                addDifferences(
                    stored.indices.contains(index) ? stored[index] : nil,
                    given.indices.contains(index) ? given[index] : nil, at: "\(place)[\(index)]", to: &all)
            }
        } else {
            let name = place.isEmpty ? "it" : visible(place, limit: 80)
            all.append("\(name) is \(text(stored)) in the file and \(text(given)) here")
        }
    }

    private static func text(_ value: JSONValue?) -> String {
        guard let value else { return "missing" }
        var json = JSONWriter(.compact)
        value.write(to: &json)
        return visible(String(decoding: json.bytes, as: UTF8.self), limit: 72)
    }
}
