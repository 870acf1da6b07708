// YAML text → values with places, for a strict subset: one document, no anchors, no tags, no surprises of YAML 1.1.

package import UndertoneCore
import Yams

/// Reads the text of a rule pack, a policy, or whatever else a person writes for the program.
///
/// Yams resolves aliases while it parses, so a few lines of them would grow without bound before anybody could refuse
/// them. Therefore the four indicators that settings do without (`&`, `*`, `!`, `?`) are replaced, one character for one,
/// by characters that mean nothing to YAML; the parser can't act on them, places stay exact, and an unquoted text that
/// begins with one of them is refused where it stands.
package struct SettingsText {
    /// Bytes that a file may have.
    package static let byteLimit = 1 << 20
    /// Nested lists and mappings.
    package static let depthLimit = 32

    private let file: String
    private let text: String
    private let indicators: [(indicator: Unicode.Scalar, stand: Unicode.Scalar)]

    /// Parses `text`; places say `file`.
    package static func value(of text: String, file: String) throws(SettingsError) -> SettingsValue {
        let reader = try SettingsText(text, file: file)
        return try reader.read()
    }

    private init(_ source: String, file: String) throws(SettingsError) {
        guard source.utf8.count <= SettingsText.byteLimit else {
            throw SettingsError(
                .tooLarge, at: SourceLocation(file: file, line: 1, column: 1),
                "the file has more than \(SettingsText.byteLimit) bytes", mend: "split it")
        }
        text = source.unicodeScalars.first == "\u{FEFF}" ? String(source.unicodeScalars.dropFirst()) : source
        self.file = file
        try SettingsText.checkCharacters(of: text, file: file)
        let used = Set(text.unicodeScalars.lazy.filter { SettingsText.stands.contains($0.value) })
        let free = SettingsText.stands.lazy.compactMap(Unicode.Scalar.init).filter { !used.contains($0) }
        let stands = Array(free.prefix(4))
        guard stands.count == 4 else {
            throw SettingsError(
                .syntax, at: SourceLocation(file: file, line: 1, column: 1),
                "the file uses every private-use character of the Basic Multilingual Plane",
                mend: "write them as escapes in double quotes")
        }
        indicators = Array(zip(["&", "*", "!", "?"] as [Unicode.Scalar], stands)).map { ($0, $1) }
    }

    // Private use area of the Basic Multilingual Plane, away from its beginning, where icon fonts live.
    private static let stands: ClosedRange<UInt32> = 0xF300...0xF8FF

    private func read() throws(SettingsError) -> SettingsValue {
        // Yams compares the keys of a mapping, and a key may be a mapping: many levels of them take time without bound.
        // With all brackets square the text has the same levels and no such keys, so it is measured first.
        if let shape = try root(of: substituted(squaringBrackets: true)) { try checkDepth(shape, 0) }
        guard let root = try root(of: substituted()) else {
            throw SettingsError(.missing, at: location(1, 1), "the file is empty", mend: "write key: value")
        }
        return try value(of: root, depth: 0)
    }

    private func root(of yaml: String) throws(SettingsError) -> Node? {
        do {
            // `basic` tells no types: what a plain scalar is, `CoreScalar` decides.
            return try Parser(yaml: yaml, resolver: .basic, encoding: .utf8).singleRoot()
        } catch let error as YamlError {
            throw complaint(about: error)
        } catch {
            throw SettingsError(.syntax, at: location(1, 1), "not YAML")
        }
    }

    // A member of what was a flow mapping is a mapping of its own here, so there may be two levels for one.
    private func checkDepth(_ node: Node, _ depth: Int) throws(SettingsError) {
        guard depth <= 2 * SettingsText.depthLimit else { throw tooDeep(node) }
        switch node {
        case .scalar, .alias: break
        case .sequence(let sequence):
            for item in sequence { try checkDepth(item, depth + 1) }
        case .mapping(let mapping):
            for (key, item) in mapping {
                try checkDepth(key, depth + 1)
                try checkDepth(item, depth + 1)
            }
        }
    }

    private func tooDeep(_ node: Node) -> SettingsError {
        SettingsError(
            .tooLarge, at: location(node.mark), "lists and mappings are nested deeper than \(SettingsText.depthLimit)")
    }

    private func value(of node: Node, depth: Int) throws(SettingsError) -> SettingsValue {
        let place = location(node.mark)
        if depth > SettingsText.depthLimit { throw tooDeep(node) }
        switch node {
        case .scalar(let scalar):
            let text = try restored(scalar)
            guard scalar.style == .plain else { return SettingsValue(.string(text), at: place) }
            return SettingsValue(try CoreScalar.content(of: text, at: place), at: place)
        case .sequence(let sequence):
            var items: [SettingsValue] = []
            items.reserveCapacity(sequence.count)
            for item in sequence { items.append(try value(of: item, depth: depth + 1)) }
            return SettingsValue(.list(items), at: place)
        case .mapping(let mapping):
            var members: [SettingsValue.Member] = []
            members.reserveCapacity(mapping.count)
            for (key, item) in mapping {
                members.append(
                    SettingsValue.Member(
                        key: try keyText(key), keyLocation: location(key.mark),
                        value: try value(of: item, depth: depth + 1)))
            }
            return SettingsValue(.map(members), at: place)
        case .alias:
            throw SettingsError(.syntax, at: place, "aliases are not allowed", mend: "write the value out")
        }
    }

    private func keyText(_ node: Node) throws(SettingsError) -> String {
        let place = location(node.mark)
        guard case .scalar(let scalar) = node else {
            throw SettingsError(.syntax, at: place, "a key is a list or a mapping", mend: "keys are single words")
        }
        let key = try restored(scalar)
        if key == "<<", scalar.style == .plain {
            throw SettingsError(.syntax, at: place, "merge keys are not allowed", mend: "write the members out")
        }
        guard !key.isEmpty else { throw SettingsError(.syntax, at: place, "a key is empty") }
        return key
    }

    // The text of a scalar with its indicators back in place.
    private func restored(_ scalar: Node.Scalar) throws(SettingsError) -> String {
        let place = location(scalar.mark)
        if scalar.style == .plain, let first = scalar.string.unicodeScalars.first,
            let indicator = indicators.first(where: { $0.stand == first })?.indicator
        {
            let second = scalar.string.unicodeScalars.dropFirst().first
            switch indicator {
            case "&", "*":
                throw SettingsError(
                    .syntax, at: place, "anchors and aliases are not allowed",
                    mend: "write the value out, or put the text in quotes")
            case "!":
                throw SettingsError(.syntax, at: place, "tags are not allowed", mend: "put the text in quotes")
            default:
                if second.map({ $0.properties.isWhitespace }) ?? true {
                    throw SettingsError(
                        .syntax, at: place, "a key written with \"?\" is not allowed", mend: "keys are single words")
                }
            }
        }
        var text = String.UnicodeScalarView()
        for scalar in scalar.string.unicodeScalars {
            text.append(indicators.first { $0.stand == scalar }?.indicator ?? scalar)
        }
        return String(text)
    }

    private func substituted(squaringBrackets: Bool = false) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "{" where squaringBrackets: result.append("[")
            case "}" where squaringBrackets: result.append("]")
            default: result.append(indicators.first { $0.indicator == scalar }?.stand ?? scalar)
            }
        }
        return String(result)
    }

    private func location(_ line: Int, _ column: Int) -> SourceLocation {
        SourceLocation(file: file, line: line, column: column)
    }

    private func location(_ mark: Mark?) -> SourceLocation {
        location(mark?.line ?? 1, mark?.column ?? 1)
    }
}

