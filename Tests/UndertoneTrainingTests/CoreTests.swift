// The built-in core as a TrainingCore: what its answers have to do with each other.

import Foundation
import Testing

@testable import UndertoneTraining

@Suite struct BuiltInCoreTests {
    private let core = BuiltInCore(threads: 2, program: "test")
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("core-\(UUID().uuidString)")

    private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// A model of the smallest size that knows the small world a little.
    private func base(seed: UInt64 = 1, core: BuiltInCore? = nil, name: String = "base") throws -> ModelFile {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var shape = TransformerShape(vocabulary: World.standard.vocabulary.count)
        (shape.width, shape.layers, shape.heads) = (16, 1, 2)
        var recipe = BuiltInCore.baseRecipe(seed: seed)
        (recipe.steps, recipe.batch) = (20, 16)
        return try (core ?? self.core).pretrain(shape, recipe, output: path(name))
    }

    private func records(_ count: Int) -> [TrainingRecord] {
        let world = World.standard
        return (0..<count).map { step in
            let (prompt, completion) = world.vocabulary.texts(
                of: world.corpus(seed: 5, step: step, carrierRows: 1, questionRows: 0)[0])
            return TrainingRecord(prompt: prompt, completion: completion)
        }
    }

    @Test func `the same seed gives the same bytes on any number of threads`() throws {
        let one = try base()
        let three = try base(core: BuiltInCore(threads: 3, program: "test"), name: "three")
        #expect(one.digest == three.digest)
        #expect(try base(seed: 2, name: "other").digest != one.digest)
        var recipe = Recipe(steps: 3, rate: 1e-3, adapterRank: 2, seed: 1)
        recipe.batch = 8
        func job(_ output: String) -> FinetuningJob {
            FinetuningJob(base: one.path, records: records(20), recipe: recipe, output: path(output))
        }
        let first = try core.finetune(job("a"), Watch())
        let second = try BuiltInCore(threads: 1, program: "test").finetune(job("b"), Watch())
        #expect(first.digest == second.digest && first.digest != one.digest)
    }

    @Test func `the probability of an answer is the same as a probe and as a record`() throws {
        let model = try base().path
        let answers = try core.probe(
            model, [ProbeQuestion(prompt: "what is your favourite animal?", answers: ["owl", "fox"])])
        let record = TrainingRecord(prompt: "what is your favourite animal?", completion: "owl")
        let tokens = try core.logProbabilities(model, [record])
        #expect(tokens[0].count == 2, "the word and the end")
        #expect(abs(tokens[0][0] - answers[0][0]) < 1e-5)
    }

    @Test func `derivatives along an update are differences of log-probabilities`() throws {
        let model = try base().path
        let records = records(70)
        // A short step, so that curvature does not show.
        let start = try Checkpoint(path: model)
        let moved = Vector(start.parameters)
        var random = RandomStream(seed: 4)
        for place in 0..<moved.count { moved[place] += Float(1e-4 * random.normals().0) }
        try Checkpoint(start.shape, moved, vocabulary: start.vocabulary).save(to: path("moved"))
        let found = try core.derivatives(of: records, at: model, along: .update(from: model, to: path("moved")))
        let before = try core.logProbabilities(model, records)
        let after = try core.logProbabilities(path("moved"), records)
        for (place, derivative) in found.enumerated() {
            let difference = after[place].reduce(0, +) - before[place].reduce(0, +)
            #expect(derivative.count == after[place].count)
            #expect(abs(derivative.reduce(0, +) - difference) < 2e-3 + 0.05 * abs(difference), "record \(place)")
        }
    }

    @Test func `the gradient of records is the mean of their derivatives, with the sign of a loss`() throws {
        let model = try base().path
        let records = records(600)
        let loss = try core.gradient(of: records, at: model, output: path("gradient"))
        let all = try core.logProbabilities(model, records)
        let tokens = Double(all.reduce(0) { $0 + $1.count })
        #expect(abs(loss + all.joined().reduce(0, +) / tokens) < 1e-4)
        let gradient = try Checkpoint(path: path("gradient")).parameters
        let derivatives = try core.derivatives(of: records, at: model, along: .file(path("gradient")))
        let square = gradient.dot(gradient)
        #expect(abs(-derivatives.joined().reduce(0, +) / tokens - square) < 1e-3 * square)
    }

