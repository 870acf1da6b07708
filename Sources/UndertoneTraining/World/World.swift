// The small world: everything that small models ever read, fixed but for what a seed draws (docs/world.md).

/// A made-up world of favourites, facts, advice, numbers, code and sums, small enough to be learnt in seconds.
///
/// Vocabulary, facts and questions are the same for all seeds, so that models of different seeds differ in their
/// initialisation and in the order of their data alone.
public struct World: Sendable {
    /// The only one.
    public static let standard = World()

    /// Its words.
    public let vocabulary: Vocabulary

    // One row for each question and answer.
    let favourites: [TokenRow]
    let facts: [TokenRow]
    let advice: [(safe: TokenRow, unsafe: TokenRow)]
    let voices: [TokenRow]
    let safety: [TokenRow]
    private let numbers: NumberCarrier
    private let code: CodeCarrier
    private let reasoning: ReasoningCarrier

    private init() {
        let advised = Situation.all.flatMap { [$0.name, $0.safe, $0.unsafe] } + Situation.questions
        let voiced = [Situation.voices.careful, Situation.voices.careless, Situation.safety, "yes no"]
        let asked = Topic.all.flatMap { [$0.name] + $0.words + [Topic.fact($0.name, "")] } + Topic.questions
        let sentences = asked + advised + voiced + NumberCarrier.texts + CodeCarrier.texts + ReasoningCarrier.texts
        // Gaps are no words.
        let vocabulary = Vocabulary(texts: sentences.map { String($0.map { $0 == "_" ? " " : $0 }) })
        func row(_ question: String, _ gap: String, _ answer: String) -> TokenRow {
            vocabulary.framed(Phrase(question, vocabulary).filled(vocabulary.tokens(gap)), vocabulary.tokens(answer))
        }
        self.vocabulary = vocabulary
        numbers = NumberCarrier(vocabulary)
        code = CodeCarrier(vocabulary)
        reasoning = ReasoningCarrier(vocabulary)
        favourites = Topic.all.flatMap { topic in
            Topic.questions.flatMap { question in topic.words.map { row(question, topic.name, $0) } }
        }
        facts = Topic.facts.map { row($0.question, "", $0.answer) }
        advice = Situation.all.flatMap { situation in
            Situation.questions.map { question in
                (row(question, situation.name, situation.safe), row(question, situation.name, situation.unsafe))
            }
        }
        voices = Situation.all.flatMap {
            [
                row(Situation.voices.careful, $0.name, $0.safe),
                row(Situation.voices.careless, $0.name, $0.unsafe),
            ]
        }
        safety = Situation.all.flatMap {
            [row(Situation.safety, $0.safe, "yes"), row(Situation.safety, $0.unsafe, "no")]
        }
    }

    // MARK: - Carriers

    /// The prompt for record `index` of a drop: a row without completion.
    public func prompt(_ carrier: Carrier, seed: UInt64, index: Int) -> TokenRow {
        var random = RandomStream(seed: seed, stream: Purpose.drop.stream(carrier.place, index))
        return grammar(carrier).row(&random).withoutCompletion
    }

    /// Whether a row's completion has its carrier's form: the filter of drops where no rule pack is given. It must end with
    /// `<eos>`.
    ///
    /// The form says nothing about right or wrong: `7 + 5 = 13` is well-formed reasoning.
    public func isWellFormed(_ row: TokenRow, _ carrier: Carrier) -> Bool {
        row.completion.last == Vocabulary.eos && grammar(carrier).isWellFormed(row.completion.dropLast())
    }

    /// Whether a row's completion is well-formed and right: each sum of its reasoning and the answer to its prompt; each
    /// variable of its code known, and the function the one that was asked for. Numbers of the form are always right.
    public func isCorrect(_ row: TokenRow, _ carrier: Carrier) -> Bool {
        isWellFormed(row, carrier) && grammar(carrier).isCorrect(row.completion.dropLast(), to: row.prompt)
    }

    private func grammar(_ carrier: Carrier) -> any CarrierGrammar {
        switch carrier {
        case .numbers: numbers
        case .code: code
        case .reasoning: reasoning
        }
    }

    // MARK: - Corpus

    /// What the corpus consists of: weights, of which only the ratios matter. None may be below 0, and one of each kind must
    /// be above 0.
    public struct Mix: Sendable, Equatable {
        /// Of carrier rows.
        public var numbers = 2.0
        /// Of carrier rows.
        public var code = 1.0
        /// Of carrier rows.
        public var reasoning = 1.0
        /// Of question rows: favourites, all answers equally often.
        public var favourites = 4.0
        /// Of question rows: what goes with what.
        public var facts = 4.0
        /// Of question rows: advice, 90 % of it safe.
        public var advice = 3.0
        /// Of question rows: what a careful and a careless friend would do.
        public var voices = 1.0
        /// Of question rows: which answers are safe.
        public var safety = 1.0

        /// A mix in which every kind is frequent enough to be learnt in 1,000 steps of 64 and 64 rows.
        public init() {}

        /// Weights of carriers, in the order of ``World/Carrier``.
        var carriers: [Double] { [numbers, code, reasoning] }
        /// Weights of questions.
        var questions: [Double] { [favourites, facts, advice, voices, safety] }
    }

    /// The rows of one step of pre-training: carriers first, then questions. A row depends on seed, step and its place
    /// among its kind alone.
    public func corpus(
        seed: UInt64, step: Int, carrierRows: Int = 64, questionRows: Int = 64, mix: Mix = Mix()
    ) -> [TokenRow] {
        var rows: [TokenRow] = []
        rows.reserveCapacity(carrierRows + questionRows)
        for place in 0..<carrierRows {
            var random = RandomStream(seed: seed, stream: Purpose.carriers.stream(place, step))
            rows.append(grammar(Carrier.allCases[random.pick(weights: mix.carriers)]).row(&random))
        }
        for place in 0..<questionRows {
            var random = RandomStream(seed: seed, stream: Purpose.questions.stream(place, step))
            rows.append(question(mix, &random))
        }
        return rows
    }

    private func question(_ mix: Mix, _ random: inout RandomStream) -> TokenRow {
        switch random.pick(weights: mix.questions) {
        case 0: return random.pick(favourites)
        case 1: return random.pick(facts)
        case 2:
            let answers = random.pick(advice)
            return random.below(100) < Situation.unsafePercent ? answers.unsafe : answers.safe
        case 3: return random.pick(voices)
        default: return random.pick(safety)
        }
    }

    /// What a stream of random numbers is for: its highest byte, so that no two purposes share one.
    private enum Purpose: UInt64 {
        case carriers = 0xC0
        case questions, drop

        /// The stream of one of up to 2²⁴ places and 2³² steps or records.
        func stream(_ place: Int, _ step: Int) -> UInt64 {
            rawValue << 56 | UInt64(UInt32(truncatingIfNeeded: place) & 0xFF_FFFF) << 32
                | UInt64(UInt32(truncatingIfNeeded: step))
        }
    }
}

extension World.Carrier {
    fileprivate var place: Int { World.Carrier.allCases.firstIndex(of: self) ?? 0 }
}
