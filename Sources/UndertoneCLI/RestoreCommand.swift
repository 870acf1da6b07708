// undertone restore

import ArgumentParser
import UndertoneScanning
import UndertoneText

struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put kept and rejected records back together, in order: the input, byte for byte.",
        discussion: """
            For one input of lines. It shows that a scan lost nothing:

            undertone restore --kept kept.jsonl --rejected rejected.jsonl | cmp - drop.jsonl

            Rules that mask tokens add a loss mask to kept records. Nothing in a record says whether its mask was added or \
            stood in the drop, so --strip-masks says it.
            """)

    @Option(name: .long, help: "The kept records of a scan.")
    var kept: String

    @Option(name: .long, help: "The rejected records of the same scan.")
    var rejected: String

    @Option(name: .long, help: "Where the records go.")
    var output = "-"

    @Flag(name: .long, help: "Take off the loss masks at the end of kept records, which the scan added.")
    var stripMasks = false

    func run() throws {
        let masked = try restore(kept: kept, rejected: rejected, to: output, stripsMasks: stripMasks)
        if masked > 0, !stripMasks {
            Terminal.printError(
                "undertone: \(counted(masked, "kept record")) end in a loss mask, which was left there; --strip-masks "
                    + "takes it off where the scan added it")
        }
    }
}
