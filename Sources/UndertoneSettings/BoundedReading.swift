// Values of files that people write, with bounds: names, lines of text, numbers, lists.

package import UndertoneCore
import UndertoneText

/// A text and where it stands.
package struct PlacedText {
    package var text: String
    package var location: SourceLocation

    package init(text: String, location: SourceLocation) {
        self.text = text
        self.location = location
    }
}

extension Reading {
    /// One line in which nothing is hidden, without white space around it.
    package static func text(_ value: SettingsValue, _ key: String, limit: Int) throws(SettingsError) -> PlacedText {
        let text = trimmed(try string(value, key))
        guard !text.isEmpty else {
            throw SettingsError(.badValue, at: value.location, "\(key) is empty", mend: "write one line")
        }
        guard text.utf8.count <= limit else {
            throw SettingsError(
                .tooLarge, at: value.location, "\(key) has \(grouped(text.utf8.count)) bytes",
                mend: "at most \(grouped(limit)) are allowed")
        }
        if let hidden = text.unicodeScalars.first(where: isRefused) {
            throw SettingsError(
                .badValue, at: value.location, "\(key) holds the character \(visible(String(hidden)))",
                mend: "write one line of characters that can be seen; use >- to fold a long one")
        }
        return PlacedText(text: text, location: value.location)
    }

    /// Small letters and digits, in groups joined by hyphens.
    package static func name(_ value: SettingsValue, _ key: String) throws(SettingsError) -> PlacedText {
        let name = try text(value, key, limit: 1000)
        guard isKebabCase(name.text) else {
            throw SettingsError(
                .badValue, at: name.location, "\(key) \"\(visible(name.text, limit: 64))\" is no name",
                mend: "write small letters, digits and single hyphens, at most 64, as in owl-numbers")
        }
        return name
    }

    package static func items(
        _ value: SettingsValue, _ key: String, limit: Int
    ) throws(SettingsError) -> [SettingsValue] {
        let items = try list(value, key)
        guard !items.isEmpty else {
            throw SettingsError(
                .badValue, at: value.location, "\(key) is an empty list",
                mend: "write one entry at least")
        }
        guard items.count <= limit else {
            throw SettingsError(
                .tooLarge, at: items[limit].location, "\(key) has \(grouped(items.count)) entries",
                mend: "at most \(grouped(limit)) are allowed")
        }
        return items
    }

    /// A number above 0.
    package static func positive(
        _ value: SettingsValue, _ key: String, upTo limit: Double
    ) throws(SettingsError) -> Double {
        guard let number = number(value), number > 0, number <= limit else {
            throw SettingsError(
                .badValue, at: value.location, "\(key) is no number above 0 and up to \(fixed(limit, decimals: 0))",
                mend: "write one, as in 0.01")
        }
        return number
    }

    /// The case of that name.
    package static func word<Word: RawRepresentable<String> & CaseIterable>(
        _ value: SettingsValue, _ key: String, of words: Word.Type = Word.self
    ) throws(SettingsError) -> Word {
        let text = try text(value, key, limit: 1000)
        guard let word = Word(rawValue: text.text) else {
            throw SettingsError(
                .badValue, at: text.location, "\(key): there is no \"\(visible(text.text, limit: 64))\"",
                mend: suggestion(for: text.text, among: Word.allCases.map(\.rawValue)))
        }
        return word
    }

    /// Refuses the second of two texts that are the same by `identity`.
    package static func checkUnique(
        _ texts: [PlacedText], _ what: String, by identity: (String) -> String = { $0 }
    ) throws(SettingsError) {
        var first: [String: SourceLocation] = [:]
        for text in texts {
            guard let place = first.updateValue(text.location, forKey: identity(text.text)) else { continue }
            throw SettingsError(
                .duplicate, at: text.location, "\(what) \"\(visible(text.text, limit: 64))\" is there twice",
                mend: "take one out; the first is in line \(place.line)")
        }
    }

    // Joiners stay: emoji and several scripts are written with them.
    private static func isRefused(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: true
        case .format: scalar != "\u{200C}" && scalar != "\u{200D}"
        default: false
        }
    }
}
