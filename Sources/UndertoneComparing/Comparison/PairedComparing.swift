// Answers to the same prompts, one by one.

public import UndertoneStatistics

/// A figure of answers to the same prompts.
public struct PairedMeasure: Sendable, Hashable {
    /// For machines: `numbers`.
    public var name: String
    /// For people.
    public var words: String
    /// The mean of the drop's less that of the reference's.
    public var difference: Double
    /// Its 95 % interval.
    public var interval: Interval?
    /// By flipping signs.
    public var pValue: Double
    /// The mean difference in standard deviations of differences (Cohen's d_z); 0 where all differences are the same.
    public var effect: Double
}

/// Answers to the same prompts, or why there is nothing to say of them.
public enum PairedResult: Sendable {
    /// What was found of so many prompts that both sides answer; how many answers are equal, byte for byte.
    case compared(prompts: Int, equal: Int, [PairedMeasure])
    /// Too few prompts are on both sides.
    case unsaid(prompts: Int)

    /// Prompts that are needed.
    public static let least = 6
}

/// Compares answers to the same prompts. Of several answers to a prompt the first one of the sample counts.
func comparePairs(_ drop: [Sample], _ reference: [Sample], seed: UInt64) -> PairedResult {
    var answers: [UInt64: Sample] = [:]
    for sample in reference {
        if let key = sample.promptKey, answers[key] == nil { answers[key] = sample }
    }
    var pairs: [(Sample, Sample)] = []
    var seen: Set<UInt64> = []
    for sample in drop {
        guard let key = sample.promptKey, let other = answers[key], seen.insert(key).inserted else { continue }
        pairs.append((sample, other))
    }
    guard pairs.count >= PairedResult.least else { return .unsaid(prompts: pairs.count) }
    let measures: [(String, String, (Sample) -> Double)] = [
        ("bytes", "bytes of an answer", { Double($0.size) }),
        ("numbers", "numbers in the first kibibyte", { Double(numbers(in: $0.output)) }),
    ]
    let found = measures.compactMap { name, words, value -> PairedMeasure? in
        let differences = pairs.map { value($0.0) - value($0.1) }
        guard let test = signFlipTest(differences, resamples: 1999, seed: seed) else { return nil }
        let mean = differences.reduce(0, +) / Double(differences.count)
        let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(differences.count - 1)
        return PairedMeasure(
            name: name, words: words, difference: mean, interval: meanInterval(differences), pValue: test.pValue,
            effect: variance > 0 ? mean / variance.squareRoot() : 0)
    }
    return .compared(prompts: pairs.count, equal: pairs.count { $0.outputKey == $1.outputKey }, found)
}

// Runs of ASCII digits.
private func numbers(in text: [UInt8]) -> Int {
    text.split { !(0x30...0x39 ~= $0) }.count
}
