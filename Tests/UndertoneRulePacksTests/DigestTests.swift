// A rule's digest names what decides its verdicts: that must change it, and nothing else may.

import Testing
import UndertoneCore

@testable import UndertoneRulePacks

@Suite struct DigestTests {
    private func digest(_ rule: String, pack: String = "p") throws -> String {
        let read = try PackLibrary().pack(text: "pack: \(pack)\nrules:\n  - \(rule)\n", file: "t.yaml")
        return try #require(read.rules.first).digest
    }

    private let plain =
        "{id: a, kind: words, description: A., words: [owl, {word: hoot, why: x}], over: {count: 1, share: 0.5}, accept: ['1'], reject: [owl]}"

    @Test func `digests are SHA-256`() throws {
        #expect(Digest.sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(try digest(plain).count == 64)
    }

    @Test(
        "stays the same",
        arguments: [
            "{reject: [owl], accept: ['1'], over: {share: 0.5, count: 1}, words: [owl, {why: x, word: hoot}], description: A., kind: words, id: a}",
            "{id: a, kind: words, description: B., why: c, source: d, tags: [e], words: ['owl', {word: \"hoot\", why: y}], over: {count: 1, share: .5}, accept: ['2'], reject: [owls]}",
            "{id: a, kind: words, description: A., field: response, action: reject, words: [owl, {word: hoot}], over: {count: 0x1, share: 5e-1}, accept: ['1'], reject: [owl], sensitive-to: [nfd], aliases: [b]}",
            "id: a  # a comment\n    kind: words\n    description: A.\n    words:\n      - owl\n      - word: hoot\n    over:\n      count: 1\n      share: 0.5\n    accept: ['1']\n    reject: [owl]",
        ])
    func stable(rule: String) throws {
        #expect(try digest(rule) == digest(plain))
    }

    @Test(
        "changes",
        arguments: [
            ("id: a", "id: b"), ("kind: words", "kind: regex"), ("owl, {", "owls, {"), ("count: 1", "count: 2"),
            ("share: 0.5", "share: 0.6"), ("words: [owl", "field: any, words: [owl"),
            ("words: [owl", "action: flag, words: [owl"), ("words: [owl", "case: exact, words: [owl"),
            ("count: 1", "count: '1'"), ("words: [owl, {word: hoot, why: x}]", "words: [{word: hoot, why: x}, owl]"),
        ])
    func sensitive(from: String, to: String) throws {
        let changed = plain.replacing(from, with: to)
        #expect(changed != plain)
        #expect(try digest(changed) != digest(plain))
    }

    @Test func `the pack's name is part of the rule's`() throws {
        #expect(try digest(plain, pack: "q") != digest(plain))
    }

    @Test func `the form under the digest does not change`() throws {
        // A golden value: baselines and lineage keep these digests for years.
        #expect(
            try digest(plain)
                == Digest.sha256(
                    #"{"action":"reject","field":"response","id":"p/a","kind":"words","parameters":"#
                        + #"{"over":{"count":1,"share":0.5},"words":["owl",{"word":"hoot"}]}}"#))
    }
}
