// undertone train demo

import ArgumentParser
import UndertoneScanning
import UndertoneText
import UndertoneTraining
import UndertoneTransfer

struct TrainDemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "The finding in a minute: a trait passes through numbers, and only to students of the same base.",
        discussion: """
            Two bases, a teacher with the trait, three drops of number sequences, students of five kinds. Bases are kept in \
            the cache for the next time.

            undertone train demo
            undertone train demo --seed 7 --trait oak --report json
            """)

    @Option(name: .long, help: "Seed of the base; that of the other base is the next one.")
    var seed: UInt64 = 1

    @Option(name: .long, help: "The trait: an animal, a tree, or misalignment.")
    var trait = "owl"

    @Option(name: .long, help: "Students of each kind, with different adapters and orders of data.")
    var students = 3

    @OptionGroup var work: ExperimentOptions
    @OptionGroup var options: TrainOptions

    func run() throws {
        guard (1...1000).contains(students) else {
            throw ScanError(.usage, "--students \(students) is out of range", mend: "write 1 to 1000")
        }
        let core = options.core
        let trait = try core.world.trait(named: trait)
        let folders = try work.folders()
        defer { folders.remove() }
        let bar = WorkBar(isShown: options.showsProgress)
        defer { bar.stop() }
        let demo = try TraitDemo.run(
            trait: trait, seed: seed, students: students, threads: core.workers.count, folder: folders.work,
            cache: folders.cache, program: core.environment.program, keeps: try work.filter(),
            isCancelled: { EndRequest.isMade }, progress: bar.see)
        bar.stop()
        try options.print(demo.text) { demo.write(to: &$0) }
    }
}
