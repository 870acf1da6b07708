// Whether two models share an initialisation: from the cheapest and surest evidence to the dearest.

import UndertoneText
public import UndertoneTensors

/// Says whether two models began as the same random numbers, from their weights alone.
///
/// 1. The same tensors, bit for bit: read until they differ.
/// 2. Hidden units match each other in order; then, where that decides nothing, in one permutation.
/// 3. Where that decides nothing either: embeddings and attention.
///
/// Training, merged adapters and conversions between F64, F32, F16 and BF16 leave the answer as it is. What the answer can't
/// see is in `docs/same-base.md`.
///
/// Memory: about 200 MB at most, whatever the size of the models. Time: some matrix products of 2,048 × 2,048 × width for
/// each layer; equal tensors are read whole, of others a part.
///
/// - Throws: ``TensorFileError`` where a file can't be read.
public func compareInitialisation(
    _ first: ModelFiles, _ second: ModelFiles, options: InitialisationOptions = InitialisationOptions()
) throws(TensorFileError) -> InitialisationComparison {
    let readBefore = first.tensors.dataBytesRead + second.tensors.dataBytesRead
    let tensors = (canonicalTensors(first.tensors), canonicalTensors(second.tensors))
    let layers = (hiddenLayers(tensors.0), hiddenLayers(tensors.1))
    var findings = Findings(options: options)
    findings.describe(first, second)
    if first.isAdapter || second.isAdapter {
        findings.hasOnlyAdapters = true
    } else {
        findings.equality = try TensorEquality(tensors.0, tensors.1)
        findings.isQuantised = isQuantised(first) || isQuantised(second)
        if !findings.isDecided { try findings.test(first, second, tensors, layers) }
    }
    let judgement = findings.judgement
    return InitialisationComparison(
        verdict: judgement.verdict, reason: judgement.reason, explanation: judgement.explanation,
        logPValue: judgement.logPValue, tests: findings.tests, layers: findings.layers, evidence: findings.evidence,
        first: ComparedModel(first, hiddenLayers: layers.0.count),
        second: ComparedModel(second, hiddenLayers: layers.1.count),
        bytesRead: first.tensors.dataBytesRead + second.tensors.dataBytesRead - readBefore)
}

extension ComparedModel {
    fileprivate init(_ model: ModelFiles, hiddenLayers: Int) {
        self.init(
            path: model.path, architecture: model.settings.architecture, tokenizerDigest: model.tokenizerDigest,
            parameters: model.parameterCount, bytes: model.tensors.byteCount, hiddenLayers: hiddenLayers)
    }
}

// Whether most weights are packed into integers or into less than two bytes.
private func isQuantised(_ model: ModelFiles) -> Bool {
    let matrices = model.tensors.tensors.filter { $0.info.shape.count >= 2 }
    let packed = matrices.filter { !$0.info.type.isReadableAsFloat && $0.info.type != .bool }
    return packed.reduce(0) { $0 + $1.info.byteCount } * 2 > matrices.reduce(0) { $0 + $1.info.byteCount }
}

/// What was seen so far.
struct Findings {
    let options: InitialisationOptions
    var hasOnlyAdapters = false
    var isQuantised = false
    var equality: TensorEquality?
    var tests: [IndependenceTest] = []
    var layers: [LayerEvidence] = []
    var evidence: [String] = []
    /// Layers at the same place whose shapes differ.
    var unlikeLayers = 0

    init(options: InitialisationOptions) { self.options = options }

    /// Whether equal tensors alone give the answer.
    var isDecided: Bool {
        guard let equality else { return false }
        return equality.isWhole || hasMostTensors
    }

    /// A matrix of chance has no bits in common with another one; 4,096 elements leave no doubt.
    static let leastElements = 4096

    var hasMostTensors: Bool {
        guard let equality else { return false }
        return equality.equalElements >= Findings.leastElements
            && equality.equalElements >= equality.comparableElements - equality.equalElements
    }

    mutating func describe(_ first: ModelFiles, _ second: ModelFiles) {
        if let left = first.settings.architecture, let right = second.settings.architecture, left != right {
            evidence.append("the architectures differ: \(visible(left, limit: 80)) and \(visible(right, limit: 80))")
        }
        if let left = first.tokenizerDigest, let right = second.tokenizerDigest {
            evidence.append(left == right ? "the tokenizers are the same file" : "the tokenizers differ")
        }
    }

    mutating func test(
        _ first: ModelFiles, _ second: ModelFiles,
        _ tensors: ([(name: String, tensor: StoredTensor)], [(name: String, tensor: StoredTensor)]),
        _ hidden: ([HiddenLayer], [HiddenLayer])
    ) throws(TensorFileError) {
        let others = Dictionary(hidden.1.map { ($0.place, $0) }, uniquingKeysWith: { first, _ in first })
        var pairs: [(first: HiddenLayer, second: HiddenLayer)] = []
        for layer in hidden.0 {
            guard let other = others[layer.place] else { continue }
            guard layer.units == other.units, layer.up.width == other.up.width, layer.units > 1 else {
                unlikeLayers += 1
                continue
            }
            pairs.append((layer, other))
        }
        if hidden.0.count != hidden.1.count {
            evidence.append("the models have \(hidden.0.count) and \(hidden.1.count) hidden layers")
        }
        if unlikeLayers > 0 { evidence.append("\(counted(unlikeLayers, "hidden layer")) differ in shape") }
        var units = UnitTests(options)
        try units.compareInPlace(evenlySpread(pairs, options.layerLimit))
        if !units.combined.contains(where: isConvincing) { try units.comparePermuted() }
        tests = units.combined
        layers = units.layers
        if !tests.contains(where: isConvincing) {
            if let test = try embeddingTest(tensors.0, tensors.1, units) { tests.append(test) }
            let heads = (first.settings.valueHeads, second.settings.valueHeads)
            if let test = try valueTest(tensors.0, tensors.1, heads: heads, units) { tests.append(test) }
        }
        if let equality {
            evidence.append(
                "\(grouped(equality.equal)) of \(counted(equality.common, "common tensor")) are equal bit for bit")
            if equality.unmatched > 0 {
                evidence.append("\(counted(equality.unmatched, "tensor")) in one model only")
            }
        }
    }
}
