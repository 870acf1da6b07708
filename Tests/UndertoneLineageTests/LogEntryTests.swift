// Entries are read as they are written and in no other way; a log that was touched is found out.

import Testing

@testable import UndertoneLineage

@Suite struct LogEntryTests {
    static let row = Digest256.of([1])
    static let entry = LogEntry(
        seq: 1, previous: .zero, at: "2026-11-21T10:00:00Z", actor: "alice", action: "add model", subject: "owl",
        changes: [
            LogEntry.Change(table: "node", key: "1", row: row), LogEntry.Change(table: "edge", key: "1,2", row: nil),
        ])
    static let zeros = String(repeating: "0", count: 64)

    @Test func `the canonical form is this one`() {
        // Changing this changes the digests of every log there is.
        #expect(
            String(decoding: Self.entry.bytes, as: UTF8.self)
                == #"{"seq":1,"previous":"\#(Self.zeros)","at":"2026-11-21T10:00:00Z","actor":"alice","#
                + #""action":"add model","subject":"owl","changes":[{"table":"node","key":"1","#
                + #""row":"4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a"},"#
                + #"{"table":"edge","key":"1,2","row":null}]}"#)
    }

    @Test func `strings are ASCII, with one escape for each character`() {
        var entry = Self.entry
        entry.subject = " ~\"\\/\n\t\u{7F}é\u{202E}🦉##[x]"
        #expect(
            String(decoding: entry.bytes, as: UTF8.self)
                .contains(#""subject":" ~\"\\/\u000a\u0009\u007f\u00e9\u202e\ud83e\udd89##[x]""#))
    }

    @Test(arguments: UInt64(1)...40)
    func `any entry is read as it was written`(seed: UInt64) throws {
        var generator = SplitMix(seed: seed)
        let entry = LogEntry.generated(&generator)
        let bytes = entry.bytes
        let read = try LogEntry(parsing: bytes)
        #expect(read == entry)
        #expect(read.bytes == bytes)
        #expect(bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
    }

    @Test(arguments: [
        ("", ""), ("{}", ""), ("[]", ""), ("null", ""), (#"{"seq":1}"#, ""), ("{\"seq\":1,", "\u{FEFF}{\"seq\":1,"),
        // What stands in the canonical form, and what to put there instead.
        (#"{"seq":1,"#, #"{"seq": 1,"#), (#"{"seq":1,"#, #"{"seq":1.0,"#), (#"{"seq":1,"#, #"{"seq":"1","#),
        (#"{"seq":1,"#, #"{"seq":01,"#), (#"{"seq":1,"#, #"{"seq":1e0,"#),
        (#"{"seq":1,"#, #"{"seq":99999999999999999999,"#),
        (#"{"seq":1,"#, #"{"seq":1,"seq":1,"#), (#"{"seq":1,"#, #"{"more":2,"seq":1,"#),
        (#""owl""#, #""\u006fwl""#), (#""owl""#, #""\/owl""#), (#""owl""#, #""o\ud83dwl""#), (#""owl""#, "null"),
        (#""owl""#, #""é""#), (#""owl""#, #""\n""#),
        (#""owl""#, #""\u00E9""#), (#""owl""#, "\"\u{7F}\""),
        (#""owl""#, "\"o\twl\""), (#""owl""#, "\"o\u{202E}wl\""), (#"null}]}"#, #""null"}]}"#),
        (#"null}]}"#, #"null},null]}"#), (#"null}]}"#, "null}]}\n"), (#"null}]}"#, "null}]} {}"),
        (#"null}]}"#, "null}]"),
        (#"null}]}"#, #""4BF5122F344554C53BDE2EBB8CD2B7E3D1600AD631C385A5D7CCE23C7785459A"}]}"#),
        ("[{", String(repeating: "[", count: 100_000) + "{"),
    ])
    func `what is not in the canonical form is refused`(old: String, new: String) {
        let text = String(decoding: Self.entry.bytes, as: UTF8.self)
        let changed = new.isEmpty ? old : text.replacing(old, with: new)
        #expect(changed != text)
        expectError(.corrupt) { () throws(LineageError) in _ = try LogEntry(parsing: Array(changed.utf8)) }
    }

    @Test func `bytes that are no UTF-8, and every truncation, are refused`() {
        let bytes = Self.entry.bytes
        for count in 0..<bytes.count {
            expectError(.corrupt) { () throws(LineageError) in _ = try LogEntry(parsing: Array(bytes[..<count])) }
        }
        for byte in [UInt8(0xFF), 0xC0, 0x80] {
            var changed = bytes
            changed[90] = byte
            expectError(.corrupt) { () throws(LineageError) in _ = try LogEntry(parsing: changed) }
        }
    }

    @Test func `a flipped bit is refused or gives another entry`() throws {
        let bytes = Self.entry.bytes
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << UInt8(bit)
                if let read = try? LogEntry(parsing: changed) {
                    #expect(read != Self.entry && read.bytes == changed)
                }
            }
        }
    }
}

@Suite struct LogChainTests {
    // Twelve entries as they are stored.
    private static func log() -> (chain: LogChain, entries: [[UInt8]]) {
        var generator = SplitMix(seed: 7)
        var chain = LogChain()
        let entries = (0..<12).map { _ in
            let entry = LogEntry.generated(&generator)
            return chain.append(
                at: entry.at, actor: entry.actor, action: entry.action, subject: entry.subject, changes: entry.changes
            ).bytes
        }
        return (chain, entries)
    }

    private func read(_ entries: [[UInt8]]) throws(LineageError) -> LogChain {
        var chain = LogChain()
        for bytes in entries { _ = try chain.read(bytes) }
        return chain
    }

    @Test func `a log that is read again ends where it ended when it was written`() throws {
        let (chain, entries) = Self.log()
        let again = try read(entries)
        #expect(again == chain)
        #expect(again.size == 12)
        #expect(again.root == PlainTree(entries).root(0..<12))
        var half = try read(Array(entries[..<6]))
        let resumed = LogChain(last: half.last, frontier: half.frontier)
        #expect(resumed == half)
        for bytes in entries[6...] { _ = try half.read(bytes) }
        #expect(half == chain)
    }

    @Test func `an entry that was changed, removed, doubled or moved is found`() throws {
        let (chain, entries) = Self.log()
        for index in entries.indices {
            var removed = entries
            removed.remove(at: index)
            if index + 1 < entries.count {
                expectError(.corrupt) { () throws(LineageError) in _ = try read(removed) }
                var swapped = entries
                swapped.swapAt(index, index + 1)
                expectError(.corrupt) { () throws(LineageError) in _ = try read(swapped) }
            } else {
                // A cut end is a log of its own; only the head that somebody kept shows it.
                #expect(try read(removed).root != chain.root)
            }
            var doubled = entries
            doubled.insert(entries[index], at: index)
            expectError(.corrupt) { () throws(LineageError) in _ = try read(doubled) }
            var changed = entries
            var entry = try LogEntry(parsing: entries[index])
            entry.actor += "x"
            changed[index] = entry.bytes
            if index + 1 < entries.count {
                expectError(.corrupt) { () throws(LineageError) in _ = try read(changed) }
            } else {
                #expect(try read(changed).root != chain.root)
            }
        }
    }

    @Test func `a log that was written anew does not continue a head that was kept`() throws {
        let (chain, entries) = Self.log()
        var forged = LogChain()
        var nodes: [[UInt8]] = []
        for (index, bytes) in entries.enumerated() {
            var entry = try LogEntry(parsing: bytes)
            if index == 3 { entry.actor += "x" }
            nodes.append(
                forged.append(
                    at: entry.at, actor: entry.actor, action: entry.action, subject: entry.subject,
                    changes: entry.changes
                ).bytes)
        }
        #expect(try read(nodes) == forged)  // By itself it looks well.
        let tree = StoredTree(nodes)
        let proof = try #require(tree.consistency(8, 12))
        let kept = PlainTree(entries).root(0..<8)
        #expect(!MerkleTree.verifyConsistency(size1: 8, root1: kept, size2: 12, root2: forged.root, proof: proof))
        let honest = StoredTree(entries)
        let good = try #require(honest.consistency(8, 12))
        #expect(MerkleTree.verifyConsistency(size1: 8, root1: kept, size2: 12, root2: chain.root, proof: good))
    }

    @Test func `an entry that does not belong here leaves the chain as it was`() throws {
        let (_, entries) = Self.log()
        var chain = try read(Array(entries[..<4]))
        let before = chain
        expectError(.corrupt) { () throws(LineageError) in _ = try chain.read(entries[7]) }
        #expect(chain == before)
        _ = try chain.read(entries[4])
        #expect(chain.size == 5)
    }
}

@Suite struct LoggedRowsTests {
    typealias Place = LoggedRows.Place

    @Test func `rows that were changed, added or removed behind the log are named with their entry`() {
        func digest(_ number: UInt8) -> Digest256 { Digest256.of([number]) }
        func entry(_ seq: Int, _ changes: [(String, UInt8?)]) -> LogEntry {
            LogEntry(
                seq: seq, previous: .zero, at: "", actor: "", action: "", subject: "",
                changes: changes.map { LogEntry.Change(table: "node", key: $0.0, row: $0.1.map(digest)) })
        }
        var rows = LoggedRows()
        rows.apply(entry(1, [("1", 1), ("2", 2), ("3", 3)]))
        rows.apply(entry(2, [("2", 20), ("4", 4)]))
        rows.apply(entry(3, [("3", nil)]))
        #expect(rows.count == 3)
        #expect(rows.check(Place(table: "node", key: "1"), digest(1)) == nil)
        #expect(
            rows.check(Place(table: "node", key: "2"), digest(2)) == .changed(Place(table: "node", key: "2"), seq: 2))
        #expect(rows.check(Place(table: "node", key: "3"), digest(3)) == .added(Place(table: "node", key: "3")))
        #expect(rows.check(Place(table: "edge", key: "1"), digest(1)) == .added(Place(table: "edge", key: "1")))
        #expect(rows.missing() == [.removed(Place(table: "node", key: "4"), seq: 2)])
    }

    @Test func `keys are told apart by their bytes`() {
        var rows = LoggedRows()
        let composed = Place(table: "alias", key: "\u{E9}")
        let decomposed = Place(table: "alias", key: "e\u{301}")
        #expect(composed != decomposed)
        rows.apply(
            LogEntry(
                seq: 1, previous: .zero, at: "", actor: "", action: "", subject: "",
                changes: [
                    LogEntry.Change(table: "alias", key: composed.key, row: .zero),
                    LogEntry.Change(table: "alias", key: decomposed.key, row: LogEntryTests.row),
                ]))
        #expect(rows.check(composed, .zero) == nil)
        #expect(rows.check(decomposed, LogEntryTests.row) == nil)
    }
}

extension LogEntry {
    static func generated(_ generator: inout SplitMix) -> LogEntry {
        let changes = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
            Change(
                table: generator.text(), key: generator.text(),
                row: Bool.random(using: &generator) ? Digest256.of(generator.bytes(most: 4)) : nil)
        }
        return LogEntry(
            seq: Int.random(in: 0...Int.max, using: &generator), previous: Digest256.of(generator.bytes(most: 4)),
            at: generator.text(), actor: generator.text(), action: generator.text(), subject: generator.text(),
            changes: changes)
    }
}

/// Expects an error with that code, whose text shows nothing hidden.
func expectError(
    _ code: LineageError.Code, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () throws(LineageError) -> Void
) {
    do throws(LineageError) {
        try body()
        Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    } catch {
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
        let hidden = error.description.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E }
        #expect(!hidden, "\(error)", sourceLocation: sourceLocation)
    }
}
