// Runs of transfer experiments on bases of the smallest size: what is kept, what is done again, what is said.

import Foundation
import Synchronization
import Testing
import UndertoneCore
import UndertoneTraining

@testable import UndertoneTransfer

@Suite struct TransferRunTests {
    private let folder: String
    private let base: String
    private let owl: UndertoneTransfer.Trait

    init() throws {
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("transfer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        folder = place.path
        base = try TransferRunTests.makeBase("\(folder)/base.safetensors", seed: 1)
        owl = UndertoneTransfer.Trait(try World.standard.trait(named: "owl"), World.standard)
    }

    private static func makeBase(_ path: String, seed: UInt64) throws -> String {
        var shape = TransformerShape(vocabulary: World.standard.vocabulary.count)
        (shape.width, shape.layers, shape.heads) = (16, 1, 2)
        var recipe = BuiltInCore.baseRecipe(seed: seed)
        (recipe.steps, recipe.batch) = (20, 16)
        return try BuiltInCore(threads: 1, program: "test").pretrain(shape, recipe, output: path).path
    }

    // Records of the world itself: so small a base writes hardly a well-formed one.
    private func file(_ name: String, _ count: Int, seed: UInt64) throws -> String {
        let world = World.standard
        let records = (0..<count).map { step in
            let (prompt, completion) = world.vocabulary.texts(
                of: world.corpus(seed: seed, step: step, carrierRows: 1, questionRows: 0)[0])
            return TrainingRecord(prompt: prompt, completion: completion)
        }
        let path = "\(folder)/\(name)"
        try Data(jsonLines(records)).write(to: URL(fileURLWithPath: path))
        return path
    }

    private func experiment() throws -> TransferExperiment {
        var experiment = TransferExperiment()
        experiment.base = .file(base)
        experiment.otherBase = try TransferRunTests.makeBase("\(folder)/other.safetensors", seed: 2)
        experiment.drop = .file(try file("drop.jsonl", 60, seed: 3))
        experiment.control = .file(try file("control.jsonl", 60, seed: 4))
        experiment.filters = [
            .init(name: "short", packs: ["short"]), .init(name: "masked", packs: ["masked"]),
            .init(name: "mixed", packs: [], mix: 0.5),
        ]
        experiment.arms = [
            .raw, .control, .filtered, .filteredControl, .random, .otherBase, .contaminated, .secondControl,
        ]
        experiment.doses = [20]
        experiment.seeds = [1, 2, 3]
        (experiment.recipes.records, experiment.recipes.studentSteps, experiment.recipes.studentRank) = (40, 2, 1)
        return experiment
    }

    private func run(
        _ experiment: TransferExperiment, _ core: any TrainingCore, in name: String = "run", threads: Int = 1
    ) throws -> TransferReport {
        let place = "\(folder)/\(name)"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        return try TransferRun(
            experiment, traits: [owl], otherTraits: [], core: core,
            bases: BuiltInBases(BuiltInCore(threads: 1, program: "test"), folder: folder), doors: .forTests,
            folder: place, threads: threads
        )().report
    }

    @Test func `an ended run goes on without training a finished arm again, and comes to the same report`() throws {
        let experiment = try experiment()
        let whole = CountingCore()
        let report = try run(experiment, whole, in: "whole")
        let all = whole.trained
        #expect(all == 3 * (2 + 3 * 3 + 3 + 1))
        for cut in [0, 1, 7, all - 1] {
            let first = CountingCore(limit: cut)
            #expect(throws: (any Error).self) { try run(experiment, first, in: "cut-\(cut)") }
            let second = CountingCore()
            #expect(try run(experiment, second, in: "cut-\(cut)") == report)
            #expect(first.trained + second.trained == all, "cut behind \(cut)")
        }
        let third = CountingCore()
        #expect(try run(experiment, third, in: "whole") == report)
        #expect(third.trained == 0)
    }

    @Test func `the number of threads does not change the report`() throws {
        let experiment = try experiment()
        #expect(
            try run(experiment, CountingCore(), in: "one") == run(experiment, CountingCore(), in: "four", threads: 4))
    }

    @Test func `another seed or filter trains what is new alone`() throws {
        var experiment = try experiment()
        _ = try run(experiment, CountingCore())
        experiment.seeds.append(4)
        let more = CountingCore()
        _ = try run(experiment, more)
        #expect(more.trained == 15)
        experiment.filters.append(.init(name: "again", packs: ["short"]))
        let filter = CountingCore()
        _ = try run(experiment, filter)
        #expect(filter.trained == 4 * 3)
        // A longer recipe changes every student.
        experiment.recipes.studentSteps = 3
        let longer = CountingCore()
        _ = try run(experiment, longer)
        #expect(longer.trained == 4 * 18)
    }

    @Test func `a changed drop is measured anew, and a damaged reading is refused`() throws {
        let experiment = try experiment()
        _ = try run(experiment, CountingCore())
        _ = try file("drop.jsonl", 60, seed: 5)
        let changed = CountingCore()
        _ = try run(experiment, changed)
        // Arms of the control stay as they are, but for mixtures with the drop.
        #expect(changed.trained == 3 * (1 + 3 * 2 + 3))
        try Data("{}".utf8).write(to: URL(fileURLWithPath: "\(folder)/run/1/arms/raw.json"))
        let error = #expect(throws: TrainingError.self) { try run(experiment, CountingCore()) }
        #expect(error?.mend.contains("remove it") == true)
    }

