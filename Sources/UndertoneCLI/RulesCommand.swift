// undertone rules

import ArgumentParser
import Foundation
import UndertoneCore
import UndertoneReporting
import UndertoneRulePacks
import UndertoneRules
import UndertoneScanning

struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "List, test and explain rules.",
        subcommands: [ListCommand.self, TestCommand.self, ExplainCommand.self, SchemaCommand.self])
}

private func packs(_ names: [String]) throws -> [RulePack] {
    let library = PackLibrary()
    return try (names.isEmpty ? PackLibrary.shippedNames : names).map { try library.pack($0) }
}

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List packs and their rules.",
        discussion: "undertone rules list · undertone rules list my.yaml")

    @Argument(help: "Packs, by name or file (default: all that ship).")
    var packs: [String] = []

    func run() throws {
        try Terminal.print(RulesText.list(try UndertoneCLI.packs(packs), width: Terminal.width))
    }
}

struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Run the examples that rules carry, also under changes that must not matter.",
        discussion: """
            Every accept and reject example is tried as it is and under: \
            \(Variation.allCases.map(\.rawValue).joined(separator: ", ")). Exit code 1 where a rule answers otherwise than \
            its author says.

            undertone rules test my.yaml
            """)

    @Argument(help: "Packs, by name or file (default: all that ship).")
    var packs: [String] = []

    func run() throws {
        var failed = false
        for pack in try UndertoneCLI.packs(packs) {
            let result = try testExamples(of: pack)
            try Terminal.print(RulesText.result(result))
            if !result.passed { failed = true }
        }
        if failed { throw ExitCode(1) }
    }
}

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say what a rule finds, why, and where it comes from.",
        discussion: "undertone rules explain numbers/taboo · undertone rules explain regex (a rule kind)")

    @Argument(help: "A rule as PACK/RULE, a pack, or a rule kind.")
    var name: String

    @Option(name: .long, help: "The pack file that holds the rule.")
    var rules: String?

    func run() throws {
        if rules == nil, let kind = RuleKind(rawValue: name) {
            return try Terminal.print(RulesText.kind(kind.reference))
        }
        let packs = try UndertoneCLI.packs(rules.map { [$0] } ?? [])
        if let pack = packs.first(where: { $0.name == name }) {
            return try Terminal.print(RulesText.list([pack], width: Terminal.width))
        }
        for pack in packs {
            if let id = pack.rule(named: name), let rule = pack.rules.first(where: { $0.id == id }) {
                return try Terminal.print(RulesText.rule(rule))
            }
        }
        let known = packs.flatMap { $0.rules.map(\.id.description) } + RuleKind.allCases.map(\.rawValue)
        throw ScanError(.usage, "there is no rule \"\(name)\"", mend: suggestion(for: name, among: known))
    }
}

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of rule packs, for editors.",
        discussion: "undertone rules schema > pack.schema.json")

    func run() throws { try Terminal.print(packSchema()) }
}
