// undertone lineage same-base

import ArgumentParser
import UndertoneLineage
import UndertoneTensors

struct SameBaseCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    static let configuration = CommandConfiguration(
        commandName: "same-base",
        abstract: "Say whether two models share an initialisation, from their weights alone.",
        discussion: """
            A model is a .safetensors file, an index of shards, or a folder that holds them. The answer is yes, no or \
            unknown, with its p-value and the reason; the exit code is 0 whatever it is.

            undertone lineage same-base base/ student/
            """)

    @Argument(help: "A model.")
    var first: String

    @Argument(help: "Another model.")
    var second: String

    @Option(name: .long, help: "How the answer is written: text or json.")
    var report = Format.text

    @Option(name: .long, help: "Threads of the matrix products.")
    var threads = 1

    func validate() throws {
        guard (1...256).contains(threads) else { throw ValidationError("--threads must be from 1 to 256.") }
    }

    func run() throws {
        var options = InitialisationOptions()
        options.threads = threads
        let comparison = try compareInitialisation(
            ModelFiles(path: first), ModelFiles(path: second), options: options)
        var text = ""
        switch report {
        case .text: comparison.writeText(to: &text)
        case .json: comparison.writeJSON(to: &text)
        }
        try Terminal.print(text)
    }
}
