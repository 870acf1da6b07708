// The form of rejected data: one JSON object a line, the untouched record inside.

import Glibc
import UndertoneCore
import UndertoneRecords
import UndertoneRules

/// Writes rejected records: where the record stood, what was found, and the record byte for byte.
///
/// `{"line":7,"input":"drop.jsonl","findings":[{"rule":…,"action":…,"reason":…,"field":…,"span":[0,3]}],"record":…}`
///
/// `record` is the last member and holds the line's own bytes, up to but not including its line feed. A record that is no
/// JSON text, or that holds line ends itself, stands in `raw` as a string, or in `raw_base64` if it is not UTF-8 or longer
/// than the limit. `"unterminated":true` says that no line feed stood behind it, `"carriage_return":true` that a carriage
/// return did which is not in `record`, `"byte_order_mark":true` that the mark of the file stood before it.
final class RejectedLines {
    private let rules: RuleSet
    private let parser: RecordParser
    // The start of a finding up to its reason's name, by rule and reason.
    private var findingStarts: [UInt32: [UInt8]] = [:]
    private var lastPath: FieldPath?
    private var lastPointer: [UInt8] = []

    init(_ rules: RuleSet, _ parser: RecordParser) {
        self.rules = rules
        self.parser = parser
    }

    /// What is the same for all records of an input.
    static func inputMember(_ path: String) -> [UInt8] { Array(#","input":"#.utf8) + jsonString(path) }

    func begin(line: Int, input: [UInt8], into buffer: inout PlainBuffer<UInt8>) {
        buffer.append(#"{"line":"#)
        buffer.append(decimal: line)
        buffer.append(input)
        buffer.append(#","findings":["#)
    }

    func append(
        _ record: Record, _ block: UnsafePointer<UInt8>, line: Int, input: [UInt8], isText: Bool, isTerminated: Bool,
        hasByteOrderMark: Bool, _ fields: UnsafePointer<Field>, _ findings: UnsafeBufferPointer<Finding>,
        into buffer: inout PlainBuffer<UInt8>
    ) {
        begin(line: line, input: input, into: &buffer)
        for index in findings.indices {
            if index > 0 { buffer.append(UInt8(ascii: ",")) }
            append(findings[index], record, fields, into: &buffer)
        }
        buffer.append("],")
        if hasByteOrderMark { buffer.append(RejectedLines.byteOrderMark) }
        let raw = UnsafeBufferPointer(start: block + record.start, count: record.count)
        if record.malformation == .tooLong {
            // The form of a record that comes in pieces, whose end is not known when its first bytes are written.
            buffer.append(#""raw_base64":""#)
            RejectedLines.append(base64: raw, to: &buffer)
            buffer.append(isTerminated ? RejectedLines.endOfLong : RejectedLines.endOfUnterminatedLong)
            return
        }
        if !isTerminated { buffer.append(#""unterminated":true,"#) }
        if record.malformed == 0 || record.malformation?.isSoundJSON == true, !isText, appendRecord(raw, to: &buffer) {
            buffer.append("}\n")
        } else if isValidUTF8(raw) {
            buffer.append(#""raw":""#)
            buffer.append(jsonEscaped: raw)
            buffer.append("\"}\n")
        } else {
            buffer.append(#""raw_base64":""#)
            RejectedLines.append(base64: raw, to: &buffer)
            buffer.append("\"}\n")
        }
    }

    static let byteOrderMark: StaticString = #""byte_order_mark":true,"#
    static let endOfLong: StaticString = "\"}\n"
    static let endOfUnterminatedLong: StaticString = "\",\"unterminated\":true}\n"

    // Writes the record as it is; `false` where it holds line ends, which would tear the line of rejected data apart.
    private func appendRecord(_ raw: UnsafeBufferPointer<UInt8>, to buffer: inout PlainBuffer<UInt8>) -> Bool {
        guard let base = raw.baseAddress else { return false }
        let hasReturn = raw.last == 0x0D
        let count = hasReturn ? raw.count - 1 : raw.count
        guard memchr(base, 0x0A, count) == nil, memchr(base, 0x0D, count) == nil else { return false }
        if hasReturn { buffer.append(#""carriage_return":true,"#) }
        buffer.append(#""record":"#)
        buffer.append(base, count: count)
        return true
    }

    private static func append(base64 raw: UnsafeBufferPointer<UInt8>, to buffer: inout PlainBuffer<UInt8>) {
        var base64 = Base64Stream()
        base64.add(raw, to: &buffer)
        base64.finish(to: &buffer)
    }

    private func append(
        _ finding: Finding, _ record: Record, _ fields: UnsafePointer<Field>, into buffer: inout PlainBuffer<UInt8>
    ) {
        buffer.append(start(of: finding))
        if finding.field != .max {
            let path = fields[record.firstField + Int(finding.field)].path
            if path != lastPath {
                lastPath = path
                lastPointer = jsonString(parser.pointer(of: fields[record.firstField + Int(finding.field)]))
            }
            buffer.append(#","field":"#)
            buffer.append(lastPointer)
            buffer.append(#","span":["#)
        } else {
            buffer.append(#","at":["#)
        }
        buffer.append(decimal: Int(finding.start))
        if finding.field != .max {
            buffer.append(UInt8(ascii: ","))
            buffer.append(decimal: Int(finding.end))
        }
        buffer.append("]}")
    }

    private func start(of finding: Finding) -> [UInt8] {
        let key = UInt32(finding.rule) << 16 | UInt32(finding.reason)
        if let known = findingStarts[key] { return known }
        let (rule, action, reason) = rules.names(of: finding)
        let text =
            Array(#"{"rule":"#.utf8) + jsonString(rule) + Array(#","action":"#.utf8) + jsonString(action)
            + Array(#","reason":"#.utf8) + jsonString(reason)
        findingStarts[key] = text
        return text
    }
}

extension Malformation {
    /// The record is valid JSON all the same, so that it can stand in the rejected data as it is.
    var isSoundJSON: Bool { self == .missingField }
}

extension RuleSet {
    /// The name of the rule of records that can't be looked at.
    static let malformedName = "undertone/malformed"

    /// Rule, action and reason of a finding, as reports give them.
    func names(of finding: Finding) -> (rule: String, action: String, reason: String) {
        if finding.rule == RuleSet.malformedRule {
            let reason = UInt8(exactly: finding.reason).flatMap(Malformation.init(rawValue:))?.reason ?? ""
            return (RuleSet.malformedName, Action.reject.name, reason)
        }
        let rule = Int(finding.rule)
        let reason = Int(finding.reason)
        return (definitions[rule].id.description, action(of: rule, reason: reason).name, reasons(of: rule)[reason])
    }

    /// The reasons that a rule may give.
    func reasons(of rule: Int) -> [String] { kinds[rule].reference.reasons }
}