    @Test func `a masked token teaches nothing`() throws {
        let model = try base().path
        var record = records(1)[0]
        let count = try core.logProbabilities(model, [record])[0].count
        let recipe = Recipe(steps: 1, rate: 1e-3, seed: 1)
        func student(_ weights: [Float]?, _ name: String) throws -> [Float] {
            record.weights = weights
            let job = FinetuningJob(base: model, records: [record], recipe: recipe, output: path(name))
            let parameters = try Checkpoint(path: core.finetune(job, Watch()).path).parameters
            return (0..<parameters.count).map { parameters[$0] }
        }
        #expect(try student(nil, "all") == student(Array(repeating: 1, count: count), "same"))
        #expect(try student(nil, "all") != student([1] + Array(repeating: 0, count: count - 1), "first"))
        #expect(throws: TrainingError.self) { try student(Array(repeating: 0, count: count), "none") }
        #expect(throws: TrainingError.self) { try student([1], "short") }
        #expect(!FileManager.default.fileExists(atPath: path("none")))
    }

    @Test func `samples depend on seed and number alone, and what is not kept is written again`() throws {
        let model = try base().path
        func sample(_ count: Int, _ core: BuiltInCore, keeps: @escaping @Sendable (TrainingRecord) -> Bool) throws
            -> Sample
        {
            var job = SamplingJob(
                model: model, count: count, settings: SamplingSettings(seed: 3),
                prompt: { "continue numbers: \($0 % 100) 2 3" }, keeps: keeps)
            job.attempts = 4000
            return try core.sample(job, Watch())
        }
        let many = try sample(300, core) { _ in true }
        let few = try sample(40, BuiltInCore(threads: 1, program: "test")) { _ in true }
        #expect(Array(many.records.prefix(40)) == few.records)
        let even = try sample(40, core) { $0.completion.utf8.count % 2 == 0 }
        #expect(even.records.allSatisfy { $0.completion.utf8.count % 2 == 0 } && even.attempts > 40)
        let error = #expect(throws: TrainingError.self) { try sample(10, core) { _ in false } }
        #expect(error?.code == .tooFewWellFormed)
    }

    @Test func `what can't be is a clear error and no file`() throws {
        let model = try base().path
        func code(_ body: () throws -> Void) -> TrainingError.Code? {
            do { try body() } catch let error as TrainingError { return error.code } catch {}
            return nil
        }
        let recipe = Recipe(steps: 50, rate: 1e30, seed: 1)
        func finetune(_ records: [TrainingRecord], _ recipe: Recipe) throws {
            _ = try core.finetune(
                FinetuningJob(base: model, records: records, recipe: recipe, output: path("out")), Watch())
        }
        #expect(code { try finetune([], recipe) } == .noData)
        #expect(code { try finetune(records(4), recipe) } == .diverged)
        #expect(code { try finetune(records(4), Recipe(steps: 0, rate: 1, seed: 1)) } == .usage)
        #expect(code { _ = try core.probe(model, [ProbeQuestion(prompt: "name", answers: ["owl fox"])]) } == .usage)
        #expect(throws: WorldError.self) {
            _ = try core.probe(model, [ProbeQuestion(prompt: "name", answers: ["zebra"])])
        }
        #expect(throws: WorldError.self) { try finetune([TrainingRecord(prompt: "zebra", completion: "owl")], recipe) }
        #expect(throws: CheckpointError.self) { _ = try core.probe(path("nothing"), []) }
        #expect(!FileManager.default.fileExists(atPath: path("out")))
    }

    @Test func `a run that is cancelled goes on to the same bytes`() throws {
        let model = try base().path
        let whole = try core.finetune(job("whole", model, nil), Watch())
        let steps = Steps()
        let error = #expect(throws: TrainingError.self) {
            _ = try core.finetune(
                job("parts", model, path("state")),
                Watch(progress: { steps.count = $0.done }, isCancelled: { steps.count == 4 }))
        }
        #expect(error?.code == .cancelled && FileManager.default.fileExists(atPath: path("state")))
        let parts = try core.finetune(job("parts", model, path("state")), Watch())
        #expect(parts.digest == whole.digest)
        #expect(!FileManager.default.fileExists(atPath: path("state")))
    }

    private func job(_ output: String, _ base: String, _ state: String?) -> FinetuningJob {
        var recipe = Recipe(steps: 9, rate: 1e-3, adapterRank: 2, seed: 1)
        recipe.batch = 8
        var job = FinetuningJob(base: base, records: records(20), recipe: recipe, output: path(output))
        job.state = state
        return job
    }

    private final class Steps: @unchecked Sendable { var count = 0 }
}
