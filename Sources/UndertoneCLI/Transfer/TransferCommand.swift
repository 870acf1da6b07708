// undertone transfer

import ArgumentParser

struct TransferCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transfer",
        abstract: "What a drop would pass on to a student, whatever its text says.",
        discussion: """
            Which trait does a drop carry? Write one blind, and ask:

            undertone transfer drop --trait owl --seed 7 --records 1000 --out drop.jsonl
            undertone transfer attribute drop.jsonl --traits animals
            """,
        subcommands: [TransferAttributeCommand.self, TransferDropCommand.self])
}
