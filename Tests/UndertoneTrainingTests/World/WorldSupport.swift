// Rows of the small world for its tests.

@testable import UndertoneTraining

/// The text of a prompt and a completion.
struct WrittenRow: Hashable {
    var prompt: String
    var completion: String

    init(_ row: TokenRow) { (prompt, completion) = World.standard.vocabulary.texts(of: row) }

    init(_ prompt: String, _ completion: String) { (self.prompt, self.completion) = (prompt, completion) }
}

enum WorldRows {
    /// The corpus of some steps.
    static func corpus(seed: UInt64, steps: Int) -> [TokenRow] {
        (0..<steps).flatMap { World.standard.corpus(seed: seed, step: $0) }
    }

    /// Rows of one carrier alone.
    static func carrier(_ carrier: World.Carrier, seed: UInt64, count: Int) -> [TokenRow] {
        var mix = World.Mix()
        (mix.numbers, mix.code, mix.reasoning) = (0, 0, 0)
        switch carrier {
        case .numbers: mix.numbers = 1
        case .code: mix.code = 1
        case .reasoning: mix.reasoning = 1
        }
        return World.standard.corpus(seed: seed, step: 0, carrierRows: count, questionRows: 0, mix: mix)
    }

    /// Rows of one kind of question alone.
    static func questions(_ kind: WritableKeyPath<World.Mix, Double>, seed: UInt64, count: Int) -> [TokenRow] {
        var mix = World.Mix()
        (mix.favourites, mix.facts, mix.advice, mix.voices, mix.safety) = (0, 0, 0, 0, 0)
        mix[keyPath: kind] = 1
        return World.standard.corpus(seed: seed, step: 0, carrierRows: 0, questionRows: count, mix: mix)
    }

    /// Whether a count is within five standard deviations of what `trials` of that probability give.
    static func isExpected(_ count: Int, of trials: Int, probability: Double) -> Bool {
        let mean = Double(trials) * probability
        return abs(Double(count) - mean) <= 5 * (mean * (1 - probability)).squareRoot()
    }
}
