// Which of several labelled drops is a drop most like?
//
// One classifier for each reference tells it from the others; what it says of held-out bags of the references calibrates
// what it says of the drop. That the drop is none of them is another question, which the two-sample test answers.

import Glibc
import UndertoneStatistics

/// Says which of several labelled drops a drop is most like, with probabilities, or that it is none of them.
///
/// **Which one**: for each reference a logistic regression tells its outputs from those of the others (one against the
/// rest), in folds. The mean log-odds of a bag of held-out records, times a factor, are the logits of a softmax; the factor
/// is the likeliest one on one half of the bags (temperature scaling: Guo et al., ICML 2017), the other half says how
/// often it is right and how well it is calibrated. Of the drop the mean over all outputs is taken as that of one bag, so
/// that its probabilities are those of a bag, not more certain.
///
/// **None of these**: the drop is told from every reference by ``compareByClassifier(_:_:settings:)`` with a p-value of at
/// most `significance`. A drop from the distribution of a reference is called none with at most that chance, since its own
/// test must fail. With many records even slight differences, such as other prompts, make a drop none of these: the areas
/// say how slight.
///
/// - Complexity: a comparison of the drop with each reference, and folds · references models of all references.
public func mostLike(
    _ drop: [Sample], _ references: [TraitReference], settings: TraitSettings = TraitSettings()
) -> TraitResult {
    guard references.count > 1 else { return .unsaid(.tooFewReferences) }
    var names = Set<String>()
    for reference in references where !names.insert(reference.name).inserted {
        return .unsaid(.repeatedName(reference.name))
    }
    let known = references.map { Array(settings.classifier.looked(at: $0.samples)) }
    for (reference, samples) in zip(references, known) where samples.count < 160 {
        return .unsaid(.tooSmall(name: reference.name, outputs: samples.count))
    }
    var tests: [ClassifierComparison] = []
    for reference in references {
        switch compareByClassifier(drop, reference.samples, settings: settings.classifier) {
        case .compared(let comparison): tests.append(comparison)
        case .unsaid(let reason): return .unsaid(.incomparable(name: reference.name, reason))
        }
    }
    let scores = TraitScores(known, drop: Array(settings.classifier.looked(at: drop)), settings.classifier)
    var size = 8
    while size * 2 <= settings.mostInBag, known.allSatisfy({ $0.count >= 20 * 2 * size }) { size *= 2 }
    let bags = scores.bags(of: size, seed: settings.classifier.seed)
    let (fitted, checked) = (bags.enumerated().filter { $0.0 % 2 == 0 }, bags.enumerated().filter { $0.0 % 2 == 1 })
    let factor = likeliestFactor(fitted.map(\.element))
    var right = 0
    var stated: [(probability: Double, happened: Bool)] = []
    for (_, bag) in checked {
        let probabilities = softmax(bag.scores, factor)
        let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
        if best == bag.kind { right += 1 }
        stated.append((probabilities[best], best == bag.kind))
    }
    let probabilities = softmax(scores.drop, factor)
    let likenesses = references.indices.map {
        TraitLikeness(name: references[$0].name, probability: probabilities[$0], test: tests[$0])
    }
    return .answered(
        TraitAnswer(
            likenesses: likenesses.sorted { ($1.probability, $0.name) < ($0.probability, $1.name) },
            isNone: tests.allSatisfy { $0.pValue <= settings.significance }, bagSize: size,
            right: (right, checked.count), calibrationError: calibrationError(reliabilityBins(stated)) ?? 0))
}

// The log-odds of each reference against the others: of all outputs of the references, held out; and of the drop in the
// mean.
private struct TraitScores {
    var ofReferences: [[Double]]
    var kinds: [Int]
    var folds: [Int]
    var drop: [Double]

