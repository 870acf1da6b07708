// Outputs that can't be written: full devices and disks, missing folders, files that must not be overwritten, signals.

import Foundation
import Glibc
import Testing

@Suite struct BadOutputTests {
    let place = Workplace()

    init() {
        place.write("drop.jsonl", completions("1", "owl", "2"))
        place.write("old.jsonl", "old\n")
    }

    private func expectOld(_ run: Run, code: Int32 = 3) {
        #expect(run.code == code, "\(run)")
        #expect(place.text("old.jsonl") == "old\n")
        #expect(!place.hasLeftovers)
    }

    @Test func `a full device is an error, and no other output takes its place`() {
        let kept = place.run(
            "scan", "drop.jsonl", "--rules", "numbers", "-q", "--kept", "/dev/full", "--rejected", "old.jsonl")
        expectOld(kept)
        #expect(kept.errors.contains("/dev/full: no space left on the device"))
        #expect(kept.errors.contains("choose another place"))
        let rejected = place.run(
            "scan", "drop.jsonl", "--rules", "numbers", "-q", "--kept", "old.jsonl", "--rejected", "/dev/full")
        expectOld(rejected)
    }

    @Test func `a full device ends a large scan early`() {
        place.write("large.jsonl", String(repeating: completions("1, 2, 3"), count: 100_000))
        let run = place.run(
            "scan", "large.jsonl", "--rules", "numbers", "-q", "--kept", "/dev/full", "--rejected", "old.jsonl",
            "--threads", "8")
        expectOld(run)
    }

    @Test func `a file that may grow no further is an error like a full device`() {
        place.write("large.jsonl", String(repeating: completions("1, 2, 3"), count: 30_000))
        let run = place.shell(
            #"ulimit -f 64; exec "$0" scan large.jsonl --rules numbers -q --kept kept.jsonl --rejected old.jsonl"#)
        expectOld(run)
        #expect(run.errors.contains("kept.jsonl: "))
        #expect(!place.names.contains("kept.jsonl"))
    }

    @Test func `a full disk is an error, and its files stay as they were`() throws {
        let disk = place.path("disk")
        place.makeFolder("disk")
        let mounted = place.shell("mount -t tmpfs -o size=256k tmpfs disk")
        guard mounted.code == 0 else { return }  // Only root may mount, and not everywhere.
        defer { umount2(disk, Int32(MNT_DETACH)) }
        place.write("disk/kept.jsonl", "old\n")
        place.write("large.jsonl", String(repeating: completions("1, 2, 3"), count: 30_000))
        let run = place.run(
            "scan", "large.jsonl", "--rules", "numbers", "-q", "--kept", "disk/kept.jsonl", "--rejected", "old.jsonl")
        expectOld(run)
        #expect(run.errors.contains("disk/kept.jsonl: "))
        #expect(place.text("disk/kept.jsonl") == "old\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk) == ["kept.jsonl"])
    }

    @Test func `a report that standard output does not take is an error`() {
        #expect(place.run("scan", "drop.jsonl", "--rules", "numbers", output: "/dev/full").code == 3)
        #expect(place.run("rules", "list", output: "/dev/full").code == 3)
        #expect(place.run("scan", "drop.jsonl", "--rules", "numbers", "--report", "json=/dev/full").code == 3)
    }

    @Test func `a reader that goes away is no error`() {
        let run = place.shell(#""$0" rules schema | head -c 1"#)
        #expect(run.code == 0)
        #expect(run.errors.isEmpty)
    }

    @Test(arguments: [
        ["--kept", "drop.jsonl"], ["--rejected", "drop.jsonl"], ["--kept", "./link.jsonl"], ["--kept", "./"],
        ["--report", "json=drop.jsonl"], ["--write-baseline", "drop.jsonl"], ["--report", "sarif=link.jsonl"],
    ])
    func `an input is never overwritten`(arguments: [String]) {
        symlink("drop.jsonl", place.path("link.jsonl"))
        let run = place.run(["scan", "drop.jsonl", "--rules", "numbers"] + arguments)
        expectOld(run, code: 2)
        #expect(run.errors.contains("drop.jsonl"), "\(run)")
        #expect(run.errors.contains("name another file"))
        #expect(place.text("drop.jsonl") == completions("1", "owl", "2"))
    }

    @Test(arguments: [
        ["--kept", "out", "--rejected", "out"], ["--kept", "-", "--rejected", "-"],
        ["--kept", "out", "--report", "json=out"], ["--report", "json=out", "--report", "sarif=./out"],
        ["--report", "json=out", "--write-baseline", "out"],
    ])
    func `two outputs never share a file`(arguments: [String]) {
        let run = place.run(["scan", "drop.jsonl", "--rules", "numbers"] + arguments)
        #expect(run.code == 2, "\(run)")
        #expect(place.names == ["drop.jsonl", "old.jsonl"])
    }

    @Test func `two spellings of one file are one file`() {
        let run = place.run(
            "scan", "drop.jsonl", "--rules", "numbers", "-q", "--kept", "out.jsonl", "--rejected", "./out.jsonl")
        #expect(run.code >= 2, "\(run)")
        #expect(place.names == ["drop.jsonl", "old.jsonl"])
    }

    @Test func `a folder that is not there is an error with a mend`() {
        let run = place.run("scan", "drop.jsonl", "--rules", "numbers", "-q", "--kept", "no/kept.jsonl")
        #expect(run.code == 3)
        #expect(run.errors.contains("no/kept.jsonl: its folder is not there"))
        #expect(run.errors.contains("make the folder first"))
    }

    @Test func `lines and elements of an array do not go into one file`() {
        place.write("array.json", #"[{"completion":"1"}]"#)
        let run = place.run(
            "scan", "drop.jsonl", "array.json", "--rules", "numbers", "-q", "--kept", "old.jsonl")
        expectOld(run)
        #expect(run.errors.contains("name a folder"))
    }

    @Test func `kept records go to standard output and the report beside them`() {
        let run = place.run("scan", "drop.jsonl", "--rules", "numbers", "--kept", "-")
        #expect(run.code == 0)
        #expect(run.output == completions("1", "2"))
        #expect(run.errors.hasPrefix("PASSED"))
        let mixed = place.run("scan", "drop.jsonl", "--rules", "numbers", "--kept", "-", "--report", "json")
        #expect(mixed.code == 2)
        #expect(mixed.errors.contains("give the report a file"))
    }

    @Test func `pipes that have no name are outputs too`() {
        for place in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
            let run = self.place.shell(#""$0" scan drop.jsonl --rules numbers -q --kept \#(place) | cat"#)
            #expect(run.code == 0)
            #expect(run.output == completions("1", "2"), "\(run)")
        }
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func `a signal leaves nothing half-written`(number: Int32) throws {
        #expect(mkfifo(place.path("input"), 0o600) == 0)
        let program = place.start([
            "scan", "input", "--rules", "numbers", "-q", "--kept", "old.jsonl", "--threads", "1",
        ])
        let pipe = open(place.path("input"), O_WRONLY)
        let drop = Array(String(repeating: completions("1, 2, 3"), count: 50_000).utf8)
        // When this is written the program has read, and with it begun to write.
        #expect(write(pipe, drop, drop.count) == drop.count)
        while !place.hasLeftovers { usleep(1000) }
        kill(program.process, number)
        let run = program.end()
        close(pipe)
        expectOld(run, code: 128 + number)
    }
}
