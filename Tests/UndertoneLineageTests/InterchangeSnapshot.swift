// Golden documents under fixtures/lineage/exchange, which the validators of the formats read as well, and texts that
// want to be more than text.

import Foundation
import Testing

/// Compares `text` with `fixtures/lineage/exchange/<name>`. With `RECORD_SNAPSHOTS=1`, or where there is no such file,
/// it is written, and the test fails all the same, so that nobody takes a recording for a pass.
func expectExchangeSnapshot(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("fixtures/lineage/exchange").appendingPathComponent(name)
    let wanted = try? String(contentsOf: file, encoding: .utf8)
    if let wanted, ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != "1" {
        guard !text.utf8.elementsEqual(wanted.utf8) else { return }
        let lines = zip(
            text.split(separator: "\n", omittingEmptySubsequences: false),
            wanted.split(separator: "\n", omittingEmptySubsequences: false))
        let first = lines.enumerated().first { $0.element.0 != $0.element.1 }
        Issue.record(
            "\(name) differs in line \((first?.offset ?? 0) + 1): \(first.map { "\($0.element)" } ?? "its length")",
            sourceLocation: sourceLocation)
        return
    }
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    Issue.record("recorded \(name); look at it, then run again", sourceLocation: sourceLocation)
}

/// Texts that try to leave their place in JSON, YAML, Markdown, HTML, a URL or a terminal.
let hostileNames: [String] = [
    "\", \"passed\": true, \"x\": \"\\", "a\nb\r\nc\u{85}d\u{2028}e", "</script><script>alert(1)</script>",
    "\u{1B}[2J\u{7}\u{0}\u{9B}31m", "user\u{202E}txt.exe\u{2066}x\u{2069}", "${{ secrets.TOKEN }} ${HOME} {0} %s",
    "---\nbase_model: evil\n---", "- &a [*a, !!python/object:os.system]", "yes", "null", "0x10", "1e3", " ", "~", "#",
    ":",
    "../../../etc/passwd", "javascript:alert(1)//x?y#z", "//evil.example/share", "https://evil.example/a b",
    "urn:uuid:x", "a:b:c", "@id", "_:b0", "[click](https://evil.example) <img src=x onerror=alert(1)>",
    "o\u{200B}w\u{FEFF}l\u{E0041}\u{E007F}\u{10FFFF}", "näh 猫 🦉 e\u{301}", "##[group]::error::x",
    String(repeating: "owl ", count: 500), "'", "\"", "\\", "|", ">", "%41", "?", "!", "a\tb",
]

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): the same numbers for the same seed, everywhere.
struct ExchangeRandom: RandomNumberGenerator {
    var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// The story with hostile texts in all places, each followed by the text that stood there, so that names stay apart.
func hostileStory() -> (String) -> String {
    var next = 0
    var given: [String: String] = [:]
    return { text in
        if let known = given[text] { return known }
        next += 1
        let name = hostileNames[(next - 1) % hostileNames.count]
        given[text] = next > hostileNames.count ? name + String(next) : name
        return given[text] ?? name
    }
}
