// Included rules and a pack's own become one list: some switched off, some changed, none twice.

import UndertoneCore

struct Merger {
    private let file: PackFile
    private(set) var rules: [RuleDefinition] = []
    private(set) var aliases: [RuleID: RuleID] = [:]
    private var indices: [RuleID: Int] = [:]

    init(_ file: PackFile) {
        self.file = file
    }

    var names: RuleNames { RuleNames(pack: file.name, rules: rules.map(\.id), aliases: aliases) }

    /// Adds what an include brings in.
    mutating func add(_ pack: RulePack, _ inclusion: PackFile.Inclusion) throws(SettingsError) {
        let names = RuleNames(pack)
        var disabled: Set<RuleID> = []
        for word in inclusion.disable {
            guard let id = names.id(of: word.text) else {
                throw unknown(word.text, in: pack, names, at: word.location)
            }
            disabled.insert(id)
        }
        var changes: [RuleID: SettingsValue] = [:]
        for member in inclusion.override {
            guard let id = names.id(of: member.key) else {
                throw unknown(member.key, in: pack, names, at: member.keyLocation)
            }
            guard !disabled.contains(id), changes.updateValue(member.value, forKey: id) == nil else {
                throw SettingsError(
                    .duplicate, at: member.keyLocation, "rule \(id) is changed twice, or disabled and changed",
                    mend: "keep one of the two")
            }
        }
        for var rule in pack.rules where !disabled.contains(rule.id) {
            if let value = changes[rule.id] { try RuleReader.override(&rule, by: value) }
            try add(rule, at: inclusion.location)
        }
        aliases.merge(pack.aliases) { first, _ in first }
    }

    /// Adds the pack's own rules, behind those it includes.
    mutating func addOwn() throws(SettingsError) {
        for rule in file.rules { try add(rule, at: rule.location) }
        aliases.merge(file.aliases) { _, own in own }
        guard !rules.isEmpty else {
            throw SettingsError(
                .missing, at: file.nameLocation, "pack \(file.name) has no active rule",
                mend: "enable one of the rules that it includes, or write one")
        }
    }

    private mutating func add(_ rule: RuleDefinition, at location: SourceLocation) throws(SettingsError) {
        if let index = indices[rule.id] {
            // Two ways to one and the same rule are no contradiction.
            guard rules[index].digest != rule.digest || rules[index].location != rule.location else { return }
            throw SettingsError(
                .duplicate, at: location, "rule \(rule.id) is there already, from \(rules[index].location)",
                mend: "disable it in one of the includes, or give it another name")
        }
        guard rules.count < PackFile.ruleLimit else {
            throw SettingsError(
                .tooLarge, at: location, "the pack and what it includes have more than \(PackFile.ruleLimit) rules")
        }
        indices[rule.id] = rules.count
        rules.append(rule)
    }

    private func unknown(
        _ word: String, in pack: RulePack, _ names: RuleNames, at location: SourceLocation
    ) -> SettingsError {
        SettingsError(
            .unknownRule, at: location, "pack \(pack.name) has no rule \"\(word)\"", mend: names.suggestion(for: word))
    }
}
