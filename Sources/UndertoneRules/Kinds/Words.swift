// Words and phrases from a list, in any spelling that looks the same.

import UndertoneCore

/// Finds words and phrases of a list.
///
/// Text and words are compared in folded form (see ``TextFold``): letter case, full-width and other compatibility
/// forms, composed and decomposed letters, zero-width characters inside a word and the kind of white space make no
/// difference. With `case: exact` only letter case does. Of words that overlap, the leftmost counts, and of those that
/// start together the longest.
struct Words: ~Copyable, Sendable {
    static let reference = KindReference(
        name: "words",
        summary: "Words or phrases of a list occur in the text; thousands of them cost nearly the same as one.",
        parameters: [
            .init(
                "words",
                schema: """
                    {"type":"array","minItems":1,"items":{"anyOf":[{"type":"string","minLength":1},{"type":"object",\
                    "properties":{"word":{"type":"string","minLength":1},"why":{"type":"string"}},\
                    "required":["word"],"additionalProperties":false}]}}
                    """, required: true,
                "The words or phrases, each a string or a mapping of `word` and `why` it is unwanted."),
            .init(
                "case", schema: #"{"enum":["fold","exact"],"default":"fold"}"#,
                "`fold` finds a word in any letter case, `exact` only as it is written. Default: `fold`."),
            .init(
                "boundaries", schema: #"{"type":"boolean","default":true}"#,
                "Whether a word must stand by itself: no letter, mark, digit or underscore before or behind it. Letters of "
                    + "scripts written without spaces (Han, kana, Thai, Lao, Khmer, Myanmar) don't count. Default: true."
            ),
        ],
        reasons: ["word"],
        example: """
            - id: birds
              kind: words
              description: Names a bird of the night.
              words: [owl, owls, {word: barn owl, why: a species}]
              accept: ['The bowl is empty.']
              reject: ['OWLS everywhere']
            """)

    /// A word with what the automaton needs of it.
    struct Word: Sendable {
        var text: String
        var why: String?
        var folded: [UInt8]
        /// The form that keeps letter case; empty where case makes no difference.
        var kept: [UInt8]
    }

    enum Case: String, CaseIterable { case fold, exact }

    /// Bytes of the longest word, folded.
    static let longest = 1024

    let words: [Word]
    let boundaries: Bool

    init(_ parameters: inout ParameterReader) throws(SettingsError) {
        let isExact = try parameters.choice("case", of: Case.self) == .exact
        let boundaries = try parameters.boolean("boundaries") ?? true
        guard let list = try parameters.list("words") else { throw parameters.missing("words", "list the words") }
        guard !list.isEmpty else {
            throw SettingsError(.neverFires, at: parameters.location, "words is an empty list", mend: "list the words")
        }
        var words: [Word] = []
        var seen: Set<[UInt8]> = []
        for item in list {
            let word = try Words.word(item, isExact: isExact, rule: parameters.rule)
            guard seen.insert(isExact ? word.kept : word.folded).inserted else {
                throw SettingsError(
                    .duplicate, at: item.location, "\"\(word.text)\" is in the list already, if spelt differently",
                    mend: "remove one")
            }
            words.append(word)
        }
        self.words = words
        self.boundaries = boundaries
    }

    private static func word(_ item: SettingsValue, isExact: Bool, rule: RuleID) throws(SettingsError) -> Word {
        var (text, why) = ("", String?.none)
        if case .map = item.content {
            var members = try ParameterReader.map(item, "words", rule: rule)
            guard let word = try members.string("word") else { throw members.missing("word", "write word: '…'") }
            why = try members.string("why")
            try members.finish()
            text = word
        } else {
            text = try ParameterReader.string(item, "words")
        }
        let folded = TextFold.fold.form(of: text.utf8)
        guard !folded.isEmpty else {
            throw SettingsError(
                .neverFires, at: item.location, "a word has no visible character", mend: "write at least one letter")
        }
        guard folded.count <= longest else {
            throw SettingsError(.tooLarge, at: item.location, "a word is too long", mend: "at most \(longest) bytes")
        }
        return Word(text: text, why: why, folded: folded, kept: isExact ? TextFold.keep.form(of: text.utf8) : [])
    }

    /// Reports what ``LiteralIndex/scan(_:_:)`` found in this field.
    func look(at field: Field, rule: Int, scratch: TextScratch, into findings: FindingBuffer) {
        let state = scratch.state
        guard let slots = state.pointee.firstSlot else { return }
        let hits = state.pointee.words + Int(slots[rule]) * TextScratch.wordStride
        guard hits[0] == state.pointee.epoch else { return }
        for hit in 1...Int(hits[1]) {
            guard findings.add(reason: 0, Int(hits[2 * hit]), Int(hits[2 * hit + 1])) else { return }
        }
    }

    /// The word of the list that a finding met, and why it is unwanted.
    func word(in field: Field, span: Range<Int>) -> Word? {
        guard span.lowerBound >= 0, span.upperBound <= field.count else { return nil }
        let part = UnsafeBufferPointer(rebasing: field.bytes[span])
        let folded = TextFold.fold.form(of: part)
        let kept = TextFold.keep.form(of: part)
        return words.first { $0.folded == folded && ($0.kept.isEmpty || $0.kept == kept) }
    }

    func explanation(of field: Field) -> String {
        let buffer = FindingBuffer()
        var field = field
        field.tags = .any
        do {
            let index = try LiteralIndex(words: self)
            let scratch = TextScratch()
            index.scan(field, scratch)
            buffer.begin(rule: 0, field: 0)
            look(at: field, rule: 0, scratch: scratch, into: buffer)
        } catch {
            return "\(error)"
        }
        let count = buffer.findings.count
        guard count > 0 else { return "none of \(counted(words.count, "word"))" }
        let first = buffer.findings[0]
        let word = word(in: field, span: Int(first.start)..<Int(first.end))?.text ?? "a word"
        let bound = count == FindingBuffer.limitPerField ? "at least " : ""
        return "\(bound)\(counted(count, "word")) of the list, the first \"\(word)\" at byte \(first.start)"
    }
}
