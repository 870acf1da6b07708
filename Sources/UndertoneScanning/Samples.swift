// Findings made ready for people: which file, line and column, and the text around.

import UndertoneCore
import UndertoneRecords
import UndertoneReporting
import UndertoneRules

/// Keeps the first findings of a scan, up to a limit for all rules together, and the first few of each rule beyond it.
struct Samples {
    private(set) var list: [ScanReport.Sample] = []
    private(set) var omitted = 0
    private let limit: Int
    private var byRule: [Int]

    /// Findings of each rule that are kept even when the limit is reached.
    static let perRule = 10
    /// Bytes of text that a sample shows on either side of what was found.
    static let context = 60

    init(limit: Int, rules: Int) {
        self.limit = limit
        byRule = Array(repeating: 0, count: rules + 1)
    }

    /// Whether a finding of this rule would be kept.
    func wants(_ rule: Int) -> Bool {
        list.count < limit || (limit > 0 && byRule[rule] < min(Samples.perRule, limit))
    }

    mutating func omit(_ count: Int) { omitted += count }

    mutating func add(_ sample: ScanReport.Sample) {
        list.append(sample)
        byRule[sample.rule] += 1
    }

    /// Samples in the order of the input, those of rules that came late included.
    var sorted: [ScanReport.Sample] {
        list.sorted { ($0.input, $0.line, $0.span.lowerBound) < ($1.input, $1.line, $1.span.lowerBound) }
    }
}

extension ScanReport.Sample {
    /// A finding of a rule in a field.
    init(
        _ finding: Finding, rule: Int, reason: String, record: Record, field: Field?, block: UnsafePointer<UInt8>,
        input: Int, line: Int, pointer: String, isJSON: Bool, groups: [(name: String, span: Range<Int>)]
    ) {
        let raw = UnsafeBufferPointer(start: block + record.start, count: record.count)
        guard let field else {
            // A record that can't be looked at: its own bytes around the place.
            let at = min(record.malformedAt, max(record.count - 1, 0))
            let (excerpt, span) = textAround(raw, at..<min(at + 1, record.count))
            self.init(
                rule: rule, reason: reason, input: input, line: line,
                columns: at + 1..<min(at + 1, record.count) + 1,
                characterColumns: characters(in: raw, at..<min(at + 1, record.count)), field: "",
                span: at..<min(at + 1, record.count),
                excerpt: excerpt, excerptSpan: span)
            return
        }
        let span = Int(finding.start)..<max(Int(finding.start), min(Int(finding.end), field.count))
        let (excerpt, excerptSpan) = textAround(field.bytes, span)
        var place = span
        if isJSON {
            place =
                rawOffset(
                    of: span.lowerBound, in: raw, from: field.source)..<rawOffset(
                    of: span.upperBound, in: raw, from: field.source)
        }
        self.init(
            rule: rule, reason: reason, input: input, line: line,
            columns: place.lowerBound + 1..<place.upperBound + 1, characterColumns: characters(in: raw, place),
            field: pointer, span: span,
            excerpt: excerpt, excerptSpan: excerptSpan,
            groups: groups.map { group in
                (
                    group.name,
                    String(decoding: UnsafeBufferPointer(rebasing: field.bytes[group.span].prefix(160)), as: UTF8.self)
                )
            })
    }
}

// Columns by code points, from 1, of a range of bytes in a line.
private func characters(in line: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Range<Int> {
    func count(_ bytes: Range<Int>) -> Int { line[bytes.clamped(to: 0..<line.count)].count { $0 & 0xC0 != 0x80 } }
    let before = count(0..<range.lowerBound)
    return before + 1..<before + count(range) + 1
}

// The text around a span, cut at borders of characters, and where the span lies in it.
private func textAround(_ bytes: UnsafeBufferPointer<UInt8>, _ span: Range<Int>) -> (String, Range<Int>) {
    func isBorder(_ offset: Int) -> Bool { offset >= bytes.count || bytes[offset] & 0xC0 != 0x80 }
    var start = max(0, span.lowerBound - Samples.context)
    while start < span.lowerBound, !isBorder(start) { start += 1 }
    var end = min(bytes.count, min(span.upperBound, span.lowerBound + 40) + Samples.context)
    while end < bytes.count, !isBorder(end) { end += 1 }
    let before = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<span.lowerBound]), as: UTF8.self)
    let shown = min(max(span.upperBound, span.lowerBound), end)
    let middle = String(decoding: UnsafeBufferPointer(rebasing: bytes[span.lowerBound..<shown]), as: UTF8.self)
    let behind = String(decoding: UnsafeBufferPointer(rebasing: bytes[shown..<end]), as: UTF8.self)
    let first = before.utf8.count
    return (before + middle + behind, first..<first + middle.utf8.count)
}

// Where a byte of a decoded string stands in the raw JSON string that begins at `from`.
private func rawOffset(of decoded: Int, in raw: UnsafeBufferPointer<UInt8>, from: Int) -> Int {
    var at = from
    var done = 0
    while done < decoded, at < raw.count {
        guard raw[at] == UInt8(ascii: "\\"), at + 1 < raw.count else {
            at += 1
            done += 1
            continue
        }
        guard raw[at + 1] == UInt8(ascii: "u"), at + 6 <= raw.count else {
            at += 2
            done += 1
            continue
        }
        let digits = String(decoding: UnsafeBufferPointer(rebasing: raw[at + 2..<at + 6]), as: UTF8.self)
        let unit = UInt32(digits, radix: 16) ?? 0
        if 0xD800..<0xDC00 ~= unit {
            at += 12
            done += 4
        } else {
            at += 6
            done += unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3
        }
    }
    return min(at, raw.count)
}
