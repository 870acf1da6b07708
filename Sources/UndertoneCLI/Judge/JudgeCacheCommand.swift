// undertone judge cache

import ArgumentParser
import Foundation
import UndertoneJudging
import UndertoneScanning
import UndertoneText

struct JudgeCacheCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache",
        abstract: "See what is kept of judges' answers, and throw old ones away.",
        discussion: """
            undertone judge cache
            undertone judge cache --prune-older-than 90
            undertone judge cache --prune-model gpt-4o-mini
            """)

    @Option(name: .long, help: "The cache.")
    var judgeCache = JudgeCache.defaultPath

    @Option(name: .long, help: "Throw answers away that are older. (days)")
    var pruneOlderThan: Int?

    @Option(name: .long, help: "Throw the answers of this model away; with an age, only the older ones.")
    var pruneModel: String?

    @Option(name: .long, help: "text or json.")
    var report = "text"

    func run() throws {
        guard ["text", "json"].contains(report) else {
            throw ScanError(.usage, "--report \(visible(report)) is no report format here", mend: "write text or json")
        }
        if let pruneOlderThan, pruneOlderThan < 0 {
            throw ScanError(.usage, "--prune-older-than \(pruneOlderThan) is out of range", mend: "write days")
        }
        guard FileManager.default.fileExists(atPath: judgeCache) else {
            throw ScanError(
                .input, "there is no cache \(visible(judgeCache, limit: 200))", mend: "name it with --judge-cache")
        }
        let cache = try JudgeCache(judgeCache)
        var pruned: Int?
        if pruneOlderThan != nil || pruneModel != nil {
            pruned = try cache.prune(olderThan: pruneOlderThan, model: pruneModel)
        }
        let stats = try cache.stats()
        if report == "json" {
            var json = JSONWriter()
            json.object { json in
                json.member("path", cache.path)
                json.member("pruned", pruned)
                json.member("bytes", stats.bytes)
                json.member("oldest", stats.oldest.map { Moment(seconds: $0).text })
                json.member("newest", stats.newest.map { Moment(seconds: $0).text })
                json.array("models") { json in
                    for model in Set(stats.answers.keys).union(stats.attempts.keys).sorted() {
                        json.object { json in
                            json.member("model", model)
                            json.member("answers", stats.answers[model] ?? 0)
                            json.member("attempts", stats.attempts[model] ?? 0)
                        }
                    }
                }
            }
            return try Terminal.print(json.text)
        }
        var lines: [String] = []
        if let pruned { lines.append("\(counted(pruned, "answer")) thrown away") }
        lines.append("\(visible(cache.path, limit: 200))  \(byteCount(stats.bytes))")
        for (model, count) in stats.answers.sorted(by: { $0.key < $1.key }) {
            lines.append("  \(visible(model, limit: 100))  \(counted(count, "answer"))")
        }
        if stats.answers.isEmpty { lines.append("  no answers") }
        if let oldest = stats.oldest, let newest = stats.newest {
            lines.append("  from \(Moment(seconds: oldest).text) to \(Moment(seconds: newest).text)")
        }
        let failed = stats.attempts.values.reduce(0, +)
        if failed > 0 { lines.append("  \(counted(failed, "attempt")) that came to no answer") }
        try Terminal.print(lines.joined(separator: "\n"))
    }
}
