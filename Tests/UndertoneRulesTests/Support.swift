// Rules without YAML, fields without records, and generated texts for the tests of rule kinds.

public import UndertoneCore
import UndertoneRules

/// What a rule found: the rule's name, the reason and the bytes of the field.
struct Found: Hashable, CustomStringConvertible {
    var rule: String
    var reason: String
    var range: Range<Int>

    init(_ rule: String, _ reason: String, _ range: Range<Int>) {
        self.rule = rule
        self.reason = reason
        self.range = range
    }

    var description: String { "\(rule) \(reason) \(range.lowerBound)..<\(range.upperBound)" }
}

/// A rule of a kind with parameters, as a pack would give it.
func rule(_ kind: String, id: String = "rule", _ parameters: KeyValuePairs<String, SettingsValue>) -> RuleDefinition {
    let place = SourceLocation(file: "test.yaml", line: 1, column: 1)
    return RuleDefinition(
        id: RuleID(pack: "test", name: id), kind: kind, kindLocation: place, description: "",
        parameters: parameters.map { SettingsValue.Member(key: $0.key, keyLocation: place, value: $0.value) },
        location: place)
}

/// What rules find in a text of one record with one field, a response.
func findings(of rules: [RuleDefinition], in text: String) throws -> [Found] {
    try findings(of: RuleSet(rules), in: Array(text.utf8))
}

/// What a rule finds: the ranges alone.
func ranges(of rule: RuleDefinition, in text: String) throws -> [Range<Int>] {
    try findings(of: [rule], in: text).map(\.range)
}

/// What compiled rules find in any bytes.
func findings(
    of rules: RuleSet, in bytes: [UInt8], scratch: RuleScratch = RuleScratch()
) -> [Found] {
    let buffer = FindingBuffer()
    withField(bytes) { field in
        let batch = RecordBatch()
        var record = Record(start: 0, count: bytes.count, line: 1, firstField: 0)
        record.fieldCount = 1
        batch.records.append(record)
        batch.fields.append(field)
        rules.evaluate(batch, scratch: scratch, into: buffer)
    }
    return (0..<buffer.findings.count).map { index in
        let finding = buffer.findings[index]
        let definition = rules.definitions[Int(finding.rule)]
        let reasons = RuleKind(rawValue: definition.kind)?.reference.reasons ?? []
        return Found(
            definition.id.name, reasons[Int(finding.reason)], Int(finding.start)..<Int(finding.end))
    }
}

/// A field with the bytes, between two bytes and 16 more that no rule may take for text.
func withField<Result>(_ bytes: [UInt8], _ body: (Field) throws -> Result) rethrows -> Result {
    let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count + 17)
    defer { memory.deallocate() }
    memory.initialize(repeating: 0x6F, count: bytes.count + 17)
    (memory + 1).update(from: bytes, count: bytes.count)
    return try body(
        Field(start: memory + 1, count: bytes.count, tags: [.response, .any], path: FieldPath(name: 0)))
}

/// The error that a rule gives when it is compiled.
func ruleError(_ rule: RuleDefinition) -> SettingsError? {
    do throws(SettingsError) {
        _ = try RuleSet([rule])
        return nil
    } catch {
        return error
    }
}

/// A generator whose numbers depend on its seed alone (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension SeededGenerator {
    /// A text of up to `most` pieces, drawn from `pieces`.
    mutating func text(of pieces: [String], most: Int) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...most, using: &self) { text += pieces.randomElement(using: &self) ?? "" }
        return text
    }
}

private let nowhere = SourceLocation(file: "test.yaml", line: 2, column: 3)

extension SettingsValue: ExpressibleByStringLiteral, ExpressibleByExtendedGraphemeClusterLiteral,
    ExpressibleByUnicodeScalarLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// A string.
    public init(stringLiteral value: String) { self.init(.string(value), at: nowhere) }
    /// A whole number.
    public init(integerLiteral value: Int) { self.init(.integer(value), at: nowhere) }
    /// A number.
    public init(floatLiteral value: Double) { self.init(.number(value), at: nowhere) }
    /// True or false.
    public init(booleanLiteral value: Bool) { self.init(.boolean(value), at: nowhere) }
    /// A list.
    public init(arrayLiteral elements: SettingsValue...) { self.init(.list(elements), at: nowhere) }
    /// A mapping.
    public init(dictionaryLiteral elements: (String, SettingsValue)...) {
        let members = elements.map { Member(key: $0.0, keyLocation: nowhere, value: $0.1) }
        self.init(.map(members), at: nowhere)
    }

    init(_ texts: [String]) {
        self.init(.list(texts.map { SettingsValue(.string($0), at: nowhere) }), at: nowhere)
    }
}
