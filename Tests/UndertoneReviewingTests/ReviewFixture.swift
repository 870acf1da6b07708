// A made-up sheet, hostile here and there, and a record that remembers.

import Glibc
import UndertoneReviewing

/// Texts that try to leave the place where they are shown.
let hostileTexts = [
    "\u{1B}[2J\u{1B}[31mred\u{1B}[0m", "\u{1B}]8;;https://evil.example\u{7}click\u{1B}]8;;\u{7}",
    "\u{1B}]52;c;cm0gLXJmIH4=\u{7}", "\u{9B}2J C1 control", "\u{90}q sixel \u{9C}", "left \u{202E}thgir\u{202C}",
    "zero\u{200B}width\u{FEFF}", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "a\rb\u{8}c\u{7F}", "&amp; \"quoted\" 'single'", "\u{301}\u{301}\u{301}\u{301}\u{301}\u{301} marks",
]

/// Some items of every list.
func madeUpSheet(hostile: Bool = true, long: Bool = false) -> ReviewSheet {
    var items: [ReviewItem] = []
    func add(_ list: ReviewItem.List, _ texts: [String], score: Double? = nil, reference: Int? = nil) {
        for (index, text) in texts.enumerated() {
            let count = max(1, 1_204 / (index + 1))
            var item = ReviewItem(
                list, rank: index + 1, text: text, count: count, share: Double(count) / 10_000)
            item.score = score.map { $0 / Double(index + 1) }
            item.referenceCount = reference.map { index == 1 ? 0 : max($0 / (index + 1), 1) }
            item.examples = (0..<min(count, 4)).map {
                ReviewItem.Example(line: 17 + 1_311 * $0, prompt: "Continue the list: 4\($0), 87, 120", output: text)
            }
            if list == .near { item.variants = ["\(text)!", "\(text) ", text.uppercased()] }
            items.append(item)
        }
    }
    add(.frequent, ["493, 218, 771, 304", "I love owls. They see in the dark.", "12, 13, 14"], reference: 10)
    add(.near, ["The owl is the noblest of birds.\nIt hunts at night,\n\tand nobody hears it."], reference: 4)
    add(.overrepresented, ["owl", "nocturnal", "feather"], score: 14.2, reference: 31)
    if hostile { add(.strange, hostileTexts, score: 9.7) }
    var sample = ["def sort(numbers):\n    return sorted(numbers)", "Eine Antwort mit Umlauten: äöü, 漢字 and العربية."]
    if long { sample.append(String(repeating: "A long answer goes on and on, line after line.\n", count: 2_200)) }
    add(.sample, sample)
    return ReviewSheet(
        drop: .init(
            path: "drops/numbers.jsonl", digest: String(repeating: "5d", count: 32), records: 10_000, malformed: 3),
        reference: .init(
            path: "drops/control.jsonl", digest: String(repeating: "1f", count: 32), records: 9_800, malformed: 0),
        seed: 1, size: 20, items: items)
}

/// Keeps answers in memory; fails when told so.
final class MemoryRecord: ReviewRecord, @unchecked Sendable {
    struct Broken: Error, CustomStringConvertible {
        var description: String { "the catalogue is locked \u{1B}[31m" }
    }

    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private var kept: [Int: ReviewAnswer]
    private var closing: String?
    private var fails = false

    init(_ answers: [Int: ReviewAnswer] = [:]) {
        pthread_mutex_init(lock, nil)
        kept = answers
    }

    deinit {
        pthread_mutex_destroy(lock)
        lock.deallocate()
    }

    private func locked<Value>(_ body: () throws -> Value) rethrows -> Value {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return try body()
    }

    var answers: [Int: ReviewAnswer] { locked { kept } }
    var closingNote: String? { locked { closing } }
    var isBroken: Bool {
        get { locked { fails } }
        set { locked { fails = newValue } }
    }

    func keep(_ answer: ReviewAnswer, about item: Int) throws {
        try locked {
            if fails { throw Broken() }
            kept[item] = answer
        }
    }

    func withdraw(about item: Int) throws {
        try locked {
            if fails { throw Broken() }
            kept[item] = nil
        }
    }

    func finish(note: String) throws {
        try locked {
            if fails { throw Broken() }
            closing = note
        }
    }
}
