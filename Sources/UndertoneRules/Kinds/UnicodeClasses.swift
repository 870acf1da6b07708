// Text that is not what it looks like: invisible, reordering, private and broken characters, look-alike letters.

import UndertoneCore

/// Finds characters of the classes in ``TextHazard``, and words that mix scripts.
///
/// Some invisible characters have work to do, and are let pass where they do it: a zero-width joiner between emoji, a
/// joiner or non-joiner between letters of a script that needs them (Arabic, Syriac, Mongolian, those of India and their
/// kin), one variation selector behind an emoji, a keycap or an ideograph, and the tags of the flags of England,
/// Scotland and Wales.
///
/// In a mixed word, Greek letters that no Latin letter looks like are taken for symbols (Δt, μm, λx) and don't count.
struct UnicodeClasses: ~Copyable, Sendable {
    static let reference = KindReference(
        name: "unicode",
        summary: "The text holds characters that people don't see or mistake for others, or bytes that are no text.",
        parameters: [
            .init(
                "deny",
                schema: """
                    {"type":"array","minItems":1,"items":{"enum":\
                    [\(TextHazard.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ","))]}}
                    """, required: true,
                "The classes that may not occur: `invisible` (zero-width and other characters without a glyph), `bidi` "
                    + "(controls that reorder text), `tag` (invisible copies of ASCII), `private-use`, `control` (all but tab, "
                    + "line feed and carriage return), `noncharacter`, `mixed-script` (a word of letters from two scripts "
                    + "that look alike), `replacement` (U+FFFD), `invalid-utf8`."),
            .init("except", schema: #"{"type":"string"}"#, "Characters that may occur all the same."),
        ],
        reasons: TextHazard.allCases.map(\.rawValue),
        example: """
            - id: hidden
              kind: unicode
              description: Holds text that people don't see.
              deny: [invisible, bidi, tag]
              except: "\\u00AD"
              accept: ["\\U0001F469\\u200D\\U0001F52C", "soft\\u00ADhyphen"]
              reject: ["o\\u200Bwl"]
            """)

    // A bit for each class.
    private let denied: UInt32
    private let spared: ScalarSet
    private let findsControls: Bool
    private let findsMixed: Bool

    init(_ parameters: inout ParameterReader) throws(SettingsError) {
        guard let list = try parameters.list("deny") else {
            throw parameters.missing("deny", "list the classes that may not occur")
        }
        var denied: UInt32 = 0
        for item in list {
            denied |= 1 << UInt32(try ParameterReader.choice(item, "deny", of: TextHazard.self).index)
        }
        guard denied != 0 else {
            throw SettingsError(
                .neverFires, at: parameters.location, "deny is an empty list",
                mend: suggestion(for: "", among: TextHazard.allCases.map(\.rawValue)))
        }
        let spared = try parameters.string("except") ?? ""
        self.denied = denied
        self.spared = ScalarSet(spared.unicodeScalars)
        findsControls = denied & 1 << UInt32(TextHazard.control.index) != 0
        findsMixed = denied & 1 << UInt32(TextHazard.mixedScript.index) != 0
    }

    func look(at field: Field, into findings: FindingBuffer) {
        forEachHazard(in: field) { hazard, start, end in findings.add(reason: hazard.index, start, end) }
    }

    func explanation(of field: Field) -> String {
        var counts = [Int](repeating: 0, count: TextHazard.allCases.count)
        var first: (hazard: TextHazard, start: Int)?
        forEachHazard(in: field) { hazard, start, _ in
            counts[hazard.index] += 1
            if first == nil { first = (hazard, start) }
            return true
        }
        guard let first else { return "nothing of the denied classes" }
        let runs = TextHazard.allCases.filter { counts[$0.index] > 0 }
            .map { "\($0.rawValue) \(counts[$0.index])" }.joined(separator: ", ")
        let value = scalar(field.start, at: first.start, end: field.count).value
        return "places by class: \(runs); the first, \(describe(value)), at byte \(first.start)"
    }

    // Calls `body` with every run of one denied class, in order, until it returns false.
    @inline(__always)
    private func forEachHazard(in field: Field, _ body: (TextHazard, Int, Int) -> Bool) {
        let (start, end) = (field.start, field.count)
        var run: (hazard: TextHazard, start: Int, end: Int)?
        var (index, words) = (0, 0)
        while true {
            index = nextStop(start, index, end)
            guard index < end else { break }
            let next = scalar(start, at: index, end: end)
            let here = index
            index &+= next.length
            if let hazard = hazard(next.value, field, here, index) {
                if let known = run, known.hazard == hazard, known.end == here {
                    run = (hazard, known.start, index)
                } else {
                    if let known = run, !body(known.hazard, known.start, known.end) { return }
                    run = (hazard, here, index)
                }
            } else if findsMixed, here >= words, next.value >= 0x80, Script(of: next.value).hasLookAlikes {
                let word = mixedWord(field, here, after: words)
                words = word.end
                if word.isMixed {
                    if let known = run, !body(known.hazard, known.start, known.end) { return }
                    run = nil
                    guard body(.mixedScript, word.start, word.end) else { return }
                }
            }
        }
        if let known = run { _ = body(known.hazard, known.start, known.end) }
    }

    // The class of a scalar if it is denied here.
    @inline(__always)
    private func hazard(_ value: UInt32, _ field: Field, _ start: Int, _ end: Int) -> TextHazard? {
        guard let hazard = TextHazard(of: value), denied &>> UInt32(hazard.index) & 1 != 0 else { return nil }
        if spared.contains(value) || JoinedText.isAtWork(hazard, value, field, start, end) { return nil }
        return hazard
    }

    // The first index from `index` on that needs a look: no printable ASCII, tab, line feed or carriage return. Where
    // controls don't matter, ASCII doesn't.
    @inline(__always)
    private func nextStop(_ start: UnsafePointer<UInt8>, _ index: Int, _ end: Int) -> Int {
        var index = index
        while true {
            let stop =
                findsControls ? endOfPlain(start, from: index, end: end) : endOfASCII(start, from: index, end: end)
            if stop >= end || start[stop] >= 0x80 || TextHazard(of: UInt32(start[stop])) != nil { return stop }
            index = stop &+ 1
        }
    }

    // The first index from `index` on whose byte is below a space, DEL or not ASCII, or `end`.
    @inline(__always)
    private func endOfPlain(_ start: UnsafePointer<UInt8>, from index: Int, end: Int) -> Int {
        var index = index
        let (high, low) = (UInt64(0x8080_8080_8080_8080), UInt64(0x0101_0101_0101_0101))
        while index < end {
            let block = UnsafeRawPointer(start + index).loadUnaligned(as: UInt64.self)
            // High bits of bytes that are below 0x20, 0x7F, or above; a borrow can only mark bytes behind a marked one.
            let stops = ((block &- 0x20 &* low) | (block &+ low) | block) & high
            if stops != 0 { return min(index &+ stops.trailingZeroBitCount &>> 3, end) }
            index &+= 8
        }
        return end
    }

    // The word around the letter at `index`, not before `bound`.
    private func mixedWord(
        _ field: Field, _ index: Int, after bound: Int
    ) -> (start: Int, end: Int, isMixed: Bool) {
        let (bytes, end) = (field.start, field.count)
        var start = index
        while start > bound {
            let last = scalar(bytes, before: start)
            guard isPart(last.value) else { break }
            start -= last.length
        }
        var (stop, scripts) = (start, UInt32(0))
        while stop < end {
            let next = scalar(bytes, at: stop, end: end)
            let script = Script(of: next.value)
            guard script != .none || isPart(next.value) else { break }
            if script.hasLookAlikes && !spared.contains(next.value) && !JoinedText.isGreekSymbol(next.value) {
                scripts |= 1 << UInt32(script.rawValue)
            }
            stop += next.length
        }
        return (start, stop, scripts.nonzeroBitCount > 1)
    }

    // Letters and marks make a word, and what has no glyph doesn't end it.
    private func isPart(_ value: UInt32) -> Bool {
        if value < 0x80 { return (value | 0x20) &- 0x61 < 26 }
        guard let scalar = Unicode.Scalar(value) else { return false }
        return CharacterClass.letter.contains(scalar) || CharacterClass.mark.contains(scalar)
            || scalar.properties.isDefaultIgnorableCodePoint
    }
}
