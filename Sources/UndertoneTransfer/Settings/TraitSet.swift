// Trait sets: traits as data, in YAML, with the questions that they share. Some ship; others are a user's own
// (docs/traits.md).
//
//     let owl = try TraitSet(named: "animals").trait(named: "owl")

import CTraits
public import UndertoneCore
import UndertoneSettings
import UndertoneText

/// Traits that answer the same questions.
public struct TraitSet: Sendable, Hashable {
    /// `animals`.
    public let name: String
    /// What the traits are, in one line.
    public let description: String
    /// Where the questions come from; nil where the set does not say.
    public let source: String?
    /// The traits, in the order of the file; one at least.
    public let traits: [Trait]

    /// The names of the sets that ship, sorted.
    public static var shippedNames: [String] { shippedTexts.map(\.name).filter { $0 != "template" } }

    /// A commented set to begin one's own with; it is a valid set itself.
    public static var template: String { shippedTexts.first { $0.name == "template" }?.text ?? "" }

    /// A set by its name or the path of its file.
    ///
    /// What ends in `.yaml` or `.yml` is a path. Anything else is a name; if no set has it and there is such a file, it is
    /// that file's path.
    ///
    /// - Throws: ``SettingsError`` for an unknown name, or whatever is wrong with the file.
    public init(named nameOrPath: String) throws(SettingsError) { try self.init(named: nameOrPath, for: nil) }

    /// A set by its name or path, that was asked for at a place.
    init(named nameOrPath: String, for asked: SourceLocation?) throws(SettingsError) {
        if !looksLikePath(nameOrPath) {
            if TraitSet.shippedNames.contains(nameOrPath),
                let shipped = shippedTexts.first(where: { $0.name == nameOrPath })
            {
                try self.init(text: shipped.text, file: "traits/\(nameOrPath).yaml")
                return
            }
            guard SettingsFile.isFile(nameOrPath) else {
                throw SettingsError(
                    .badValue, at: asked, "there is no trait set \"\(visible(nameOrPath, limit: 64))\"",
                    mend: suggestion(for: nameOrPath, among: TraitSet.shippedNames)
                        + ", or write the path of a .yaml file")
            }
        }
        try self.init(text: SettingsFile.text(of: nameOrPath, for: asked), file: nameOrPath)
    }

    /// A set out of the text of a file; places say `file`.
    ///
    /// - Throws: ``SettingsError`` with place and mend.
    public init(text: String, file: String) throws(SettingsError) {
        self = try TraitSetReader.set(SettingsText.value(of: text, file: file))
    }

    init(name: String, description: String, source: String?, traits: [Trait]) {
        self.name = name
        self.description = description
        self.source = source
        self.traits = traits
    }

    /// The trait of that name, whichever of the sets that ship has it.
    ///
    /// - Throws: ``SettingsError`` with the nearest name, or those that there are.
    public static func shippedTrait(named name: String) throws(SettingsError) -> Trait {
        try shippedTrait(named: name, for: nil)
    }

    /// The trait of a name that stands at a place, whichever of the sets that ship has it.
    static func shippedTrait(named name: String, for asked: SourceLocation?) throws(SettingsError) -> Trait {
        var known: [String] = []
        for set in shippedNames {
            for trait in try TraitSet(named: set).traits {
                if trait.name == name { return trait }
                known.append(trait.name)
            }
        }
        throw SettingsError(
            .badValue, at: asked, "no trait set that ships has a trait \"\(visible(name, limit: 64))\"",
            mend: suggestion(for: name, among: known))
    }

    /// The trait of that name.
    ///
    /// - Throws: ``SettingsError`` with the nearest name, or those that there are.
    public func trait(named name: String) throws(SettingsError) -> Trait { try trait(named: name, for: nil) }

    /// The trait of a name that stands at a place.
    func trait(named name: String, for asked: SourceLocation?) throws(SettingsError) -> Trait {
        guard let trait = traits.first(where: { $0.name == name }) else {
            throw SettingsError(
                .badValue, at: asked, "there is no trait \"\(visible(name, limit: 64))\" in the set \(self.name)",
                mend: suggestion(for: name, among: traits.map(\.name)))
        }
        return trait
    }
}

/// Whether a word is a path for what else may be a name: the rule of packs, too.
func looksLikePath(_ word: String) -> Bool { word.hasSuffix(".yaml") || word.hasSuffix(".yml") }

// The files under traits/, in the order of their names.
private let shippedTexts: [(name: String, text: String)] = (0..<undertone_trait_set_count()).compactMap { index in
    let set = undertone_trait_set_at(index)
    guard let name = set.name, let bytes = set.text else { return nil }
    return (
        String(cString: name),
        String(decoding: UnsafeBufferPointer(start: bytes, count: set.count), as: UTF8.self)
    )
}