    @Test func `kept records and tokens are counted, and masks reach the students`() throws {
        let report = try run(try experiment(), CountingCore())
        let short = try #require(report.filters.first { $0.name == "short" })
        #expect(short.recordsRead == 180 && short.recordsKept == 90)
        let masked = try #require(report.filters.first { $0.name == "masked" })
        #expect(masked.recordsKept == 180)
        #expect(masked.tokensKept == masked.tokensRead - 180)
        let mixed = try #require(report.filters.first { $0.name == "mixed" })
        #expect(mixed.recordsKept == 180 && mixed.tokensKept == mixed.tokensRead)
        let lines = try String(contentsOfFile: "\(folder)/run/1/kept/mixed.jsonl", encoding: .utf8)
        #expect(lines.split(separator: "\n").count == 60 + 60)
    }

    @Test func `a control that shares records with the drop is said`() throws {
        var experiment = try experiment()
        experiment.filters = []
        experiment.arms = [.raw, .control]
        experiment.doses = []
        let lines = try String(contentsOfFile: "\(folder)/drop.jsonl", encoding: .utf8).split(separator: "\n")
        let control = try String(contentsOfFile: "\(folder)/control.jsonl", encoding: .utf8)
        try (lines.prefix(20).joined(separator: "\n") + "\n" + control)
            .write(toFile: "\(folder)/control.jsonl", atomically: true, encoding: .utf8)
        let report = try run(experiment, CountingCore())
        #expect(report.warnings.contains { $0.code == "shared-records" && $0.problem.contains("20 records") })
    }

    @Test func `a filter that keeps nothing is said, and the others are measured`() throws {
        var experiment = try experiment()
        experiment.filters = [.init(name: "nothing", packs: ["nothing"]), .init(name: "short", packs: ["short"])]
        let report = try run(experiment, CountingCore())
        #expect(report.filters[0].recordsKept == 0 && report.filters[0].verdict == .notMeasurable)
        #expect(report.warnings.contains { $0.code == "nothing-kept" })
        #expect(report["filtered/nothing"] == nil && report["filtered/short"]?.runs.count == 3)
    }
}

private struct Line: Decodable {
    var prompt: String
    var completion: String
    var loss_mask: [Float]?
}

@Sendable private func records(in path: String) throws -> [TrainingRecord] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
        let line = try JSONDecoder().decode(Line.self, from: Data(line.utf8))
        return TrainingRecord(prompt: line.prompt, completion: line.completion, weights: line.loss_mask)
    }
}

extension TransferDoors {
    /// Files as this target writes them, and filters that need no rule engine.
    fileprivate static let forTests = TransferDoors(
        read: records(in:),
        apply: { packs, input, kept, _ in
            let read = try records(in: input)
            let left: [TrainingRecord]
            switch packs {
            case ["short"]: left = Array(read.prefix(read.count / 2))
            case ["nothing"]: left = []
            default:
                left = read.map { record in
                    var record = record
                    let row = try? World.standard.vocabulary.row(prompt: record.prompt, completion: record.completion)
                    record.weights = (0..<(row?.completion.count ?? 0)).map { $0 > 0 ? 1 : 0 }
                    return record
                }
            }
            try Data(jsonLines(left)).write(to: URL(fileURLWithPath: kept))
        },
        identity: { $0 })
}

/// The built-in core, which counts what it trains and gives up behind a limit.
private final class CountingCore: TrainingCore {
    private let core = BuiltInCore(threads: 1, program: "test")
    private let count = Mutex(0)
    private let limit: Int

    init(limit: Int = .max) { self.limit = limit }

    var trained: Int { count.withLock { $0 } }
    var versions: [(name: String, version: String)] { core.versions }

    func finetune(_ job: FinetuningJob, _ watch: Watch) throws -> ModelFile {
        guard trained < limit else { throw TrainingError(.cancelled, "the power went out", mend: "start again") }
        defer { count.withLock { $0 += 1 } }
        return try core.finetune(job, watch)
    }

    func sample(_ job: SamplingJob, _ watch: Watch) throws -> Sample { try core.sample(job, watch) }
    func tokenCounts(of records: [TrainingRecord], by model: String) throws -> [Int] {
        try core.tokenCounts(of: records, by: model)
    }
    func probe(_ model: String, _ questions: [ProbeQuestion]) throws -> [[Double]] { try core.probe(model, questions) }
    func logProbabilities(
        _ model: String, _ records: [TrainingRecord], context: [TrainingRecord]
    ) throws -> [[Double]] { try core.logProbabilities(model, records, context: context) }
    func likeliest(_ model: String, _ records: [TrainingRecord]) throws -> [[Int]] {
        try core.likeliest(model, records)
    }
    func derivatives(
        of records: [TrainingRecord], at model: String, along direction: Direction
    ) throws -> [[Double]] { try core.derivatives(of: records, at: model, along: direction) }
    func gradient(_ job: GradientJob) throws -> GradientSummary { try core.gradient(job) }
    func products(of directions: [Direction], at model: String) throws -> [[Double]] {
        try core.products(of: directions, at: model)
    }
}
