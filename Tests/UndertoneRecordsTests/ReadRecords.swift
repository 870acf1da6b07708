// Bytes in, records out as values that a test can compare.

import Testing
import UndertoneCore
import UndertoneRecords

/// A record as a test sees it.
struct SeenRecord: Equatable, CustomTestStringConvertible {
    var line: Int
    var start: Int
    var count: Int
    var malformed: Malformation?
    var fields: [SeenField]

    var texts: [String] { fields.map(\.text) }

    var testDescription: String {
        "line \(line), bytes \(start)+\(count), \(malformed.map(\.reason) ?? "sound"), \(fields)"
    }
}

/// A field as a test sees it.
struct SeenField: Equatable, CustomStringConvertible {
    var pointer: String
    var bytes: [UInt8]
    var tags: FieldTags
    var source: Int

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var description: String { "\(pointer) \(text.debugDescription) \(tags.rawValue) @\(source)" }
}

/// What a reader made of a block.
struct Reading: Equatable {
    var records: [SeenRecord] = []
    var lines = 0
    var blank = 0
    /// Where malformed records break, in the order of the records; 0 for the others.
    var breaks: [Int] = []
}

extension RecordParser {
    /// Reads lines of JSON or of text from memory of their own, with hostile bytes behind them.
    func reading(_ bytes: [UInt8], isText: Bool = false, firstLine: Int = 1, blocks: [Int] = []) -> Reading {
        var reading = Reading()
        var start = 0
        for count in blocks + [bytes.count - blocks.reduce(0, +)] {
            add(Array(bytes[start..<start + count]), isText, at: start, firstLine + reading.lines, to: &reading)
            start += count
        }
        return reading
    }

    private func add(_ bytes: [UInt8], _ isText: Bool, at offset: Int, _ firstLine: Int, to reading: inout Reading) {
        // Not one byte more than promised, so that the address sanitiser sees a step too far.
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count + RecordParser.padding)
        defer { memory.deallocate() }
        memory.initialize(from: bytes, count: bytes.count)
        let hostile = Array("\"}],1\\\"{[:".utf8)
        for index in 0..<RecordParser.padding {
            (memory + bytes.count + index).initialize(to: hostile[index % hostile.count])
        }
        let batch = RecordBatch()
        let (lines, blank) =
            isText
            ? readTextLines(memory, count: bytes.count, firstLine: firstLine, into: batch)
            : readJSONLines(memory, count: bytes.count, firstLine: firstLine, into: batch)
        reading.lines += lines
        reading.blank += blank
        for index in 0..<batch.records.count {
            let record = batch.records[index]
            reading.records.append(seen(record, batch, at: offset))
            reading.breaks.append(record.malformedAt)
        }
    }

    private func seen(_ record: Record, _ batch: RecordBatch, at offset: Int) -> SeenRecord {
        SeenRecord(
            line: record.line, start: record.start + offset, count: record.count, malformed: record.malformation,
            fields: (0..<record.fieldCount).map { index in
                let field = batch.fields[record.firstField + index]
                return SeenField(
                    pointer: pointer(of: field), bytes: Array(field.bytes), tags: field.tags, source: field.source)
            })
    }
}

/// The only record of a text, with the rules that a plan stands for.
func onlyRecord(_ text: String, plan: FieldPlan = FieldPlan(), limits: RecordLimits = RecordLimits()) -> SeenRecord {
    let reading = RecordParser(plan: plan, limits: limits).reading(Array(text.utf8))
    return reading.records.first
        ?? SeenRecord(line: 0, start: 0, count: 0, malformed: nil, fields: [])
}

extension FieldPlan {
    /// A plan whose rules look at these, as a rule set makes it.
    init(_ selectors: [FieldSelector], overrides: [String] = []) {
        self.init()
        self.overrides = overrides
        for selector in selectors { ruleTags.formUnion(tags(for: selector) ?? []) }
    }
}

/// The fields of a record as `pointer=text`, with `p`, `s`, `o` before a prompt's, a system's and another known one's, and
/// `any` before those that are nothing special.
func fields(_ text: String, _ plan: FieldPlan = FieldPlan()) -> [String] {
    let record = onlyRecord(text, plan: plan)
    if let malformed = record.malformed { return ["malformed: \(malformed.reason)"] }
    return record.fields.map { field in
        let kind =
            switch field.tags {
            case [.response, .any]: ""
            case [.prompt, .any]: "p "
            case [.system, .any]: "s "
            case [.other, .any]: "o "
            case .any: "any "
            default: "\(field.tags.rawValue) "
            }
        return "\(kind)\(field.pointer)=\(field.text)"
    }
}
