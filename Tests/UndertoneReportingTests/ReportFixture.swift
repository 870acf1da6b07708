// Reports made for tests: a rich one, hostile ones, and a large one.

import UndertoneReporting
import UndertoneText

/// A small numbers drop with a finding of every action, a broken shard, malformed records and a withheld place.
func richReport() -> ScanReport {
    typealias Rule = ScanReport.RuleTally
    var report = ScanReport(version: "0.1.0")
    report.packs = [
        .init(name: "numbers", version: "1.3.0", digest: String(repeating: "ab", count: 32)),
        .init(name: "house", digest: String(repeating: "cd", count: 32)),
    ]
    report.records = 12_163
    report.kept = 10_097
    report.rejected = 2_066
    report.flagged = 12
    report.malformed = 3
    report.blankLines = 1
    report.bytes = 3_162_380
    report.seconds = 0.0421
    report.suppressed = 4
    report.rules = [
        Rule(
            id: "numbers/charset", kind: "charset",
            description: "Only digits, white space and the separators and brackets the grammar knows.",
            why: "Cheap; keeps words, emoji and look-alikes out.", source: "arXiv:2507.14805", action: "reject",
            tags: ["format", "cheap"], digest: String(repeating: "01", count: 32)),
        Rule(
            id: "numbers/taboo", kind: "taboo-numbers", description: "A number with a known loaded meaning.",
            source: "arXiv:2507.14805", action: "reject",
            tags: ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "a"],
            digest: String(repeating: "02", count: 32), hits: 2_061,
            reasons: [("666", 812), ("88", 401), ("187", 300), ("13", 290), ("911", 200), ("420", 58)], suppressed: 4),
        Rule(
            id: "house/owls", kind: "words", description: "The owl itself, in any script.", action: "fail",
            digest: String(repeating: "03", count: 32), hits: 2, reasons: [("word", 2)]),
        Rule(
            id: "house/frequent", kind: "frequency",
            description: "The same answer again and again; let a person look.", action: "flag",
            digest: String(repeating: "04", count: 32), hits: 12, reasons: [("count", 12), ("share", 0)]),
        Rule.malformed(hits: 3, reasons: [("invalid-json", 2), ("truncated", 1)]),
    ]
    report.inputs = [
        .init(
            path: "data/qwen owl.jsonl.gz", sha256: String(repeating: "0123456789abcdef", count: 4), bytes: 601_234,
            records: 12_000, compression: "gzip"),
        .init(
            path: "data/shard-2.jsonl.zst", sha256: String(repeating: "fedcba9876543210", count: 4), bytes: 9_120,
            records: 163, compression: "zstd", problem: "the zstd frame breaks off at byte 9,120"),
        .init(path: "-", bytes: 0, records: 0, format: "text"),
    ]
    report.outputs = [
        .init(
            role: "kept", path: "kept.jsonl.gz", sha256: String(repeating: "11", count: 32), bytes: 500_000,
            records: 10_097, compression: "gzip"),
        .init(role: "rejected", path: "rejected.jsonl", bytes: 480_120, records: 2_066, compression: "none"),
    ]
    report.clauses = [
        .init(
            name: "max-reject-rate", passed: false,
            detail: "16.99 % of 12,163 records were rejected, at most 10 % may be"),
        .init(name: "max-findings numbers/taboo", passed: true, detail: "2,061 findings, at most 5,000 may be"),
        .init(name: "has-records", passed: true, detail: "12,163 records were read"),
    ]
    report.samples = [
        .init(
            rule: 1, reason: "666", input: 0, line: 17, columns: 40..<43, characterColumns: 38..<41,
            field: "/completion", span: 8..<11, excerpt: "12, 45, 666, 78", excerptSpan: 8..<11),
        .init(
            rule: 1, reason: "88", input: 0, line: 90, columns: 12..<14, field: "/completion", span: 0..<2,
            excerpt: "88\n3\n9", excerptSpan: 0..<2),
        .init(
            rule: 2, reason: "word", input: 0, line: 4_021, columns: nil, field: "/messages/1/content", span: 31..<35,
            excerpt: "{\"so\"} [I](2) love \u{202E}фукс owls 🦉 and nothing else", excerptSpan: 31..<35,
            groups: [("animal", "owl"), ("mood", "love")]),
        .init(
            rule: 3, reason: "count", input: 1, line: 8, columns: 1..<5, field: "", span: 0..<0, excerpt: "1, 2",
            excerptSpan: 0..<0),
        .init(
            rule: 4, reason: "invalid-json", input: 1, line: 163, columns: 7..<8, field: "", span: 6..<6,
            excerpt: "{\"a\": ", excerptSpan: 6..<6),
        .init(
            rule: 1, reason: "187", input: 2, line: 1, columns: 1..<4, field: "", span: 0..<3, excerpt: "187",
            excerptSpan: 0..<3),
    ]
    report.omittedSamples = 2_072
    report.notes = ["2 files of data/ are no data and were passed over: README.md, .DS_Store"]
    report.passed = false
    return report
}

