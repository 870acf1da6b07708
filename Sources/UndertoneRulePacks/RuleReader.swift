// One rule of a pack: the keys that all rules share; what is left belongs to its kind.

import UndertoneCore
import UndertoneSettings

enum RuleReader {
    /// Keys that every rule may have; all others are parameters of its kind.
    static let commonKeys = [
        "id", "kind", "description", "why", "source", "field", "action", "tags", "accept", "reject", "sensitive-to",
        "aliases",
    ]

    /// Those of them that rules which need a model must not have.
    static let exampleKeys = ["accept", "reject", "sensitive-to"]

    /// A rule and the names that it had before.
    struct Result {
        var rule: RuleDefinition
        var aliases: [(name: String, location: SourceLocation)]
        var idLocation: SourceLocation
    }

    static func rule(
        _ value: SettingsValue, pack: String, field: FieldSelector, action: Action
    ) throws(SettingsError) -> Result {
        let unnamed = try MappingReader(value, "a rule")
        guard let idValue = unnamed.members.first(where: { $0.key == "id" })?.value else {
            throw unnamed.missing("id", mend: "give the rule a name, as in id: too-many-numbers")
        }
        let name = try Reading.string(idValue, "id")
        try Reading.checkName(name, "rule id", at: idValue.location)

        var reader = try MappingReader(value, "rule \(name)")
        for key in commonKeys { _ = reader.value(key) }
        let parameters = reader.rest
        guard let kind = reader.value("kind") else {
            throw reader.missing("kind", mend: "say what the rule does, as in kind: regex")
        }
        guard let description = try reader.line("description") else {
            throw reader.missing("description", mend: "say in one line what the rule finds")
        }
        var rule = RuleDefinition(
            id: RuleID(pack: pack, name: name), kind: try Reading.string(kind, "kind"), kindLocation: kind.location,
            description: description, why: try reader.string("why").map(Reading.trimmed),
            source: try reader.string("source").map(Reading.trimmed),
            field: try reader.field("field") ?? field, action: try reader.action("action") ?? action,
            parameters: parameters, location: idValue.location)
        for tag in try reader.strings("tags") {
            try Reading.checkName(tag.text, "tag", at: tag.location)
            rule.tags.append(tag.text)
        }
        if rule.asksModel {
            try refuseExamples(reader.members, of: rule)
        } else {
            guard let accept = reader.value("accept") else {
                throw reader.missing("accept", mend: "write at least one text that the rule must accept")
            }
            guard let reject = reader.value("reject") else {
                throw reader.missing("reject", mend: "write at least one text that the rule must reject")
            }
            rule.accept = try ExampleReader.examples(accept, .accept, rule: name)
            rule.reject = try ExampleReader.examples(reject, .reject, rule: name)
            rule.sensitiveTo = try variations(reader.strings("sensitive-to"))
        }
        rule.digest = Digest.rule(rule)

        var aliases: [(name: String, location: SourceLocation)] = []
        for alias in try reader.strings("aliases") {
            try Reading.checkName(alias.text, "rule id", at: alias.location)
            aliases.append((alias.text, alias.location))
        }
        return Result(rule: rule, aliases: aliases, idLocation: idValue.location)
    }

    /// Applies an including pack's changes to a rule: its action, field and samples, or parameters of its kind.
    static func override(_ rule: inout RuleDefinition, by changes: SettingsValue) throws(SettingsError) {
        var reader = try MappingReader(changes, "the override of \(rule.id.name)")
        if rule.asksModel { try refuseExamples(reader.members, of: rule) }
        if let action = try reader.action("action") { rule.action = action }
        if let field = try reader.field("field") { rule.field = field }
        if let accept = reader.value("accept") {
            rule.accept = try ExampleReader.examples(accept, .accept, rule: rule.id.name)
        }
        if let reject = reader.value("reject") {
            rule.reject = try ExampleReader.examples(reject, .reject, rule: rule.id.name)
        }
        let variations = try variations(reader.strings("sensitive-to"))
        if !variations.isEmpty { rule.sensitiveTo = variations }
        for member in reader.rest {
            guard !commonKeys.contains(member.key) else {
                throw SettingsError(
                    .badValue, at: member.keyLocation, "\(member.key) of an included rule can't be changed",
                    mend: "change action, field, accept, reject, sensitive-to or a parameter, or disable the rule")
            }
            if let index = rule.parameters.firstIndex(where: { $0.key == member.key }) {
                rule.parameters[index] = member
            } else {
                rule.parameters.append(member)
            }
        }
        rule.digest = Digest.rule(rule)
    }

    // An example that nothing can show would be a promise that nobody keeps.
    private static func refuseExamples(
        _ members: [SettingsValue.Member], of rule: RuleDefinition
    ) throws(SettingsError) {
        guard let member = members.first(where: { exampleKeys.contains($0.key) }) else { return }
        throw SettingsError(
            .badValue, at: member.keyLocation,
            "rule \(rule.id.name) has \(member.key), and a rule of kind \(rule.kind) can't be tried without a model",
            mend: "leave it out")
    }

    private static func variations(
        _ names: [(text: String, location: SourceLocation)]
    ) throws(SettingsError) -> Set<Variation> {
        var variations: Set<Variation> = []
        for name in names {
            guard let variation = Variation(rawValue: name.text) else {
                throw SettingsError(
                    .badValue, at: name.location, "sensitive-to: \"\(name.text)\" is no variation",
                    mend: suggestion(for: name.text, among: Variation.allCases.map(\.rawValue)))
            }
            variations.insert(variation)
        }
        return variations
    }
}
