// What commands of undertone transfer share: the base, its cache, the traits.

import ArgumentParser
import Foundation
import UndertoneScanning
import UndertoneText
import UndertoneTraining
import UndertoneTransfer

/// A base, and where models that can be made again are kept.
struct TransferBaseOptions: ParsableArguments {
    @Option(name: .long, help: "The base, a file (default: the built-in one of --base-seed).")
    var base: String?

    @Option(name: .long, help: "Seed of the built-in base.")
    var baseSeed: UInt64 = 1

    @Option(
        name: .long,
        help: "A folder for bases and teachers (default: $XDG_CACHE_HOME/undertone or ~/.cache/undertone).")
    var cache: String?

    /// The file of the base; the built-in one is trained where it is missing.
    func file(_ core: BuiltInCore, cache: String, showsProgress: Bool) throws -> String {
        if let base { return base }
        let bar = TrainingBar(isShown: showsProgress, "step")
        defer { bar.stop() }
        return try BuiltInBases(core, folder: cache, isCancelled: { EndRequest.isMade }).base(seed: baseSeed) {
            bar.see($0)
        }
    }
}

extension World {
    /// The carrier whose form a record has; nil where it has none.
    func carrier(of record: TrainingRecord) -> Carrier? { Carrier.allCases.first { isWellFormed(record, $0) } }
}
