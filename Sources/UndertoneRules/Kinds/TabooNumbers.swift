// taboo-numbers: numbers with a meaning of their own, by value.

import UndertoneCore

/// Numbers that must not occur, compared by value: `007` is 7.
struct TabooNumbers: ~Copyable, Sendable {
    static let reference = KindReference(
        name: "taboo-numbers",
        summary: "A number of the list occurs, as an item of a number list or anywhere in the text.",
        parameters: [
            .init(
                "numbers",
                schema: #"{"type":"array","minItems":1,"items":{"oneOf":[{"type":"integer","minimum":0},"#
                    + #"{"type":"object","additionalProperties":false,"required":["n"],"#
                    + #""properties":{"n":{"type":"integer","minimum":0},"why":{"type":"string"}}}]}}"#,
                required: true, "The numbers, each alone or as {n, why}; up to 10^17."),
            .init(
                "where", schema: #"{"enum":["items","anywhere"]}"#,
                "items: items of a field that is a number list as a whole; a field that is none has no finding. "
                    + "anywhere: every run of digits, whatever stands around it; digits of other scripts count, "
                    + "and invisible characters inside a number do not part it. Default: anywhere."),
        ] + NumberGrammar.parameters,
        reasons: ["taboo-number"],
        example: """
            - id: taboo
              kind: taboo-numbers
              description: A number with a known loaded meaning.
              where: items
              numbers: [{ n: 666, why: the number of the beast }, 88]
              accept: ['66, 665']
              reject: [{ text: '0666, 1', span: [0, 4] }]
            """)

    private enum Place: String, CaseIterable {
        case items, anywhere
    }

    private let place: Place
    private let grammar: NumberGrammar
    // One bit for each value below the limit; the few larger ones are in the list.
    private nonisolated(unsafe) let small: UnsafeMutablePointer<Bool>
    private static let smallLimit: UInt64 = 4096
    private let large: Set<UInt64>
    private let reasons: [UInt64: String]

    init(_ parameters: inout ParameterReader) throws(SettingsError) {
        let grammar = try NumberGrammar(&parameters)
        let place = try parameters.choice("where", of: Place.self) ?? .anywhere
        guard let list = try parameters.list("numbers") else {
            throw parameters.missing("numbers", "list the numbers: numbers: [666, 911]")
        }
        var values: [UInt64: String] = [:]
        for item in list {
            let value: Int
            var why = ""
            if case .map = item.content {
                var map = try ParameterReader.map(item, "numbers", rule: parameters.rule)
                guard let number = try map.integer("n", in: 0...Int(NumberValue.largest) / 10) else {
                    throw map.missing("n", "write {n: 666, why: …}")
                }
                value = number
                why = try map.string("why") ?? ""
                try map.finish()
            } else {
                value = try ParameterReader.integer(item, "numbers", in: 0...Int(NumberValue.largest) / 10)
            }
            guard values.updateValue(why, forKey: UInt64(value)) == nil else {
                throw SettingsError(
                    .duplicate, at: item.location, "numbers: \(value) is listed twice", mend: "remove one")
            }
        }
        guard !values.isEmpty else {
            throw SettingsError(
                .neverFires, at: parameters.location, "rule \(parameters.rule.name) lists no number",
                mend: "add numbers or remove the rule")
        }
        self.init(grammar, place, values)
    }

    // Not in place, see NumberGrammar.
    private init(_ grammar: consuming NumberGrammar, _ place: Place, _ reasons: [UInt64: String]) {
        self.grammar = grammar
        self.place = place
        self.reasons = reasons
        small = .allocate(capacity: Int(TabooNumbers.smallLimit))
        small.initialize(repeating: false, count: Int(TabooNumbers.smallLimit))
        large = Set(reasons.keys.filter { $0 >= TabooNumbers.smallLimit })
        for value in reasons.keys where value < TabooNumbers.smallLimit { small[Int(value)] = true }
    }

    deinit { small.deallocate() }

    @inline(__always)
    func look(at field: Field, scratch: inout NumberListScratch, into findings: FindingBuffer) {
        guard place == .items else { return lookAnywhere(field, findings) }
        grammar.parse(field, into: &scratch)
        // A broken list is never watched.
        if scratch.isWatched { lookAtItems(field, scratch, findings) }
    }

