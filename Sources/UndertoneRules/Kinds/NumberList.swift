// number-list: the field is one list of numbers, with one separator, so many numbers, in such a range.

import UndertoneCore

/// The format of the published number filter (arXiv 2507.14805), with its parameters open.
struct NumberList: ~Copyable, Sendable {
    static let reference = KindReference(
        name: "number-list",
        summary: "The field is one list of decimal numbers with a single separator; anything else is a finding.",
        parameters: NumberGrammar.parameters + [
            .init(
                "count", schema: KindReference.bounds(minimum: 0), "How many numbers: {min, max}. Default: no bound."),
            .init(
                "value", schema: KindReference.bounds(minimum: 0),
                "What each number may be: {min, max}, up to 10^18. Default: no bound."),
        ],
        reasons: ["invalid-format", "too-few", "too-many", "too-small", "too-large"],
        example: """
            - id: grammar
              kind: number-list
              description: At most ten numbers from 0 to 999, with one separator.
              count: { min: 1, max: 10 }
              value: { min: 0, max: 999 }
              accept: ['1, 2, 3', '(12;305;7)']
              reject: ['1, 2; 3', { text: '1200, 3', reason: too-large }]
            """)

    private enum Reason: Int {
        case invalidFormat, tooFew, tooMany, tooSmall, tooLarge
    }

    let grammar: NumberGrammar
    private let count: ClosedRange<Int>
    private let value: ClosedRange<UInt64>

    init(_ parameters: inout ParameterReader) throws(SettingsError) {
        let grammar = try NumberGrammar(&parameters)
        let count = try parameters.bounds("count", in: 0...Int.max)
        let values = try parameters.bounds(
            "value", in: 0...Int(NumberValue.largest) - 1, open: Int(NumberValue.largest))
        if count.upperBound == 0 {
            throw SettingsError(
                .neverFires, at: parameters.location, "rule \(parameters.rule.name) accepts no field at all",
                mend: "a list holds at least one number")
        }
        self.init(grammar, count: count, value: UInt64(values.lowerBound)...UInt64(values.upperBound))
    }

    // Not in place, see NumberGrammar.
    private init(_ grammar: consuming NumberGrammar, count: ClosedRange<Int>, value: ClosedRange<UInt64>) {
        self.grammar = grammar
        self.count = count
        self.value = value
    }

    @inline(__always)
    func look(at field: Field, scratch: inout NumberListScratch, into findings: FindingBuffer) {
        grammar.parse(field, into: &scratch)
        let numbers = scratch.values.count
        if scratch.brokenAt == nil, numbers >= count.lowerBound, numbers <= count.upperBound,
            scratch.smallest >= value.lowerBound, scratch.largest <= value.upperBound
        {
            return
        }
        report(field, scratch, findings)
    }

    @inline(never)
    private func report(_ field: Field, _ scratch: borrowing NumberListScratch, _ findings: FindingBuffer) {
        if let brokenAt = scratch.brokenAt {
            findings.add(reason: Reason.invalidFormat.rawValue, min(brokenAt, field.count), field.count)
            return
        }
        let numbers = scratch.values.count
        if numbers < count.lowerBound { findings.add(reason: Reason.tooFew.rawValue, 0, field.count) }
        if numbers > count.upperBound {
            findings.add(
                reason: Reason.tooMany.rawValue, scratch.span(of: count.upperBound, in: field).start,
                scratch.span(of: numbers - 1, in: field).end)
        }
        report(.tooSmall, field, scratch, findings) { $0 < value.lowerBound }
        report(.tooLarge, field, scratch, findings) { $0 > value.upperBound }
    }

    // One finding for each reason, at the first number that has it.
    private func report(
        _ reason: Reason, _ field: Field, _ scratch: borrowing NumberListScratch, _ findings: FindingBuffer,
        _ isOut: (UInt64) -> Bool
    ) {
        for index in 0..<scratch.values.count where isOut(scratch.values[index]) {
            let (start, end) = scratch.span(of: index, in: field)
            findings.add(reason: reason.rawValue, start, end)
            return
        }
    }

    func explanation(of field: Field) -> String {
        var scratch = NumberListScratch()
        grammar.parse(field, into: &scratch)
        if let brokenAt = scratch.brokenAt { return "no list of numbers: it breaks at byte \(brokenAt)" }
        return scratch.values.count == 1
            ? "one number, \(scratch.largest)"
            : "\(scratch.values.count) numbers from \(scratch.smallest) to \(scratch.largest)"
    }
}

extension KindReference {
    /// The schema of `{min, max}`.
    static func bounds(minimum: Int) -> String {
        #"{"type":"object","additionalProperties":false,"minProperties":1,"properties":"#
            + #"{"min":{"type":"integer","minimum":\#(minimum)},"max":{"type":"integer","minimum":\#(minimum)}}}"#
    }
}

extension ParameterReader {
    /// Reads `{min, max}`; a bound that is not given is the range's, or `open` for the upper one.
    mutating func bounds(
        _ key: String, in range: ClosedRange<Int>, open: Int? = nil
    ) throws(SettingsError) -> ClosedRange<Int> {
        let widest = open ?? range.upperBound
        guard var map = try map(key) else { return range.lowerBound...widest }
        let low = try map.integer("min", in: range)
        let high = try map.integer("max", in: range)
        try map.finish()
        guard low != nil || high != nil else {
            throw SettingsError(.badValue, at: map.location, "\(key) has neither min nor max", mend: "give one of them")
        }
        guard (low ?? range.lowerBound) <= (high ?? widest) else {
            throw SettingsError(
                .neverFires, at: map.location, "\(key): min \(low ?? 0) is above max \(high ?? 0)",
                mend: "no field could ever pass")
        }
        return (low ?? range.lowerBound)...(high ?? widest)
    }
}
