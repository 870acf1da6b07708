// A rule as its author wrote it: identity, scope, action, and the parameters of its kind, not yet compiled.

/// Where something stands in a rule pack or policy; lines and columns count from 1.
public struct SourceLocation: Sendable, Hashable, CustomStringConvertible {
    /// The path as the user or an including pack wrote it; `rules/NAME.yaml` for a pack that ships.
    public var file: String
    /// From 1.
    public var line: Int
    /// In Unicode code points, from 1.
    public var column: Int

    /// A place in a file.
    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// `file:line:column`, as compilers write it.
    public var description: String { "\(file):\(line):\(column)" }
}

/// A rule's name in all reports: `numbers/taboo` is rule `taboo` of pack `numbers`.
public struct RuleID: Sendable, Hashable, CustomStringConvertible {
    /// The pack's name; it may hold slashes, as in `traits/animals`.
    public var pack: String
    /// Kebab-case, unique in its pack, never reused for something else.
    public var name: String

    /// The rule `name` of the pack `pack`.
    public init(pack: String, name: String) {
        self.pack = pack
        self.name = name
    }

    /// `pack/name`.
    public var description: String { "\(pack)/\(name)" }
}

/// Which part of a record a rule looks at.
public enum FieldSelector: Sendable, Hashable, CustomStringConvertible {
    /// What the model wrote: completions, outputs, assistant turns, chosen and rejected answers. The default.
    case response
    case prompt
    case system
    /// Every string of the record that belongs to a known field.
    case any
    /// The turns of one role in a chat, by the name that the data uses.
    case role(String)
    /// Every string at or below a JSON Pointer (RFC 6901).
    case pointer(String)

    /// Reads `response`, `prompt`, `system`, `any`, `role:NAME` or a JSON Pointer.
    public init?(_ text: String) {
        switch text {
        case "response": self = .response
        case "prompt": self = .prompt
        case "system": self = .system
        case "any": self = .any
        default:
            if text.hasPrefix("role:"), text.utf8.count > 5 {
                self = .role(String(text.dropFirst(5)))
            } else if text.hasPrefix("/") {
                self = .pointer(text)
            } else {
                return nil
            }
        }
    }

    /// The text that ``init(_:)`` reads.
    public var description: String {
        switch self {
        case .response: "response"
        case .prompt: "prompt"
        case .system: "system"
        case .any: "any"
        case .role(let name): "role:\(name)"
        case .pointer(let pointer): pointer
        }
    }
}

/// A value of a rule pack with the place where it stands, so that every complaint can point at it.
public struct SettingsValue: Sendable {
    /// A member of a mapping.
    public struct Member: Sendable {
        /// The key, decoded.
        public var key: String
        /// Where the key begins.
        public var keyLocation: SourceLocation
        /// What stands behind the colon.
        public var value: SettingsValue

        /// A member with the place of its key.
        public init(key: String, keyLocation: SourceLocation, value: SettingsValue) {
            self.key = key
            self.keyLocation = keyLocation
            self.value = value
        }
    }

    /// What the value is, by the YAML 1.2 core schema.
    public indirect enum Content: Sendable {
        case null
        case boolean(Bool)
        case integer(Int)
        case number(Double)
        case string(String)
        case list([SettingsValue])
        /// Keys are unique and keep their order.
        case map([Member])
    }

    /// What the value is.
    public var content: Content
    /// Where the value begins.
    public var location: SourceLocation

    /// A value that stands at `location`.
    public init(_ content: Content, at location: SourceLocation) {
        self.content = content
        self.location = location
    }

    /// "a list", "a string", … for error texts.
    public var kindName: String {
        switch content {
        case .null: "nothing"
        case .boolean: "true or false"
        case .integer: "a whole number"
        case .number: "a number"
        case .string: "a string"
        case .list: "a list"
        case .map: "a mapping"
        }
    }
}

/// A sample that a rule carries: what it must accept or reject.
public struct RuleExample: Sendable {
    /// What is shown to the rule.
    public enum Input: Sendable {
        /// The text of the rule's field.
        case text(String)
        /// A whole record, as JSON text.
        case record(String)
        /// Texts of the records of a drop, for rules that look at the drop as a whole.
        case drop([String])
    }

