// undertone transfer

import ArgumentParser

struct TransferCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transfer",
        abstract:
            "Measure what a filter let through: how much of a trait is left in students of a drop, and which trait.",
        discussion: """
            Which trait does a drop carry? Write one blind, and ask:

            undertone transfer drop --trait owl --seed 7 --records 1000 --out drop.jsonl
            undertone transfer attribute drop.jsonl --traits animals

            How much of it is left behind a filter?

            undertone transfer plan experiment.yaml
            undertone transfer run experiment.yaml --report html=transfer.html
            """,
        subcommands: [
            TransferAttributeCommand.self, TransferPlanCommand.self, TransferRunCommand.self,
            TransferReportCommand.self, TransferDropCommand.self,
        ])
}
