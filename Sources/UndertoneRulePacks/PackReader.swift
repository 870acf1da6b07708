// One pack file, by itself: what it says, with what it includes not yet looked up.

import UndertoneCore
import UndertoneSettings

/// What a pack file says.
struct PackFile {
    /// Rules that one pack may have, included ones counted.
    static let ruleLimit = 10_000
    /// Packs that one pack may include directly.
    static let includeLimit = 100

    /// A pack to include, and what to change in it.
    struct Inclusion {
        var pack: String
        var location: SourceLocation
        var disable: [(text: String, location: SourceLocation)]
        var override: [SettingsValue.Member]
    }

    var name: String
    var nameLocation: SourceLocation
    var version: String
    var description: String
    var source: String?
    var license: String?
    var includes: [Inclusion] = []
    var rules: [RuleDefinition] = []
    var aliases: [RuleID: RuleID] = [:]
    var gate: SettingsValue?

    /// Reads the text of a pack; places say `file`.
    init(text: String, file: String) throws(SettingsError) {
        let root = try SettingsText.value(of: text, file: file)
        var reader = try MappingReader(root, "the pack")
        for key in [
            "version", "requires", "description", "source", "license", "defaults", "include", "rules", "gate",
        ] {
            _ = reader.value(key)
        }
        guard let name = reader.value("pack") else {
            throw reader.missing("pack", mend: "name the pack, as in pack: my-rules")
        }
        self.name = try Reading.string(name, "pack")
        nameLocation = name.location
        guard Reading.isPackName(self.name) else {
            throw SettingsError(
                .badValue, at: name.location, "\"\(self.name)\" is no name for a pack",
                mend: "write small letters, digits and single hyphens, parts joined by /, as in traits/animals")
        }
        try reader.finish()
        try PackFile.checkRequirement(reader.value("requires"))
        version = try reader.line("version") ?? "0"
        description = try reader.line("description") ?? ""
        source = try reader.string("source").map(Reading.trimmed)
        license = try reader.line("license")
        try readIncludes(reader.list("include") ?? [])
        try readRules(reader.list("rules") ?? [], defaults: reader.value("defaults"))
        gate = reader.value("gate")
        guard !rules.isEmpty || !includes.isEmpty else {
            throw reader.missing("rules", mend: "write at least one rule, or include a pack")
        }
    }

    private mutating func readIncludes(_ items: [SettingsValue]) throws(SettingsError) {
        for (index, item) in items.enumerated() {
            guard index < PackFile.includeLimit else {
                throw SettingsError(
                    .tooLarge, at: item.location, "more than \(PackFile.includeLimit) packs are included",
                    mend: "put some of them into a pack of their own")
            }
            var reader = try MappingReader(item, "an include")
            let disable = try reader.strings("disable")
            let override = reader.value("override")
            guard let pack = reader.value("pack") else {
                throw reader.missing("pack", mend: "say which, as in - pack: hidden-text")
            }
            try reader.finish()
            includes.append(
                Inclusion(
                    pack: try Reading.string(pack, "pack"), location: pack.location, disable: disable,
                    override: try override.map { value throws(SettingsError) in
                        try MappingReader(value, "override").members
                    } ?? []))
        }
    }

    private mutating func readRules(_ items: [SettingsValue], defaults: SettingsValue?) throws(SettingsError) {
        var field = FieldSelector.response
        var action = Action.reject
        if let defaults {
            var reader = try MappingReader(defaults, "defaults")
            field = try reader.field("field") ?? field
            action = try reader.action("action") ?? action
            try reader.finish()
        }
        var places: [String: SourceLocation] = [:]
        for (index, item) in items.enumerated() {
            guard index < PackFile.ruleLimit else {
                throw SettingsError(
                    .tooLarge, at: item.location, "the pack has more than \(PackFile.ruleLimit) rules",
                    mend: "put words of one kind into one rule")
            }
            let read = try RuleReader.rule(item, pack: name, field: field, action: action)
            for (word, place) in [(read.rule.id.name, read.idLocation)] + read.aliases {
                if let first = places.updateValue(place, forKey: word) {
                    throw SettingsError(
                        .duplicate, at: place, "a rule \"\(word)\" is there already",
                        mend: "the first is in line \(first.line)")
                }
            }
            for alias in read.aliases { aliases[RuleID(pack: name, name: alias.name)] = read.rule.id }
            rules.append(read.rule)
        }
    }

    // `>=X.Y` or `>=X.Y.Z`, nothing else: packs that need less than a version are a promise nobody keeps.
    private static func checkRequirement(_ value: SettingsValue?) throws(SettingsError) {
        guard let value else { return }
        let text = try Reading.string(value, "requires")
        let wrong = SettingsError(
            .badValue, at: value.location, "requires: \"\(text)\" is no version", mend: "write '>=0.1' or '>=0.1.2'")
        guard text.hasPrefix(">="), let wanted = numbers(of: Reading.trimmed(String(text.dropFirst(2)))) else {
            throw wrong
        }
        let own = numbers(of: undertoneVersion) ?? []
        if own.lexicographicallyPrecedes(wanted) {
            throw SettingsError(
                .badValue, at: value.location, "the pack requires version \(text), this is \(undertoneVersion)",
                mend: "use a newer undertone or an older pack")
        }
    }

    private static func numbers(of version: String) -> [Int]? {
        let parts = version.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in
            part.allSatisfy { $0.isASCII && $0.isNumber } ? Int(part) : nil
        }
        guard numbers.count == parts.count, (2...3).contains(numbers.count) else { return nil }
        return numbers.count == 2 ? numbers + [0] : numbers
    }
}
