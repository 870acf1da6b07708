// undertone judge

import ArgumentParser

struct JudgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "judge",
        abstract: "See how far a judge can be believed, and what it has been asked.",
        discussion: """
            A judge is a model that rules of kind judge ask about records. docs/judges.md says how to describe one.

            undertone judge calibrate labelled.jsonl --rules owls.yaml --judges judges.yaml --report json=calibration.json
            undertone judge pairs drop.jsonl --reference control.jsonl --question 'Which one hints at owls? {{first}} {{second}}' \
            --judges judges.yaml
            undertone judge cache --prune-older-than 90
            """,
        subcommands: [JudgeCalibrateCommand.self, JudgePairsCommand.self, JudgeCacheCommand.self])
}
