// What checkpoints and states of runs share: vectors as named tensors in one safetensors file.

import UndertoneTensors
import UndertoneText

/// A vector as it stands in a file: a tensor for each of its layout's, with `prefix` before the names.
struct StoredVector {
    var prefix = ""
    var layout: ParameterLayout
    var values: Vector<Float>

    /// Writes a file that appears whole or not at all. The same vectors and entries give the same bytes.
    ///
    /// - Throws: `tooLarge` or `notFinite`, before anything is written; `unwritable`.
    static func write(
        _ vectors: [StoredVector], metadata: [String: String], to path: String
    ) throws(CheckpointError) {
        for vector in vectors {
            precondition(vector.values.count == vector.layout.count, "a vector of another layout")
            try checkSize(vector.layout, path)
            try vector.checkNumbers(path)
        }
        do throws(TensorFileError) {
            let plans = vectors.flatMap { vector in
                vector.layout.tensors.map { TensorPlan(vector.prefix + $0.name, .f32, $0.shape) }
            }
            let writer = try TensorFileWriter(path: path, tensors: plans, metadata: metadata)
            for vector in vectors {
                for tensor in vector.layout.tensors {
                    try writer.write(floats: UnsafeBufferPointer(rebasing: vector.values.elements[tensor.range]))
                }
            }
            try writer.commit()
        } catch {
            throw CheckpointError(error)
        }
    }

    /// Reads vectors, one for each prefix, all of one layout. Nothing is allocated before every tensor is known to be in
    /// the file with the sizes that it should have.
    static func read(
        _ file: TensorFile, layout: ParameterLayout, prefixes: [String] = [""]
    ) throws(CheckpointError) -> [StoredVector] {
        try checkSize(layout, file.path)
        let stored = Dictionary(file.tensors.map { ($0.name, $0) }) { first, _ in first }
        var wanted: Set<String> = []
        for prefix in prefixes {
            for tensor in layout.tensors {
                wanted.insert(prefix + tensor.name)
                try check(stored[prefix + tensor.name], prefix + tensor.name, tensor, file)
            }
        }
        if let stranger = file.tensors.first(where: { !wanted.contains($0.name) }) {
            throw CheckpointError(
                .extraTensor, file.path, "tensor \(visible(stranger.name, limit: 200)) is none of this model's",
                mend: "is it a file of another model? docs/checkpoints.md lists the names")
        }
        var vectors: [StoredVector] = []
        for prefix in prefixes {
            let vector = StoredVector(prefix: prefix, layout: layout, values: Vector(count: layout.count))
            for tensor in layout.tensors {
                guard let info = stored[prefix + tensor.name] else { continue }
                let target = UnsafeMutableBufferPointer(rebasing: vector.values.elements[tensor.range])
                do throws(TensorFileError) {
                    try file.readFloats(info, elements: 0..<tensor.count, into: target)
                } catch {
                    throw CheckpointError(error)
                }
            }
            try vector.checkNumbers(file.path)
            vectors.append(vector)
        }
        return vectors
    }

    private static func check(
        _ stored: TensorInfo?, _ name: String, _ tensor: ParameterLayout.Tensor, _ file: TensorFile
    ) throws(CheckpointError) {
        guard let stored else {
            throw CheckpointError(
                .missingTensor, file.path, "tensor \(name) is missing among \(file.tensors.count)",
                mend: "is it a file of another model? docs/checkpoints.md lists the names")
        }
        guard stored.type.isReadableAsFloat else {
            throw CheckpointError(
                .wrongTensorType, file.path, "tensor \(name) has type \(stored.type.rawValue)",
                mend: "convert it to F32; F16, BF16 and F64 are read too")
        }
        guard stored.shape == tensor.shape else {
            throw CheckpointError(
                .wrongTensorShape, file.path,
                "tensor \(name) has sizes \(visible("\(stored.shape)", limit: 80)), and \(tensor.shape) in the model",
                mend: "is it a file of another model?")
        }
    }

    private static func checkSize(_ layout: ParameterLayout, _ path: String) throws(CheckpointError) {
        guard layout.count <= Checkpoint.parameterLimit else {
            throw CheckpointError(
                .tooLarge, path,
                "the model has \(layout.count) parameters, and at most \(Checkpoint.parameterLimit) are possible",
                mend: "the built-in core is for small models")
        }
    }

    private func checkNumbers(_ path: String) throws(CheckpointError) {
        for tensor in layout.tensors {
            let numbers = UnsafeBufferPointer(rebasing: values.elements[tensor.range])
            guard let place = numbers.firstIndex(where: { !$0.isFinite }) else { continue }
            throw CheckpointError(
                .notFinite, path,
                "element \(place) of tensor \(prefix)\(tensor.name) is \(numbers[place]) as a 32-bit number",
                mend: "a run whose loss explodes ends so; go back to an earlier checkpoint, or lower the rate")
        }
    }
}

extension TensorFile {
    /// A safetensors file, opened.
    static func opened(_ path: String) throws(CheckpointError) -> TensorFile {
        do { return try TensorFile(path: path) } catch { throw CheckpointError(error) }
    }
}
