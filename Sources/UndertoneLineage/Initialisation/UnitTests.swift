// The tests of independence over hidden units: matchings, rank correlations, Fisher's method.

import UndertoneStatistics
import UndertoneTensors

/// Compares layers of two models one after the other; holds one layer in memory.
///
/// **Why the first test is exact.** Hidden units of one layer have no names: a usual initialisation and usual training
/// treat them alike, so that a model with its units permuted is as likely as the model itself. If two models are
/// independent, the matching of their units is then a uniformly drawn permutation, whatever both have learned, and its rank
/// correlation with the identity has the distribution of Spearman's ρ. Layers are permuted independently, so Fisher's
/// method over layers is exact too. (Zhu, Ahmed, Kuditipudi and Liang, *Independence Tests for Language Models*, arXiv
/// 2502.12292.)
///
/// **The second test** correlates the matchings by two matrices of the same units, which no permutation of units changes.
/// It needs more: that, for independent models, what makes units alike in one matrix says nothing about the other. That
/// holds where the space that a unit reads from or writes to has a basis of its own in each model, as the residual stream
/// of a transformer. Where both spaces have a common basis (pixels, classes), models that learn the same features look a
/// little alike; hence the share of agreeing pairs is looked at as well.
struct UnitTests {
    let options: InitialisationOptions
    private var matchings: [UnitMatching] = []
    private var usedLayers: [(first: HiddenLayer, second: HiddenLayer)] = []
    private(set) var layers: [LayerEvidence] = []

    init(_ options: InitialisationOptions) { self.options = options }

    /// The up projections of layers at the same place and of the same shape.
    mutating func compareInPlace(_ pairs: [(first: HiddenLayer, second: HiddenLayer)]) throws(TensorFileError) {
        for (number, pair) in pairs.enumerated() {
            let matching = try match(pair.first.up, pair.second.up, number)
            matchings.append(matching)
            usedLayers.append(pair)
            layers.append(
                LayerEvidence(
                    place: pair.first.place, units: matching.units.count, unitsOfLayer: pair.first.units,
                    identity: matching.identity))
        }
    }

    /// The second matrices of the same layers, against the first.
    mutating func comparePermuted() throws(TensorFileError) {
        guard !usedLayers.contains(where: { $0.first.kind == .chain || $0.second.kind == .chain }) else {
            return try compareChain()
        }
        for (number, pair) in usedLayers.enumerated() {
            guard let first = pair.first.second, let second = pair.second.second, pair.first.kind == pair.second.kind,
                first.units == second.units, first.width == second.width
            else { continue }
            record(matchings[number], try match(first, second, number + (1 << 20)), number)
        }
    }

    // In a permuted copy of a plain network the neighbours of a layer are permuted too, so that its vectors have their
    // entries in another order. The middle layer is reached from both ends: the matching of each layer puts the entries of
    // the next one in order. The two ways have no matrix in common.
    private mutating func compareChain() throws(TensorFileError) {
        let width = UnitVectors.widthLimit
        let isWhole = usedLayers.allSatisfy {
            $0.first.kind == .chain && $0.second.kind == .chain && $0.first.units <= min(options.unitLimit, width)
        }
        // Where layers in between differ in shape or were passed over, there is no way.
        let follows = zip(usedLayers, usedLayers.dropFirst()).allSatisfy {
            $0.first.second?.tensor.info.name == $1.first.up.tensor.info.name
                && $0.second.second?.tensor.info.name == $1.second.up.tensor.info.name
        }
        guard isWhole, follows, let last = usedLayers.indices.last,
            let lastFirst = usedLayers[last].first.second, let lastSecond = usedLayers[last].second.second,
            lastFirst.width == lastSecond.width
        else { return }
        let middle = last / 2
        var forward = matchings[0]
        for number in stride(from: 1, through: middle, by: 1) {
            let pair = usedLayers[number]
            forward = try match(pair.first.up, pair.second.up, number + (4 << 20), entries: forward.partners)
        }
        var backward = try match(lastFirst, lastSecond, 5 << 20)
        for number in stride(from: last - 1, through: middle, by: -1) {
            guard let first = usedLayers[number].first.second, let second = usedLayers[number].second.second else {
                return
            }
            backward = try match(first, second, number + (5 << 20), entries: backward.partners)
        }
        record(forward, backward, middle)
    }

    private mutating func record(_ matching: UnitMatching, _ other: UnitMatching, _ number: Int) {
        let (correlation, agreements) = matching.against(other)
        layers[number].permuted = correlation
        layers[number].agreements = agreements
    }

    /// Both tests over all layers.
    var combined: [IndependenceTest] {
        var tests: [IndependenceTest] = []
        if let logP = fisherCombined(logPValues: layers.map(\.identity.logPValue)) {
            tests.append(
                IndependenceTest(
                    kind: .units, logPValue: logP, parts: layers.count, units: layers.reduce(0) { $0 + $1.units }))
        }
        let permuted = layers.filter { $0.permuted != nil }
        if let logP = fisherCombined(logPValues: permuted.compactMap(\.permuted?.logPValue)) {
            // Of a permuted copy, the partner of a unit is in the sample as often as any unit is.
            let expected = permuted.reduce(0.0) { sum, layer in
                sum + Double(layer.units) * min(1, Double(options.unitLimit) / Double(layer.unitsOfLayer))
            }
            let agreeing = permuted.reduce(0.0) { $0 + Double(max(0, ($1.agreements ?? 0) - 1)) }
            tests.append(
                IndependenceTest(
                    kind: .permutedUnits, logPValue: logP, parts: permuted.count,
                    units: permuted.reduce(0) { $0 + $1.units }, agreement: agreeing / max(1, expected)))
        }
        return tests
    }

    /// For each unit of the sample of `first`, the most alike one of the sample of `second`.
    ///
    /// - Parameter entries: for each entry of a vector of `first` the entry of `second` that it is compared with; ignored
    ///   where that is not known for all.
    func match(
        _ first: UnitMatrix, _ second: UnitMatrix, _ number: Int, width: Int? = nil, entries: [Int]? = nil
    ) throws(TensorFileError) -> UnitMatching {
        let sample = UnitSample(of: first.units, limit: options.unitLimit, seed: options.seed)
        let width = min(width ?? first.width, UnitVectors.widthLimit)
        // Two orders that have nothing to do with each other, or ties would be settled alike.
        var numbers = SeededNumbers(seed: options.seed &* 0x1_0000_0001 &+ UInt64(number))
        let orders = (numbers.permutation(sample.indices.count), numbers.permutation(sample.indices.count))
        let left = try UnitVectors(first, sample: sample, width: width, order: orders.0)
        let right = try UnitVectors(second, sample: sample, width: width, order: orders.1, entries: entries)
        return matchedUnits(left, right, threads: max(1, options.threads))
    }
}

extension RankCorrelation {
    init(_ first: [Int], _ second: [Int]) {
        self.init(rho: spearman(first, second), logPValue: logSpearmanTail(first, second))
    }
}
