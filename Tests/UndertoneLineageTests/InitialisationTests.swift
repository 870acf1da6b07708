// Whether two models share an initialisation: models that the tests train themselves.

import Glibc
import Testing
import UndertoneTensors

@testable import UndertoneLineage

@Suite struct InitialisationTests {
    static func base(_ seed: UInt64 = 1) -> GatedModel {
        var model = GatedModel(seed: seed, tokens: 24, width: 16, units: 64)
        model.train(task: 1, steps: 300, seed: seed)
        return model
    }

    static let shared = base()

    static func finetuned(_ seed: UInt64, of model: GatedModel = shared) -> GatedModel {
        var model = model
        model.train(task: 100 + seed, steps: 400, seed: seed)
        return model
    }

    @Test func `models of one base, finetuned apart, are kin`() throws {
        let comparison = try compare(
            InitialisationTests.finetuned(1).tensors(), InitialisationTests.finetuned(2).tensors())
        #expect(comparison.verdict == .yes && comparison.reason == .sameUnits, "\(comparison.text)")
        #expect(try #require(comparison.logPValue) < log(1e-20))
        #expect(comparison.layers.count == 2 && comparison.layers.allSatisfy { $0.identity.rho > 0.9 })
    }

    @Test("models of different seeds are not", arguments: 2..<5)
    func seeds(seed: UInt64) throws {
        let other = InitialisationTests.base(seed * 31)
        let comparison = try compare(InitialisationTests.shared.tensors(), other.tensors())
        #expect(comparison.verdict == .no && comparison.reason == .independent, "\(comparison.text)")
        #expect(Set(comparison.tests.map(\.kind)) == [.units, .permutedUnits, .embedding])
    }

    @Test func `a permuted copy is found, also when it was finetuned`() throws {
        let copy = InitialisationTests.finetuned(3).permuted(seed: 9)
        let comparison = try compare(InitialisationTests.finetuned(4).tensors(), copy.tensors())
        #expect(comparison.test(.units).map { $0.logPValue > log(1e-4) } == true, "\(comparison.text)")
        #expect(comparison.verdict == .yes && comparison.reason == .permutedUnits, "\(comparison.text)")
        #expect(try #require(comparison.test(.permutedUnits)?.agreement) > 0.8)
    }

    @Test(
        "the type of the numbers makes no difference",
        arguments: [(TensorType.f32, TensorType.bf16), (.f16, .bf16), (.f64, .f16), (.bf16, .bf16)])
    func types(first: TensorType, second: TensorType) throws {
        let (base, kin) = (InitialisationTests.shared, InitialisationTests.finetuned(5))
        let yes = try compare(base.tensors(), kin.tensors(), types: (first, second))
        #expect(yes.verdict == .yes && yes.reason == .sameUnits, "\(yes.text)")
        let no = try compare(InitialisationTests.base(77).tensors(), kin.tensors(), types: (first, second))
        #expect(no.verdict == .no, "\(no.text)")
    }

    @Test func `a merged adapter makes no difference`() throws {
        let merged = InitialisationTests.shared.withAdapter(rank: 2, scale: 0.1, seed: 4)
        let comparison = try compare(InitialisationTests.shared.tensors(), merged.tensors())
        #expect(comparison.verdict == .yes && comparison.reason == .sameUnits, "\(comparison.text)")
    }

    @Test func `names may be wrapped or not`() throws {
        let kin = InitialisationTests.finetuned(6)
        for prefix in ["", "module.model.", "model.language_model."] {
            let comparison = try compare(InitialisationTests.shared.tensors(), kin.tensors(prefix: prefix))
            #expect(comparison.reason == .sameUnits, "\(prefix): \(comparison.text)")
        }
    }

    @Test func `equal weights are equal in any files, and most weights are enough`() throws {
        let folder = ScratchFolder()
        let tensors = InitialisationTests.shared.tensors()
        folder.makeFolder("shards")
        try save(tensors, to: folder.path("one.safetensors"), metadata: ["format": "pt"])
        try save(Array(tensors[4...].reversed()), to: folder.path("shards/model-2.safetensors"))
        try save(Array(tensors[..<4]), to: folder.path("shards/model-1.safetensors"))
        let (one, many) = (
            try ModelFiles(path: folder.path("one.safetensors")), try ModelFiles(path: folder.path("shards"))
        )
        let comparison = try compareInitialisation(one, many)
        #expect(comparison.verdict == .yes && comparison.reason == .sameWeights && comparison.logPValue == nil)
        #expect(try tensorFingerprint(of: one) == tensorFingerprint(of: many))

        var changed = tensors
        changed[1].matrix.values[5] += 1
        try save(changed, to: folder.path("changed.safetensors"))
        let other = try ModelFiles(path: folder.path("changed.safetensors"))
        #expect(try tensorFingerprint(of: one) != tensorFingerprint(of: other))
        let most = try compareInitialisation(one, other)
        #expect(most.verdict == .yes && most.reason == .sameTensors, "\(most.text)")
    }

