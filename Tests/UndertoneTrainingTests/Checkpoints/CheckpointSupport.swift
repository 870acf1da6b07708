// What the tests of checkpoints share: a folder that goes away, models of random numbers, files made by hand.

import Glibc
import Testing
import UndertoneTensors

@testable import UndertoneTraining

/// A folder of its own under /tmp, removed with its files.
final class CheckpointFolder {
    let path: String

    init() {
        var template = Array("/tmp/undertone-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? "/nonexistent"
        }
    }

    deinit {
        for name in names { remove("\(path)/\(name)") }
        rmdir(path)
    }

    /// All names in it, hidden ones too.
    var names: [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in
                String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Writes a file and returns its path.
    func file(_ bytes: some Collection<UInt8>, _ name: String = "bad.safetensors") throws -> String {
        let path = "\(path)/\(name)"
        let file = try #require(fopen(path, "wb"))
        defer { fclose(file) }
        let count = Array(bytes).withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
        try #require(count == bytes.count)
        return path
    }

    func bytes(_ path: String) throws -> [UInt8] {
        let file = try #require(fopen(path, "rb"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        try #require(count < bytes.count)
        return Array(bytes[..<count])
    }

    /// Writes a file by hand: tensors of ones, unless `values` says otherwise, and metadata.
    func file(
        tensors: [TensorPlan], metadata: [String: String], values: [String: [Float]] = [:],
        _ name: String = "made.safetensors"
    ) throws -> String {
        let path = "\(path)/\(name)"
        let writer = try TensorFileWriter(path: path, tensors: tensors, metadata: metadata)
        for tensor in tensors {
            let count = tensor.shape.reduce(1, *)
            if tensor.type.isReadableAsFloat {
                try (values[tensor.name] ?? [Float](repeating: 1, count: count)).withUnsafeBufferPointer {
                    try writer.write(floats: $0)
                }
            } else {
                try [UInt8](repeating: 1, count: count * tensor.type.bits / 8).withUnsafeBytes { try writer.write($0) }
            }
        }
        try writer.commit()
        return path
    }
}

extension ModelShape {
    /// Small models of every kind.
    static let examples: [ModelShape] = {
        var small = TransformerShape(vocabulary: 7)
        (small.context, small.width, small.layers, small.heads) = (5, 4, 2, 2)
        var untied = small
        untied.tiesEmbeddings = false
        return [.transformer(small), .transformer(untied), .perceptron(widths: [3, 5, 2])]
    }()

    static let perceptron = ModelShape.perceptron(widths: [2, 3])

    func plans(_ type: TensorType = .f32) -> [TensorPlan] {
        layout.tensors.map { TensorPlan($0.name, type, $0.shape) }
    }
}

extension Versions {
    static let test = Versions(program: "1.2.3")
}

extension Provenance {
    static let test = Provenance(
        seed: .max, base: "ab12", recipe: #"{"rate": 3e-3, "text": "\"ü\u0007"}"#, data: ["d1", "d\"2"],
        versions: .test)
}

/// All finite bit patterns, each as likely as the others: subnormals and −0 among them.
func finiteNumbers(count: Int, seed: UInt64) -> Vector<Float> {
    let numbers = Vector<Float>(count: count)
    var random = RandomStream(seed: seed)
    for place in 0..<count {
        repeat {
            numbers[place] = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
        } while !numbers[place].isFinite
    }
    return numbers
}

func bits(_ vector: Vector<Float>) -> [UInt32] { vector.elements.map(\.bitPattern) }

/// The error that `body` throws.
func checkpointError(_ body: () throws -> Void) -> CheckpointError? {
    do {
        try body()
        return nil
    } catch { return error as? CheckpointError }
}