// MARK: - What the parser complains about

extension SettingsText {
    private func complaint(about error: YamlError) -> SettingsError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _):
            let problem = problem.replacing("',' or ']'", with: "',' or a closing bracket")
            return bareIndicator(before: mark) ?? SettingsError(.syntax, at: location(mark), "not YAML: \(problem)")
        case .composer(_, _, let mark, _):
            return SettingsError(
                .syntax, at: location(mark), "a second document begins here", mend: "one file holds one document")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let key = duplicates.first ?? ""
            return SettingsError(
                .duplicate, at: secondPlace(of: key, after: context.mark), "key \"\(key)\" is there twice",
                mend: "the first is in line \(context.mark.line)")
        default:
            return SettingsError(.syntax, at: location(1, 1), "not YAML")
        }
    }

    // `key: &a` with a block below it fails in the block; the fault is the anchor or tag above.
    private func bareIndicator(before mark: Mark) -> SettingsError? {
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        for line in stride(from: min(mark.line, lines.count), through: max(1, mark.line - 2), by: -1) {
            let scalars = Array(lines[line - 1].unicodeScalars)
            let end = (scalars.lastIndex { !$0.properties.isWhitespace } ?? -1) + 1
            guard let start = scalars[..<end].lastIndex(where: { $0.properties.isWhitespace }).map({ $0 + 1 }),
                start < end, end - start > 1
            else { continue }
            let before = scalars[..<start].last { !$0.properties.isWhitespace }
            guard before == nil || before == ":" || before == "-" else { continue }
            switch scalars[start] {
            case "&", "*":
                return SettingsError(
                    .syntax, at: location(line, start + 1), "anchors and aliases are not allowed",
                    mend: "write the value out")
            case "!":
                return SettingsError(
                    .syntax, at: location(line, start + 1), "tags are not allowed", mend: "leave it out")
            default: continue
            }
        }
        return nil
    }

    // The parser only says where the key stands first. Keys of a block mapping stand in one column; those of a flow
    // mapping further on in the line. Where neither finds it, the first place must do.
    private func secondPlace(of key: String, after mark: Mark) -> SourceLocation {
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        let spellings = [key, "\"\(key)\"", "'\(key)'"].map { Array($0.unicodeScalars) }
        func stands(_ spelling: [Unicode.Scalar], in line: [Unicode.Scalar], at column: Int) -> Bool {
            guard column + spelling.count <= line.count, Array(line[column..<(column + spelling.count)]) == spelling
            else { return false }
            return line[(column + spelling.count)...].first { $0 != " " } == ":"
        }
        for number in mark.line...max(mark.line, lines.count) where number <= lines.count {
            let line = Array(lines[number - 1].unicodeScalars)
            if number == mark.line {
                for column in mark.column..<max(line.count, mark.column) where column < line.count {
                    let before = line[column - 1]
                    guard before == " " || before == "," || before == "{" else { continue }
                    if spellings.contains(where: { stands($0, in: line, at: column) }) {
                        return location(number, column + 1)
                    }
                }
            } else if spellings.contains(where: { stands($0, in: line, at: mark.column - 1) }) {
                return location(number, mark.column)
            }
        }
        return location(mark)
    }

    // YAML 1.2.2, section 5.1: which characters may stand in a file.
    private static func checkCharacters(of text: String, file: String) throws(SettingsError) {
        var line = 1
        var column = 1
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A:
                line += 1
                column = 1
                continue
            case 0x09, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF:
                column += 1
            default:
                let code = String(scalar.value, radix: 16, uppercase: true)
                let name = "U+" + String(repeating: "0", count: max(0, 4 - code.count)) + code
                throw SettingsError(
                    .syntax, at: SourceLocation(file: file, line: line, column: column),
                    "the character \(name) may not stand in YAML", mend: "write it as an escape in double quotes")
            }
        }
    }
}
