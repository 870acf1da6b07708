// Models in several files.

import Testing
import UndertoneTensors

@Suite struct TensorSetTests {
    private func shards(_ folder: Folder) throws {
        try write(
            [(TensorPlan("b", .f32, [2]), [1, 2])], to: "\(folder.path)/model-00001-of-00002.safetensors")
        try write(
            [(TensorPlan("c", .f32, [1]), [4]), (TensorPlan("a", .f32, [1]), [3])],
            to: "\(folder.path)/model-00002-of-00002.safetensors")
    }

    private static let first = "model-00001-of-00002.safetensors"
    private static let second = "model-00002-of-00002.safetensors"

    private func index(_ map: String) -> [UInt8] {
        Array(#"{"metadata":{"total_size":16},"weight_map":{\#(map)}}"#.utf8)
    }

    @Test func `a folder, an index and a file are read`() throws {
        let folder = Folder()
        try shards(folder)
        let plain = try TensorSet(path: folder.path)
        #expect(plain.tensors.map(\.info.name) == ["a", "b", "c"] && plain.elementCount == 4 && plain.byteCount == 16)
        let map = #""b":"\#(TensorSetTests.first)","c":"\#(TensorSetTests.second)","a":"\#(TensorSetTests.second)""#
        let path = try folder.file(index(map), "model.safetensors.index.json")
        for path in [folder.path, path] {
            let set = try TensorSet(path: path)
            #expect(try set.floats("a") == [3] && set.floats("b") == [1, 2] && set.floats("c") == [4])
            #expect(set.files.count == 2 && set.folder == folder.path)
        }
        #expect(try TensorSet(path: "\(folder.path)/\(TensorSetTests.first)").tensors.count == 1)
    }

    @Test(
        "a list of shards that lies is refused",
        arguments: [
            (#"{"weight_map":{"b":"../model.safetensors"}}"#, TensorFileError.Code.badIndex),
            (#"{"weight_map":{"b":"/etc/passwd"}}"#, .badIndex), (#"{"weight_map":{"b":"b.bin"}}"#, .badIndex),
            (#"{"weight_map":{"b":"missing.safetensors"}}"#, .unreadable), (#"{"weight_map":{}}"#, .badIndex),
            (#"{"weight_map":{"b":1}}"#, .badIndex), (#"{"weight_map":["b"]}"#, .badIndex), ("{}", .badIndex),
            ("", .badIndex), (#"{"weight_map":{"b":"\#(first)","zz":"\#(first)"}}"#, .badIndex),
            (#"{"weight_map":{"a":"\#(second)"}}"#, .badIndex),
            (#"{"weight_map":{"b":"\#(second)","a":"\#(first)","c":"\#(second)"}}"#, .badIndex),
        ])
    func badIndex(text: String, code: TensorFileError.Code) throws {
        let folder = Folder()
        try shards(folder)
        let path = try folder.file(Array(text.utf8), "model.safetensors.index.json")
        #expect(tensorError { _ = try TensorSet(path: path) }?.code == code)
    }

    @Test func `a name in two files, and a folder with none, are refused`() throws {
        let folder = Folder()
        #expect(tensorError { _ = try TensorSet(path: folder.path) }?.code == .noTensors)
        try shards(folder)
        try write([(TensorPlan("a", .f32, [1]), [3])], to: "\(folder.path)/more.safetensors")
        #expect(tensorError { _ = try TensorSet(path: folder.path) }?.code == .duplicateName)
    }

    @Test func `of a folder with the model twice, the file with the usual name is taken`() throws {
        let folder = Folder()
        try write([(TensorPlan("a", .f32, [1]), [3])], to: "\(folder.path)/consolidated.safetensors")
        try write([(TensorPlan("a", .f32, [1]), [5])], to: "\(folder.path)/model.safetensors")
        #expect(try TensorSet(path: folder.path).floats("a") == [5])
    }
}
