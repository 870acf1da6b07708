// The parts of the comparison by themselves: names of layers, samples, matchings, texts.

import Glibc
import Testing
import UndertoneTensors

@testable import UndertoneLineage

@Suite struct HiddenLayerTests {
    struct Family: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var tensors: [TensorPlan]
        /// Place, units, axis of the up projection, first unit of it, and what the second matrix is.
        var found: [String]

        init(_ name: String, _ tensors: [(String, [Int])], _ found: [String]) {
            testDescription = name
            self.tensors = tensors.map { TensorPlan($0.0, .bf16, $0.1) }
            self.found = found
        }
    }

    static let families = [
        Family(
            "Llama, Qwen, Mistral, Gemma",
            [
                ("model.layers.10.mlp.up_proj.weight", [12, 4]), ("model.layers.10.mlp.gate_proj.weight", [12, 4]),
                ("model.layers.10.mlp.down_proj.weight", [4, 12]), ("model.layers.9.mlp.up_proj.weight", [12, 4]),
                ("model.layers.9.mlp.gate_proj.weight", [12, 4]), ("model.layers.9.mlp.down_proj.weight", [4, 12]),
                ("model.layers.9.self_attn.q_proj.weight", [4, 4]),
            ], ["layers.9.mlp 12 0 0 gate", "layers.10.mlp 12 0 0 gate"]),
        Family(
            "GPT-2",
            [
                ("h.0.mlp.c_fc.weight", [4, 16]), ("h.0.mlp.c_fc.bias", [16]), ("h.0.mlp.c_proj.weight", [16, 4]),
                ("h.0.attn.c_attn.weight", [4, 12]), ("h.0.attn.c_proj.weight", [4, 4]),
            ], ["layers.0.mlp 16 1 0 down"]),
        Family(
            "GPT-2 without biases",
            [
                ("transformer.h.0.mlp.c_fc.weight", [4, 16]), ("transformer.h.0.mlp.c_proj.weight", [16, 4]),
                ("transformer.h.0.attn.c_attn.weight", [4, 12]),
            ], ["layers.0.mlp 16 1 0 down"]),
        Family(
            "GPT-Neo, which has the names of GPT-2 and stores rows",
            [
                ("h.0.mlp.c_fc.weight", [16, 4]), ("h.0.mlp.c_fc.bias", [16]), ("h.0.mlp.c_proj.weight", [4, 16]),
                ("h.0.attn.attention.q_proj.weight", [4, 4]),
            ], ["layers.0.mlp 16 0 0 down"]),
        Family(
            "GPT-NeoX",
            [
                ("gpt_neox.layers.1.mlp.dense_h_to_4h.weight", [16, 4]),
                ("gpt_neox.layers.1.mlp.dense_4h_to_h.weight", [4, 16]),
                ("gpt_neox.layers.1.attention.dense.weight", [4, 4]),
            ], ["layers.1.mlp 16 0 0 down"]),
        Family(
            "Phi-3, two in one",
            [("model.layers.0.mlp.gate_up_proj.weight", [24, 4]), ("model.layers.0.mlp.down_proj.weight", [4, 12])],
            ["layers.0.mlp 12 0 12 gate"]),
        Family(
            "Phi", [("model.layers.0.mlp.fc1.weight", [16, 4]), ("model.layers.0.mlp.fc2.weight", [4, 16])],
            ["layers.0.mlp 16 0 0 down"]),
        Family(
            "Mixtral",
            [
                ("model.layers.0.block_sparse_moe.experts.1.w1.weight", [12, 4]),
                ("model.layers.0.block_sparse_moe.experts.1.w2.weight", [4, 12]),
                ("model.layers.0.block_sparse_moe.experts.1.w3.weight", [12, 4]),
                ("model.layers.0.block_sparse_moe.gate.weight", [8, 4]),
            ], ["layers.0.mlp.experts.1 12 0 0 gate"]),
        Family(
            "BERT",
            [
                ("bert.encoder.layer.0.intermediate.dense.weight", [16, 4]),
                ("bert.encoder.layer.0.output.dense.weight", [4, 16]),
                ("bert.encoder.layer.0.attention.output.dense.weight", [4, 4]),
            ], ["layers.0 16 0 0 down"]),
        Family(
            "a plain network with a third layer",
            [("fc1.weight", [16, 4]), ("fc2.weight", [12, 16]), ("fc3.weight", [3, 12])],
            ["hidden.1 16 0 0 chain", "hidden.2 12 0 0 chain"]),
        Family(
            "a plain network that stores columns",
            [("Dense_0.kernel", [4, 16]), ("Dense_1.kernel", [16, 12]), ("Dense_2.kernel", [12, 3])],
            ["hidden.1 16 1 0 chain", "hidden.2 12 1 0 chain"]),
        Family("attention under unknown names", [("a.attn.x", [4, 4]), ("a.attn.y", [4, 4])], []),
        Family(
            "shapes that don't fit",
            [
                ("layers.0.mlp.up_proj.weight", [12, 4]), ("layers.0.mlp.gate_proj.weight", [11, 4]),
                ("layers.0.mlp.down_proj.weight", [4, 12]),
            ], []),
    ]

    @Test("hidden layers are found", arguments: families)
    func layers(family: Family) throws {
        let folder = ScratchFolder()
        let writer = try TensorFileWriter(path: folder.path("m.safetensors"), tensors: family.tensors)
        let bytes = [UInt8](repeating: 1, count: family.tensors.reduce(0) { $0 + $1.shape.reduce(2, *) })
        try bytes.withUnsafeBytes { try writer.write($0) }
        try writer.commit()
        let found = hiddenLayers(canonicalTensors(try TensorSet(path: folder.path("m.safetensors"))))
        #expect(
            found.map { "\($0.place) \($0.units) \($0.up.unitAxis) \($0.up.firstUnit) \($0.kind.rawValue)" }
                == family.found)
    }
}

