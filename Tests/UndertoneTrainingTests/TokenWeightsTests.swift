// Weights of tokens in the loss: what they have to do with masks and repetitions.

import Foundation
import Testing

@testable import UndertoneTraining

@Suite struct TokenWeightsTests {
    @Test func `a weight multiplies a row's share of the loss and of its slopes`() {
        var random = RandomStream(seed: 3)
        let logits = (0..<12).map { _ in Float(random.normals().0) }
        func loss(_ weights: [Float]?) -> (Double, [Float]) {
            var deltas = [Float](repeating: 9, count: 12)
            let loss = Loss.crossEntropy(
                logits, rows: 3, width: 4, targets: [0, 3, 2], weights: weights, into: &deltas)
            return (loss, deltas)
        }
        #expect(loss(nil) == loss([1, 1, 1]))
        let rows = (0..<3).map { row in loss((0..<3).map { $0 == row ? 1 : 0 }) }
        let (mixed, deltas) = loss([2, 0, 0.5])
        #expect(abs(mixed - (2 * rows[0].0 + 0.5 * rows[2].0)) < 1e-12)
        for place in 0..<12 {
            #expect(abs(deltas[place] - (2 * rows[0].1[place] + 0.5 * rows[2].1[place])) < 1e-6)
        }
    }

    @Test func `tokens that weigh 1 train as tokens without weights, and others don't`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weights-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
        let core = BuiltInCore(threads: 1, program: "test")
        var shape = TransformerShape(vocabulary: World.standard.vocabulary.count)
        (shape.width, shape.layers, shape.heads) = (16, 1, 2)
        var recipe = BuiltInCore.baseRecipe(seed: 1)
        (recipe.steps, recipe.batch) = (5, 8)
        let base = try core.pretrain(shape, recipe, output: path("base")).path
        func student(_ weights: [Float]?, soft: Bool = false) throws -> [Float] {
            var record = TrainingRecord(prompt: "continue numbers: 1 2 3", completion: "4, 5, 6")
            record.weights = weights
            var recipe = Recipe(steps: 3, rate: 1e-3, adapterRank: 2, seed: 1)
            recipe.batch = 2
            var job = FinetuningJob(base: base, records: [record], recipe: recipe, output: path("student"))
            if soft { job.targets = .soft(teacher: base, words: nil) }
            let parameters = try Checkpoint(path: core.finetune(job, Watch()).path).parameters
            return Array(parameters.elements)
        }
        let count = 6
        let plain = try student(nil)
        #expect(try student(Array(repeating: 1, count: count)) == plain)
        #expect(try student([2, 0.5] + Array(repeating: 1, count: count - 2)) != plain)
        #expect(throws: TrainingError.self) { try student([1]) }
        #expect(throws: TrainingError.self) { try student([-1] + Array(repeating: 1, count: count - 1)) }
        #expect(throws: TrainingError.self) { try student(Array(repeating: 0.5, count: count), soft: true) }
    }
}
