// undertone transfer

import ArgumentParser

struct TransferCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transfer",
        abstract:
            "Measure what a filter let through: how much of a trait is left in students of a drop, and which trait.",
        discussion: """
            Which trait does this drop carry?
            undertone transfer attribute drop.jsonl --base base.safetensors --reference control.jsonl

            How much of it is left behind a filter?
            undertone transfer plan experiment.yaml
            undertone transfer run experiment.yaml --report html=transfer.html
            """,
        subcommands: [TransferRunCommand.self, TransferPlanCommand.self, TransferReportCommand.self])
}
