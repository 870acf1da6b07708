// undertone restore

import ArgumentParser
import UndertoneScanning

struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put kept and rejected records back together, in order: the input, byte for byte.",
        discussion: """
            For one input of lines. It shows that a scan lost nothing:

            undertone restore --kept kept.jsonl --rejected rejected.jsonl | cmp - drop.jsonl
            """)

    @Option(name: .long, help: "The kept records of a scan.")
    var kept: String

    @Option(name: .long, help: "The rejected records of the same scan.")
    var rejected: String

    @Option(name: .long, help: "Where the records go.")
    var output = "-"

    func run() throws { try restore(kept: kept, rejected: rejected, to: output) }
}
