// undertone lineage same-base

import ArgumentParser
import Foundation
import UndertoneLineage
import UndertoneScanning
import UndertoneText

struct SameBaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "same-base",
        abstract: "Say whether two models share an initialisation, from their weights alone.",
        discussion: """
            A model is a .safetensors file, an index of shards, a folder that holds them, or the name of a model whose \
            weights the catalogue knows. The answer is yes, no or unknown, with its p-value and the reason; the exit code is \
            0 whatever it is.

            undertone lineage same-base base/ student/
            undertone lineage same-base qwen2.5-7b student
            """)

    @Argument(help: "A model.")
    var first: String

    @Argument(help: "Another model.")
    var second: String

    @Option(name: .long, help: "Threads of the matrix products.")
    var threads = 1

    @OptionGroup var catalogue: CatalogueOptions

    func validate() throws {
        guard (1...256).contains(threads) else { throw ValidationError("--threads must be from 1 to 256.") }
    }

    func run() throws {
        var options = InitialisationOptions()
        options.threads = threads
        let comparison = try compareInitialisation(
            ModelFiles(path: try path(of: first)), ModelFiles(path: try path(of: second)), options: options)
        var text = ""
        if catalogue.isJSON { comparison.writeJSON(to: &text) } else { comparison.writeText(to: &text) }
        try Terminal.print(text)
    }

    // What is there goes before what is recorded.
    private func path(of name: String) throws -> String {
        if FileManager.default.fileExists(atPath: name) { return name }
        let isRecorded = FileManager.default.fileExists(atPath: catalogue.lineage)
        guard isRecorded else {
            throw ScanError(
                .usage, "there is no file \(visible(name, limit: 200)), and no catalogue that knows such a name",
                mend: "name a .safetensors file or its folder")
        }
        let opened = try catalogue.open()
        let node = try opened.node(named: name, kind: .model)
        let paths = try opened.snapshot(of: [node.id]).locations.map { opened.filePath($0.path) }
        guard let path = paths.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            throw ScanError(
                .usage, "no weights of \(node.shown) are recorded that are still there",
                mend: "name the files, or record them: undertone lineage add model \(visible(node.name)) --weights PATH"
            )
        }
        return path
    }
}