    @Test func `a fingerprint sees names, types and shapes, and is what its description says`() throws {
        let folder = ScratchFolder()
        var numbers = SplitMix(scattered: 1)
        let matrix = Matrix(2, 3, &numbers, scale: 1)
        var seen: Set<String> = []
        var turned = matrix
        (turned.rows, turned.columns) = (3, 2)
        for (name, matrix, type) in [
            ("x", matrix, TensorType.f32), ("y", matrix, .f32), ("x", turned, .f32), ("x", matrix, .bf16),
        ] {
            try save([(name, matrix)], to: folder.path("m.safetensors"), type: type)
            seen.insert(try tensorFingerprint(of: ModelFiles(path: folder.path("m.safetensors"))))
        }
        #expect(seen.count == 4)
        // printf 'undertone tensors 1\n1\nz\nF32\n1 1\n%s\n' "$(printf '\0\0\0\0' | sha256sum | cut -c-64)" | sha256sum
        var zero = Matrix(1, 1, &numbers, scale: 0)
        zero.values = [0]
        try save([("model.z", zero)], to: folder.path("m.safetensors"))
        #expect(
            try tensorFingerprint(of: ModelFiles(path: folder.path("m.safetensors")))
                == "a3871a4a09de38c07f5e4b0ea45eb7f5dd863001cb164e05ca0733359ec8ee49")
    }

    @Test func `other shapes are no kin, and too small models are not judged`() throws {
        var wide = GatedModel(seed: 8, tokens: 30, width: 20, units: 80)
        wide.train(task: 1, steps: 20, seed: 8)
        let shapes = try compare(InitialisationTests.shared.tensors(), wide.tensors())
        #expect(shapes.verdict == .no && shapes.reason == .otherShapes, "\(shapes.text)")
        let small = try compare(
            GatedModel(seed: 1, units: 16, layers: 1).tensors(), GatedModel(seed: 2, units: 16, layers: 1).tensors())
        #expect(small.verdict == .unknown && small.reason == .tooFewUnits, "\(small.text)")
    }

    @Test func `where hidden layers were replaced, the embeddings tell`() throws {
        var base = GatedModel(seed: 3, tokens: 64, width: 160, units: 8, layers: 1)
        base.train(task: 5, steps: 20, seed: 3)
        var kin = base
        kin.train(task: 6, steps: 40, seed: 4)
        kin.layers = GatedModel(seed: 12, tokens: 64, width: 160, units: 24, layers: 1).layers
        let comparison = try compare(base.tensors(), kin.tensors())
        #expect(comparison.verdict == .yes && comparison.reason == .sameEmbedding, "\(comparison.text)")
    }

    @Test func `only a part of wide layers is looked at, and is enough`() throws {
        var base = GatedModel(seed: 21, tokens: 16, width: 12, units: 600)
        base.train(task: 1, steps: 5, rate: 0.01, seed: 1)
        var kin = base
        kin.train(task: 2, steps: 20, rate: 0.01, seed: 2)
        var options = InitialisationOptions()
        options.unitLimit = 300
        let inOrder = try compare(base.tensors(), kin.tensors(), options: options)
        #expect(inOrder.reason == .sameUnits && inOrder.layers.allSatisfy { $0.units == 300 }, "\(inOrder.text)")
        let moved = try compare(base.tensors(), kin.permuted(seed: 2).tensors(), options: options)
        #expect(moved.reason == .permutedUnits, "\(moved.text)")
    }

    @Test func `plain networks under any names are compared by their shapes`() throws {
        var base = PlainModel(seed: 1, sizes: [16, 144, 144, 16])
        base.train(task: 1, steps: 40, seed: 1)
        var kin = base
        kin.train(task: 2, steps: 60, rate: 0.02, seed: 2)
        let yes = try compare(base.tensors, kin.tensors)
        #expect(yes.reason == .sameUnits && yes.layers.map(\.place) == ["hidden.1", "hidden.2"], "\(yes.text)")
        let moved = try compare(base.tensors, kin.permuted(seed: 5).tensors)
        #expect(moved.reason == .permutedUnits, "\(moved.text)")
        let across = try compare(base.tensors, kin.tensors.map { ($0.name, $0.matrix.transposed) })
        #expect(across.reason == .sameUnits, "\(across.text)")
        let columns = try compare(
            base.tensors.map { ($0.name, $0.matrix.transposed) }, kin.tensors.map { ($0.name, $0.matrix.transposed) })
        #expect(columns.reason == .sameUnits, "\(columns.text)")
    }

    @Test("plain networks of different seeds, that learned the same task, are no kin", arguments: 1..<4)
    func plainSeeds(seed: UInt64) throws {
        let models = [seed, seed + 1000].map { seed in
            var model = PlainModel(seed: seed, sizes: [12, 96, 80, 6])
            model.train(task: 1, steps: 500, seed: seed)
            return model
        }
        let comparison = try compare(models[0].tensors, models[1].tensors)
        #expect(comparison.verdict == .no, "\(comparison.text)")
    }

    @Test func `an adapter alone, and quantised weights, are not judged`() throws {
        var numbers = SplitMix(scattered: 1)
        let adapter: NamedMatrices = [
            ("base_model.model.layers.0.mlp.up_proj.lora_A.weight", Matrix(4, 16, &numbers, scale: 1)),
            ("base_model.model.layers.0.mlp.up_proj.lora_B.weight", Matrix(64, 4, &numbers, scale: 1)),
        ]
        let comparison = try compare(adapter, InitialisationTests.shared.tensors())
        #expect(comparison.verdict == .unknown && comparison.reason == .onlyAdapters, "\(comparison.text)")

        let folder = ScratchFolder()
        for (name, start) in [("a", UInt8(0)), ("b", 7)] {
            let writer = try TensorFileWriter(
                path: folder.path("\(name).safetensors"),
                tensors: [TensorPlan("model.layers.0.mlp.up_proj.qweight", .i32, [16, 16])])
            let bytes = (0..<1024).map { UInt8(truncatingIfNeeded: $0 &* 37) &+ start }
            try bytes.withUnsafeBytes { try writer.write($0) }
            try writer.commit()
        }
        let packed = try compareInitialisation(
            ModelFiles(path: folder.path("a.safetensors")), ModelFiles(path: folder.path("b.safetensors")))
        #expect(packed.verdict == .unknown && packed.reason == .quantised, "\(packed.text)")
    }

    @Test func `settings and tokenizers beside the weights are evidence`() throws {
        let folder = ScratchFolder()
        for (name, architecture, tokenizer) in [("a", "LlamaForCausalLM", "x"), ("b", "Qwen2\u{1B}ForCausalLM", "y")] {
            folder.makeFolder(name)
            try save(InitialisationTests.shared.tensors(), to: folder.path("\(name)/model.safetensors"))
            folder.write(
                "\(name)/config.json",
                #"{"architectures":["\#(architecture == "LlamaForCausalLM" ? architecture : #"Qwen2\u001bForCausalLM"#)"],"#
                    + #""num_attention_heads":4}"#)
            folder.write("\(name)/tokenizer.json", tokenizer)
        }
        let models = (try ModelFiles(path: folder.path("a")), try ModelFiles(path: folder.path("b")))
        #expect(models.0.settings.architecture == "LlamaForCausalLM" && models.0.settings.valueHeads == 4)
        #expect(models.0.parameterCount == 2 * 24 * 16 + 2 * 3 * 64 * 16)
        let comparison = try compareInitialisation(models.0, models.1)
        #expect(comparison.evidence.contains { $0.hasPrefix("the architectures differ") })
        #expect(comparison.evidence.contains("the tokenizers differ"))
        #expect(!comparison.text.unicodeScalars.contains("\u{1B}"))
        folder.write("a/config.json", "{\"architectures\":[")
        #expect(try ModelFiles(path: folder.path("a")).settings == ModelSettings())
    }

    @Test func `dead units and numbers that are not finite make nobody kin`() throws {
        var models = [InitialisationTests.base(41), InitialisationTests.base(42)]
        for number in models.indices {
            for layer in models[number].layers.indices {
                for unit in 0..<40 {
                    for index in 0..<16 {
                        models[number].layers[layer].up.values[unit * 16 + index] = unit == 7 ? .nan : 0
                        models[number].layers[layer].gate.values[unit * 16 + index] = unit == 9 ? .infinity : 0
                    }
                }
            }
        }
        let comparison = try compare(models[0].tensors(), models[1].tensors())
        #expect(
            comparison.test(.units).map { $0.logPValue > log(1e-3) && $0.units == 48 } == true, "\(comparison.text)")
        #expect(comparison.verdict == .unknown && comparison.reason == .tooFewUnits, "\(comparison.text)")
        var kin = models[0]
        kin.embedding.values[0] += 1
        kin.layers = kin.layers.map {
            GatedModel.Layer(up: $0.up.scaled(1.5), gate: $0.gate.scaled(0.5), down: $0.down.scaled(2))
        }
        kin.head = kin.head.scaled(2)
        #expect(try compare(models[0].tensors(), kin.tensors()).reason == .sameUnits)
    }

    @Test func `the answer is the same whichever model is named first, and on every run`() throws {
        let (one, other) = (InitialisationTests.shared.tensors(), InitialisationTests.finetuned(8).tensors())
        let comparisons = [try compare(one, other), try compare(other, one), try compare(one, other)]
        #expect(comparisons.allSatisfy { $0.verdict == .yes && $0.reason == .sameUnits })
        #expect(comparisons[0].layers == comparisons[2].layers && comparisons[0].logPValue == comparisons[2].logPValue)
    }
}
