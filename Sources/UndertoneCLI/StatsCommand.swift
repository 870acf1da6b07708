// undertone stats

import ArgumentParser
import Foundation
import UndertoneComparing
import UndertoneCore
import UndertoneReporting
import UndertoneScanning
import UndertoneText

struct StatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "What is in a drop, at a glance.",
        discussion: """
            Counts records, lengths, characters, words and numbers in one reading. The JSON form can be added up: profiles of \
            the parts of a drop give that of the whole.

            undertone stats drop.jsonl
            undertone stats 'data/*.jsonl.zst' --report json=profile.json
            undertone stats --merge monday.json --merge tuesday.json
            """)

    @Argument(help: "Files, folders, patterns, or - for standard input.")
    var inputs: [String] = []

    @Option(name: .long, help: "A profile that was written before, to be added. Repeatable.")
    var merge: [String] = []

    @Option(name: .long, help: "Threads, four at most (default: one for each core). The profile doesn't depend on it.")
    var threads: Int?

    @Option(name: .long, help: "text, json or html, to standard output or as FORMAT=FILE. Repeatable. (default: text)")
    var report: [String] = []

    @Flag(name: .shortAndLong, help: "No report and no progress on the terminal.")
    var quiet = false

    func run() throws {
        let requests = try FormatRequest<ProfileFormat>.parse(report, isQuiet: quiet, isOutputTaken: false)
        guard !inputs.isEmpty || !merge.isEmpty else {
            throw ScanError(.usage, "there is nothing to look at", mend: "name a drop, or profiles with --merge")
        }
        if let threads, !(1...1024).contains(threads) {
            throw ScanError(.usage, "--threads \(threads) is out of range", mend: "write 1 to 1024")
        }
        var whole = DropProfile()
        for path in merge {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw ScanError(.input, "\(visible(path)): this profile can't be read", mend: "check the path")
            }
            do throws(ProfileError) {
                whole.merge(try DropProfile(json: data))
            } catch {
                throw ScanError(.input, "\(visible(path)): \(error)")
            }
        }
        if !inputs.isEmpty {
            let progress = ScanProgress()
            let bar = Terminal.canShowProgress && !quiet ? ProgressBar { _ in progress.readingLine } : nil
            defer { bar?.stop() }
            let count = threads ?? ProcessInfo.processInfo.activeProcessorCount
            whole.merge(try profile(inputs, threads: count, progress: progress).profile)
        }
        let name = (inputs + merge).joined(separator: ", ")
        for request in requests { try request.write { request.format.render(whole, name: name, $0) } }
    }
}

/// How a profile is shown.
enum ProfileFormat: String, CaseIterable, ReportFormats {
    case text, json, html

    func render(_ profile: DropProfile, name: String, _ style: TextStyle) -> String {
        switch self {
        case .text: return profile.text(style)
        case .json:
            var json = JSONWriter()
            profile.write(to: &json)
            return json.text
        case .html:
            var text = ""
            profile.writeHTML(name: name, version: undertoneVersion, to: &text)
            return text
        }
    }
}
