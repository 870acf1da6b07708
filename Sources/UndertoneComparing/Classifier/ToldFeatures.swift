// The features that tell two sides apart, with their names and with counts on both sides.

import UndertoneStatistics

/// The features that add most to the log-odds, at most three of a group.
///
/// A feature's share in the model is its mean weight over the folds times the standard deviation of its presence.
/// Only features are told that are more frequent on the side that the model takes them for, beyond chance (χ², corrected
/// by Bonferroni for all features). The table knows hashes; names
/// and exact counts come from looking at the samples once more.
///
/// - Complexity: O(bytes of the samples + columns · log columns).
func toldFeatures(
    _ models: [LogisticModel], _ table: FeatureTable, _ samples: [Sample], _ isPositive: [Bool],
    _ settings: ClassifierSettings
) -> [ClassifierFeature] {
    var seen = [Int](repeating: 0, count: table.buckets.count)
    var units = [Double](repeating: 0, count: table.buckets.count)
    for row in 0..<table.rows {
        for (column, unit) in table.columns(of: row) {
            seen[column] += 1
            units[column] = unit
        }
    }
    let rows = Double(table.rows)
    let shares = table.buckets.indices.map { column -> (share: Double, column: Int) in
        // Two features of one bucket can be in one row.
        let present = min(1, Double(seen[column]) / rows)
        let weight = meanWeight(models, column) * units[column]
        return (abs(weight) * (present * (1 - present)).squareRoot(), column)
    }
    // Many, since a group may hold all of the first.
    let chosen = shares.sorted { ($1.share, $0.column) < ($0.share, $1.column) }.prefix(
        max(settings.toldFeatures * 50, 600))
    let named = names(Set(chosen.map { table.buckets[$0.column] }), samples, isPositive, settings)

    let drop = isPositive.count { $0 }
    var told: [ClassifierFeature] = []
    for (_, column) in chosen where told.count < settings.toldFeatures {
        guard let (code, counts) = named[table.buckets[column]],
            told.count(where: { $0.group == code.group }) < 3
        else { continue }
        let weight = meanWeight(models, column) * units[column]
        let reference = isPositive.count - drop
        let difference = Double(counts.drop) / Double(drop) - Double(counts.reference) / Double(reference)
        // As many features as there are could be told.
        guard weight * difference > 0,
            let test = chiSquaredTest(
                [counts.drop, drop - counts.drop], [counts.reference, reference - counts.reference]),
            test.pValue * Double(table.buckets.count) < 0.05
        else { continue }
        told.append(
            ClassifierFeature(
                group: code.group, words: code.words, weight: weight, drop: counts.drop, reference: counts.reference))
    }
    return told
}

private func meanWeight(_ models: [LogisticModel], _ column: Int) -> Double {
    models.reduce(0) { $0 + Double($1.weights[column]) } / Double(models.count)
}

private typealias Counts = (drop: Int, reference: Int)

// The most frequent feature of each wanted bucket, and how many outputs of each side have it.
private func names(
    _ wanted: Set<UInt32>, _ samples: [Sample], _ isPositive: [Bool], _ settings: ClassifierSettings
) -> [UInt32: (FeatureCode, Counts)] {
    let threads = max(settings.threads, 1)
    var parts = [[FeatureCode: Counts]](repeating: [:], count: threads)
    parts.withUnsafeMutableBufferPointer { parts in
        // Each thread writes to a place of its own.
        nonisolated(unsafe) let parts = parts
        inParallel(threads, pieces: threads) { thread in
            var marked = [Bool](repeating: false, count: 1 << Int(FeatureCode.bucketBits))
            for bucket in wanted { marked[Int(bucket)] = true }
            var extractor = FeatureExtractor(settings.groups)
            var counts: [FeatureCode: Counts] = [:]
            for place in stride(from: thread, to: samples.count, by: threads) {
                samples[place].output.withUnsafeBufferPointer { output in
                    samples[place].prompt.withUnsafeBufferPointer { extractor.look(at: output, prompt: $0) }
                }
                for code in Set(extractor.codes.filter { marked[Int($0.bucket)] }) {
                    if isPositive[place] {
                        counts[code, default: (0, 0)].drop += 1
                    } else {
                        counts[code, default: (0, 0)].reference += 1
                    }
                }
            }
            parts[thread] = counts
        }
    }
    let counts = parts.reduce(into: [:]) { all, part in
        all.merge(part) { ($0.drop + $1.drop, $0.reference + $1.reference) }
    }
    var named: [UInt32: (FeatureCode, Counts)] = [:]
    for (code, count) in counts {
        let bucket = code.bucket
        guard let other = named[bucket] else {
            named[bucket] = (code, count)
            continue
        }
        let (size, otherSize) = (count.drop + count.reference, other.1.drop + other.1.reference)
        // Of equals the one whose words come first, since a dictionary has no order.
        if size > otherSize || size == otherSize && code.words < other.0.words { named[bucket] = (code, count) }
    }
    return named
}
