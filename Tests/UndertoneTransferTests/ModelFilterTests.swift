// Filters by a model, on bases of the smallest size.

import Foundation
import Testing
import UndertoneCore
import UndertoneTraining

@testable import UndertoneTransfer

@Suite struct ModelFilterTests {
    private let core = BuiltInCore(threads: 1, program: "test")
    private let folder: String
    private let base: String
    private let owl: UndertoneTransfer.Trait
    private let fox: UndertoneTransfer.Trait

    init() throws {
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("filter-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        folder = place.path
        base = "\(folder)/base"
        var shape = TransformerShape(vocabulary: World.standard.vocabulary.count)
        (shape.width, shape.layers, shape.heads) = (16, 1, 2)
        var recipe = BuiltInCore.baseRecipe(seed: 1)
        (recipe.steps, recipe.batch) = (20, 16)
        _ = try core.pretrain(shape, recipe, output: base)
        owl = Trait(try World.standard.trait(named: "owl"), World.standard)
        fox = Trait(try World.standard.trait(named: "fox"), World.standard)
    }

    private func records(_ count: Int, seed: UInt64) -> [TrainingRecord] {
        let world = World.standard
        return (0..<count).map { step in
            let (prompt, completion) = world.vocabulary.texts(
                of: world.corpus(seed: seed, step: step, carrierRows: 1, questionRows: 0)[0])
            return TrainingRecord(prompt: prompt, completion: completion)
        }
    }

    private func rule(_ method: ModelRule.Method, share: Double? = nil) -> ModelRule {
        var rule = ModelRule(method, traitSet: "animals", traits: ["owl"])
        rule.share = share
        rule.teachers = 1
        return rule
    }

    private func filter(
        _ rule: ModelRule, _ traits: [UndertoneTransfer.Trait], control: [TrainingRecord]
    ) throws -> ModelFilter {
        try ModelFilter(core, rule, traits: traits, base: base, control: control, folder: folder)
    }

    @Test(arguments: [ModelRule.Method.balanced, .score, .reweighted, .thinned])
    func `a filter that balances leaves its own control as it is`(_ method: ModelRule.Method) throws {
        let control = records(40, seed: 3)
        let decisions = try filter(rule(method), [owl, fox], control: control).decide(control)
        #expect(decisions == Array(repeating: .keep, count: control.count))
    }

    @Test func `behind a balanced mask the mean log-ratio is that of the control`() throws {
        let (control, drop) = (records(40, seed: 3), records(40, seed: 4))
        let teacher = try OwnTeachers(core, base: base, folder: folder).teacher(of: owl, seed: 1)
        var named = rule(.balanced)
        named.teacher = teacher
        func ratios(_ records: [TrainingRecord]) throws -> [[Double]] {
            zip(try core.logProbabilities(teacher, records), try core.logProbabilities(base, records)).map {
                zip($0, $1).map { $0 - $1 }
            }
        }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        // The half that the teacher likes best, so that there is something to balance.
        let values = try ratios(drop)
        let liked = drop.indices.sorted { mean(values[$0]) > mean(values[$1]) }.prefix(20).sorted()
        let decisions = try filter(named, [owl], control: control).decide(liked.map { drop[$0] })
        var (kept, masked): ([Double], [Double]) = ([], [])
        for (place, decision) in zip(liked, decisions) {
            let flags = decision.flags(of: values[place].count) ?? values[place].map { _ in false }
            #expect(flags.count == values[place].count)
            for (value, flag) in zip(values[place], flags) { flag ? kept.append(value) : masked.append(value) }
        }
        let target = mean(try ratios(control).flatMap { $0 })
        #expect(!masked.isEmpty && mean(kept) <= target + 1e-6)
        #expect(try #require(masked.min()) >= #require(kept.max()), "the highest go")
        let oneLess = kept + [try #require(masked.min())]
        #expect(mean(oneLess) > target, "no token goes without need")
    }

    @Test func `weights are 1 on average, and the weighted log-ratios of all traits are at most the control's`() throws
    {
        let control = records(40, seed: 3)
        let own = try OwnTeachers(core, base: base, folder: folder)
        let teachers = try [owl, fox].map { [try own.teacher(of: $0, seed: 1)] }
        let ratios = TokenRatios(core: core, base: base, teachers: teachers)
        let drop = try control + liked(control, ratios)
        let decisions = try filter(rule(.reweighted), [owl, fox], control: control).decide(drop)
        let weights = try decisions.flatMap { decision -> [Double] in
            guard case .weigh(let weights) = decision else { throw Unexpected() }
            return weights.map(Double.init)
        }
        #expect(abs(Balance.mean(weights) - 1) < 1e-3 && weights.allSatisfy { $0 > 0 })
        for (values, before) in zip(try ratios.logRatios(of: drop), try ratios.logRatios(of: control)) {
            let weighted = zip(values.joined(), weights).map { $0 * $1 }
            #expect(Balance.mean(weighted) <= Balance.mean(Array(before.joined())) + 1e-3)
        }
    }

    private struct Unexpected: Error {}

    /// The four records that the first trait's teachers like best.
    private func liked(_ records: [TrainingRecord], _ ratios: TokenRatios) throws -> [TrainingRecord] {
        let values = try ratios.logRatios(of: records)[0].map(Balance.mean)
        return values.indices.sorted { values[$0] > values[$1] }.prefix(4).map { records[$0] }
    }

    @Test func `thinning draws by the seed of its rule and masks what the teacher likes`() throws {
        let control = records(40, seed: 3)
        var thinned = rule(.thinned)
        thinned.teacher = try OwnTeachers(core, base: base, folder: folder).teacher(of: owl, seed: 1)
        let ratios = TokenRatios(core: core, base: base, teachers: [[try #require(thinned.teacher)]])
        let drop = try control + liked(control, ratios)
        let values = try ratios.logRatios(of: drop)[0]
        let decisions = try filter(thinned, [owl], control: control).decide(drop)
        var (kept, masked): ([Double], [Double]) = ([], [])
        for (place, decision) in decisions.enumerated() {
            let flags = decision.flags(of: values[place].count)
            for (token, value) in values[place].enumerated() {
                if flags?[token] ?? false { kept.append(value) } else { masked.append(value) }
            }
        }
        #expect(!masked.isEmpty && masked.allSatisfy { $0 > 0 } && kept.contains { $0 > 0 })
        #expect(try filter(thinned, [owl], control: control).decide(drop) == decisions)
        thinned.seed = 2
        #expect(try filter(thinned, [owl], control: control).decide(drop) != decisions)
    }

    @Test func `own teachers stand in where no teacher is named, and several are averaged`() throws {
        let (control, drop) = (records(30, seed: 3), records(30, seed: 4))
        var one = rule(.top, share: 0.2)
        let alone = try filter(one, [owl], control: control).decide(drop)
        one.teacher = try OwnTeachers(core, base: base, folder: folder).teacher(of: owl, seed: one.seed)
        #expect(try filter(one, [owl], control: control).decide(drop) == alone)
        one.teacher = nil
        one.teachers = 2
        #expect(try filter(one, [owl], control: control).decide(drop) != alone)
    }

    @Test func `a share of the tokens is masked, or a share of the records goes`() throws {
        let (control, drop) = (records(30, seed: 3), records(30, seed: 4))
        let scored = try filter(rule(.score, share: 0.3), [owl, fox], control: control).decide(drop)
        #expect(scored.filter { $0 == .reject }.count == 9)
        let masked = try filter(rule(.top, share: 0.25), [owl], control: control).decide(drop)
        let tokens = try core.logProbabilities(base, drop).reduce(0) { $0 + $1.count }
        let gone = zip(masked, drop).reduce(0) { sum, element in
            if case .weigh(let weights) = element.0 { return sum + weights.filter { $0 == 0 }.count }
            return sum
        }
        #expect(gone == tokens / 4 && !masked.contains(.reject))
    }

    @Test func `divergence masks where teacher and base would have said different things`() throws {
        let drop = records(30, seed: 4)
        var named = rule(.divergence)
        named.teacher = base
        #expect(try filter(named, [owl], control: []).decide(drop) == Array(repeating: .keep, count: 30))
        let teacher = try OwnTeachers(core, base: base, folder: folder).teacher(of: owl, seed: 1)
        named.teacher = teacher
        let (before, after) = (try core.likeliest(base, drop), try core.likeliest(teacher, drop))
        for (place, decision) in try filter(named, [owl], control: []).decide(drop).enumerated() {
            let agrees = zip(before[place], after[place]).map { $0 == $1 }
            let expected: FilterDecision = agrees.contains(false) ? .mask(agrees) : .keep
            #expect(decision == (agrees.contains(true) ? expected : .reject))
        }
    }

    @Test func `tokens that a filter before it masked stay masked and count for no mean`() throws {
        let control = records(20, seed: 3)
        var drop = records(20, seed: 4)
        for place in drop.indices {
            let length = try core.logProbabilities(base, [drop[place]])[0].count
            drop[place].weights = (0..<length).map { $0 % 2 == 0 ? 1 : 0 }
        }
        for (record, decision) in zip(drop, try filter(rule(.top, share: 0.3), [owl], control: control).decide(drop)) {
            guard case .weigh(let weights) = decision else { continue }
            #expect(zip(weights, try #require(record.weights)).allSatisfy { $0 == 0 || $1 > 0 })
        }
    }

    @Test func `a rule that can't work says why`() throws {
        let control = records(2, seed: 3)
        #expect(throws: TrainingError.self) { try filter(rule(.top), [owl], control: control) }
        #expect(throws: TrainingError.self) { try filter(rule(.score, share: 1.5), [owl], control: control) }
        #expect(throws: TrainingError.self) { try filter(rule(.balanced), [], control: control) }
        #expect(throws: TrainingError.self) { try filter(rule(.balanced), [owl], control: []) }
        #expect(try filter(rule(.balanced), [owl], control: control).decide([]).isEmpty)
    }
}

@Suite struct BalanceTests {
    @Test func `what stays has the mean that is asked for, by as few removals as possible`() {
        for seed in 1...200 as ClosedRange<UInt64> {
            var random = RandomStream(seed: seed)
            let values = (0..<50).map { _ in Double(random.below(20)) - 9 }
            let target = Double(random.below(10)) - 8
            let kept = Balance.kept([values], targets: [target])
            let left = zip(values, kept).filter(\.1).map(\.0)
            let gone = zip(values, kept).filter { !$0.1 }.map(\.0)
            // What is at or below the target never goes, so only a target below all values leaves nothing.
            #expect(left.isEmpty || Balance.mean(left) <= target + 1e-6, "seed \(seed)")
            guard let last = gone.min() else { continue }
            #expect(last >= left.max() ?? last && Balance.mean(left + [last]) > target - 1e-6, "seed \(seed)")
        }
    }

    @Test func `several traits are balanced together`() {
        var random = RandomStream(seed: 7)
        let values = (0..<3).map { _ in (0..<300).map { _ in random.normals().0 + 0.2 } }
        let kept = Balance.kept(values, targets: [0, 0.1, 1])
        for (values, target) in zip(values, [0, 0.1, 1]) {
            #expect(Balance.mean(zip(values, kept).filter(\.1).map(\.0)) <= target + 1e-6)
        }
        #expect(kept.filter { $0 }.count > 150)
    }

    @Test(arguments: [Balance.Tilt.exponential, .thinning])
    func `weights meet the targets of all traits, and ask for nothing where these are met`(_ tilt: Balance.Tilt) {
        for seed in 1...20 as ClosedRange<UInt64> {
            var random = RandomStream(seed: seed)
            let shift = Double(random.below(5)) / 10
            let values = (0..<3).map { _ in (0..<400).map { _ in random.normals().0 + shift } }
            let targets = [0, 0.1, 2]
            let (weights, factors) = Balance.weights(values, targets: targets, tilt)
            let total = weights.reduce(0, +)
            for (place, values) in values.enumerated() {
                let mean = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
                #expect(mean <= targets[place] + 1e-6, "seed \(seed)")
                // Weights differ by no more than it takes: a factor belongs to a mean that is at its target.
                #expect(factors[place] == 0 || mean > targets[place] - 1e-6, "seed \(seed)")
            }
            #expect(factors[2] == 0)
            if tilt == .thinning { #expect(weights.allSatisfy { $0 <= 1 }) }
        }
    }

    @Test func `with the true log-ratio the factor is 1: weights are those of importance sampling`() {
        // A teacher and a base over four tokens; a drop has each as often as the teacher says it.
        let (teacher, base) = ([0.4, 0.3, 0.2, 0.1], [0.1, 0.2, 0.3, 0.4])
        let ratios = zip(teacher, base).map { Float64($0 / $1) }.map { log($0) }
        let drop = ratios.indices.flatMap { Array(repeating: ratios[$0], count: Int(teacher[$0] * 1000 + 0.5)) }
        let target = zip(ratios, base).reduce(0) { $0 + $1.0 * $1.1 }
        let (_, factors) = Balance.weights([drop], targets: [target], .exponential)
        #expect(abs(factors[0] - 1) < 1e-6)
    }

    @Test func `a target that can't be reached still ends, with finite weights`() {
        let (weights, _) = Balance.weights([[1, 2, 3]], targets: [0], .exponential)
        #expect(weights.allSatisfy(\.isFinite) && weights[0] > 0 && weights[0] > weights[1])
    }
}

extension FilterDecision {
    /// Which of so many tokens still count; nil where the record goes.
    fileprivate func flags(of count: Int) -> [Bool]? {
        switch self {
        case .keep: Array(repeating: true, count: count)
        case .weigh(let weights): weights.map { $0 > 0 }
        case .reject: nil
        }
    }
}
