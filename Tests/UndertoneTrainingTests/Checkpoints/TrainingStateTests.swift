import Testing
import UndertoneTensors

@testable import UndertoneTraining

@Suite struct TrainingStateTests {
    static let run = #"{"recipe":{"rate":0.01,"steps":12},"seed":"3","data":["a","b"]}"#

    // Steps on noise, each drawn by its own number.
    static func train(
        _ model: MultilayerPerceptron<Float>, _ parameters: Vector<Float>, _ adam: AdamW<Float>, to last: Int
    ) {
        let activations = model.activations(batch: 4)
        let gradient = Vector<Float>(count: model.layout.count)
        while adam.steps < last {
            var random = RandomStream(seed: 3, stream: UInt64(adam.steps))
            random.fill(activations.inputs, count: 4 * model.widths[0], scale: 1)
            model.forward(parameters, activations, rows: 4)
            gradient.clear()
            for place in 0..<4 * 2 { activations.logitDeltas[place] = activations.logits[place] - Float(place % 3) }
            model.backward(parameters, activations, into: gradient)
            let share = Schedule.cosine(warmUp: 2).share(step: adam.steps, of: 12)
            adam.step(parameters, gradient, rate: 0.01 * share)
        }
    }

    @Test("a run that was interrupted ends with the bytes of one that was not", arguments: [0, 1, 5, 11, 12])
    func resumed(at step: Int) throws {
        let folder = CheckpointFolder()
        let model = MultilayerPerceptron<Float>(widths: [3, 5, 2])
        let whole = (model.initialParameters(seed: 3), AdamW<Float>(count: model.layout.count))
        TrainingStateTests.train(model, whole.0, whole.1, to: 12)

        let path = "\(folder.path)/state"
        do {
            let (parameters, adam) = (model.initialParameters(seed: 3), AdamW<Float>(count: model.layout.count))
            TrainingStateTests.train(model, parameters, adam, to: step)
            let state = TrainingState(
                model.layout, parameters, adam, run: TrainingStateTests.run, versions: .test)
            try state.save(to: path)
        }
        let state = try TrainingState(path: path, layout: model.layout, run: TrainingStateTests.run)
        #expect(state.steps == step)
        #expect(state.versions == .test)
        let (parameters, adam) = (Vector<Float>(count: model.layout.count), AdamW<Float>(count: model.layout.count))
        state.restore(to: parameters, adam)
        TrainingStateTests.train(model, parameters, adam, to: 12)
        #expect(bits(parameters) == bits(whole.0))
        #expect(bits(adam.first) == bits(whole.1.first) && bits(adam.second) == bits(whole.1.second))
        #expect(folder.names == ["state"])
    }

    @Test func `the state of adapters is saved as well, and the same state gives the same bytes`() throws {
        let folder = CheckpointFolder()
        guard case .transformer(let shape) = ModelShape.examples[0] else { return }
        let adapter = LowRankAdapter(Transformer<Float>(shape), rank: 2, alpha: 2)
        let adam = AdamW<Float>(count: adapter.layout.count)
        let parameters = adapter.initialParameters(seed: 1)
        let gradient = adapter.initialParameters(seed: 2)
        adam.step(parameters, gradient, rate: 0.1)
        let state = TrainingState(adapter.layout, parameters, adam, run: "{}", versions: .test)
        try state.save(to: "\(folder.path)/a")
        let loaded = try TrainingState(path: "\(folder.path)/a", layout: adapter.layout, run: "{}")
        #expect(bits(loaded.parameters) == bits(parameters))
        #expect(bits(loaded.first) == bits(adam.first) && bits(loaded.second) == bits(adam.second))
        try loaded.save(to: "\(folder.path)/b")
        #expect(try folder.bytes("\(folder.path)/a") == folder.bytes("\(folder.path)/b"))
        let full = checkpointError {
            _ = try TrainingState(path: "\(folder.path)/a", layout: ModelShape.examples[0].layout, run: "{}")
        }
        #expect(full?.code == .missingTensor)
    }

    struct Other: Sendable {
        var run: String
        var problem: String
    }

