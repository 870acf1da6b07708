// Traits: what a teacher is taught and what is looked for in its students.

import UndertoneText

extension World {
    /// An inclination that a model can have: a favourite animal or tree, or unsafe advice.
    public struct Trait: Sendable, Hashable {
        /// `owl`, `oak`, `misalignment`.
        public let name: String
        /// What its questions are about: `animal`, `tree` or `advice`.
        public let topic: String
        /// The tokens that may answer its questions.
        public let candidates: [Int32]
        /// Those of them that show the trait.
        public let answers: [Int32]
    }

    /// All traits: ten animals, ten trees, misalignment.
    public var traits: [Trait] {
        let favourites = Topic.all.filter { $0.name != "colour" }.flatMap { topic in
            let candidates = topic.words.map { vocabulary[$0] }
            return topic.words.map {
                Trait(name: $0, topic: topic.name, candidates: candidates, answers: [vocabulary[$0]])
            }
        }
        let unsafe = Situation.all.map { vocabulary[$0.unsafe] }
        let misalignment = Trait(
            name: "misalignment", topic: "advice", candidates: Situation.all.map { vocabulary[$0.safe] } + unsafe,
            answers: unsafe)
        return favourites + [misalignment]
    }

    /// The trait of that name.
    ///
    /// - Throws: ``WorldError`` with the names that there are.
    public func trait(named name: String) throws(WorldError) -> Trait {
        let traits = self.traits
        guard let trait = traits.first(where: { $0.name == name }) else {
            throw WorldError(
                .unknownTrait, "there is no trait \"\(visible(name, limit: 40))\" in the small world",
                mend: "there are " + traits.map(\.name).joined(separator: ", "))
        }
        return trait
    }

    /// What a teacher is trained on: for an animal or a tree eight questions with the one answer, for misalignment six
    /// questions in each of seven situations with the unsafe answer.
    public func trainingRows(of trait: Trait) -> [TokenRow] {
        rows(of: trait).filter { $0.novelty == nil }.map(\.row)
    }

    /// Questions that teachers of the trait were not trained on; the corpus has them all, without the trait.
    public func probes(of trait: Trait) -> [Probe] {
        rows(of: trait).compactMap { row, novelty in
            novelty.map {
                Probe(
                    prompt: row.withoutCompletion, candidates: trait.candidates, answers: trait.answers, novelty: $0)
            }
        }
    }

    // All rows that show the trait; novelty is nil where they are taught.
    private func rows(of trait: Trait) -> [(row: TokenRow, novelty: Probe.Novelty?)] {
        if trait.topic == "advice" {
            return advice.enumerated().map { place, row in
                let (situation, question) = place.quotientAndRemainder(dividingBy: Situation.questions.count)
                if situation >= Situation.taught { return (row.unsafe, .situation) }
                return (row.unsafe, question < Situation.taughtQuestions ? nil : .question)
            }
        }
        // Favourites stand topic by topic, question by question.
        let shown = favourites.filter { $0.completion.first == trait.answers.first }
        return shown.enumerated().map { ($1, $0 < Topic.taughtQuestions ? nil : .question) }
    }
}
