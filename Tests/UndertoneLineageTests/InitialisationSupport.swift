// Folders and comparisons for the tests of initialisation.

import Glibc
import Testing
import UndertoneLineage
import UndertoneTensors

/// A folder of its own under /tmp, removed with its files and the folders in it.
final class ModelFolder {
    let path: String

    init() {
        var template = Array("/tmp/undertone-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? "/nonexistent"
        }
    }

    deinit { removeAll(path) }

    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    func text(_ text: String, _ name: String) throws {
        let file = try #require(fopen(self(name), "wb"))
        defer { fclose(file) }
        fputs(text, file)
    }

    func folder(_ name: String) { mkdir(self(name), 0o755) }
}

private func removeAll(_ path: String) {
    if let folder = opendir(path) {
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in
                String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name != ".", name != ".." else { continue }
            if unlink("\(path)/\(name)") != 0 { removeAll("\(path)/\(name)") }
        }
        closedir(folder)
    }
    rmdir(path)
}

typealias NamedMatrices = [(name: String, matrix: Matrix)]

/// Compares two models through files.
func compare(
    _ first: NamedMatrices, _ second: NamedMatrices, types: (TensorType, TensorType) = (.f32, .f32),
    options: InitialisationOptions = InitialisationOptions()
) throws -> InitialisationComparison {
    let folder = ModelFolder()
    try save(first, to: folder("a.safetensors"), type: types.0)
    try save(second, to: folder("b.safetensors"), type: types.1)
    return try compareInitialisation(
        ModelFiles(path: folder("a.safetensors")), ModelFiles(path: folder("b.safetensors")), options: options)
}

extension InitialisationComparison {
    func test(_ kind: IndependenceTest.Kind) -> IndependenceTest? { tests.first { $0.kind == kind } }

    var text: String {
        var text = ""
        writeText(to: &text)
        return text
    }
}
