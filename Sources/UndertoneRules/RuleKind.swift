// The closed list of rule kinds. A new kind is one file in Kinds/ and one line in each place that the compiler names here.

import UndertoneCore

/// What a kind of rule is called, which parameters it takes and which reasons it gives: the rule reference, the JSON
/// Schema and the check for unknown keys are all read from it.
public struct KindReference: Sendable {
    /// One parameter of a kind.
    public struct Parameter: Sendable {
        public var name: String
        /// A JSON Schema fragment, as JSON text.
        public var schema: String
        public var isRequired: Bool
        /// What it means, its unit and its default.
        public var text: String

        public init(_ name: String, schema: String, required: Bool = false, _ text: String) {
            self.name = name
            self.schema = schema
            isRequired = required
            self.text = text
        }
    }

    public var name: String
    /// What the kind finds, in one sentence.
    public var summary: String
    public var parameters: [Parameter]
    /// The reasons that findings of this kind give; a finding's `reason` is an index into this list.
    public var reasons: [String]
    /// A rule of this kind, as YAML.
    public var example: String

    public init(name: String, summary: String, parameters: [Parameter], reasons: [String], example: String) {
        self.name = name
        self.summary = summary
        self.parameters = parameters
        self.reasons = reasons
        self.example = example
    }
}

/// A kind of rule.
public enum RuleKind: String, Sendable, CaseIterable {
    case charset
    case numberList = "number-list"
    case tabooNumbers = "taboo-numbers"
    case regex
    case words
    case length
    case duplicate
    case frequency
    case unicode

    /// Name, parameters and reasons.
    public var reference: KindReference {
        switch self {
        case .charset: Charset.reference
        case .numberList: NumberList.reference
        case .tabooNumbers: TabooNumbers.reference
        case .regex: Regex.reference
        case .words: Words.reference
        case .length: Length.reference
        case .duplicate: Duplicate.reference
        case .frequency: Frequency.reference
        case .unicode: UnicodeClasses.reference
        }
    }

    /// Whether the kind looks at the drop as a whole and not at one record alone.
    public var looksAtDrop: Bool { self == .duplicate || self == .frequency }
}

/// A compiled rule: what to run on a field. Not copyable, so that the hot loop counts no references.
enum Check: ~Copyable, Sendable {
    case charset(Charset)
    case numberList(NumberList)
    case tabooNumbers(TabooNumbers)
    case regex(Regex)
    case words(Words)
    case length(Length)
    case duplicate(Duplicate)
    case frequency(Frequency)
    case unicode(UnicodeClasses)

    init(_ kind: RuleKind, _ parameters: inout ParameterReader) throws(RuleError) {
        switch kind {
        case .charset: self = .charset(try Charset(&parameters))
        case .numberList: self = .numberList(try NumberList(&parameters))
        case .tabooNumbers: self = .tabooNumbers(try TabooNumbers(&parameters))
        case .regex: self = .regex(try Regex(&parameters))
        case .words: self = .words(try Words(&parameters))
        case .length: self = .length(try Length(&parameters))
        case .duplicate: self = .duplicate(try Duplicate(&parameters))
        case .frequency: self = .frequency(try Frequency(&parameters))
        case .unicode: self = .unicode(try UnicodeClasses(&parameters))
        }
    }
}
