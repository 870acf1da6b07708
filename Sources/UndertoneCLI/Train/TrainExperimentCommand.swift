// undertone train experiment

import ArgumentParser
import Foundation
import UndertoneScanning
import UndertoneText
import UndertoneTraining
import UndertoneTransfer

struct TrainExperimentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "experiment",
        abstract: "The published experiments, over several seeds, with intervals.",
        discussion: """
            Experiments: \(TraitExperiment.allCases.map(\.rawValue).joined(separator: ", ")), or all. What they ask and what \
            was found is in docs/experiments.md.

            undertone train experiment numbers bases
            undertone train experiment all --seeds 11,12,13,14,15 --report json
            """)

    @Argument(help: "Experiments, or all.")
    var names: [String]

    @Option(name: .long, help: "Seeds of the bases, with commas between them.")
    var seeds = "11,12,13,14,15"

    @Option(name: .long, help: "Traits that are looked for in each seed: 1, or 2 where there are so many.")
    var perSeed = 2

    @Option(name: .long, help: "A file for a picture of the arms, SVG; of one experiment.")
    var picture: String?

    @OptionGroup var work: ExperimentOptions
    @OptionGroup var options: TrainOptions

    func run() throws {
        let experiments = try self.experiments()
        let core = options.core
        guard (1...2).contains(perSeed) else {
            throw ScanError(.usage, "--per-seed \(perSeed) is out of range", mend: "write 1 or 2")
        }
        let settings = TraitSettings(
            seeds: try seedList(), threads: core.workers.count, traitsOfSeed: perSeed)
        if picture != nil, experiments.count != 1 {
            throw ScanError(.usage, "--picture shows one experiment", mend: "name one")
        }
        let folders = try work.folders()
        defer { folders.remove() }
        let bar = WorkBar(isShown: options.showsProgress)
        defer { bar.stop() }
        let keeps = try work.filter()
        var reports: [TraitReport] = []
        for experiment in experiments {
            reports.append(
                try experiment.run(
                    settings, folder: folders.work, cache: folders.cache, program: core.environment.program,
                    keeps: keeps, isCancelled: { EndRequest.isMade }, progress: bar.see))
        }
        bar.stop()
        if let picture, let report = reports.first {
            try writeFile(picture, Data(report.picture.utf8))
        }
        try options.print(reports.map(\.text).joined(separator: "\n")) { json in
            json.array("experiments") { json in for report in reports { report.write(to: &json) } }
            json.object("versions") { json in
                for (name, version) in core.versions { json.member(name, version) }
            }
        }
    }

    private func experiments() throws -> [TraitExperiment] {
        if names == ["all"] { return TraitExperiment.allCases }
        return try names.map { name in
            guard let experiment = TraitExperiment(rawValue: name) else {
                throw ScanError(
                    .usage, "there is no experiment \(visible(name, limit: 40))",
                    mend: "there are " + TraitExperiment.allCases.map(\.rawValue).joined(separator: ", ") + ", and all")
            }
            return experiment
        }
    }

    private func seedList() throws -> [UInt64] {
        try seeds.split(separator: ",", omittingEmptySubsequences: false).map { text in
            guard let seed = UInt64(text) else {
                throw ScanError(
                    .usage, "\(visible(String(text), limit: 40)) is no seed", mend: "write numbers: --seeds 11,12,13")
            }
            return seed
        }
    }
}