    @inline(never)
    private func lookAtItems(
        _ field: Field, _ scratch: borrowing NumberListScratch, _ findings: FindingBuffer
    ) {
        let values = scratch.values.base
        for index in 0..<scratch.values.count where isTaboo(values[index]) {
            let (start, end) = scratch.span(of: index, in: field)
            if !findings.add(reason: 0, start, end) { return }
        }
    }

    @inline(never)
    private func lookAnywhere(_ field: Field, _ findings: FindingBuffer) {
        if endOfASCII(field.start, from: 0, end: field.count) == field.count {
            lookEverywhere(field, findings)
        } else {
            lookAtScalars(field, findings)
        }
    }

    /// Marks the values that this rule looks for among the items of lists.
    func watch(_ list: UnsafeMutablePointer<UInt8>) {
        guard place == .items else { return }
        for value in reasons.keys where value < NumberListScratch.watchedLimit { list[Int(value)] = 1 }
    }

    @inline(__always)
    private func isTaboo(_ value: UInt64) -> Bool {
        value < TabooNumbers.smallLimit ? small[Int(truncatingIfNeeded: value)] : isLargeTaboo(value)
    }

    private func isLargeTaboo(_ value: UInt64) -> Bool { large.contains(value) }

    private func lookEverywhere(_ field: Field, _ findings: FindingBuffer) {
        var at = 0
        while at < field.count {
            var digit = field.start[at] &- 0x30
            guard digit < 10 else {
                at &+= 1
                continue
            }
            let start = at
            var value: UInt64 = 0
            while digit < 10 {
                value = NumberValue.append(digit, to: value)
                at &+= 1
                guard at < field.count else { break }
                digit = field.start[at] &- 0x30
            }
            if isTaboo(value), !findings.add(reason: 0, start, at) { return }
        }
    }

    // Digits of all scripts; invisible characters do not end a number.
    private func lookAtScalars(_ field: Field, _ findings: FindingBuffer) {
        var number: (value: UInt64, start: Int, end: Int)?
        var at = 0
        for scalar in String(decoding: field.bytes, as: UTF8.self).unicodeScalars {
            let width = UTF8.width(scalar)
            if let digit = TabooNumbers.digit(scalar) {
                number = (NumberValue.append(digit, to: number?.value ?? 0), number?.start ?? at, at + width)
            } else if !scalar.properties.isDefaultIgnorableCodePoint {
                if let number, isTaboo(number.value), !findings.add(reason: 0, number.start, number.end) { return }
                number = nil
            }
            at += width
        }
        if let number, isTaboo(number.value) { findings.add(reason: 0, number.start, number.end) }
    }

    private static func digit(_ scalar: Unicode.Scalar) -> UInt8? {
        if scalar.isASCII { return scalar.value &- 0x30 < 10 ? UInt8(scalar.value - 0x30) : nil }
        guard scalar.properties.generalCategory == .decimalNumber, let value = scalar.properties.numericValue else {
            return nil
        }
        return UInt8(value)
    }

    /// The author's word on why a number is listed; "" where there is none.
    func why(_ value: UInt64) -> String { reasons[value] ?? "" }

    func explanation(of field: Field) -> String {
        var scratch = NumberListScratch()
        let findings = FindingBuffer()
        findings.begin(rule: 0, field: 0)
        grammar.parse(field, into: &scratch)
        scratch.isWatched = scratch.brokenAt == nil  // No rule set has told the scratch what to watch for.
        look(at: field, scratch: &scratch, into: findings)
        if place == .items, scratch.brokenAt != nil {
            return "the field is no list of numbers, so its items are not compared"
        }
        guard findings.findings.count > 0 else { return "none of \(reasons.count) numbers" }
        var parts: [String] = []
        for index in 0..<findings.findings.count {
            let found = findings.findings[index]
            let range = Int(found.start)..<Int(found.end)
            let text = String(decoding: UnsafeBufferPointer(rebasing: field.bytes[range]), as: UTF8.self)
            let value = text.unicodeScalars.compactMap(TabooNumbers.digit).reduce(0) { NumberValue.append($1, to: $0) }
            let why = why(value)
            parts.append("\(value)" + (why.isEmpty ? "" : " (\(why))") + " at byte \(found.start)")
        }
        return parts.joined(separator: ", ")
    }
}
