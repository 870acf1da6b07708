// The tests of two profiles.

import UndertoneStatistics

/// Makes all tests of two profiles.
///
/// - Parameter samples: outputs of both, from which it is seen how far things of one output hang together.
/// - Returns: the tests in a fixed order, and those that can't be made.
func profileTests(
    _ drop: DropProfile, _ reference: DropProfile, samples: (drop: [Sample], reference: [Sample]), threads: Int
) -> (tests: [ProfileTest], unsaid: [Comparison.Unsaid]) {
    var tests: [ProfileTest] = []
    var unsaid: [Comparison.Unsaid] = []
    guard drop.outputs.count > 0, reference.outputs.count > 0 else {
        let side = drop.outputs.count == 0 ? "the drop" : "the reference"
        return ([], [Comparison.Unsaid(name: "all", reason: "\(side) has no outputs")])
    }
    let categories = ProfileCategories.all(drop, reference)
    let clustered = categories.filter(\.isClustered)
    let groups = (
        RandomGroups.counts(clustered, of: samples.drop, threads: threads),
        RandomGroups.counts(clustered, of: samples.reference, threads: threads)
    )
    for category in categories {
        let (first, second) = (category.counts(drop), category.counts(reference))
        let (n, m) = (first.reduce(0, +), second.reduce(0, +))
        // What neither has is no news: prose has no numbers.
        guard n > 0 || m > 0 else { continue }
        guard n > 0, m > 0 else {
            unsaid.append(.init(name: category.name, reason: "only \(n > 0 ? "the drop" : "the reference") has any"))
            continue
        }
        let place = clustered.firstIndex { $0.name == category.name }
        guard
            let test = ProfileTest(
                category, first, second, groups: place.map { (groups.0[$0], groups.1[$0]) })
        else {
            let kinds = zip(first, second).count { $0 > 0 || $1 > 0 }
            // One category on both sides is the same on both sides.
            if kinds > 1 {
                unsaid.append(.init(name: category.name, reason: "too few of them, or of all but one category"))
            }
            continue
        }
        tests.append(test)
    }
    for numbers in ProfileNumbers.all {
        let (first, second) = (numbers.histogram(drop), numbers.histogram(reference))
        // What is 0 everywhere is no news either.
        guard [first, second].contains(where: { $0.counts.count > 1 }) else { continue }
        guard let test = ProfileTest(numbers, first, second) else {
            unsaid.append(
                .init(name: numbers.name, reason: "only \(first.total > 0 ? "the drop" : "the reference") has any"))
            continue
        }
        tests.append(test)
    }
    return (tests, unsaid)
}

extension ProfileTest {
    private static let mostShares = 5

    fileprivate init?(
        _ category: ProfileCategories, _ first: [Int], _ second: [Int], groups: ([[Int]], [[Int]])?
    ) {
        let plain: ContingencyTest
        if let groups {
            guard
                let test = clusteredChiSquaredTest(
                    first, second, firstGroups: groups.0, secondGroups: groups.1)
            else { return nil }
            (plain, designEffect, pValue) = (test.plain, test.designEffect, test.pValue)
        } else {
            guard let test = chiSquaredTest(first, second) else { return nil }
            (plain, designEffect, pValue) = (test, 1, test.pValue)
        }
        guard let distance = jensenShannonDistance(first, second), let index = populationStabilityIndex(first, second)
        else { return nil }
        name = category.name
        words = category.words
        kind = .categories(
            degrees: plain.degrees, pooled: plain.pooled, jensenShannon: distance, stabilityIndex: index)
        statistic = plain.statistic
        effect = plain.effect
        (drop, reference) = (first.reduce(0, +), second.reduce(0, +))
        let all = zip(category.labels, zip(first, second)).map { label, counts in
            Share(
                label: label, drop: Double(counts.0) / Double(drop), reference: Double(counts.1) / Double(reference))
        }
        let differing = all.filter { $0.drop != $0.reference }.sorted {
            ($0.drop - $0.reference).magnitude > ($1.drop - $1.reference).magnitude
        }
        shares = Array(differing.prefix(ProfileTest.mostShares))
    }

    fileprivate init?(_ numbers: ProfileNumbers, _ first: LogHistogram, _ second: LogHistogram) {
        let bins = max(first.counts.count, second.counts.count)
        let values = (0..<bins).map { Double(LogHistogram.lowerBound(of: $0)) }
        let counts = [first, second].map { $0.counts + [Int](repeating: 0, count: bins - $0.counts.count) }
        guard let test = kolmogorovSmirnov(values: values, first: counts[0], second: counts[1]),
            let distance = wassersteinDistance(
                values: values, first: counts[0].map(Double.init), second: counts[1].map(Double.init))
        else { return nil }
        name = numbers.name
        words = numbers.words
        kind = .numbers(wasserstein: distance, at: test.location)
        (statistic, pValue, effect, designEffect) = (test.statistic, test.pValue, test.statistic, 1)
        (drop, reference) = (first.total, second.total)
    }
}

/// How things of one output hang together, seen in random groups of outputs.
enum RandomGroups {
    // Some sixty degrees of freedom of both sides together, and groups that are large where a side has some thousand outputs.
    private static let groups = 32

    /// Counts of each group, by category.
    ///
    /// Answers to one prompt are in one group where there are prompts enough.
    static func counts(_ categories: [ProfileCategories], of samples: [Sample], threads: Int) -> [[[Int]]] {
        let prompts = Set(samples.compactMap(\.promptKey)).count
        let hasPrompts = prompts >= 20 * groups && samples.allSatisfy { $0.promptKey != nil }
        var members = [[Int]](repeating: [], count: groups)
        for (index, sample) in samples.enumerated() {
            let key = hasPrompts ? scrambled(sample.promptKey ?? 0) : UInt64(index)
            members[Int(key % UInt64(groups))].append(index)
        }
        nonisolated(unsafe) let counters = categories.map(\.counts)
        let parts = members
        var found = [[[Int]]](repeating: [], count: groups)
        found.withUnsafeMutableBufferPointer { found in
            // Each piece writes to a place of its own.
            nonisolated(unsafe) let found = found
            inParallel(threads, pieces: groups) { group in
                let profile = DropProfile(outputs: parts[group].map { samples[$0] })
                found[group] = counters.map { $0(profile) }
            }
        }
        return categories.indices.map { category in found.map { $0[category] } }
    }
}

extension DropProfile {
    /// Texts and numbers of outputs, as far as they were kept.
    fileprivate init(outputs: [Sample]) {
        self.init()
        var tally = TextTally()
        // Readers look beyond the end.
        var buffer: [UInt8] = []
        for sample in outputs where !sample.output.isEmpty {
            buffer.removeAll(keepingCapacity: true)
            buffer.append(contentsOf: sample.output)
            buffer.append(contentsOf: repeatElement(0, count: 64))
            buffer.withUnsafeBufferPointer { bytes in
                if let base = bytes.baseAddress { _ = tally.add(base, sample.output.count, sample.outputKey) }
            }
        }
        numbers = tally.numbers.profile()
        text = tally.profile(numbers)
    }
}
