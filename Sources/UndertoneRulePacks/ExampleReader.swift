// The samples that a rule carries: what it must accept and what it must reject.

import UndertoneCore
import UndertoneSettings

enum ExampleReader {
    /// Which list a sample stands in.
    enum Side: String {
        case accept, reject
    }

    static func examples(_ value: SettingsValue, _ side: Side, rule: String) throws(SettingsError) -> [RuleExample] {
        let items = try Reading.list(value, side.rawValue)
        guard !items.isEmpty else {
            throw SettingsError(
                .missing, at: value.location, "rule \(rule) has no \(side.rawValue) example",
                mend: "write at least one text that the rule must \(side.rawValue)")
        }
        var examples: [RuleExample] = []
        for item in items { examples.append(try example(item, side)) }
        return examples
    }

    private static func example(_ value: SettingsValue, _ side: Side) throws(SettingsError) -> RuleExample {
        if case .string(let text) = value.content { return RuleExample(.text(text), at: value.location) }
        guard case .map = value.content else {
            throw SettingsError(
                .badValue, at: value.location, "an example is \(value.kindName)",
                mend: "write a string in quotes, {text: …}, {record: …} or {records: […]}")
        }
        var reader = try MappingReader(value, "an example")
        let text = try reader.string("text")
        let record = reader.value("record")
        let records = reader.members.contains { $0.key == "records" } ? try reader.strings("records") : nil
        let span = reader.value("span")
        let reason = reader.value("reason")
        let with = reader.value("with")
        _ = reader.value("records")
        try reader.finish()

        var inputs: [RuleExample.Input] = []
        if let text { inputs.append(.text(text)) }
        if let record {
            guard case .map = record.content else {
                throw SettingsError(
                    .badValue, at: record.location, "record is \(record.kindName)",
                    mend: "write the record as a mapping, as in {completion: '1, 2'}")
            }
            inputs.append(.record(CanonicalJSON.text(of: record, sorted: false)))
        }
        if let records {
            guard !records.isEmpty else {
                throw SettingsError(.badValue, at: value.location, "records is empty", mend: "write at least one text")
            }
            inputs.append(.drop(records.map(\.text)))
        }
        guard inputs.count == 1, let input = inputs.first else {
            throw SettingsError(
                inputs.isEmpty ? .missing : .badValue, at: value.location,
                inputs.isEmpty ? "an example has no text" : "an example has more than one of text, record and records",
                mend: "write one of text, record and records")
        }
        var example = RuleExample(input, at: value.location)
        if side == .accept, let extra = span ?? reason {
            throw SettingsError(
                .badValue, at: extra.location, "an accept example has a span or a reason",
                mend: "only what is rejected has them")
        }
        if let span { example.span = try range(span, of: input) }
        if let reason {
            let name = try Reading.string(reason, "reason")
            try Reading.checkName(name, "reason", at: reason.location)
            example.reason = name
        }
        if let with { example.overrides = try MappingReader(with, "with").members }
        return example
    }

    private static func range(_ value: SettingsValue, of input: RuleExample.Input) throws(SettingsError) -> Range<Int> {
        let wrong = SettingsError(
            .badValue, at: value.location, "span is no pair of byte offsets",
            mend: "write [from, to], from 0, the end not included")
        guard case .list(let items) = value.content, items.count == 2,
            case .integer(let start) = items[0].content, case .integer(let end) = items[1].content,
            start >= 0, start <= end
        else { throw wrong }
        switch input {
        case .text(let text) where end > text.utf8.count:
            throw SettingsError(
                .badValue, at: value.location, "span ends behind the text",
                mend: "the text has \(text.utf8.count) bytes")
        case .drop:
            throw SettingsError(
                .badValue, at: value.location, "span in an example of several records", mend: "leave it out")
        default: return start..<end
        }
    }
}
