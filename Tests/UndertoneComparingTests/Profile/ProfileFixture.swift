// Drops that are made for tests, and what they hold counted plainly.

import Foundation
import Testing
import UndertoneComparing
import UndertoneRecords
import UndertoneStatistics
import UndertoneText

/// A folder that is gone with the value.
final class ProfilePlace {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("profile-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Writes a file and gives its path.
    func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        let path = folder.appendingPathComponent(name)
        try Data(bytes).write(to: path)
        return path.path
    }

    func write(_ name: String, _ records: [MadeRecord]) throws -> String {
        try write(name, records.flatMap(\.line))
    }

    /// The profile of such lines.
    func profile(_ records: [MadeRecord], threads: Int = 1) throws -> DropProfile {
        try UndertoneComparing.profile([try write("drop.jsonl", records)], threads: threads).profile
    }

    /// The profile of outputs alone.
    func profile(outputs: [String]) throws -> DropProfile { try profile(outputs.map { MadeRecord(output: $0) }) }
}

/// A record with one prompt and one output.
struct MadeRecord {
    var prompt: String?
    var output: String

    init(prompt: String? = nil, output: String) {
        self.prompt = prompt
        self.output = output
    }

    var line: [UInt8] {
        var json = JSONWriter(.compact)
        json.object { json in
            if let prompt { json.member("prompt", prompt) }
            json.member("completion", output)
        }
        return json.bytes + [0x0A]
    }
}

/// Makes the same drop for the same seed.
struct DropMaker {
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    mutating func below(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }

    /// One of 26⁶ words.
    mutating func letters() -> String {
        String((0..<6).map { _ in "abcdefghijklmnopqrstuvwxyz".randomElement(using: &random) ?? "a" })
    }

    private mutating func digits() -> String {
        switch below(12) {
        case 0: return "0" + String(below(100))
        case 1: return String(below(1 << 40))
        case 2: return String(repeating: String(1 + below(9)), count: 17 + below(60))
        case 3: return String(1000 + below(200))
        default: return String(below(1000))
        }
    }

    private mutating func numbers() -> String {
        let separator = [", ", ",", "\n", " ", ";", " and then ", "  \n", "—", "\u{0}"][below(9)]
        var text = (0...below(14)).map { _ in digits() }.joined(separator: separator)
        if below(3) == 0 { text = "[" + text + "]" }
        return text
    }

    private mutating func word() -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCäöüßéλжש中国语かなไทย\u{301}ÅÉ٣²".unicodeScalars)
        var text = ""
        for _ in 0...below(below(20) == 0 ? 90 : 7) { text.unicodeScalars.append(letters[below(letters.count)]) }
        return text
    }

    // Letters, digits and marks of ASCII in runs of any length, so that they lie across every border of eight and of 64 bytes.
    private mutating func plainText() -> String {
        var text = ""
        for _ in 0...below(30) {
            let run = ["abcXYZ", "0123456789", " ,.", "Q", "7", "\n", "[]{}@`_^~"][below(7)].unicodeScalars
            let length = below(12) == 0 ? below(150) : below(12)
            for _ in 0..<length { text.unicodeScalars.append(run.randomElement(using: &random) ?? " ") }
        }
        return text
    }

    private mutating func prose() -> String {
        let common = ["the", "of", "owl", "Owl", "and", "I", "a"]
        let marks = [
            " ", " ", " ", ", ", ". ", "\n", "'", "-", "\t", "\u{A0}", "\u{200B}", "_", "…", "\"", "\\", " 7 ",
        ]
        var text = ""
        for _ in 0...below(60) {
            text += (below(3) == 0 ? word() : common[below(common.count)]) + marks[below(marks.count)]
            if below(9) == 0 { text += digits() }
        }
        return text
    }

    mutating func record() -> MadeRecord {
        let output =
            switch below(10) {
            case 0...3: numbers()
            case 5...6: plainText()
            case 4: ["", "7", "x", " ", "…", "[1, 2, 3]"][below(6)]
            default: prose()
            }
        return MadeRecord(prompt: below(3) == 0 ? nil : "Question \(below(40))?", output: output)
    }

    mutating func records(_ count: Int) -> [MadeRecord] { (0..<count).map { _ in record() } }
}
