// Every way in which a checkpoint can be wrong, and what is said about it.

import Testing
import UndertoneTensors

@testable import UndertoneTraining

@Suite struct BadCheckpointTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var code: CheckpointError.Code
        var metadata: [String: String] = entries()
        var tensors = ModelShape.perceptron.plans()
        /// What the error must name.
        var names = ""
    }

    static func entries(_ changes: [String: String?] = [:]) -> [String: String] {
        var entries: [String: String] = [
            "undertone.format": "1", "undertone.kind": "model", "undertone.shape": ModelShape.perceptron.json,
            "undertone.seed": "7", "undertone.recipe": "{}", "undertone.data": "[]", "undertone.program": "1",
            "undertone.instructions": "avx2", "undertone.c-library": "glibc",
        ]
        for (name, value) in changes { entries["undertone.\(name)"] = value }
        return entries
    }

    static func tensors(_ change: (inout [TensorPlan]) -> Void) -> [TensorPlan] {
        var plans = ModelShape.perceptron.plans()
        change(&plans)
        return plans
    }

    static func shape(_ json: String, _ code: CheckpointError.Code = .badMetadata, _ names: String = "") -> Fault {
        Fault(testDescription: "the shape \(json)", code: code, metadata: entries(["shape": json]), names: names)
    }

    static func transformer(_ sizes: String) -> String {
        #"{"model":"transformer",\#(sizes),"tiesEmbeddings":true}"#
    }

    static let faults: [Fault] = [
        Fault(
            testDescription: "a newer format", code: .unknownFormat,
            metadata: entries(["format": "2", "program": "9.9"]), names: "by version 9.9; format 1 is read"),
        Fault(
            testDescription: "no kind", code: .badMetadata, metadata: entries(["kind": nil]), names: "undertone.kind"),
        Fault(testDescription: "another kind", code: .wrongKind, metadata: entries(["kind": "training-state"])),
        Fault(testDescription: "no shape", code: .badMetadata, metadata: entries(["shape": nil])),
        Fault(testDescription: "nothing of ours", code: .noShape, metadata: ["format": "pt"]),
        Fault(testDescription: "a seed below zero", code: .badMetadata, metadata: entries(["seed": "-1"])),
        Fault(
            testDescription: "a seed of 65 bits", code: .badMetadata,
            metadata: entries(["seed": "18446744073709551616"]), names: "undertone.seed"),
        Fault(testDescription: "a seed with a sign", code: .badMetadata, metadata: entries(["seed": "+7"])),
        Fault(testDescription: "a recipe that is no JSON", code: .badMetadata, metadata: entries(["recipe": "{"])),
        Fault(testDescription: "no recipe", code: .badMetadata, metadata: entries(["recipe": nil])),
        Fault(testDescription: "data that are no list", code: .badMetadata, metadata: entries(["data": "{}"])),
        Fault(testDescription: "data that are numbers", code: .badMetadata, metadata: entries(["data": "[1]"])),
        Fault(testDescription: "no program", code: .badMetadata, metadata: entries(["program": nil])),

        shape(""), shape("[]"), shape("{}"), shape(#"{"model":"perceptron"}"#), shape(#"{"model":"tree"}"#),
        shape(#"{"model":"perceptron","widths":[2,"3"]}"#), shape(#"{"model":"perceptron","widths":[2]}"#),
        shape(#"{"model":"perceptron","widths":[2,0]}"#), shape(#"{"model":"perceptron","widths":[2,-3]}"#),
        shape(#"{"model":"perceptron","widths":[2,3],"bias":false}"#, .badMetadata, "\"bias\""),
        shape(#"{"model":"perceptron","widths":[2,3],"widths":[2,3]}"#),
        shape(#"{"model":"perceptron","widths":[9223372036854775807,9223372036854775807]}"#),
        shape(#"{"model":"perceptron","widths":[1000000,1000000]}"#, .tooLarge, "1000001000000 parameters"),
        shape(
            #"{"model":"perceptron","widths":[\#(String(repeating: "1,", count: 5000))1]}"#, .badMetadata,
            "5001 widths"),
        // 100 million parameters, and a file of 36 bytes of them.
        shape(#"{"model":"perceptron","widths":[10000,10000]}"#, .wrongTensorShape, "layers.0.weight"),
        shape(#"{"model":"perceptron","widths":[2,3,4]}"#, .missingTensor, "layers.1.weight"),
        shape(transformer(#""vocabulary":7,"context":5,"width":4,"layers":2,"heads":2"#), .missingTensor),
        shape(transformer(#""vocabulary":7,"context":5,"width":4,"layers":2,"heads":0"#), .badMetadata, "heads"),
        shape(transformer(#""vocabulary":7,"context":5,"width":4,"layers":2,"heads":3"#)),
        shape(transformer(#""vocabulary":7,"context":5,"width":4.5,"layers":2,"heads":2"#)),
        shape(transformer(#""vocabulary":7,"context":5,"width":4,"layers":2"#)),
        shape(transformer(#""vocabulary":7,"context":5,"width":-4,"layers":2,"heads":2"#)),
        shape(transformer(#""vocabulary":1000000,"context":128,"width":8192,"layers":100,"heads":64"#), .tooLarge),
        shape(transformer(#""vocabulary":1e18,"context":1e18,"width":1e18,"layers":1e18,"heads":1"#)),
        shape(#"{"model":"transformer","vocabulary":7,"context":5,"width":4,"layers":2,"heads":2}"#),

        Fault(
            testDescription: "a tensor too few", code: .missingTensor, tensors: tensors { $0.removeLast() },
            names: "layers.0.bias"),
        Fault(
            testDescription: "a tensor too many", code: .extraTensor,
            tensors: tensors { $0.append(TensorPlan("stray\u{1B}", .f32, [1])) }, names: "stray\\u{1B}"),
        Fault(
            testDescription: "other sizes of as many elements", code: .wrongTensorShape,
            tensors: tensors { $0[0].shape = [2, 3] }, names: "[2, 3]"),
        Fault(
            testDescription: "another rank", code: .wrongTensorShape, tensors: tensors { $0[1].shape = [3, 1] }),
        Fault(
            testDescription: "integers", code: .wrongTensorType, tensors: tensors { $0[1].type = .i32 }, names: "I32"),
        Fault(
            testDescription: "floats of 8 bits", code: .wrongTensorType, tensors: tensors { $0[0].type = .f8e4m3 },
            names: "layers.0.weight"),
    ]

    @Test("is refused", arguments: faults)
    func refused(fault: Fault) throws {
        let folder = CheckpointFolder()
        let path = try folder.file(tensors: fault.tensors, metadata: fault.metadata)
        let error = try #require(checkpointError { _ = try Checkpoint(path: path) }, "it was loaded")
        #expect(error.code == fault.code, "\(error)")
        #expect(error.description.hasPrefix("\(path): "))
        #expect(error.problem.contains(fault.names), "\(error)")
        #expect(error.mend != nil)
    }

    @Test func `what the faults were made from is no fault`() throws {
        let folder = CheckpointFolder()
        let path = try folder.file(tensors: ModelShape.perceptron.plans(), metadata: BadCheckpointTests.entries())
        let loaded = try Checkpoint(path: path)
        #expect(loaded.provenance?.seed == 7)
        #expect(loaded.provenance?.versions.cLibrary == "glibc")
    }

    @Test func `a model of another shape or vocabulary is refused`() throws {
        let folder = CheckpointFolder()
        let path = "\(folder.path)/a"
        try Checkpoint(.perceptron, finiteNumbers(count: 9, seed: 1), vocabulary: "c0ffee").save(to: path)
        let shape = checkpointError { _ = try Checkpoint(path: path, expecting: .perceptron(widths: [2, 4])) }
        #expect(shape?.code == .otherShape)
        #expect(shape?.problem.contains("[2,3]") == true && shape?.problem.contains("[2,4]") == true)
        let words = checkpointError { _ = try Checkpoint(path: path, vocabulary: "decaf") }
        #expect(words?.code == .otherVocabulary)
        #expect(words?.problem.contains("c0ffee") == true)
        let impossible = checkpointError { _ = try Checkpoint(path: path, expecting: .perceptron(widths: [])) }
        #expect(impossible?.code == .otherShape)
    }

    @Test func `what is no file of tensors is refused`() throws {
        let folder = CheckpointFolder()
        for path in ["\(folder.path)/none", folder.path, "/dev/zero"] {
            #expect(checkpointError { _ = try Checkpoint(path: path) }?.code == .unreadable)
        }
        func made(_ header: String, data: Int, length: UInt64? = nil) -> [UInt8] {
            let length = length ?? UInt64(header.utf8.count)
            return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) } + Array(header.utf8)
                + [UInt8](repeating: 0, count: data)
        }
        func tensor(_ name: String, _ shape: String, _ offsets: String) -> String {
            #""layers.0.\#(name)":{"dtype":"F32","shape":\#(shape),"data_offsets":\#(offsets)}"#
        }
        let weight = tensor("weight", "[3,2]", "[0,24]")
        for bytes in [
            [], made("{}", data: 0, length: .max), made("{}", data: 0, length: 3), made("[]", data: 0),
            made("{\(weight),\(tensor("bias", "[3]", "[12,24]"))}", data: 24),
            made("{\(weight),\(tensor("bias", "[3]", "[28,40]"))}", data: 40),
            made("{\(tensor("weight", "[4294967296,4294967296]", "[0,24]"))}", data: 24),
            made("{\(tensor("weight", "[1000000,1000000]", "[0,4000000000000]"))}", data: 24),
            made("{\(weight),\(tensor("bias", "[3]", "[24,36]"))}", data: 35),
            made("{\(weight),\(tensor("bias", "[3]", "[24,36]"))}", data: 37),
        ] {
            let path = try folder.file(bytes)
            let error = checkpointError { _ = try Checkpoint(path: path, expecting: .perceptron) }
            #expect(error?.code == .damaged, "\(String(describing: error))")
        }
    }

    @Test("a file that was cut anywhere is refused", arguments: ModelShape.examples)
    func cut(shape: ModelShape) throws {
        let folder = CheckpointFolder()
        let path = "\(folder.path)/a"
        try Checkpoint(shape, finiteNumbers(count: shape.layout.count, seed: 1), provenance: .test).save(to: path)
        let bytes = try folder.bytes(path)
        let header = 8 + Int(bytes[0]) + Int(bytes[1]) << 8
        for length in Array(0...header) + [header + 1, bytes.count - 4, bytes.count - 1] {
            let cut = try folder.file(bytes[..<length])
            let error = checkpointError { _ = try Checkpoint(path: cut, expecting: shape) }
            #expect(error?.code == .damaged, "\(length) bytes")
        }
    }

    @Test("no change of bytes makes the reader crash, or load what is no model", arguments: 0..<6 as Range<UInt64>)
    func changes(seed: UInt64) throws {
        let folder = CheckpointFolder()
        let shape = ModelShape.examples[Int(seed) % 3]
        let path = "\(folder.path)/a"
        try Checkpoint(shape, finiteNumbers(count: shape.layout.count, seed: seed), provenance: .test).save(to: path)
        let good = try folder.bytes(path)
        let header = 8 + Int(good[0]) + Int(good[1]) << 8
        var random = RandomStream(seed: seed, stream: 1)
        var outcomes = (loaded: 0, refused: 0)
        for _ in 0..<400 {
            var bad = good
            for _ in 0...random.below(3) {
                // Most of them in the header, where there is more to go wrong.
                let place = random.below(random.below(4) > 0 ? header : bad.count)
                switch random.below(4) {
                case 0: bad[place] = UInt8(random.below(256))
                case 1: bad[place] ^= 1 << UInt8(random.below(8))
                case 2: bad[place] = UInt8(ascii: "0") + UInt8(random.below(10))
                default: bad.swapAt(place, random.below(bad.count))
                }
            }
            do {
                let loaded = try Checkpoint(path: try folder.file(bad))
                #expect(loaded.shape.problem == nil)
                #expect(loaded.parameters.count == loaded.shape.layout.count)
                #expect(loaded.parameters.elements.allSatisfy { $0.isFinite }, "seed \(seed)")
                outcomes.loaded += 1
            } catch is CheckpointError { outcomes.refused += 1 }
        }
        // Both come about, or the changes are no test.
        #expect(outcomes.loaded > 0 && outcomes.refused > 0, "seed \(seed): \(outcomes)")
    }
}
