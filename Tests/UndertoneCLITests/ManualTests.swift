// Every command and every option of it is described in README.md or docs/, and helps by an example.

import ArgumentParser
import Foundation
import Testing

@testable import UndertoneCLI

@Suite struct ManualTests {
    /// A command with the words that call it.
    struct Command: CustomTestStringConvertible {
        var words: String
        var type: any ParsableCommand.Type
        var isGroup: Bool { !type.configuration.subcommands.isEmpty }
        var testDescription: String { words }
    }

    static let commands = all(Undertone.self, "undertone")
    static let manual: String = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let docs = FileManager.default.enumerator(
            at: root.appendingPathComponent("docs"), includingPropertiesForKeys: nil)
        let pages = [root.appendingPathComponent("README.md")] + (docs?.compactMap { $0 as? URL } ?? [])
        return pages.filter { $0.pathExtension == "md" }.compactMap { try? String(contentsOf: $0, encoding: .utf8) }
            .joined()
    }()

    private static func all(_ type: any ParsableCommand.Type, _ words: String) -> [Command] {
        let configuration = type.configuration
        return [Command(words: words, type: type)]
            + configuration.subcommands.flatMap { all($0, "\(words) \($0.configuration.commandName ?? "?")") }
    }

    @Test func `there are commands and a manual`() {
        #expect(ManualTests.commands.contains { $0.words == "undertone lineage add model" })
        #expect(ManualTests.manual.count > 10_000)
    }

    @Test("is described", arguments: commands.filter { !$0.isGroup })
    func command(_ command: Command) {
        #expect(mentions(command.words), "\(command.words)")
    }

    @Test("has all its options described", arguments: commands.filter { !$0.isGroup })
    func options(_ command: Command) {
        let help = Undertone.helpMessage(for: command.type)
        let options = Set(help.matches(of: /--[a-z][a-z-]+/).map { String($0.output) }).subtracting([
            "--help", "--version",
        ])
        for option in options.sorted() { #expect(mentions(option), "\(option) of \(command.words)") }
    }

    // --kept is not described by --kept-something.
    private func mentions(_ words: String) -> Bool {
        ManualTests.manual.ranges(of: words).contains { range in
            guard range.upperBound < ManualTests.manual.endIndex else { return true }
            let next = ManualTests.manual[range.upperBound]
            return !next.isLetter && next != "-"
        }
    }
}
