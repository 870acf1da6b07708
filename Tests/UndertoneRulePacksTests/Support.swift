// What the tests of this target share: short packs, expected complaints, a seeded generator.

import Foundation
import Testing
import UndertoneCore

@testable import UndertoneRulePacks

/// The folder of the package.
let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// A rule with all that a rule needs, in the form of a list item.
func ruleText(_ id: String, _ more: String = "") -> String {
    """
      - id: \(id)
        kind: regex
        description: A test.
        deny: ['owl']
        accept: ['1']
        reject: ['owl']
    \(more)
    """
}

/// A pack of one rule.
func packText(_ name: String = "test", rule id: String = "one", _ more: String = "") -> String {
    "pack: \(name)\nrules:\n" + ruleText(id) + more
}

/// Reads a text that must be refused.
func refusal(
    of text: String, file: String = "t.yaml", sourceLocation: Testing.SourceLocation = #_sourceLocation
) -> SettingsError? {
    do {
        _ = try PackLibrary().pack(text: text, file: file)
        Issue.record("the pack was read", sourceLocation: sourceLocation)
        return nil
    } catch {
        return error
    }
}

/// A case of a table: a pack that must be refused, why, where and with which mend.
struct Refused: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var code: SettingsError.Code
    var place: String
    var says: String

    init(_ name: String, _ text: String, _ code: SettingsError.Code, _ place: String, _ says: String) {
        self.name = name
        self.text = text
        self.code = code
        self.place = place
        self.says = says
    }

    var testDescription: String { name }

    func check(sourceLocation: Testing.SourceLocation = #_sourceLocation) {
        guard let error = refusal(of: text, sourceLocation: sourceLocation) else { return }
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
        #expect(error.description.hasPrefix("t.yaml:\(place): "), "\(error)", sourceLocation: sourceLocation)
        #expect(error.description.contains(says), "\(error)", sourceLocation: sourceLocation)
    }
}

/// A folder that is gone when the body is done.
func withFolder<Result>(_ files: [String: String], _ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("packs-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
        let file = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
    return try body(folder.path)
}

/// SplitMix64: the same numbers for the same seed, on every machine.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
