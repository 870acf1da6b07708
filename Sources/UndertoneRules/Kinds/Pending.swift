// Placeholders until each kind has its file.
import UndertoneCore

private func pending(_ name: String) -> KindReference {
    KindReference(name: name, summary: "", parameters: [], reasons: [], example: "")
}

struct NumberListScratch {}
struct NumberList: Sendable {
    static let reference = pending("number-list")
    init(_ parameters: inout ParameterReader) throws(RuleError) {}
}
struct TabooNumbers: Sendable {
    static let reference = pending("taboo-numbers")
    init(_ parameters: inout ParameterReader) throws(RuleError) {}
}
struct Duplicate: Sendable {
    static let reference = pending("duplicate")
    init(_ parameters: inout ParameterReader) throws(RuleError) {}
}
struct Frequency: Sendable {
    static let reference = pending("frequency")
    init(_ parameters: inout ParameterReader) throws(RuleError) {}
}
