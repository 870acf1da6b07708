// The closed list of rule kinds. A new kind is one file in Kinds/ and one line in each place that the compiler names here.

import UndertoneCore

/// What a kind of rule is called, which parameters it takes and which reasons it gives: the rule reference, the JSON
/// Schema and the check for unknown keys are all read from it.
public struct KindReference: Sendable {
    /// One parameter of a kind.
    public struct Parameter: Sendable {
        /// The key in the pack.
        public var name: String
        /// A JSON Schema fragment, as JSON text.
        public var schema: String
        /// Whether a rule of the kind must have it.
        public var isRequired: Bool
        /// What it means, its unit and its default.
        public var text: String

        /// A parameter of a kind.
        public init(_ name: String, schema: String, required: Bool = false, _ text: String) {
            self.name = name
            self.schema = schema
            isRequired = required
            self.text = text
        }
    }

    /// The `kind:` of a rule.
    public var name: String
    /// What the kind finds, in one sentence.
    public var summary: String
    /// What a rule of the kind may say.
    public var parameters: [Parameter]
    /// The reasons that findings of this kind give; a finding's `reason` is an index into this list.
    public var reasons: [String]
    /// A rule of this kind, as YAML.
    public var example: String

    /// A reference entry.
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
    case recordScore = "record-score"
    case tokenMask = "token-mask"
    case judge

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
        case .recordScore: RecordScore.reference
        case .tokenMask: TokenMask.reference
        case .judge: JudgeQuestions.reference
        }
    }

    /// Whether the kind looks at the drop as a whole and not at one record alone.
    public var looksAtDrop: Bool { self == .duplicate || self == .frequency }

    /// Whether the kind asks a model; a ``RuleSet`` reads its settings and leaves the asking to whoever has the model.
    public var needsModel: Bool { self == .recordScore || self == .tokenMask || self == .judge }
}

/// A compiled rule: its kind, and the kind's own value at a fixed place in memory.
///
/// The value is behind a pointer because a `switch` over an enum with payloads copies the payload, which costs more than
/// many a rule.
struct Check: ~Copyable, @unchecked Sendable {
    let kind: RuleKind
    private let value: UnsafeMutableRawPointer
    private let destroy: (UnsafeMutableRawPointer) -> Void

    init(_ kind: RuleKind, _ parameters: inout ParameterReader) throws(SettingsError) {
        switch kind {
        case .charset: self.init(kind, try Charset(&parameters))
        case .numberList: self.init(kind, try NumberList(&parameters))
        case .tabooNumbers: self.init(kind, try TabooNumbers(&parameters))
        case .regex: self.init(kind, try Regex(&parameters))
        case .words: self.init(kind, try Words(&parameters))
        case .length: self.init(kind, try Length(&parameters))
        case .duplicate: self.init(kind, try Duplicate(&parameters))
        case .frequency: self.init(kind, try Frequency(&parameters))
        case .unicode: self.init(kind, try UnicodeClasses(&parameters))
        case .recordScore: self.init(kind, try RecordScore.settings(&parameters))
        case .tokenMask: self.init(kind, try TokenMask.settings(&parameters))
        case .judge: self.init(kind, try JudgeQuestions.settings(&parameters))
        }
    }

    private init<Value: ~Copyable>(_ kind: RuleKind, _ value: consuming Value) {
        let memory = UnsafeMutablePointer<Value>.allocate(capacity: 1)
        memory.initialize(to: value)
        self.kind = kind
        self.value = UnsafeMutableRawPointer(memory)
        destroy = { memory in
            memory.assumingMemoryBound(to: Value.self).deinitialize(count: 1)
            memory.deallocate()
        }
    }

    deinit { destroy(value) }

    // The kind decides which of these may be asked for.
    private func at<Value: ~Copyable>(_ type: Value.Type) -> UnsafePointer<Value> {
        UnsafePointer(value.assumingMemoryBound(to: type))
    }

    var charset: UnsafePointer<Charset> { at(Charset.self) }
    var numberList: UnsafePointer<NumberList> { at(NumberList.self) }
    var tabooNumbers: UnsafePointer<TabooNumbers> { at(TabooNumbers.self) }
    var regex: UnsafePointer<Regex> { at(Regex.self) }
    var words: UnsafePointer<Words> { at(Words.self) }
    var length: UnsafePointer<Length> { at(Length.self) }
    var duplicate: UnsafePointer<Duplicate> { at(Duplicate.self) }
    var frequency: UnsafePointer<Frequency> { at(Frequency.self) }
    var unicode: UnsafePointer<UnicodeClasses> { at(UnicodeClasses.self) }
    var model: UnsafePointer<ModelRule> { at(ModelRule.self) }
    var judge: UnsafePointer<JudgeRule> { at(JudgeRule.self) }
}