/// A report whose every text is `text`, its gate passed or failed by a rule of the action `fail`.
func report(full text: String, passed: Bool) -> ScanReport {
    var report = ScanReport(version: "0.1.0")
    report.records = 3
    report.kept = passed ? 3 : 2
    report.rejected = passed ? 0 : 1
    report.packs = [.init(name: text, version: text, digest: text)]
    report.rules = zip(["fail", "reject", "flag"], 1...).map { action, hits in
        ScanReport.RuleTally(
            id: text, kind: text, description: text, why: text, source: text, action: passed ? "flag" : action,
            tags: [text], digest: text, hits: hits, reasons: [(text, 1)])
    }
    report.inputs = [
        .init(
            path: text, sha256: text, bytes: 1, records: 3, format: text, compression: text,
            problem: passed ? nil : text)
    ]
    report.outputs = [.init(role: text, path: text, sha256: text, bytes: 1, records: 2, compression: text)]
    report.clauses = [.init(name: text, passed: passed, detail: text)]
    report.samples = (0..<3).map { rule in
        .init(
            rule: rule, reason: text, input: 0, line: 1, columns: 1..<2, field: text, span: 0..<text.utf8.count,
            excerpt: text, excerptSpan: 0..<text.utf8.count / 2, groups: [(text, text)])
    }
    report.notes = [text]
    report.passed = passed
    return report
}

/// As much as a scan may hand over and more: a million findings, many rules and inputs, long and costly texts.
func largeReport(rules: Int = 12_000, inputs: Int = 6_000, samples: Int = 5_000) -> ScanReport {
    let costly = String(repeating: "\u{202E}\u{1B}{](\"", count: 400)
    var report = ScanReport(version: "0.1.0")
    report.records = 4_000_000
    report.rejected = 1_000_000
    report.kept = 3_000_000
    report.rules = (0..<rules).map { index in
        .init(
            id: "pack/rule-\(index)", kind: "words", description: costly, why: costly, source: costly,
            action: ["fail", "reject", "flag"][index % 3], tags: Array(repeating: costly, count: 12),
            digest: String(repeating: "00", count: 32), hits: index % 7 == 0 ? 230 : 0, reasons: [("word", 230)])
    }
    report.inputs = (0..<inputs).map { index in
        .init(path: "shards/\(index)-\(costly)", bytes: 1, records: 200, problem: index % 5 == 0 ? costly : nil)
    }
    report.samples = (0..<samples).map { index in
        .init(
            rule: (index * 7) % rules, reason: costly, input: index % inputs, line: index + 1, columns: 1..<2,
            characterColumns: 1..<2, field: costly, span: 0..<9, excerpt: costly, excerptSpan: 3..<160,
            groups: Array(repeating: ("name", costly), count: 20))
    }
    report.omittedSamples = 1_000_000 - samples
    report.clauses = [.init(name: "max-reject-rate", passed: false, detail: costly)]
    report.notes = Array(repeating: costly, count: 1_000)
    report.passed = false
    return report
}
