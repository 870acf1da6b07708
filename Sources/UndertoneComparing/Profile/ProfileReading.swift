// The flow of a profile: files → blocks → records → tallies of threads → one profile.

package import UndertoneCore
package import UndertoneRecords

/// Reads files of records (JSON Lines, a JSON array, text; plain, gzip or zstd) and describes them as one drop.
///
/// - Parameters:
///   - inputs: files, folders, patterns, `-`, as for scans.
///   - threads: up to four work; more would need more memory and hardly be faster, since blocks are read one after the other.
///   - progress: hears how far the reading is, and may end it.
/// - Returns: the profile, which does not depend on the number of threads, and what is known of each file, its SHA-256 among it.
/// - Throws: ``InputError`` where an input can't be read to its end, or the reading was cancelled.
/// - Complexity: O(bytes); memory is bounded by some 60 MB a thread and one record.
package func profile(
    _ inputs: [String], threads: Int = 2, limits: RecordLimits = RecordLimits(),
    progress: (any ReadingProgress)? = nil
) throws(InputError) -> (profile: DropProfile, readings: [DropReading]) {
    let list = InputList(arguments: inputs)
    if let error = list.errors.first { throw error }
    let pool = DigestPool(threads: min(max(threads, 1), 2))
    defer { pool.close() }
    let run = ProfileRun(list.inputs, limits, pool, progress)
    runThreads(min(max(threads, 1), ProfileRun.mostThreads)) { _ in run.work() }
    let readings = try run.readings(list.inputs)
    return (run.profile, readings)
}

/// The state of a profile under way.
private final class ProfileRun: @unchecked Sendable {
    static let mostThreads = 4

    private let source: BlockSource
    private let limits: RecordLimits
    private let inputs: Int
    private let monitor = Monitor()
    // Guarded by the monitor.
    private var merged: DropProfile?
    private var counts: [(readable: Int, malformed: Int)]

    init(_ inputs: [Input], _ limits: RecordLimits, _ pool: DigestPool, _ progress: (any ReadingProgress)?) {
        source = BlockSource(
            inputs, framing: nil, limits: limits, maxDecodedBytes: .max, pool: pool, progress: progress)
        self.limits = limits
        self.inputs = inputs.count
        counts = Array(repeating: (0, 0), count: inputs.count)
    }

    /// What one thread does.
    func work() {
        var plan = FieldPlan()
        plan.ruleTags = .response
        plan.wantsAllFields = true
        let records = BlockRecords(plan, limits, keepsShapes: true)
        let block = Block()
        var tally = ProfileTally()
        var own = [(readable: Int, malformed: Int)](repeating: (0, 0), count: inputs)
        while source.fill(block) {
            records.read(block)
            if case .tooLong(isFirst: true, _) = block.kind {
                tally.addTooLong()
                own[block.input].malformed += 1
            }
            let found = tally.add(records)
            own[block.input].readable += found.readable
            own[block.input].malformed += found.malformed
            if block.isLarge { records.trim() }
        }
        source.release(block)
        let profile = tally.profile(records.parser)
        monitor.locked {
            if merged == nil { merged = profile } else { merged?.merge(profile) }
            for index in own.indices {
                counts[index].readable += own[index].readable
                counts[index].malformed += own[index].malformed
            }
        }
    }

    /// The profile of all that was read.
    var profile: DropProfile { monitor.locked { merged ?? DropProfile() } }

    /// What is known of the files.
    func readings(_ inputs: [Input]) throws(InputError) -> [DropReading] {
        var readings: [DropReading] = []
        for (index, input) in inputs.enumerated() {
            let state = source.state(of: index)
            if let problem = state.problem {
                // The problem begins with the path, as people see it.
                let start = input.path + ": "
                throw InputError(
                    .unreadable, input.path,
                    problem.hasPrefix(start) ? String(problem.dropFirst(start.count)) : problem)
            }
            guard let digest = state.digest?.hexadecimal else {
                throw InputError(.changed, input.path, "the reading was ended early")
            }
            readings.append(
                DropReading(
                    path: input.path, digest: digest, storedBytes: state.storedBytes, records: counts[index].readable,
                    malformed: counts[index].malformed, framing: state.framing, compression: state.compression))
        }
        return readings
    }
}
