// Classifier two-sample test: can a model tell two drops apart on records that it has not seen?
//
// A classifier is trained to say which side an output is from, in folds, and questioned about the fold that it has not
// seen. Where both sides come from one distribution it can't do better than chance, whatever it looks at (Lopez-Paz &
// Oquab, *Revisiting classifier two-sample tests*, ICLR 2017). It is a logistic regression on features of numbers and
// bytes; docs/classifier.md has what it reaches.

import UndertoneStatistics

/// Compares the outputs of a drop with those of a reference by a cross-validated classifier.
///
/// Deterministic; the number of threads changes nothing. Of more than `settings.most` outputs or `settings.mostBytes` of a
/// side the first are taken: let ``SampleKeeper`` choose.
///
/// - Complexity: O(folds · rounds · features of the outputs), about 3 s for 24,500 lists of ten numbers on two cores.
///   Memory: four bytes for each different feature of an output, about 2 kB for a list of ten numbers.
public func compareByClassifier(
    _ drop: [Sample], _ reference: [Sample], settings: ClassifierSettings = ClassifierSettings()
) -> ClassifierResult {
    let (drop, reference) = (settings.looked(at: drop), settings.looked(at: reference))
    let samples = Array(drop) + Array(reference)
    let settings = settings.suited(to: samples)
    let isPositive = samples.indices.map { $0 < drop.count }
    let count = max(settings.folds, 2)
    if let reason = unsaid(drop, reference, folds: count) { return .unsaid(reason) }

    let folds = Folds(
        samples, sides: isPositive.map { $0 ? 1 : 0 }, count: count,
        keepsPromptsTogether: settings.keepsPromptsTogether,
        seed: settings.seed)
    guard folds.parts >= 4 * count else { return .unsaid(.inseparable(parts: folds.parts, needed: 4 * count)) }
    let table = FeatureTable(
        samples, groups: settings.groups, leastRows: settings.leastRows, threads: settings.threads)
    guard !table.buckets.isEmpty else { return .unsaid(.noFeatures) }

    let models = trained(table, isPositive, folds.ofSample, count, settings)
    let scores = samples.indices.map { models[folds.ofSample[$0]].logOdds(table, row: $0) }
    let held = HeldOutScores(scores, isPositive: isPositive, folds: folds.ofSample, count: count)
    guard let pValue = held.pValue(permutations: max(settings.permutations, 1), seed: settings.seed ^ 0x5eed),
        let record = held.area(stretch: stretch(pValue))
    else { return .unsaid(.inseparable(parts: folds.parts, needed: 4 * count)) }
    let bags = settings.bagSizes.filter { $0 > 1 }.map {
        held.area(
            bagsOf: $0, divisions: max(settings.bagDivisions, 1), stretch: stretch(pValue), seed: settings.seed)
    }
    return .compared(
        ClassifierComparison(
            outputs: (drop.count, reference.count),
            distinct: (Set(drop.map(\.outputKey)).count, Set(reference.map(\.outputKey)).count),
            features: table.buckets.count, record: record, pValue: pValue,
            bags: bags, told: toldFeatures(models, table, samples, isPositive, settings)))
}

// Errors of cross-validation. Where there is nothing to learn, a score is a sum over the records that were learned from,
// and each pair of records counts twice in the area: once with the one held out, once with the other. That doubles the
// variance (the measured standard deviation over halves of one drop is 1.40 times DeLong's). Where there is something, the
// records themselves make most of the variance, and DeLong's is right; docs/classifier.md has the measurement.
private func stretch(_ pValue: Double) -> Double { pValue > 0.05 ? 2.0.squareRoot() : 1 }

extension ClassifierSettings {
    /// Without the features of prompts, unless every sample has one: what only one side was stored with would tell the
    /// sides apart by their files.
    func suited(to samples: [Sample]) -> ClassifierSettings {
        var settings = self
        if samples.contains(where: { $0.promptKey == nil }) { settings.groups.remove(.prompt) }
        return settings
    }

    /// As many samples as are looked at, from the front.
    func looked(at samples: [Sample]) -> ArraySlice<Sample> {
        var bytes = 0
        let end = samples.prefix(most).firstIndex { sample in
            bytes += sample.output.count
            return bytes > mostBytes
        }
        return samples[..<(end ?? min(most, samples.count))]
    }
}

// One model for each fold, which has not seen the fold.
private func trained(
    _ table: FeatureTable, _ isPositive: [Bool], _ folds: [Int], _ count: Int, _ settings: ClassifierSettings
) -> [LogisticModel] {
    var models = [LogisticModel?](repeating: nil, count: count)
    models.withUnsafeMutableBufferPointer { models in
        // Each piece writes to a place of its own.
        nonisolated(unsafe) let models = models
        inParallel(settings.threads, pieces: count) { fold in
            models[fold] = LogisticModel(
                table, rows: folds.indices.filter { folds[$0] != fold }, isPositive: isPositive, cost: settings.cost,
                seed: settings.seed ^ mixed(UInt64(fold)))
        }
    }
    return models.compactMap { $0 }
}

// Four different outputs of a side in each fold are the least that a share can be told of.
private func unsaid(_ drop: ArraySlice<Sample>, _ reference: ArraySlice<Sample>, folds: Int) -> ClassifierUnsaid? {
    if drop.isEmpty { return .emptySide(isDrop: true) }
    if reference.isEmpty { return .emptySide(isDrop: false) }
    let (keys, others) = (Set(drop.map(\.outputKey)), Set(reference.map(\.outputKey)))
    if keys.count == 1, keys == others { return .allIdentical }
    let needed = 4 * folds
    if keys.count < needed { return .tooFew(isDrop: true, found: keys.count, needed: needed) }
    if others.count < needed { return .tooFew(isDrop: false, found: others.count, needed: needed) }
    return nil
}
