// One side of an attribution, drop or control, while it is read.

import Glibc
import UndertoneText
import UndertoneTraining

/// Reads a stream of records twice in part: its first records give the drop's own direction, then all of them are
/// multiplied with all directions.
struct AttributionSide {
    /// `drop`, `control`.
    let name: String
    /// The file with the gradient of the first records.
    private(set) var firstGradient = ""
    /// The file with the gradient of all.
    private(set) var gradient = ""
    /// The first records, for further questions.
    private(set) var first: [TrainingRecord] = []
    /// Which records came.
    private(set) var sketch = RecordSketch()
    /// How many, and how likely they are.
    private(set) var size = AttributionReport.Size(records: 0, tokens: 0, nats: 0)

    /// Records that were read and not yet multiplied: the first ones of the stream, or all of a small one.
    var waitingCount: Int { waiting.count }

    private let stream: RecordStream
    private var waiting: [TrainingRecord] = []
    private var used = 0
    // Groups that gave the own direction, and those that had no part in it.
    private var own = GroupValues(width: 0, recordsOfGroup: 1)
    private var heldOut = GroupValues(width: 0, recordsOfGroup: 1)

    init(_ name: String, _ stream: @escaping RecordStream) {
        self.name = name
        self.stream = stream
    }

    /// Reads the first records and writes their gradient.
    mutating func readFirst(_ core: any TrainingCore, _ base: String, _ folder: TemporaryFolder) throws {
        var isAtEnd = false
        while waiting.count < 2 * Attribution.recordsOfOwn, !isAtEnd {
            let more = try stream()
            waiting += more
            isAtEnd = more.isEmpty
        }
        guard waiting.count >= Attribution.fewest else {
            throw TrainingError(
                .noData, "the \(name) has \(waiting.count) records", mend: "give at least \(Attribution.fewest)")
        }
        // Whole groups, whatever their size.
        let half = min(waiting.count / 2, Attribution.recordsOfOwn)
        let size = Attribution.recordsOfGroup(records: waiting.count)
        used = half / size * size
        first = Array(waiting.prefix(used))
        firstGradient = "\(folder.path)/\(name)-first.safetensors"
        gradient = "\(folder.path)/\(name).safetensors"
        _ = try core.gradient(of: first, at: base, output: firstGradient)
    }

    /// Multiplies the gradients of all records with directions, the last of which is the drop's own.
    mutating func read(
        _ core: any TrainingCore, _ base: String, _ directions: [Direction], recordsOfGroup: Int
    ) throws {
        own = GroupValues(width: directions.count, recordsOfGroup: recordsOfGroup)
        heldOut = own
        var (own, heldOut, sketch) = (own, heldOut, sketch)
        var (waiting, stream) = (waiting, stream)
        var job = GradientJob(model: base) {
            if waiting.isEmpty { waiting = try stream() }
            defer { waiting = [] }
            for record in waiting { sketch.add(record) }
            return waiting
        }
        let used = used
        job.recordsOfGroup = recordsOfGroup
        job.directions = directions
        job.output = gradient
        job.group = { group in
            if own.records < used { own.add(group) } else { heldOut.add(group) }
        }
        let summary = try core.gradient(job)
        size = AttributionReport.Size(records: summary.records, tokens: summary.tokens, nats: summary.loss)
        (self.own, self.heldOut, self.sketch) = (own, heldOut, sketch)
        self.waiting = []
    }

    /// The sides' groups, all of one size.
    static func level(_ sides: [AttributionSide]) -> [DirectionTest.Side] {
        let size = sides.map { max($0.own.recordsOfGroup, $0.heldOut.recordsOfGroup) }.max() ?? 1
        return sides.map { side in
            var (own, heldOut) = (side.own, side.heldOut)
            while own.recordsOfGroup < size { own.merge() }
            while heldOut.recordsOfGroup < size { heldOut.merge() }
            let width = own.width
            let all = own.means + heldOut.means
            // Without the value along the own direction, which is for the held-out groups alone.
            let groups = all.indices.filter { $0 % width != width - 1 }.map { all[$0] }
            return DirectionTest.Side(groups: groups, heldOut: heldOut.means)
        }
    }
}

/// A folder of its own for files that nobody needs later.
struct TemporaryFolder {
    let path: String

    /// - Parameter folder: an existing one.
    init(in folder: String) throws {
        var name = Array("\(folder)/attribution-XXXXXX".utf8CString)
        guard mkdtemp(&name) != nil else {
            throw TrainingError(
                .usage, "no folder can be made in \(visible(folder, limit: 200)): \(String(cString: strerror(errno)))",
                mend: "name a folder that can be written to")
        }
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Takes it away with the files in it.
    func remove() {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { unlink("\(path)/\(name)") }
            }
            closedir(folder)
        }
        rmdir(path)
    }
}