@Suite struct UnitMatchingTests {
    @Test("the most alike pairs are taken first", arguments: 1...12)
    func greedy(seed: UInt64) {
        var numbers = SplitMix(scattered: seed)
        let count = numbers.below(20) + 1
        // Few different values make ties.
        let similarity = (0..<(count * count)).map { _ in
            seed % 2 == 0 ? numbers.normal() : Float(numbers.below(5))
        }
        let partners = similarity.withUnsafeBufferPointer { numbers in
            numbers.baseAddress.map { stableMatching($0, count) } ?? []
        }
        #expect(partners.sorted() == Array(0..<count))
        // No row and column like each other better than what they got.
        for row in 0..<count {
            for column in 0..<count {
                let rowPartner = similarity[row * count + partners[row]]
                let columnPartner = similarity[(partners.firstIndex(of: column) ?? 0) * count + column]
                let wished = similarity[row * count + column]
                #expect(!(wished > rowPartner && wished > columnPartner))
            }
        }
    }

    @Test(
        "samples are fixed, ascending, spread, and within bounds", arguments: [1, 15, 16, 100, 2048, 2049, 5000, 18944])
    func samples(count: Int) {
        for limit in [1, 16, 100, 2048] {
            let sample = UnitSample(of: count, limit: limit, seed: 3).indices
            #expect(sample.count == min(count, limit), "\(limit) of \(count)")
            #expect(zip(sample, sample.dropFirst()).allSatisfy { $0 < $1 })
            #expect(sample.allSatisfy { (0..<count).contains($0) })
            #expect(sample == UnitSample(of: count, limit: limit, seed: 3).indices)
        }
    }

    @Test func `places stand in natural order`() {
        let names = [
            "layers.10.mlp", "layers.9.mlp", "layers.9.mlp.experts.11", "layers.9.mlp.experts.2", "a", "a1b", "a01b",
        ]
        #expect(
            names.sorted(by: naturallyPrecedes)
                == [
                    "a", "a01b", "a1b", "layers.9.mlp", "layers.9.mlp.experts.2", "layers.9.mlp.experts.11",
                    "layers.10.mlp",
                ])
    }
}

@Suite struct InitialisationReportTests {
    @Test(
        "p-values are written with two digits",
        arguments: [
            (log(0.5), "0.50"), (log(0.034), "0.0340"), (log(0.001), "0.0010"), (log(3.24e-5), "3.2e-5"),
            (log(9.96e-7), "1.0e-6"), (-2302.585092994046, "1.0e-1000"), (0, "1.00"),
        ])
    func pValues(logP: Double, text: String) { #expect(pValueText(logP) == text) }

    @Test func `text and JSON say what was found`() throws {
        let kin = try compare(InitialisationTests.shared.tensors(), InitialisationTests.finetuned(7).tensors())
        #expect(
            kin.text.hasPrefix("YES  the two models share an initialisation\n") && kin.text.contains("layers.1.mlp"))
        var json = ""
        kin.writeJSON(to: &json)
        for member in [
            #""verdict": "yes""#, #""reason": "same-units""#, #""units_of_layer": 64"#, #""log_p_value": -"#,
        ] {
            #expect(json.contains(member), "\(member)")
        }
        let same = try compare(InitialisationTests.shared.tensors(), InitialisationTests.shared.tensors())
        json = ""
        same.writeJSON(to: &json)
        #expect(json.contains(#""log_p_value": null"#) && json.contains(#""reason": "same-weights""#))
    }

    @Test func `names out of files can't act on a terminal`() throws {
        var numbers = SplitMix(scattered: 3)
        let models = (0..<2).map { _ -> NamedMatrices in
            [
                ("a\u{1B}[31m.fc1.weight", Matrix(140, 4, &numbers, scale: 1)),
                ("a\u{1B}[31m.fc2.weight", Matrix(4, 140, &numbers, scale: 1)),
            ]
        }
        let comparison = try compare(models[0], models[1])
        #expect(comparison.layers.count == 1 && !comparison.text.unicodeScalars.contains("\u{1B}"))
        var json = ""
        comparison.writeJSON(to: &json)
        #expect(!json.unicodeScalars.contains("\u{1B}"))
    }
}

@Suite struct ValueTests {
    @Test func `values in attention tell, where nothing else does`() throws {
        let folder = ScratchFolder()
        var numbers = SplitMix(scattered: 5)
        let base = Matrix(160, 48, &numbers, scale: 1)
        var kin = base
        for index in kin.values.indices { kin.values[index] += 0.3 * numbers.normal() }
        let stranger = Matrix(160, 48, &numbers, scale: 1)
        for (name, matrix) in [("base", base), ("kin", kin), ("stranger", stranger)] {
            folder.makeFolder(name)
            try save([("model.layers.0.self_attn.v_proj.weight", matrix)], to: folder.path("\(name)/model.safetensors"))
            folder.write("\(name)/config.json", #"{"num_attention_heads": 8, "num_key_value_heads": 4}"#)
        }
        let models = try ["base", "kin", "stranger"].map { try ModelFiles(path: folder.path($0)) }
        let yes = try compareInitialisation(models[0], models[1])
        #expect(yes.reason == .sameValues && yes.test(.values)?.parts == 4, "\(yes.text)")
        let no = try compareInitialisation(models[0], models[2])
        #expect(no.verdict == .no && no.reason == .independent, "\(no.text)")
    }
}
