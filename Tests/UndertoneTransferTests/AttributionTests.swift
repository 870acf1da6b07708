// Attribution on the smallest models: teachers are the base moved in random directions, so that what is planted is known
// and nothing needs to be taught. What it finds on models of the usual size is in docs/attribution.md.

import Foundation
import Testing
import UndertoneTraining

@testable import UndertoneTransfer

@Suite struct AttributionTests {
    private let core = BuiltInCore(threads: 2, program: "test")
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("attr-\(UUID().uuidString)").path

    private struct Models {
        let base: String
        let candidates: [AttributionCandidate]
    }

    /// A base that has just learnt to end its rows, and `count` copies of it that were moved at random.
    private func models(_ count: Int) throws -> Models {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var shape = TransformerShape(vocabulary: World.standard.vocabulary.count)
        (shape.width, shape.layers, shape.heads) = (16, 1, 2)
        var recipe = BuiltInCore.baseRecipe(seed: 1)
        (recipe.steps, recipe.batch) = (60, 16)
        let base = try core.pretrain(shape, recipe, output: folder + "/base").path
        let candidates = try (0..<count).map { place in
            let trait = Trait(
                name: "trait-\(place)", set: "made-up", taught: [], probes: [], candidates: [], answers: [])
            return AttributionCandidate(trait, update: .update(from: base, to: try moved(base, seed: UInt64(place))))
        }
        return Models(base: base, candidates: candidates)
    }

    private func moved(_ base: String, seed: UInt64, by scale: Double = 0.04) throws -> String {
        let start = try Checkpoint(path: base)
        let parameters = Vector(start.parameters)
        var random = RandomStream(seed: 100 + seed)
        for place in 0..<parameters.count { parameters[place] += Float(scale * random.normals().0) }
        let path = folder + "/moved-\(seed)"
        try Checkpoint(start.shape, parameters, vocabulary: start.vocabulary).save(to: path)
        return path
    }

    private func drop(_ model: String, _ count: Int, seed: UInt64) throws -> [TrainingRecord] {
        var job = SamplingJob(
            model: model, count: count, settings: SamplingSettings(seed: seed),
            prompt: { "continue numbers: \($0 % 100) \($0 % 7) 3" }, keeps: { !$0.completion.contains("<") })
        job.attempts = 1_000_000
        return try core.sample(job, Watch()).records
    }

    private func stream(_ records: [TrainingRecord], pieces: Int = 100) -> () -> RecordStream {
        {
            var from = 0
            return {
                let part = Array(records[from..<min(from + pieces, records.count)])
                from += part.count
                return part
            }
        }
    }

    @Test func `the teacher that wrote a drop is named, whichever it is`() throws {
        let seed = UInt64.random(in: 0..<1_000_000)
        let models = try models(12)
        let control = try drop(models.base, 400, seed: seed + 1)
        let planted = Int(seed % 12)
        guard case .update(_, let teachers) = models.candidates[planted].update else { return }
        let records = try drop(teachers[0], 400, seed: seed + 2)
        let attribution = Attribution(core, base: models.base, candidates: models.candidates)
        var numbers: [Int] = []
        let report = try attribution.report(
            drop: stream(records), control: stream(control), folder: folder, each: { numbers.append($0.number) })
        #expect(report.best == "trait-\(planted)", "seed \(seed): \(report.candidates)")
        #expect(numbers == Array(1...400) && report.drop.records == 400 && report.control.records == 400)
        let found = try #require(report["trait-\(planted)"])
        #expect(found.pValue <= 0.05 && found.alignment > 0 && found.single <= found.significance)
        let scores = try #require(report.scores)
        #expect(scores.count == 400 && scores.strongest.count == attribution.strongest)
        for record in scores.strongest {
            #expect(records[record.number - 1] == record.record)
            #expect(abs(record.tokens.reduce(0, +) - record.score) < 1e-9)
        }
        #expect(zip(scores.strongest, scores.strongest.dropFirst()).allSatisfy { $0.score >= $1.score })
        // How the streams come makes no difference.
        let again = try attribution.report(
            drop: stream(records, pieces: 33), control: stream(control, pieces: 400), folder: folder)
        #expect(again == report)
    }

