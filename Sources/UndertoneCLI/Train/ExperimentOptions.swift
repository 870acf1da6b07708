// What experiments share: folders, the filter of drops, a line that says how far they are.

import ArgumentParser
import Foundation
import Synchronization
import UndertoneScanning
import UndertoneText
import UndertoneTraining
import UndertoneTransfer

/// Where an experiment's models go, and what its drops are filtered with.
struct ExperimentOptions: ParsableArguments {
    @Option(
        name: .long,
        help: "A folder in which bases are kept (default: $XDG_CACHE_HOME/undertone or ~/.cache/undertone).")
    var cache: String?

    @Option(name: .long, help: "Rule packs that a drop's records must pass, beside the form of their kind.")
    var rules: [String] = []

    /// The folders of a run.
    struct Folders {
        let work: String
        let cache: String

        /// Takes the folder of teachers and students away.
        func remove() { try? FileManager.default.removeItem(atPath: work) }
    }

    /// Makes the folders.
    func folders() throws -> Folders {
        EndRequest.watch()
        let cache = try CacheFolder.make(cache)
        let work = NSTemporaryDirectory() + "/undertone-" + UUID().uuidString
        try makeFolder(work, mend: "set TMPDIR to a folder with room")
        return Folders(work: work, cache: cache)
    }

    /// Whether a record passes the rule packs.
    func filter() throws -> @Sendable (TrainingRecord) -> Bool {
        guard !rules.isEmpty else { return { _ in true } }
        // A filter has memory for one thread.
        let filter = Mutex(try RuleFilter(packs: rules))
        return { record in filter.withLock { $0.keeps(record) } }
    }
}

/// Shows how far an experiment is.
final class WorkBar: Sendable {
    private let last = Mutex(TraitProgress(done: 0, total: 1, what: ""))
    private let bar = Mutex<ProgressBar?>(nil)

    init(isShown: Bool) {
        guard isShown else { return }
        bar.withLock { $0 = ProgressBar { [self] seconds in line(seconds) } }
    }

    /// Takes in how far the work is.
    var see: @Sendable (TraitProgress) -> Void { { [self] progress in last.withLock { $0 = progress } } }

    /// Takes the line away.
    func stop() {
        bar.withLock { bar in
            bar?.stop()
            bar = nil
        }
    }

    private func line(_ seconds: Double) -> String {
        let progress = last.withLock { $0 }
        let share = min(1, Double(progress.done) / Double(max(progress.total, 1)))
        let filled = Int(share * 24)
        return String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
            + " \(Int(share * 100)) %  \(progress.what)  \(duration(seconds))"
    }
}
