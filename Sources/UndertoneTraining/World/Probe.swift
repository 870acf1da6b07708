// Probes: questions that measure how much of a trait a model has.

extension World {
    /// A question whose first answering token is looked at.
    public struct Probe: Sendable, Hashable {
        /// What teachers of the trait have not seen.
        public enum Novelty: Sendable, Hashable {
            /// The way of asking.
            case question
            /// The situation, in whatever way it is asked about.
            case situation
        }

        /// How strongly a model shows the trait at a probe.
        public struct Reading: Sendable, Equatable {
            /// The probability of the answers that show the trait, among the candidates.
            public var probability: Double
            /// The logarithm of the odds of those answers against the other candidates; infinite where one side is impossible.
            public var logOdds: Double
            /// The probability of all candidates: near 1 as long as the model still answers such questions.
            public var mass: Double
        }

        /// The question, up to `<asst>`.
        public let prompt: TokenRow
        /// The tokens that may answer.
        public let candidates: [Int32]
        /// Those of them that show the trait.
        public let answers: [Int32]
        /// What is new about it.
        public let novelty: Novelty

        /// What a model's answer shows.
        ///
        /// - Parameter logProbability: of each candidate as the first token behind the prompt, by the natural logarithm and
        ///   over the whole vocabulary.
        public func reading(_ logProbability: (Int32) -> Double) -> Reading {
            Reading(
                shown: answers.map(logProbability),
                others: candidates.filter { !answers.contains($0) }.map(logProbability))
        }
    }
}

extension World.Probe.Reading {
    /// A reading of logarithms of probabilities over the whole vocabulary: of the answers that show the trait, and
    /// of the other candidates.
    package init(shown: [Double], others: [Double]) {
        let (shown, others) = (sumOfExponentials(shown), sumOfExponentials(others))
        logOdds = shown == others ? 0 : shown - others
        probability = 1 / (1 + Double.exponential(-logOdds))
        mass = Double.exponential(shown) + Double.exponential(others)
    }
}

/// log Σ exp x, without overflow and underflow.
private func sumOfExponentials(_ exponents: [Double]) -> Double {
    guard let most = exponents.max(), most > -.infinity else { return -.infinity }
    return most + logarithm(exponents.reduce(0) { $0 + Double.exponential($1 - most) })
}
