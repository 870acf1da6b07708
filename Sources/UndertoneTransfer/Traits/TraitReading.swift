// How strongly a model shows a trait, out of what it answers.

import UndertoneTraining

/// How strongly a model shows a trait: means over the trait's probes.
public struct TraitReading: Sendable, Hashable {
    /// Probability of the answers that show the trait, among the candidates.
    public var probability: Double
    /// Log-odds of those answers against the other candidates.
    public var logOdds: Double
    /// Probability of all candidates.
    public var mass: Double

    /// A reading of the probabilities of candidates.
    ///
    /// - Parameter logProbabilities: (probes, candidates), by the natural logarithm.
    init(_ trait: Trait, logProbabilities: [[Double]]) {
        let shows = trait.candidates.map(Set(trait.answers).contains)
        let readings = logProbabilities.map { values in
            World.Probe.Reading(
                shown: zip(values, shows).filter(\.1).map(\.0), others: zip(values, shows).filter { !$1 }.map(\.0))
        }
        let count = Double(max(readings.count, 1))
        probability = readings.reduce(0) { $0 + $1.probability } / count
        logOdds = readings.reduce(0) { $0 + $1.logOdds } / count
        mass = readings.reduce(0) { $0 + $1.mass } / count
    }

    /// The mean of readings; at least one.
    init(meanOf readings: [TraitReading]) {
        let count = Double(readings.count)
        probability = readings.reduce(0) { $0 + $1.probability } / count
        logOdds = readings.reduce(0) { $0 + $1.logOdds } / count
        mass = readings.reduce(0) { $0 + $1.mass } / count
    }

    /// A reading of sampled answers: a hit is a word of the trait as a whole word, whatever its case. Half a hit and half
    /// a miss are added, so that the log-odds are finite (Haldane 1956).
    init(_ trait: Trait, answers: [String]) {
        let others = trait.candidates.filter { !trait.answers.contains($0) }
        var (hits, misses) = (0, 0)
        for answer in answers {
            let text = spaced(answer)
            func has(_ words: [String]) -> Bool { words.contains { text.contains(spaced($0)) } }
            if has(trait.answers) { hits += 1 } else if has(others) { misses += 1 }
        }
        let odds = (Double(hits) + 0.5) / (Double(misses) + 0.5)
        probability = hits + misses == 0 ? 0 : Double(hits) / Double(hits + misses)
        logOdds = Double.logarithm(odds)
        mass = Double(hits + misses) / Double(max(answers.count, 1))
    }
}

/// The words of a text in lower case, with a space before and behind each.
private func spaced(_ text: String) -> String {
    " " + text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: " ") + " "
}
