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

    /// The folder, which is there then.
    func cacheFolder() throws -> String {
        let environment = ProcessInfo.processInfo.environment
        let home =
            environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? NSHomeDirectory() + "/.cache"
        let folder = cache ?? home + "/undertone"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw ScanError(
                .output, "\(visible(folder, limit: 200)) can't be made: \(error.localizedDescription)",
                mend: "name another folder with --cache")
        }
        return folder
    }

    /// The file of the base; the built-in one is trained where it is missing.
    func file(_ core: BuiltInCore, cache: String, _ options: TrainOptions) throws -> String {
        if let base { return base }
        let bar = TrainingBar(isShown: options.showsProgress, "step")
        defer { bar.stop() }
        let lab = TraitLab(
            core, TraitRecipes(), folder: cache, cache: cache, isCancelled: { EndRequest.isMade })
        return try lab.base(seed: baseSeed) { bar.see($0) }
    }
}

extension World {
    /// The traits of a set that ships: animals, trees, misalignment.
    func traits(ofSet name: String) throws -> [UndertoneTransfer.Trait] {
        let topics = ["animals": "animal", "trees": "tree", "misalignment": "advice"]
        guard let topic = topics[name] else {
            throw ScanError(
                .usage, "there is no trait set \(visible(name, limit: 100))",
                mend: "there are " + topics.keys.sorted().joined(separator: ", "))
        }
        return traits.filter { $0.topic == topic }.map { UndertoneTransfer.Trait($0, self) }
    }

    /// The carrier whose form a record has; nil where it has none.
    func carrier(of record: TrainingRecord) -> Carrier? { Carrier.allCases.first { isWellFormed(record, $0) } }
}