    /// What is shown to the rule.
    public var input: Input
    /// Byte offsets in the decoded field that the finding must have, if the author gave them.
    public var span: Range<Int>?
    /// The reason that the finding must give, if the author named one.
    public var reason: String?
    /// Parameters that this example replaces, for thresholds that would need thousands of records.
    public var overrides: [SettingsValue.Member]
    /// Where the example begins in its pack.
    public var location: SourceLocation

    /// An example; the place comes last, as in error texts.
    public init(
        _ input: Input, span: Range<Int>? = nil, reason: String? = nil, overrides: [SettingsValue.Member] = [],
        at location: SourceLocation
    ) {
        self.input = input
        self.span = span
        self.reason = reason
        self.overrides = overrides
        self.location = location
    }
}

/// A change to a text that should not matter to a good rule; every example is tried under each.
public enum Variation: String, Sendable, CaseIterable {
    /// Text of several bytes a character before and behind it.
    case surroundingText = "surrounding-text"
    /// Line feeds become CR LF.
    case crlf
    /// Every character written as a `\u` escape in the record's JSON.
    case jsonEscapes = "json-escapes"
    case nfc
    case nfd
    /// ASCII digits become full-width ones.
    case fullWidthDigits = "full-width-digits"
    /// A zero-width space between every two characters.
    case zeroWidth = "zero-width"
}

/// A rule before it is compiled.
public struct RuleDefinition: Sendable {
    /// The rule's name in all reports.
    public var id: RuleID
    /// The name of the rule kind: `regex`, `number-list`, …
    public var kind: String
    /// Where the kind's name stands, for complaints about it.
    public var kindLocation: SourceLocation
    /// One line: what the rule says about a record that it meets.
    public var description: String
    /// Why such a record is not wanted, if more is to be said.
    public var why: String?
    /// Where the rule comes from: a paper and its section, a standard, a URL.
    public var source: String?
    /// The part of a record that the rule looks at.
    public var field: FieldSelector
    /// What becomes of a record that the rule meets.
    public var action: Action
    /// Kebab-case words to group rules by.
    public var tags: [String]
    /// Parameters of the kind, as written.
    public var parameters: [SettingsValue.Member]
    /// What the rule must let pass; a pack gives at least one.
    public var accept: [RuleExample]
    /// What the rule must meet; a pack gives at least one.
    public var reject: [RuleExample]
    /// Variations that change the rule's answer, by design and said by its author.
    public var sensitiveTo: Set<Variation>
    /// SHA-256 in lower-case hexadecimal over the canonical form of everything that decides a verdict.
    public var digest: String
    /// Where the rule's id stands.
    public var location: SourceLocation

    /// A rule as its author wrote it; nothing is checked here.
    public init(
        id: RuleID, kind: String, kindLocation: SourceLocation, description: String, why: String? = nil,
        source: String? = nil, field: FieldSelector = .response, action: Action = .reject, tags: [String] = [],
        parameters: [SettingsValue.Member] = [], accept: [RuleExample] = [], reject: [RuleExample] = [],
        sensitiveTo: Set<Variation> = [], digest: String = "", location: SourceLocation
    ) {
        self.id = id
        self.kind = kind
        self.kindLocation = kindLocation
        self.description = description
        self.why = why
        self.source = source
        self.field = field
        self.action = action
        self.tags = tags
        self.parameters = parameters
        self.accept = accept
        self.reject = reject
        self.sensitiveTo = sensitiveTo
        self.digest = digest
        self.location = location
    }
}

/// Bounds that decide whether a scan passes; a bound that is `nil` was not set.
public struct GateThresholds: Sendable {
    /// Share of all records that may be rejected, malformed ones included; compared as count ≤ ⌊share × records⌋.
    public var maxRejectRate: Double?
    /// Records that may be malformed.
    public var maxMalformed: Int?
    /// Records that a rule may meet, by the rule's full name.
    public var maxFindings: [RuleID: Int]
    /// Share of the records that one rule may reject before it counts as broken.
    public var maxSharePerRule: Double?
    /// Records that must be kept at least.
    public var minKept: Int?

    /// Bounds; those that are not given do not apply.
    public init(
        maxRejectRate: Double? = nil, maxMalformed: Int? = nil, maxFindings: [RuleID: Int] = [:],
        maxSharePerRule: Double? = nil, minKept: Int? = nil
    ) {
        self.maxRejectRate = maxRejectRate
        self.maxMalformed = maxMalformed
        self.maxFindings = maxFindings
        self.maxSharePerRule = maxSharePerRule
        self.minKept = minKept
    }
}
