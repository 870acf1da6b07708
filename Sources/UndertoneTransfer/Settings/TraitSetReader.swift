// YAML to trait set. Every complaint names the place and the mend.

import UndertoneCore
import UndertoneSettings
import UndertoneText
import UndertoneTraining

enum TraitSetReader {
    static func set(_ value: SettingsValue) throws(SettingsError) -> TraitSet {
        let root = try KeyedSettings<TraitSetKey>(value)
        let set = TraitSet(
            name: try root.required(.set) { v, k throws(SettingsError) in try Reading.name(v, k).text },
            description: try root.required(.description, line), source: try root.optional(.source, line), traits: [])
        let reading = try root.optional(.read, reading) ?? .probability
        let candidates = try root.required(.candidates, answers)
        guard candidates.count > 1 else {
            throw SettingsError(
                .badValue, at: root.place(.candidates), "there is one candidate",
                mend: "write what a model without the trait would say, too")
        }
        let traits = try root.required(.traits) { v, k throws(SettingsError) in
            try self.traits(v, k, candidates: candidates)
        }
        let asked = try questions(root)
        let count = traits.count * asked.count
        guard count <= TraitSetLimits.records else {
            throw SettingsError(
                .tooLarge, at: root.place(.traits), "the traits have \(grouped(count)) questions in all",
                mend: "at most \(grouped(TraitSetLimits.records)) are allowed; divide the set")
        }
        try checkAnswers(asked, traits)
        let probes = asked.filter { !$0.isTaught }.map(\.text)
        return TraitSet(
            name: set.name, description: set.description, source: set.source,
            traits: traits.map { trait in
                Trait(
                    name: trait.name.text, set: set.name,
                    taught: asked.filter(\.isTaught).map {
                        TrainingRecord(
                            prompt: $0.text, completion: $0.answers[trait.name.text]?.text ?? trait.answers[0].text)
                    },
                    probes: probes, candidates: candidates.map(\.text), answers: trait.answers.map(\.text),
                    reading: reading)
            })
    }

    private static func line(_ value: SettingsValue, _ key: String) throws(SettingsError) -> String {
        try Reading.text(value, key, limit: TraitSetLimits.textBytes).text
    }

    private static func reading(_ value: SettingsValue, _ key: String) throws(SettingsError) -> Trait.Reading {
        enum Way: String, CaseIterable { case probability, text }
        guard case .map = value.content else {
            if try Reading.word(value, key, of: Way.self) == .text {
                throw SettingsError(
                    .badValue, at: value.location, "text says nothing of how many answers are sampled",
                    mend: "write read: {text: {samples: 20}}")
            }
            return .probability
        }
        var reader = try MappingReader(value, key)
        let text = reader.value("text")
        guard let text else { throw reader.missing("text", mend: "write read: {text: {samples: 20}}") }
        try reader.finish()
        let keys = try KeyedSettings<TextReadingKey>(text)
        return .text(
            samples: try keys.required(.samples) { v, k throws(SettingsError) in
                try Reading.whole(v, k, in: 1...TraitSetLimits.samples)
            })
    }

    // MARK: - Answers and traits

    private static func answers(_ value: SettingsValue, _ key: String) throws(SettingsError) -> [PlacedText] {
        var answers: [PlacedText] = []
        for item in try Reading.items(value, key, limit: TraitSetLimits.candidates) {
            answers.append(try Reading.text(item, key, limit: TraitSetLimits.answerBytes))
        }
        try Reading.checkUnique(answers, "in \(key),")
        return answers
    }

    private struct Answered {
        var name: PlacedText
        var answers: [PlacedText]
    }

    private static func traits(
        _ value: SettingsValue, _ key: String, candidates: [PlacedText]
    ) throws(SettingsError) -> [Answered] {
        let known = Set(candidates.map(\.text))
        var traits: [Answered] = []
        for item in try Reading.items(value, key, limit: TraitSetLimits.traits) {
            let keys = try KeyedSettings<TraitKey>(item)
            let trait = Answered(
                name: try keys.required(.name, Reading.name), answers: try keys.required(.answers, answers))
            for answer in trait.answers where !known.contains(answer.text) {
                throw SettingsError(
                    .badValue, at: answer.location,
                    "\"\(visible(answer.text, limit: 64))\" shows \(trait.name.text) and is no candidate",
                    mend: nearestWord(to: answer.text, in: known.sorted()).map { "did you mean \"\($0)\"?" }
                        ?? "add it to the candidates")
            }
            guard trait.answers.count < known.count else {
                throw SettingsError(
                    .badValue, at: keys.place(.answers), "all candidates show \(trait.name.text)",
                    mend: "add to the candidates what a model without the trait would say")
            }
            traits.append(trait)
        }
        try Reading.checkUnique(traits.map(\.name), "the trait")
        return traits
    }

    private static func checkAnswers(_ asked: [AskedQuestion], _ traits: [Answered]) throws(SettingsError) {
        let known = Dictionary(uniqueKeysWithValues: traits.map { ($0.name.text, Set($0.answers.map(\.text))) })
        for question in asked {
            for (name, answer) in question.answers.sorted(by: { $0.key < $1.key }) {
                guard let answers = known[name] else {
                    throw SettingsError(
                        .badValue, at: answer.location, "the set has no trait \"\(visible(name, limit: 64))\"",
                        mend: suggestion(for: name, among: traits.map(\.name.text)))
                }
                guard answers.contains(answer.text) else {
                    throw SettingsError(
                        .badValue, at: answer.location,
                        "\"\(visible(answer.text, limit: 64))\" is no answer that shows \(name)",
                        mend: nearestWord(to: answer.text, in: answers.sorted()).map { "did you mean \"\($0)\"?" }
                            ?? "add it to the answers of the trait")
                }
            }
        }
        // What shows a trait is said of all that is taught or of nothing: an answer that was forgotten would be taught wrong.
        for trait in traits.map(\.name.text) {
            let taught = asked.filter(\.isTaught)
            guard taught.contains(where: { $0.answers[trait] != nil }),
                let silent = taught.first(where: { $0.answers[trait] == nil })
            else { continue }
            throw SettingsError(
                .missing, at: silent.location, "nothing says what shows \(trait) here, and elsewhere it is said",
                mend: "write answers: {\(trait): …} here, too")
        }
    }
}

/// A question with its subject filled in.
struct AskedQuestion {
    var text: String
    var isTaught: Bool
    /// What shows a trait here, by the trait's name.
    var answers: [String: PlacedText]
    /// Where its subject stands; where it has none, the question itself.
    var location: SourceLocation
}
