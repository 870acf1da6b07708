// Small drops in a folder of their own.

import Foundation
import Testing

@testable import UndertoneReviewing

/// A folder that goes away with the object.
final class ReviewFolder {
    let path: String

    init() {
        path =
            FileManager.default.temporaryDirectory.appendingPathComponent("undertone-review-\(UUID().uuidString)").path
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes bytes to a file.
    ///
    /// - Returns: its path.
    func write(_ bytes: some Sequence<UInt8>, as name: String) throws -> String {
        let file = path + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }

    /// Writes outputs as JSON Lines.
    func drop(_ outputs: [String], as name: String = "drop.jsonl") throws -> String {
        var bytes: [UInt8] = []
        for (index, output) in outputs.enumerated() {
            let record = ["prompt": "question \(index + 1)", "completion": output]
            bytes += try JSONSerialization.data(withJSONObject: record, options: .sortedKeys) + [0x0A]
        }
        return try write(bytes, as: name)
    }
}

/// Numbers that look random, the same every time.
struct Chance: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 1
        return scrambled(state)
    }
}

private let syllables = ["ba", "ke", "li", "mo", "nu", "pa", "re", "si", "to", "vu"]

/// Sentences of made-up words.
func sentences(_ count: Int, words: Int = 12, seed: UInt64) -> [String] {
    var chance = Chance(state: seed)
    return (0..<count).map { _ in
        (0..<words).map { _ in
            (0..<Int.random(in: 1...3, using: &chance)).map { _ in syllables.randomElement(using: &chance) ?? "" }
                .joined()
        }.joined(separator: " ")
    }
}

extension ReviewSheet {
    func list(_ list: ReviewItem.List) -> [ReviewItem] { items.filter { $0.list == list } }
}
