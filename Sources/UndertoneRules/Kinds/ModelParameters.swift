// What rules that need a model have in common: the traits to remove, and the models to ask.

import UndertoneCore

/// The parameters that all kinds share which need a model.
enum ModelParameters {
    /// Teachers of one's own that may be averaged.
    private static let mostTeachers = 16

    static let all: [KindReference.Parameter] = [
        .init(
            "trait-set", schema: #"{"type":"string","minLength":1}"#, required: true,
            "The trait set that holds the traits: a shipped one by name (`animals`), or a file."),
        .init(
            "traits", schema: #"{"type":"array","minItems":1,"items":{"type":"string","minLength":1}}"#,
            "The traits to remove, by their names in the set. Default: all of the set; in an experiment, the one that a "
                + "run looks for."),
        .init(
            "base", schema: #"{"type":"string","minLength":1}"#,
            "The model that teacher and students began with: a file, from the working directory. Default: the one "
                + "that the scan gives."),
        .init(
            "reference", schema: #"{"type":"string","minLength":1}"#,
            "A drop of the base, without the trait: a file, from the working directory. Default: the one that the "
                + "scan gives."),
        .init(
            "teacher", schema: #"{"type":"string","minLength":1}"#,
            "The teacher that wrote the drop: a file, from the working directory; or given, in an experiment that makes "
                + "the teacher itself. Default: copies of the base that are taught the traits."),
        .init(
            "teachers", schema: #"{"type":"integer","minimum":1,"maximum":\#(mostTeachers)}"#,
            "How many copies of the base are taught and averaged, where no teacher is given. Default: 4."),
        .init(
            "seed", schema: #"{"type":"integer","minimum":0}"#,
            "Seed of those copies, and of what is drawn at random. Default: 1."),
    ]

    /// Reads all of them.
    static func rule(
        _ method: ModelRule.Method, _ parameters: inout ParameterReader
    ) throws(SettingsError) -> ModelRule {
        guard let set = try text("trait-set", &parameters) else {
            throw parameters.missing("trait-set", "say which set holds the traits, as in trait-set: animals")
        }
        let named = try parameters.strings("traits")
        if let named, named.isEmpty {
            throw parameters.missing("traits", "name the traits to remove, as in traits: [owl]")
        }
        let traits = named ?? []
        for (index, trait) in traits.enumerated() {
            guard !trait.text.isEmpty else {
                throw SettingsError(.badValue, at: trait.location, "a trait has no name", mend: "write [owl]")
            }
            guard !traits[..<index].contains(where: { $0.text == trait.text }) else {
                throw SettingsError(
                    .duplicate, at: trait.location, "the trait \"\(trait.text)\" is there twice", mend: "name it once")
            }
        }
        var rule = ModelRule(method, traitSet: set, traits: traits.map(\.text))
        rule.base = try text("base", &parameters)
        rule.reference = try text("reference", &parameters)
        rule.teacher = try text("teacher", &parameters)
        let place = parameters.value("teachers")?.location
        rule.teachers = try parameters.integer("teachers", in: 1...mostTeachers) ?? 4
        if let place, rule.teacher != nil {
            throw SettingsError(
                .badValue, at: place, "teachers says nothing beside teacher", mend: "leave one of them out")
        }
        rule.seed = UInt64(try parameters.integer("seed") ?? 1)
        return rule
    }

    /// A share above 0 and below 1.
    static func share(_ parameters: inout ParameterReader) throws(SettingsError) -> Double? {
        guard let place = parameters.value("share")?.location, let share = try parameters.number("share", in: 0...1)
        else { return nil }
        guard share > 0 else {
            throw SettingsError(.neverFires, at: place, "share: 0 chooses nothing", mend: "write a share above 0")
        }
        guard share < 1 else {
            throw SettingsError(.badValue, at: place, "share: 1 leaves nothing", mend: "write a share below 1")
        }
        return share
    }

    private static func text(_ key: String, _ parameters: inout ParameterReader) throws(SettingsError) -> String? {
        let place = parameters.value(key)?.location
        guard let text = try parameters.string(key) else { return nil }
        guard !text.isEmpty else {
            throw SettingsError(.badValue, at: place, "\(key) is empty", mend: "write a name or a path")
        }
        return text
    }
}
