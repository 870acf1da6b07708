// Which inputs a user's arguments stand for.

import Glibc
import Testing
import UndertoneRecords

@Suite struct InputListTests {
    let scratch = Scratch()

    private func names(_ list: InputList) -> [String] {
        list.inputs.map { String($0.path.dropFirst(scratch.path.utf8.count + 1)) }
    }

    private func list(_ names: String...) -> InputList { InputList(arguments: names.map { scratch($0) }) }

    @Test func `a file is an input whatever its name`() {
        scratch.file("drop.parquet-not", "123")
        let list = list("drop.parquet-not")
        #expect(names(list) == ["drop.parquet-not"])
        #expect(list.storedBytes == 3)
        #expect(list.errors.isEmpty)
    }

    @Test func `a folder stands for all data below it in the order of bytes`() {
        for folder in ["d", "d/b", "d/b/deep", "d/.hidden", "d/a.jsonl"] { scratch.folder(folder) }
        let data = [
            "d/Z.json", "d/a-1.txt", "d/a.jsonl/x.JSONL", "d/b/1.ndjson.gz", "d/b/deep/ä.json.zstd", "d/b0.txt.zst",
        ]
        for name in data + ["d/README.md", "d/x.gz", "d/.secret.jsonl", "d/.hidden/x.jsonl", "d/b/x.csv.gz"] {
            scratch.file(name, name)
        }
        let list = list("d")
        #expect(names(list) == data)
        #expect(list.skippedFiles == 3)
        #expect(list.errors.isEmpty)
    }

    @Test func `links that lead in circles end, and real names come first`() {
        for folder in ["d", "d/z", "out"] { scratch.folder(folder) }
        scratch.file("d/z/1.jsonl")
        scratch.file("out/2.jsonl")
        scratch.link("d/a", to: "z")
        scratch.link("d/z/up", to: "..")
        scratch.link("d/away", to: "../out")
        scratch.link("d/latest.jsonl", to: "z/1.jsonl")
        scratch.link("out/back", to: "../d")
        scratch.link("d/self.jsonl", to: "self.jsonl")
        let list = list("d")
        #expect(names(list) == ["d/away/2.jsonl", "d/z/1.jsonl"])
        #expect(list.errors.map(\.code) == [.noSuchFile])
    }

    @Test func `a file is read once, however often it is named`() {
        scratch.folder("d")
        scratch.file("d/1.jsonl")
        scratch.link("same", to: "d/1.jsonl")
        let list = list("d/1.jsonl", "d", "same")
        #expect(names(list) == ["d/1.jsonl"])
        #expect(list.repeatedFiles == 2)
        #expect(list.errors.isEmpty)
    }

    @Test func `standard input is an input once`() {
        let list = InputList(arguments: ["-", "-"])
        #expect(list.inputs == [Input(path: "-")])
        #expect(list.errors.map(\.description) == ["standard input: was given twice; it can only be read once"])
        #expect(list.storedBytes == nil)
    }

    @Test func `a pattern is matched, sorted and only taken for one if no file has that name`() {
        for name in ["b1.jsonl", "a1.jsonl", "a2.jsonl", ".a3.jsonl", "a[1].jsonl"] { scratch.file(name, name) }
        #expect(names(list("a*.jsonl")) == ["a1.jsonl", "a2.jsonl", "a[1].jsonl"])
        #expect(names(list("?1.jsonl")) == ["a1.jsonl", "b1.jsonl"])
        #expect(names(list("a[1].jsonl")) == ["a[1].jsonl"])
        #expect(list("c*").errors.map(\.code) == [.noMatch])
        #expect(list("**/a1.jsonl").errors.map(\.problem) == ["** is not known in patterns"])
    }

    @Test func `what can't be read is named and the rest goes on`() {
        scratch.file("drop-1.jsonl")
        scratch.folder("empty")
        scratch.file("empty/notes.md")
        let list = list("drop-2.jsonl", "drop-1.jsonl", "empty", "nothing/at/all")
        #expect(names(list) == ["drop-1.jsonl"])
        #expect(list.errors.map(\.code) == [.noSuchFile, .noData, .noSuchFile])
        #expect(
            list.errors[0].description
                == "\(scratch("drop-2.jsonl")): no such file or folder; did you mean \(scratch("drop-1.jsonl"))?")
        #expect(list.errors[1].problem == "holds no data (1 other file)")
        #expect(list.errors[2].mend?.contains("nothing/at") == true)
    }

    @Test(.enabled(if: getuid() != 0, "root may read everything"))
    func `a file without permission is unreadable`() {
        chmod(scratch.file("x.jsonl"), 0)
        #expect(list("x.jsonl").errors.map(\.code) == [.unreadable])
    }

    @Test func `sockets are refused and pipes in folders are left out`() {
        scratch.folder("d")
        scratch.file("d/1.jsonl")
        mkfifo(scratch("d/pipe.jsonl"), 0o600)
        #expect(names(list("d")) == ["d/1.jsonl"])
        #expect(list("d").skippedFiles == 1)
        #expect(names(list("d/pipe.jsonl")) == ["d/pipe.jsonl"])
    }

    @Test func `control characters of names don't reach the terminal`() {
        let error = InputError(.noSuchFile, "a\u{1B}[31m\n\u{202E}b", "no such file or folder")
        #expect(error.description == "a\\u{1B}[31m\\u{A}\\u{202E}b: no such file or folder")
    }

    @Test func `names that aren't UTF-8 are an error, not a silent gap`() {
        scratch.folder("d")
        scratch.file("d/1.jsonl")
        let name = Array(scratch("d/").utf8) + [0xFF, 0x2E, 0x6A, 0x73, 0x6F, 0x6E, 0x6C, 0]
        let file = name.withUnsafeBytes { bytes in
            bytes.baseAddress.map { creat($0.assumingMemoryBound(to: CChar.self), 0o644) } ?? -1
        }
        close(file)
        let list = list("d")
        #expect(names(list) == ["d/1.jsonl"])
        #expect(list.errors.map(\.code) == [.badName])
        _ = name.withUnsafeBytes { bytes in
            bytes.baseAddress.map { unlink($0.assumingMemoryBound(to: CChar.self)) }
        }
    }
}
