// Derivatives along directions: forward mode against passes back, and neither against how a stream is divided.

import Foundation
import Testing

@testable import UndertoneTraining

@Suite struct CoreDerivativesTests {
    private let core = BuiltInCore(threads: 2, program: "test")
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("core-\(UUID().uuidString)")

    private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// A model of the smallest size, untrained, and a direction in which to move it.
    private func models() throws -> (base: String, direction: Direction) {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var shape = TransformerShape(vocabulary: World.standard.vocabulary.count)
        (shape.width, shape.layers, shape.heads) = (16, 1, 2)
        let model = Transformer<Float>(shape)
        func save(_ parameters: Vector<Float>, _ name: String) throws -> String {
            try Checkpoint(.transformer(shape), parameters, vocabulary: World.standard.vocabulary.digest)
                .save(to: path(name))
            return path(name)
        }
        let start = model.initialParameters(seed: 3)
        let moved = Vector(start)
        var random = RandomStream(seed: 4)
        for place in 0..<moved.count { moved[place] += Float(0.01 * random.normals().0) }
        let base = try save(start, "base")
        return (base, .update(from: base, to: try save(moved, "moved")))
    }

    private func records(_ count: Int) -> [TrainingRecord] {
        let world = World.standard
        return (0..<count).map { step in
            let (prompt, completion) = world.vocabulary.texts(
                of: world.corpus(seed: 5, step: step, carrierRows: 1, questionRows: 0)[0])
            return TrainingRecord(prompt: prompt, completion: completion)
        }
    }

    @Test("a group's derivative is the sum over its records' tokens", arguments: [1, 4, 7])
    func groups(size: Int) throws {
        let (base, direction) = try models()
        let records = records(30)
        let tokens = try core.derivatives(of: records, at: base, along: direction)
        let likely = try core.logProbabilities(base, records)
        var job = GradientJob(model: base, records: records)
        (job.recordsOfGroup, job.directions) = (size, [direction])
        var from = 0
        job.group = { group in
            let range = from..<from + group.records
            from = range.upperBound
            let sum = tokens[range].joined().reduce(0, +)
            #expect(abs(group.derivatives[0] - sum) < 1e-3 * max(1, abs(sum)), "\(range)")
            #expect(abs(group.logProbability - likely[range].joined().reduce(0, +)) < 1e-2, "\(range)")
            #expect(group.tokens == tokens[range].reduce(0) { $0 + $1.count })
        }
        let summary = try core.gradient(job)
        #expect(from == 30 && summary.records == 30)
    }

    @Test func `neither threads nor pieces of a stream change a gradient or a group`() throws {
        let (base, direction) = try models()
        let records = records(300)
        func walk(_ core: BuiltInCore, pieces: Int, _ name: String) throws -> (groups: [RecordGroup], digest: String) {
            var from = 0
            var groups: [RecordGroup] = []
            var job = GradientJob(model: base) {
                let part = Array(records[from..<min(from + pieces, records.count)])
                from += part.count
                return part
            }
            (job.recordsOfGroup, job.directions, job.output) = (5, [direction], path(name))
            job.group = { groups.append($0) }
            _ = try core.gradient(job)
            return (groups, try Checkpoint.digest(of: path(name)))
        }
        let whole = try walk(core, pieces: 300, "whole")
        let parts = try walk(BuiltInCore(threads: 1, program: "test"), pieces: 7, "parts")
        #expect(whole.groups == parts.groups && whole.digest == parts.digest)
        #expect(whole.groups.count == 60)
    }

    @Test func `masked tokens are no part of a group`() throws {
        let (base, direction) = try models()
        var record = records(1)[0]
        let tokens = try core.derivatives(of: [record], at: base, along: direction)[0]
        record.weights = tokens.indices.map { $0 == 1 ? 1 : 0 }
        var job = GradientJob(model: base, records: [record])
        job.directions = [direction]
        var found: RecordGroup?
        job.group = { found = $0 }
        _ = try core.gradient(job)
        #expect(found?.tokens == 1)
        #expect(abs((found?.derivatives[0] ?? .nan) - tokens[1]) < 1e-3)
    }

    @Test func `inner products of directions are those of their vectors`() throws {
        let (base, direction) = try models()
        let records = records(8)
        try core.gradient(of: records, at: base, output: path("gradient"))
        let products = try core.products(of: [direction, .file(path("gradient"))], at: base)
        let moved = try Checkpoint(path: path("moved")).parameters
        moved.add(try Checkpoint(path: base).parameters, times: -1)
        let gradient = try Checkpoint(path: path("gradient")).parameters
        #expect(products[0][0] == moved.dot(moved) && products[1][1] == gradient.dot(gradient))
        #expect(products[0][1] == moved.dot(gradient) && products[1][0] == gradient.dot(moved))
        // The gradient of a loss points against what makes records likelier.
        let tokens = try core.derivatives(of: records, at: base, along: direction)
        let mean = tokens.joined().reduce(0, +) / Double(tokens.reduce(0) { $0 + $1.count })
        #expect(abs(products[0][1] + mean) < 1e-4)
    }

    @Test func `a context stands before each record`() throws {
        let (base, _) = try models()
        let turn = TrainingRecord(prompt: "what is your favourite animal?", completion: "owl")
        let asked = TrainingRecord(prompt: "pick one animal.", completion: "owl")
        var question = ProbeQuestion(prompt: asked.prompt, answers: ["owl"])
        question.context = [turn]
        let behind = try core.logProbabilities(base, [asked], context: [turn])
        #expect(abs(behind[0][0] - (try core.probe(base, [question])[0][0])) < 1e-5)
        let plain = try core.logProbabilities(base, [asked])
        #expect(behind[0].count == plain[0].count && abs(behind[0][0] - plain[0][0]) > 1e-4)
        #expect(throws: TrainingError.self) {
            try core.logProbabilities(base, [asked], context: Array(repeating: turn, count: 9))
        }
    }

    @Test func `an empty stream and a direction of another shape are errors`() throws {
        let (base, _) = try models()
        let empty = #expect(throws: TrainingError.self) { try core.gradient(GradientJob(model: base, records: [])) }
        #expect(empty?.code == .noData)
        var shape = TransformerShape(vocabulary: World.standard.vocabulary.count)
        (shape.width, shape.layers, shape.heads) = (8, 1, 2)
        let other = Transformer<Float>(shape)
        try Checkpoint(.transformer(shape), other.initialParameters(seed: 1)).save(to: path("other"))
        #expect(throws: CheckpointError.self) {
            try core.derivatives(of: records(1), at: base, along: .file(path("other")))
        }
    }
}