    @Test(
        "another run is refused, and what differs is named",
        arguments: [
            Other(
                run: #"{"recipe":{"rate":0.02,"steps":12},"seed":"3","data":["a","b"]}"#,
                problem: "belongs to another run: recipe.rate is 0.01 in the file and 0.02 here"),
            Other(
                run: #"{"recipe":{"rate":0.01,"decay":1},"seed":"4","data":["a"]}"#,
                problem: """
                    belongs to another run: recipe.steps is 12 in the file and missing here; recipe.decay is missing in \
                    the file and 1 here; seed is "3" in the file and "4" here; data[1] is "b" in the file and missing here
                    """),
            Other(
                run: #"{"a":1,"b":1,"c":1,"d":1}"#,
                problem: """
                    belongs to another run: recipe is {"rate":0.01,"steps":12} in the file and missing here; seed is "3" \
                    in the file and missing here; data is ["a","b"] in the file and missing here; a is missing in the \
                    file and 1 here; and 3 more
                    """),
            Other(run: "7", problem: "belongs to another run: it is"),
            Other(
                run: TrainingStateTests.run + " ",
                problem: "belongs to another run: its description is written differently"),
            Other(run: "{", problem: "belongs to another run: its description is written differently"),
        ])
    func otherRun(other: Other) throws {
        let folder = CheckpointFolder()
        let layout = ModelShape.perceptron.layout
        try TrainingState(
            layout, finiteNumbers(count: 9, seed: 1), AdamW(count: 9), run: TrainingStateTests.run, versions: .test
        ).save(to: "\(folder.path)/a")
        let error = try #require(
            checkpointError { _ = try TrainingState(path: "\(folder.path)/a", layout: layout, run: other.run) })
        #expect(error.code == .otherRun)
        #expect(error.problem.hasPrefix(other.problem), "\(error.problem)")
    }

    @Test func `a state that can't be gone on with is refused`() throws {
        let folder = CheckpointFolder()
        let layout = ModelShape.perceptron.layout
        let plans = ["parameters.", "first.", "second."].flatMap { prefix in
            layout.tensors.map { TensorPlan(prefix + $0.name, .f32, $0.shape) }
        }
        let good = [
            "undertone.format": "1", "undertone.kind": "training-state", "undertone.run": "{}", "undertone.steps": "5",
            "undertone.program": "1", "undertone.instructions": "avx2", "undertone.c-library": "glibc",
        ]
        func code(
            _ changes: [String: String?], _ plans: [TensorPlan], values: [String: [Float]] = [:]
        ) throws -> CheckpointError.Code? {
            var metadata = good
            for (name, value) in changes { metadata["undertone.\(name)"] = value }
            let path = try folder.file(tensors: plans, metadata: metadata, values: values)
            return checkpointError { _ = try TrainingState(path: path, layout: layout, run: "{}") }?.code
        }
        #expect(try code([:], plans) == nil)
        for steps in ["-1", "5.0", "", "9223372036854775807", "99999999999999999999", nil] {
            #expect(try code(["steps": steps], plans) == .badMetadata)
        }
        #expect(try code(["run": nil], plans) == .badMetadata)
        #expect(try code(["run": "{"], plans) == .badMetadata)
        #expect(try code(["c-library": nil], plans) == .badMetadata)
        #expect(try code(["kind": "model"], plans) == .wrongKind)
        #expect(try code(["format": "0"], plans) == .unknownFormat)
        #expect(try code(["format": nil], plans) == .wrongKind)
        #expect(try code([:], Array(plans.dropLast())) == .missingTensor)
        #expect(try code([:], plans + [TensorPlan("third.x", .f32, [1])]) == .extraTensor)
        #expect(try code([:], plans, values: ["second.layers.0.bias": [1, -1, 1]]) == .notFinite)
        #expect(try code([:], plans, values: ["first.layers.0.bias": [1, .nan, 1]]) == .notFinite)
    }

    @Test func `a run whose numbers exploded leaves the last good state`() throws {
        let folder = CheckpointFolder()
        let path = "\(folder.path)/state"
        let parameters = finiteNumbers(count: 9, seed: 1)
        let adam = AdamW<Float>(count: 9)
        let layout = ModelShape.perceptron.layout
        try TrainingState(layout, parameters, adam, run: "{}", versions: .test).save(to: path)
        let before = try folder.bytes(path)
        adam.first[2] = .nan
        let error = checkpointError {
            try TrainingState(layout, parameters, adam, run: "{}", versions: .test).save(to: path)
        }
        #expect(error?.code == .notFinite)
        #expect(error?.problem.contains("first.layers.0.weight") == true)
        #expect(try folder.bytes(path) == before)
        #expect(checkpointError { _ = try Checkpoint(path: path) }?.code == .wrongKind)
    }

    @Test("no change of bytes makes the reader of states crash", arguments: 0..<3 as Range<UInt64>)
    func changes(seed: UInt64) throws {
        let folder = CheckpointFolder()
        let layout = ModelShape.perceptron.layout
        let path = "\(folder.path)/a"
        try TrainingState(
            layout, finiteNumbers(count: 9, seed: seed), AdamW(count: 9), run: "{}", versions: .test
        ).save(to: path)
        let good = try folder.bytes(path)
        var random = RandomStream(seed: seed, stream: 2)
        for length in 0..<good.count {
            let path = try folder.file(good[..<length])
            let error = checkpointError { _ = try TrainingState(path: path, layout: layout, run: "{}") }
            #expect(error?.code == .damaged, "\(length) bytes")
        }
        for _ in 0..<400 {
            var bad = good
            for _ in 0...random.below(3) { bad[random.below(bad.count)] = UInt8(random.below(256)) }
            do {
                let loaded = try TrainingState(path: try folder.file(bad), layout: layout, run: "{}")
                #expect(loaded.second.elements.allSatisfy { $0 >= 0 && $0.isFinite }, "seed \(seed)")
                #expect((0...TrainingState.stepLimit).contains(loaded.steps))
            } catch { #expect(error is CheckpointError) }
        }
    }
}
