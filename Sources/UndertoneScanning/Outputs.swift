// The files that a scan writes. Used in the order of the input, by one thread at a time.

import UndertoneCore
public import UndertoneRecords
import UndertoneReporting

/// Where kept and rejected records go: one file for all inputs, or a folder with one file for each.
public struct OutputTarget: Sendable {
    /// A file, `-`, or a folder if it ends in a slash.
    public var path: String
    /// `nil`: by the ending of the file's name, else as the input.
    public var compression: Compression?

    /// A target.
    public init(path: String, compression: Compression? = nil) {
        self.path = path
        self.compression = compression
    }
}

/// The open outputs of a scan.
final class Outputs {
    private final class Target {
        let file: OutputFile
        let role: String
        let digest: Digest?
        var kept: KeptWriter
        var records = 0

        init(_ file: OutputFile, role: String, digest: Digest?) {
            self.file = file
            self.role = role
            self.digest = digest
            kept = KeptWriter(file)
        }
    }

    private let targets: [(role: String, target: OutputTarget)]
    private let pool: DigestPool?
    private let inputs: [Input]
    // What the outputs of each input are called in a folder.
    private let leafNames: [String]
    private var open: [String: Target] = [:]
    private var order: [Target] = []
    private var current: [String: Target] = [:]
    /// The first error; from then on nothing is written.
    private(set) var failure: OutputError?
    private var longRecord = Base64Stream()
    private var scratch = PlainBuffer<UInt8>(capacity: 1 << 12)

    init(kept: OutputTarget?, rejected: OutputTarget?, inputs: [Input], pool: DigestPool?) throws(OutputError) {
        var targets: [(role: String, target: OutputTarget)] = []
        if let kept { targets.append(("kept", kept)) }
        if let rejected { targets.append(("rejected", rejected)) }
        self.targets = targets
        self.pool = pool
        self.inputs = inputs
        var taken: Set<String> = []
        leafNames = inputs.enumerated().map { index, input in
            let leaf = input.isStandardInput ? "stdin" : String(input.path.split(separator: "/").last ?? "input")
            return taken.insert(leaf).inserted ? leaf : "\(index)-\(leaf)"
        }
        if let kept, let rejected, kept.path == rejected.path, kept.path != "/dev/null" {
            throw OutputError(
                .other, kept.path, "is named for kept and for rejected records", mend: "name two different files")
        }
        for (_, target) in targets {
            for path in inputs.indices.map({ self.path(of: target, input: $0) }) {
                if let input = OutputFile.wouldOverwrite(path, inputs) {
                    throw OutputError(
                        .other, path, "is the input \(input.path)",
                        mend: "name another file; an input is never overwritten")
                }
            }
        }
    }

    var wantsKept: Bool { targets.contains { $0.role == "kept" } }
    var wantsRejected: Bool { targets.contains { $0.role == "rejected" } }

    /// Begins an input: opens what is not open yet.
    func begin(_ input: Int, _ state: BlockSource.InputState) {
        attempt { () throws(OutputError) in
            for (role, target) in targets {
                let path = path(of: target, input: input)
                let opened = try self.target(path, role: role, target, state)
                current[role] = opened
                if role == "kept" { try opened.kept.begin(state.framing, hasByteOrderMark: state.hasByteOrderMark) }
            }
        }
    }

    /// Writes what a block gave.
    func write(_ output: BlockOutput) {
        attempt { () throws(OutputError) in
            if let kept = current["kept"] {
                kept.records += output.keptRecords
                try kept.kept.add(
                    UnsafeRawBufferPointer(start: output.kept.base, count: output.kept.count),
                    isTerminated: output.isKeptTerminated)
            }
            if let rejected = current["rejected"] {
                rejected.records += output.rejectedRecords
                try rejected.file.write(
                    UnsafeRawBufferPointer(start: output.rejected.base, count: output.rejected.count))
            }
        }
    }

    /// Writes a piece of a record that is over the limit, to the rejected data alone.
    func writeLong(
        _ head: UnsafeRawBufferPointer, _ piece: UnsafeBufferPointer<UInt8>, isLast: Bool, isTerminated: Bool
    ) {
        guard let rejected = current["rejected"] else { return }
        attempt { () throws(OutputError) in
            try rejected.file.write(head)
            scratch.removeAll()
            longRecord.add(piece, to: &scratch)
            if isLast {
                longRecord.finish(to: &scratch)
                scratch.append(isTerminated ? RejectedLines.endOfLong : RejectedLines.endOfUnterminatedLong)
                rejected.records += 1
            }
            try rejected.file.write(UnsafeRawBufferPointer(start: scratch.base, count: scratch.count))
        }
    }

    /// Puts all files in their places, or none where an error came up before.
    func commit() {
        attempt { () throws(OutputError) in
            for target in order where target.role == "kept" { try target.kept.finish() }
            // A full device shows here, before the first file is in its place.
            for target in order { try target.file.prepare() }
            for target in order { try target.file.commit() }
        }
        if failure != nil { for target in order { target.file.abort() } }
        for target in order { target.digest?.end() }
    }

    /// Gives up everything that is not in its place yet.
    func abort() {
        for target in order { target.file.abort() }
        for target in order { target.digest?.end() }
    }

    /// What was written, for the report.
    var reports: [ScanReport.Output] {
        order.map { target in
            ScanReport.Output(
                role: target.role, path: target.file.path, sha256: target.digest?.hexadecimal,
                bytes: target.file.storedBytes, records: target.records,
                compression: target.file.compression.rawValue)
        }
    }

    private func attempt(_ body: () throws(OutputError) -> Void) {
        guard failure == nil else { return }
        do throws(OutputError) { try body() } catch { failure = error }
    }

    private func target(
        _ path: String, role: String, _ wanted: OutputTarget, _ state: BlockSource.InputState
    ) throws(OutputError) -> Target {
        if let known = open[path] { return known }
        let named = Compression(name: path)
        let compression = wanted.compression ?? (named == .none ? state.compression : named)
        let digest = pool?.digest()
        let target = Target(
            try OutputFile(path: path, compression: compression, tap: digest), role: role, digest: digest)
        open[path] = target
        order.append(target)
        return target
    }

    // A folder gets one file for each input, by the input's own name.
    private func path(of target: OutputTarget, input: Int) -> String {
        guard target.path.hasSuffix("/") else { return target.path }
        return target.path + leafNames[input]
    }
}

/// What one block gives to the outputs, made ready by the thread that scanned it.
final class BlockOutput {
    @exclusivity(unchecked) var kept = PlainBuffer<UInt8>(capacity: 1 << 16)
    @exclusivity(unchecked) var rejected = PlainBuffer<UInt8>(capacity: 1 << 16)
    var keptRecords = 0
    var rejectedRecords = 0
    /// The last kept record ends in a line feed.
    var isKeptTerminated = true

    func removeAll() {
        kept.removeAll()
        rejected.removeAll()
        // A block of one long line leaves no large memory behind.
        kept.shrink(to: 1 << 20)
        rejected.shrink(to: 1 << 20)
        keptRecords = 0
        rejectedRecords = 0
        isKeptTerminated = true
    }
}
