import Glibc
import Testing
import UndertoneTensors

@testable import UndertoneTraining

@Suite struct CheckpointTests {
    @Test("what is saved and loaded is the same, bit by bit", arguments: ModelShape.examples, [1, 2, 3] as [UInt64])
    func roundTrip(shape: ModelShape, seed: UInt64) throws {
        let folder = CheckpointFolder()
        let saved = Checkpoint(
            shape, finiteNumbers(count: shape.layout.count, seed: seed), vocabulary: "c0ffee", provenance: .test)
        let digest = try saved.save(to: "\(folder.path)/a")
        let loaded = try Checkpoint(path: "\(folder.path)/a", expecting: shape, vocabulary: "c0ffee")
        #expect(loaded.shape == shape)
        #expect(bits(loaded.parameters) == bits(saved.parameters))
        #expect(loaded.vocabulary == "c0ffee")
        #expect(loaded.provenance == .test)
        #expect(try loaded.save(to: "\(folder.path)/b") == digest)
        #expect(try folder.bytes("\(folder.path)/a") == folder.bytes("\(folder.path)/b"))
        #expect(folder.names == ["a", "b"])
    }

    @Test func `a model of which nobody said anything is loaded as such`() throws {
        let folder = CheckpointFolder()
        let path = "\(folder.path)/a"
        try Checkpoint(.perceptron, finiteNumbers(count: 9, seed: 1)).save(to: path)
        let loaded = try Checkpoint(path: path)
        #expect(loaded.shape == .perceptron)
        #expect(loaded.vocabulary == nil && loaded.provenance == nil)
        #expect(checkpointError { _ = try Checkpoint(path: path, vocabulary: "c0ffee") }?.code == .otherVocabulary)
    }

    @Test func `a digest is what sha256sum prints`() throws {
        let folder = CheckpointFolder()
        let path = try folder.file("abc".utf8)
        // FIPS 180-2, appendix B.1.
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(try Checkpoint.digest(of: path) == digest)
        let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        #expect(try Checkpoint.digest(of: folder.file([])) == nothing)
        #expect(checkpointError { _ = try Checkpoint.digest(of: folder.path) }?.code == .unreadable)
        #expect(checkpointError { _ = try Checkpoint.digest(of: "\(folder.path)/none") }?.code == .unreadable)
    }

    @Test func `the digest of a vocabulary is that of its listing`() throws {
        let folder = CheckpointFolder()
        let vocabulary = Vocabulary(texts: ["which owl?"])
        let path = try folder.file(vocabulary.listing.utf8)
        #expect(try Checkpoint.digest(of: path) == vocabulary.digest)
        #expect(vocabulary.digest != Vocabulary(texts: ["which fox?"]).digest)
    }

    @Test("tensors of other types are read as the nearest numbers", arguments: [TensorType.f16, .bf16, .f32, .f64])
    func otherTypes(type: TensorType) throws {
        let folder = CheckpointFolder()
        let values: [Float] = [1, -0.5, 0.15625, 1024, -0.0, 96]
        let path = try folder.file(
            tensors: ModelShape.perceptron.plans(type), metadata: ["format": "pt"], values: ["layers.0.weight": values])
        let loaded = try Checkpoint(path: path, expecting: .perceptron, vocabulary: "c0ffee")
        #expect(bits(loaded.parameters) == (values + [1, 1, 1]).map(\.bitPattern))
        #expect(loaded.provenance == nil)
        #expect(checkpointError { _ = try Checkpoint(path: path) }?.code == .noShape)
    }

    @Test func `a number that 32 bits don't hold is refused`() throws {
        let folder = CheckpointFolder()
        // Writing 1e300 as F64 by hand: nine numbers, of which the eighth is the large one.
        var plans = ModelShape.perceptron.plans(.f64)
        plans[1].type = .f64
        let path = try folder.file(tensors: plans, metadata: [:])
        var bytes = try folder.bytes(path)
        let large = (1e300).bitPattern
        for byte in 0..<8 { bytes[bytes.count - 16 + byte] = UInt8(truncatingIfNeeded: large >> (8 * UInt64(byte))) }
        let error = try #require(
            checkpointError { _ = try Checkpoint(path: folder.file(bytes), expecting: .perceptron) })
        #expect(error.code == .notFinite)
        #expect(error.problem.hasPrefix("element 1 of tensor layers.0.bias is inf"))
    }

    @Test func `numbers that are none are neither saved nor loaded`() throws {
        let folder = CheckpointFolder()
        let path = "\(folder.path)/a"
        let parameters = finiteNumbers(count: 9, seed: 4)
        try Checkpoint(.perceptron, parameters).save(to: path)
        let before = try folder.bytes(path)
        for broken in [Float.nan, .infinity, -.infinity] {
            let other = Vector(parameters)
            other[7] = broken
            let error = try #require(checkpointError { try Checkpoint(.perceptron, other).save(to: path) })
            #expect(error.code == .notFinite)
            #expect(error.problem.contains("element 1 of tensor layers.0.bias"))
            var bytes = before
            for byte in 0..<4 {
                bytes[bytes.count - 8 + byte] = UInt8(truncatingIfNeeded: broken.bitPattern >> (8 * UInt32(byte)))
            }
            let loading = try #require(checkpointError { _ = try Checkpoint(path: folder.file(bytes, "b")) })
            #expect(loading.code == .notFinite)
            #expect(loading.problem.contains("element 1 of tensor layers.0.bias"))
        }
        #expect(try folder.bytes(path) == before)
        #expect(folder.names == ["a", "b"])
    }

    @Test func `a write that fails leaves the old file`() throws {
        let folder = CheckpointFolder()
        // The name fits; the hidden one beside it, under which a file is written, does not.
        let name = String(repeating: "n", count: 250)
        let path = try folder.file([1, 2, 3], name)
        let error = try #require(
            checkpointError { try Checkpoint(.perceptron, finiteNumbers(count: 9, seed: 1)).save(to: path) })
        #expect(error.code == .unwritable)
        #expect(try folder.bytes(path) == [1, 2, 3])
        #expect(folder.names == [name])
        // All is written, and can't be put in its place.
        let inner = "\(folder.path)/folder"
        try #require(mkdir(inner, 0o700) == 0)
        let second = checkpointError { try Checkpoint(.perceptron, finiteNumbers(count: 9, seed: 1)).save(to: inner) }
        #expect(second?.code == .unwritable)
        #expect(folder.names == ["folder", name])
    }

    @Test func `a recipe that is no JSON is not saved`() throws {
        let folder = CheckpointFolder()
        var checkpoint = Checkpoint(.perceptron, finiteNumbers(count: 9, seed: 1), provenance: .test)
        checkpoint.provenance?.recipe = "{"
        #expect(checkpointError { try checkpoint.save(to: "\(folder.path)/a") }?.code == .badMetadata)
        #expect(folder.names.isEmpty)
    }

    @Test("shapes are read as they were written", arguments: ModelShape.examples)
    func shapes(shape: ModelShape) throws {
        #expect(try ModelShape(json: shape.json, path: "") == shape)
        #expect(shape.problem == nil)
    }
}
