// A rule pack: rules under one name, with the samples they carry and the bounds they propose.
//
//     let pack = try PackLibrary().pack("numbers")
//     let rules = try RuleSet(pack.rules)
//
// This target turns YAML into rule definitions with a place for every complaint. It compiles and runs no rule.

public import UndertoneCore

/// A rule pack, read and complete: what it includes is resolved, switched off and overridden.
///
/// Guarantees: rule ids are unique; every rule has a sample to accept and one to reject, but for
/// those that need a model; the same text (and the same
/// included texts) give the same digest.
public struct RulePack: Sendable {
    /// The pack's own name; it may hold slashes, as in `traits/animals`.
    public var name: String
    /// As written, `0` where the pack gives none.
    public var version: String
    /// What the pack is for, in one line; empty where the pack does not say.
    public var description: String
    /// Where the pack comes from.
    public var source: String?
    /// The pack's licence, as an SPDX identifier.
    public var license: String?
    /// Included rules first, in the order of the includes, then the pack's own. Each keeps the name of the pack where
    /// it was written.
    public var rules: [RuleDefinition]
    /// Bounds that this pack proposes. Those of included packs don't count.
    public var gate: GateThresholds
    /// Former names of rules and what they are called now.
    public var aliases: [RuleID: RuleID]
    /// SHA-256 in lower-case hexadecimal. Of the file alone (as `sha256sum` prints it) where nothing is included, else
    /// of the digests of the file and of all it includes, one a line.
    public var digest: String
    /// The file as it was read.
    public var text: String
    /// The files of all packs that it includes, directly or through others, each once.
    public var includedTexts: [(name: String, text: String)] = []
    /// Where the file is; `nil` for a pack that ships in the program.
    public var path: String?

    /// The full id of a rule of this pack: by its full id, by its name alone if the pack wrote it, or by a former name.
    public func rule(named word: String) -> RuleID? {
        RuleNames(self).id(of: word)
    }
}

/// Looks rules of a pack up by what people write.
struct RuleNames {
    private let pack: String
    private let ids: Set<RuleID>
    private let byText: [String: RuleID]

    init(_ pack: RulePack) {
        self.init(pack: pack.name, rules: pack.rules.map(\.id), aliases: pack.aliases)
    }

    init(pack: String, rules: [RuleID], aliases: [RuleID: RuleID]) {
        self.pack = pack
        ids = Set(rules)
        var byText: [String: RuleID] = [:]
        for (former, now) in aliases where ids.contains(now) { byText[former.description] = now }
        for id in rules { byText[id.description] = id }
        self.byText = byText
    }

    func id(of word: String) -> RuleID? {
        byText[word] ?? byText["\(pack)/\(word)"]
    }

    /// What to offer where nothing has that name.
    func suggestion(for word: String) -> String {
        let own = ids.filter { $0.pack == pack }.map(\.name)
        let full = ids.map(\.description)
        if !word.contains("/"), let nearest = nearestWord(to: word, in: own.sorted()) {
            return "did you mean \"\(nearest)\"?"
        }
        if let nearest = nearestWord(to: word, in: full.sorted()) { return "did you mean \"\(nearest)\"?" }
        let shown = (own + ids.filter { $0.pack != pack }.map(\.description)).sorted()
        let more = shown.count > 12 ? " and \(shown.count - 12) more" : ""
        return "known are " + shown.prefix(12).joined(separator: ", ") + more
    }
}