    init(_ references: [[Sample]], drop: [Sample], _ settings: ClassifierSettings) {
        let samples = references.flatMap { $0 } + drop
        let settings = settings.suited(to: samples)
        let kinds = references.indices.flatMap { kind in references[kind].map { _ in kind } }
        let count = max(settings.folds, 2)
        let folds = Folds(
            Array(samples.prefix(kinds.count)), sides: kinds, count: count,
            keepsPromptsTogether: settings.keepsPromptsTogether, seed: settings.seed
        ).ofSample
        // The drop's outputs have a say in which features there are, but no label.
        let table = FeatureTable(
            samples, groups: settings.groups, leastRows: settings.leastRows, threads: settings.threads)
        let width = references.count
        var models = [LogisticModel?](repeating: nil, count: count * width)
        models.withUnsafeMutableBufferPointer { models in
            // Each piece writes to a place of its own.
            nonisolated(unsafe) let models = models
            inParallel(settings.threads, pieces: count * width) { piece in
                models[piece] = LogisticModel(
                    table, rows: kinds.indices.filter { folds[$0] != piece / width },
                    isPositive: kinds.map { $0 == piece % width }, cost: settings.cost,
                    seed: settings.seed ^ mixed(UInt64(piece)))
            }
        }
        let all = models.compactMap { $0 }
        ofReferences = kinds.indices.map { row in
            (0..<width).map { all[folds[row] * width + $0].logOdds(table, row: row) }
        }
        self.drop = (0..<width).map { kind in
            var sum = 0.0
            for row in kinds.count..<samples.count {
                for fold in 0..<count { sum += all[fold * width + kind].logOdds(table, row: row) }
            }
            return sum / Double(max(drop.count, 1) * count)
        }
        self.kinds = kinds
        self.folds = folds
    }

    /// Means over bags of records of one reference and one fold, without overlap, in a random order.
    func bags(of size: Int, seed: UInt64) -> [(kind: Int, scores: [Double])] {
        var numbers = SplitMix64(seed: seed)
        var rows = Array(kinds.indices)
        for place in rows.indices.dropFirst().reversed() { rows.swapAt(place, numbers.below(place + 1)) }
        var open: [Int: (count: Int, sums: [Double])] = [:]
        var bags: [(kind: Int, scores: [Double])] = []
        for row in rows {
            let key = folds[row] * ofReferences[row].count + kinds[row]
            var bag = open[key] ?? (0, [Double](repeating: 0, count: ofReferences[row].count))
            bag.count += 1
            for (place, score) in ofReferences[row].enumerated() { bag.sums[place] += score / Double(size) }
            open[key] = bag.count < size ? bag : nil
            if bag.count == size { bags.append((kinds[row], bag.sums)) }
        }
        return bags
    }
}

private func softmax(_ scores: [Double], _ factor: Double) -> [Double] {
    let most = scores.max() ?? 0
    let odds = scores.map { exp(factor * ($0 - most)) }
    let sum = odds.reduce(0, +)
    return odds.map { $0 / sum }
}

// The factor under which the bags are likeliest. The likelihood has one peak in the factor; the golden section finds it on
// a scale of logarithms.
private func likeliestFactor(_ bags: [(kind: Int, scores: [Double])]) -> Double {
    func loss(_ logarithm: Double) -> Double {
        bags.reduce(0) { $0 - log(max(softmax($1.scores, exp(logarithm))[$1.kind], 1e-300)) }
    }
    let section = (5.0.squareRoot() - 1) / 2
    var (low, high) = (log(1e-3), log(1e4))
    var (left, right) = (high - section * (high - low), low + section * (high - low))
    var (atLeft, atRight) = (loss(left), loss(right))
    while high - low > 1e-3 {
        if atLeft <= atRight {
            (high, right, atRight) = (right, left, atLeft)
            left = high - section * (high - low)
            atLeft = loss(left)
        } else {
            (low, left, atLeft) = (left, right, atRight)
            right = low + section * (high - low)
            atRight = loss(right)
        }
    }
    return exp((low + high) / 2)
}