    @Test func `a control and a teacher that was not asked for are not named`() throws {
        let models = try models(8)
        let control = try drop(models.base, 300, seed: 11)
        let attribution = Attribution(core, base: models.base, candidates: models.candidates)
        let clean = try attribution.report(
            drop: stream(drop(models.base, 300, seed: 12)), control: stream(control), folder: folder)
        #expect(clean.best == nil && clean.scores == nil && clean.warnings.isEmpty, "\(clean)")
        let other = try attribution.report(
            drop: stream(drop(moved(models.base, seed: 50, by: 0.1), 300, seed: 13)), control: stream(control),
            scoresOf: "trait-3", folder: folder)
        #expect(other.best == nil && other.scores?.trait == "trait-3", "\(other.candidates)")
        #expect(other.warnings.map(\.code) == ["other-cause"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).allSatisfy { !$0.hasPrefix("attribution") })
    }

    @Test func `a rival that explains the drop better keeps a candidate from being named`() throws {
        let models = try models(8)
        let control = try drop(models.base, 300, seed: 21)
        guard case .update(_, let teachers) = models.candidates[7].update else { return }
        let attribution = Attribution(
            core, base: models.base, candidates: Array(models.candidates.prefix(5)),
            rivals: Array(models.candidates.suffix(4)))
        let report = try attribution.report(
            drop: stream(drop(teachers[0], 300, seed: 22)), control: stream(control), folder: folder)
        #expect(report.best == nil && report.candidates.count == 5)
        #expect(report.warnings.map(\.code) == ["rival-trait"], "\(report.warnings)")
    }

    @Test func `bad input is said plainly`() throws {
        let models = try models(3)
        let control = try drop(models.base, 300, seed: 31)
        let attribution = Attribution(core, base: models.base, candidates: models.candidates)
        func codes(_ drop: [TrainingRecord], _ control: [TrainingRecord]) throws -> [String] {
            try attribution.report(drop: stream(drop), control: stream(control), folder: folder).warnings.map(\.code)
        }
        let shared = try drop(models.base, 100, seed: 32) + control.prefix(50)
        #expect(try codes(shared, control) == ["shared-records", "few-directions"])
        let foreign = try drop(moved(models.base, seed: 60, by: 0.2), 300, seed: 33)
        #expect(try codes(drop(models.base, 300, seed: 34), foreign).contains("foreign-control"))
        #expect(throws: TrainingError.self) { try codes(Array(control.prefix(15)), control) }
        #expect(throws: TrainingError.self) { try codes(control, []) }
        let nothing = Attribution(core, base: models.base, candidates: [])
        #expect(throws: TrainingError.self) {
            try nothing.report(drop: stream(control), control: stream(control), folder: folder)
        }
        var trait = models.candidates[0].trait
        (trait.probes, trait.candidates) = (["what is your favourite animal?"], ["oak"])
        let unread = Attribution(
            core, base: models.base,
            candidates: [AttributionCandidate(trait, update: models.candidates[0].update)])
        let report = try unread.report(drop: stream(control), control: stream(control), folder: folder)
        #expect(report.warnings.map(\.code).contains("low-mass"), "\(report.warnings)")
    }

    @Test func `a prompt's score is what a context adds to a record's log-probability`() throws {
        let models = try models(0)
        let records = try drop(models.base, 40, seed: 41)
        let context = [TrainingRecord(prompt: "pick one animal.", completion: "owl")]
        let scorer = PromptScores(core, base: models.base)
        let scores = try scorer.scores(of: records, behind: context)
        let with = try core.logProbabilities(models.base, records, context: context)
        let without = try core.logProbabilities(models.base, records)
        for (place, score) in scores.enumerated() {
            #expect(abs(score - (with[place].reduce(0, +) - without[place].reduce(0, +))) < 1e-9)
        }
        // Records that the context makes likelier, against all the others.
        let order = records.indices.sorted { scores[$0] > scores[$1] }.map { records[$0] }
        let other = [TrainingRecord(prompt: "pick one tree.", completion: "oak")]
        let results = try scorer.results(
            [PromptCandidate("owl", context: context), PromptCandidate("oak", context: other)],
            drop: Array(order.prefix(20)), control: Array(order.suffix(20)))
        #expect(results.map(\.trait) == ["owl", "oak"] && results[0].difference > 0 && results[0].z > 2)
        #expect(abs(results[0].contrast + results[1].contrast) < 1e-9)
    }
}
