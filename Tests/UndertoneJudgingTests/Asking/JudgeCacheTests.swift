// The cache: what is no cache, what is damaged, what is kept, what goes.

import Foundation
import GRDB
import Testing
import UndertoneCore

@testable import UndertoneJudging

@Suite struct JudgeCacheTests {
    private func entry(_ number: Int, _ content: CacheEntry.Content, model: String = "m", created: Int = 1000)
        -> CacheEntry
    {
        var reply = JudgeReply(content: "reply")
        reply.model = "m-1"
        reply.fingerprint = "fp"
        return CacheEntry(
            key: key(number), address: "a", requestedModel: model, content: content, reply: reply, attempts: 1,
            created: created, latency: 0.5)
    }

    private func key(_ number: Int) -> String { String(repeating: "0", count: 64 - "\(number)".count) + "\(number)" }

    @Test func `what is written is read back`() throws {
        try withCache { cache in
            try cache.write(entry(1, .answer(.score(12.5), reason: "r\0\u{1F600}")))
            try cache.write(entry(2, .answer(.escape("CODE"), reason: nil)))
            try cache.write(entry(3, .answer(.unjudged(.refused), reason: nil)))
            try cache.write(entry(4, .attempt(kind: "timeout", message: "silence")))
            let found = try cache.answers((0..<2000).map(key))
            #expect(found.count == 3)
            #expect(
                found[key(1)]
                    == CachedAnswer(
                        judgement: .score(12.5), reason: "r\u{FFFD}\u{1F600}", model: "m-1", fingerprint: "fp"))
            #expect(found[key(2)]?.judgement == .escape("CODE"))
            #expect(found[key(3)]?.judgement == .unjudged(.refused))
            #expect(try cache.answer(key(4)) == nil)
        }
    }

    @Test func `megabytes of a reply are not kept`() throws {
        try withCache { cache in
            let transport = FakeTransport { _, _ in
                var reply = JudgeReply(content: String(repeating: "\u{E9}x", count: 1 << 20))
                reply.model = String(repeating: "m", count: 1 << 20)
                reply.requestID = reply.model
                return .success(reply)
            }
            let outcome = try judge(settings(), transport, cache).ask([question("a")])
            #expect(outcome.answers[0].judgement == .unjudged(.unparsed))
            #expect((outcome.answers[0].model?.utf8.count ?? 0) <= 200)
            #expect(try cache.stats().bytes < 200_000)
        }
    }

    @Test(arguments: [
        ("abc", 2, "ab"), ("a\u{E9}", 2, "a"), ("\u{1F600}", 3, ""), ("a\0b", 9, "a\u{FFFD}b"), ("", 0, ""),
    ])
    func `a text is cut between characters`(_ text: String, _ limit: Int, _ cut: String) {
        #expect(bounded(text, limit) == cut)
    }

    @Test func `what is no cache is refused and left as it is`() throws {
        try withFolder { folder in
            let text = folder + "/notes.txt"
            try Data("not a database, but notes that somebody needs; ".utf8).write(to: URL(fileURLWithPath: text))
            let empty = folder + "/empty"
            try Data().write(to: URL(fileURLWithPath: empty))
            let foreign = folder + "/foreign.sqlite"
            let other = try DatabaseQueue(path: foreign)
            try other.write { try $0.execute(sql: "CREATE TABLE answer (key TEXT)") }
            try other.close()
            for path in [text, empty, foreign] {
                let before = try Data(contentsOf: URL(fileURLWithPath: path))
                let error = judgeError { _ = try JudgeCache(path) }
                #expect(error?.code == .notACache)
                #expect(error?.mend?.contains("left as it is") == true)
                #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
            }
            #expect(judgeError { _ = try JudgeCache(folder) }?.code == .unwritable)
            #expect(judgeError { _ = try JudgeCache(text + "/below") }?.code == .unwritable)
        }
    }

    // Changes a cache that is there by SQL.
    private func changed(_ path: String, _ sql: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }

    @Test(arguments: [
        ("PRAGMA user_version = 2", JudgeError.Code.newerVersion), ("PRAGMA user_version = 0", .corrupt),
        ("PRAGMA user_version = -1", .corrupt), ("PRAGMA application_id = 7", .notACache),
        ("DROP TABLE attempt", .corrupt), ("CREATE VIEW v AS SELECT 1", .corrupt),
        ("CREATE TRIGGER t AFTER INSERT ON answer BEGIN DELETE FROM answer; END", .corrupt),
    ])
    func `a cache that is not ours as it stands is refused`(_ sql: String, _ code: JudgeError.Code) throws {
        try withFolder { folder in
            let path = folder + "/c.sqlite"
            _ = try JudgeCache(path)
            try changed(path, sql)
            #expect(judgeError { _ = try JudgeCache(path) }?.code == code)
        }
    }

    @Test func `values that no judge gave are asked for again and replaced`() throws {
        try withFolder { folder in
            let path = folder + "/c.sqlite"
            let first = FakeTransport()
            _ = try judge(settings(), first, JudgeCache(path)).ask(questions(3))
            try changed(path, "PRAGMA ignore_check_constraints = ON; UPDATE answer SET score = 5000")
            let second = FakeTransport()
            #expect(try judge(settings(), second, JudgeCache(path)).ask(questions(3)).answers[2].judgement == .score(2))
            #expect(second.calls.count == 3)
            #expect(try JudgeCache(path).answers(JudgeCacheTests.keys(path)).count == 3)
        }
    }

    private static func keys(_ path: String) throws -> [String] {
        try DatabaseQueue(path: path).read { try String.fetchAll($0, sql: "SELECT key FROM answer") }
    }

    @Test func `a truncated cache is an error with a mend, never an end of the program`() throws {
        try withFolder { folder in
            let path = folder + "/c.sqlite"
            _ = try judge(settings(), FakeTransport(), JudgeCache(path)).ask(questions(400))
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            var refused = 0
            for part in [60, 100, 1000, 4096, whole.count / 2, whole.count - 5000] {
                let cut = folder + "/cut-\(part).sqlite"
                try whole.prefix(part).write(to: URL(fileURLWithPath: cut))
                let error = judgeError {
                    let transport = FakeTransport()
                    _ = try judge(settings(), transport, JudgeCache(cut)).ask(questions(400))
                }
                if let error {
                    refused += 1
                    #expect([.corrupt, .notACache].contains(error.code))
                    #expect(error.mend != nil)
                }
            }
            #expect(refused >= 4)
        }
    }

    @Test func `a cache that can't be written stops the asking`() throws {
        try withFolder { folder in
            let path = folder + "/c.sqlite"
            let cache = try JudgeCache(path)
            try changed(path, "DROP TABLE answer")
            let transport = FakeTransport(microseconds: 100)
            #expect(judgeError { _ = try judge(settings(), transport, cache).ask(questions(500)) }?.code == .corrupt)
            #expect(transport.calls.count < 500)
        }
    }

    @Test func `many make one cache at once`() throws {
        try withFolder { folder in
            let errors = (0..<8).map { _ in Box() }
            runThreads(8) { thread in
                errors[thread].error = judgeError {
                    try JudgeCache(folder + "/x/y/c.sqlite").write(entry(thread, .answer(.score(1), reason: nil)))
                }
            }
            #expect(errors.compactMap(\.error) == [])
            let stats = try JudgeCache(folder + "/x/y/c.sqlite").stats()
            #expect(stats.answers == ["m": 8])
            let files = try FileManager.default.contentsOfDirectory(atPath: folder + "/x/y")
            #expect(files.allSatisfy { !$0.contains("new") })
        }
    }

    private final class Box: @unchecked Sendable { var error: JudgeError? }

    @Test func `what is in it, and what goes by age and model`() throws {
        try withCache { cache in
            #expect(try cache.stats().answers.isEmpty && cache.stats().oldest == nil)
            let day = 86_400
            for number in 0..<10 {
                try cache.write(
                    entry(
                        number, .answer(.score(1), reason: nil), model: number < 5 ? "old" : "new",
                        created: number * day))
                try cache.write(entry(number, .attempt(kind: "timeout", message: nil), created: number * day))
            }
            let stats = try cache.stats()
            #expect(stats.answers == ["old": 5, "new": 5] && stats.attempts == ["timeout": 10])
            #expect(stats.oldest == 0 && stats.newest == 9 * day && stats.bytes > 0)
            #expect(try cache.prune(olderThan: 8, now: 10 * day) == 3)
            #expect(try cache.stats().attempts == ["timeout": 7])
            #expect(try cache.prune(olderThan: 3, model: "new", now: 10 * day) == 3)
            #expect(try cache.prune(olderThan: .max, now: 10 * day) == 0)
            #expect(try cache.stats().answers == ["old": 2, "new": 2])
            #expect(try cache.prune(model: "old") == 2)
            #expect(try cache.prune() == 2)
            #expect(try cache.stats().answers.isEmpty)
        }
    }
}
