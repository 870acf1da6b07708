// undertone keys, and the commands that docs/attestation.md and docs/log.md give for openssl.

import Foundation
import Glibc
import Testing
import UndertoneLineage

@Suite struct KeysCommandTests {
    let place = Workplace()

    @Test func `new makes two files that only their owner can sign with, and show names them`() throws {
        let run = place.run("keys", "new", "alice")
        #expect(run.code == 0, "\(run)")
        #expect(place.names == ["alice.key", "alice.pub"])
        var status = stat()
        #expect(stat(place.path("alice.key"), &status) == 0 && status.st_mode & 0o777 == 0o600)
        let id = try KeyFiles.verifyingKey(place.path("alice.pub")).id
        #expect(run.output.contains("key id \(id)"))
        #expect(!run.output.contains("PRIVATE"))
        let secret = place.run("keys", "show", "alice.key")
        #expect(secret.code == 0 && secret.output == "Ed25519, private\nkey id \(id)\n" && secret.errors.isEmpty)
        let open = place.run("keys", "show", "alice.pub")
        #expect(open.code == 0 && open.output == "Ed25519, public\nkey id \(id)\n" && open.errors.isEmpty)
        let again = place.run("keys", "show", "--public-key", "alice.key")
        #expect(again.code == 0 && again.output == place.text("alice.pub"))
    }

    @Test func `the private key is for its owner alone, whatever the umask`() {
        let run = place.shell(#"umask 0; exec "$0" keys new alice"#)
        #expect(run.code == 0)
        var status = stat()
        #expect(stat(place.path("alice.key"), &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    @Test(arguments: ["alice.key", "alice.pub"])
    func `new never overwrites`(taken: String) {
        place.write(taken, "old")
        let run = place.run("keys", "new", "alice")
        #expect(run.code == 2)
        #expect(run.errors.contains("undertone: \(taken): is there already"))
        #expect(place.names == [taken] && place.text(taken) == "old")
    }

    @Test(arguments: ["", "/", "keys/", "..", "a/."])
    func `a name that names no file is wrong usage`(name: String) {
        #expect(place.run("keys", "new", name).code == 2)
        #expect(place.names.isEmpty)
    }

    @Test func `a place that can't be written is an error`() {
        let run = place.run("keys", "new", "no/such/alice")
        #expect(run.code == 3)
        #expect(run.errors.contains("no/such/alice.key: can't be made: no such file"))
    }

    @Test func `show warns of a private key that others may read`() {
        #expect(place.run("keys", "new", "alice").code == 0)
        #expect(chmod(place.path("alice.key"), 0o644) == 0)
        let run = place.run("keys", "show", "alice.key")
        #expect(run.code == 0)
        #expect(run.errors.contains("chmod 600"))
    }

    @Test func `show refuses what is no key, without showing it`() {
        place.write("junk.pub", "my password is owl")
        let junk = place.run("keys", "show", "junk.pub")
        #expect(junk.code == 3)
        #expect(junk.errors.contains("junk.pub: the key is no PEM text"))
        #expect(!junk.errors.contains("owl"))
        let none = place.run("keys", "show", "none.pub")
        #expect(none.code == 3 && none.errors.contains("none.pub: can't be read: no such file"))
        #expect(place.run("keys", "show", "/dev/zero").code == 3)
    }

    @Test(.enabled(if: hasOpenSSL, "openssl 3 is not installed"))
    func `the commands of the manual work, and find forgeries`() throws {
        let attestation = commands(in: "docs/attestation.md")
        let log = commands(in: "docs/log.md")
        #expect(attestation.count == 3 && log.count == 1)
        let made = place.shell(prelude + attestation[0] + attestation[1])
        #expect(made.code == 0, "\(made)")
        let key = try KeyFiles.signingKey(place.path("alice.key"))
        #expect(made.output.contains("\(key.verifyingKey.id)  -"))

        place.write("drop.jsonl", completions("1"))
        let sum = try #require(place.shell("sha256sum < drop.jsonl").output.split(separator: " ").first)
        let node = Node(
            id: NodeID(rawValue: 1), name: "drop.jsonl", digest: String(sum), recordedAt: "2026-11-21T10:00:00Z",
            recordedBy: "alice", facts: .drop(DropFacts(bytes: 1)))
        let envelope = try Attestation.lineage(
            of: node.id, in: LineageSnapshot(nodes: [node]), at: "2026-11-21T10:00:00Z", key: key
        ).text
        place.write("drop.dsse.json", envelope)
        let root = MerkleTree.leafHash([1])
        let head = try Checkpoint(origin: Checkpoint.origin(firstEntry: root), size: 1, root: root).signed(by: key)
        place.write("head.txt", head)
        for script in [attestation[2], log[0]] {
            let run = place.shell(prelude + script)
            #expect(run.code == 0, "\(run)")
            #expect(run.output.contains("Signature Verified Successfully"))
        }

        place.write("drop.jsonl", completions("2"))
        #expect(place.shell(prelude + attestation[2]).code != 0)
        place.write("drop.jsonl", completions("1"))
        let payload = try #require(envelope.firstRange(of: #""payload":"e"#))
        var forged = envelope
        forged.replaceSubrange(payload, with: #""payload":"f"#)
        place.write("drop.dsse.json", forged)
        #expect(place.shell(prelude + attestation[2]).code != 0)
        place.write("head.txt", head.replacing("\n1\n", with: "\n2\n"))
        #expect(place.shell(prelude + log[0]).code != 0)
    }
}

private let hasOpenSSL = Workplace().shell("openssl version | grep -q '^OpenSSL [3-9]'").code == 0

// `undertone` is the program under test; the first command that fails ends the script.
private let prelude = "set -eu\nprogram=$0\nundertone() { \"$program\" \"$@\"; }\n"

/// Blocks of shell in a page, in order.
private func commands(in page: String) -> [String] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent(page)
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.components(separatedBy: "\n```sh\n").dropFirst().compactMap { rest in
        rest.components(separatedBy: "```").first
    }
}
