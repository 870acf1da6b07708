// undertone gate

import ArgumentParser
import Foundation
import UndertoneCore
import UndertoneGating
import UndertoneRecords
import UndertoneReporting
import UndertoneScanning
import UndertoneSettings
import UndertoneText

struct GateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gate",
        abstract: "Hold a policy against drops, their lineage and measurements: may we train on it?",
        discussion: """
            Reads undertone.yaml, scans the drops that it names, asks the catalogue where they and the models come from, \
            and prints every clause with pass, fail or not known, and the evidence. What is not known fails, unless the \
            policy allows it. Exit codes: 0 passed · 1 the gate says no · 2 wrong policy · 3 input or output failed.

            undertone gate
            undertone gate --policy policies/release.yaml --report github --report html=gate.html
            """)

    @Option(name: .long, help: "The policy.")
    var policy = "undertone.yaml"

    @Option(
        name: .long,
        help: """
            text, json, junit, github, summary (Markdown) or html, to standard output or as FORMAT=FILE. Repeatable. \
            (default: text)
            """)
    var report: [String] = []

    @Option(name: .long, help: "The catalogue (default: as the policy says, else .undertone/lineage.sqlite).")
    var lineage: String?

    @Option(
        name: .long, parsing: .upToNextOption,
        help: "Look only at drops that these files are of, or whose reference they are; for what changed.")
    var only: [String] = []

    @Flag(name: .long, help: "Print the JSON Schema of policies, for editors, and do nothing else.")
    var schema = false

    @Flag(name: .shortAndLong, help: "No report and no progress bar on the terminal.")
    var quiet = false

    func run() throws {
        if schema { return try Terminal.print(policySchema()) }
        let reports = try FormatRequest<GateReportFormat>.parse(report, isQuiet: quiet, isOutputTaken: false)
        var rules = try Policy(text: SettingsFile.text(of: policy), file: policy)
        let all = rules.drops.count
        let whole = GateGathering(rules, lineage: lineage)
        try checkPlaces(reports, whole)
        if !only.isEmpty { rules.drops = whole.drops(of: only) }
        var gathering = GateGathering(rules, lineage: lineage)
        if !only.isEmpty, rules.drops.isEmpty, rules.models.isEmpty, all > 0 {
            if !quiet {
                Terminal.printError("undertone: none of these files is a drop of \(visible(policy)), or its reference")
            }
            return
        }
        Interrupts.removeTemporaries()
        let evidence = try gathering.evidence(showsProgress: !quiet)
        var report = evaluate(rules, evidence, verifies: gathering.verifies)
        if rules.drops.count < all {
            report.notes.append(
                "\(grouped(all - rules.drops.count)) of \(counted(all, "drop")) left out: --only names none of their files"
            )
        }
        report.policyDigest = try storedDigest(of: Input(path: policy))
        for request in reports { try request.write { request.format.render(report, style: $0) } }
        if gathering.hasFailedInput { throw ExitCode(3) }
        if !report.passed { throw ExitCode(1) }
    }

    // Reports are written when all is over, so what they would overwrite is looked for before.
    private func checkPlaces(_ reports: [FormatRequest<GateReportFormat>], _ gathering: GateGathering) throws {
        let read = InputList(arguments: gathering.inputs).inputs
        var taken: Set<String> = []
        for case .file(let path) in reports.map(\.place) {
            if let input = OutputFile.wouldOverwrite(path, read) {
                throw ScanError(
                    .usage, "--report \(path) is the input \(input.path)",
                    mend: "name another file; an input is never overwritten")
            }
            let place = URL(fileURLWithPath: path).standardizedFileURL.path
            if !taken.insert(place).inserted, !place.hasPrefix("/dev/") {
                throw ScanError(.usage, "two reports name the file \(path)", mend: "name two different files")
            }
        }
    }
}
