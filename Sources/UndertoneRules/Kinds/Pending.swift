// Placeholders until each kind has its file.
import UndertoneCore

private func pending(_ name: String) -> KindReference {
    KindReference(name: name, summary: "", parameters: [], reasons: [], example: "")
}

struct Charset: Sendable {
    static let reference = pending("charset")
    init(_ parameters: inout ParameterReader) throws(RuleError) {}
    func look(at field: Field, into findings: FindingBuffer) {}
    func explanation(of field: Field) -> String { "" }
}
struct Regex: Sendable {
    static let reference = pending("regex")
    init(_ parameters: inout ParameterReader) throws(RuleError) {}
    func look(at field: Field, rule: Int, scratch: TextScratch, into findings: FindingBuffer) {}
    func explanation(of field: Field) -> String { "" }
}
struct Words: Sendable {
    static let reference = pending("words")
    init(_ parameters: inout ParameterReader) throws(RuleError) {}
    func look(at field: Field, rule: Int, scratch: TextScratch, into findings: FindingBuffer) {}
    func explanation(of field: Field) -> String { "" }
}
struct Length: Sendable {
    static let reference = pending("length")
    init(_ parameters: inout ParameterReader) throws(RuleError) {}
    func look(at field: Field, into findings: FindingBuffer) {}
    func explanation(of field: Field) -> String { "" }
}
struct UnicodeClasses: Sendable {
    static let reference = pending("unicode")
    init(_ parameters: inout ParameterReader) throws(RuleError) {}
    func look(at field: Field, into findings: FindingBuffer) {}
    func explanation(of field: Field) -> String { "" }
}
/// Working memory of the rules that look at text: the folded field, word hits, candidate rules, PCRE2 match data.
final class TextScratch {
    func normalised(_ field: Field) -> UnsafeBufferPointer<UInt8> { field.bytes }
}

/// All literals of all word and regex rules in one automaton.
struct LiteralIndex: Sendable {
    /// Tags of the fields that some literal rule looks at.
    let mask: UInt64
    init?(checks: UnsafePointer<Check>, masks: UnsafePointer<UInt64>, count: Int) throws(RuleError) { return nil }
    func scan(_ field: Field, _ scratch: TextScratch) {}
}
