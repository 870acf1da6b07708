// Regular expressions: what a text must not hold, or must hold.

import UndertoneCore

/// Runs PCRE2 patterns on the decoded field, all Unicode (UTF and UCP), under a match limit.
///
/// A pattern that shows a literal in every one of its matches is only run where that literal occurs (``LiteralIndex``).
/// Text that is not UTF-8 is never shown to PCRE2: it gives `invalid-utf8`. A search that exceeds the match limit or
/// the JIT stack gives `limit-exceeded`: the text could not be shown to be clean.
struct Regex: ~Copyable, Sendable {
    static let reference = KindReference(
        name: "regex",
        summary: "A PCRE2 pattern matches that must not, or fails to match where it must.",
        parameters: [
            .init(
                "deny", schema: #"{"type":"array","minItems":1,"items":{"type":"string","minLength":1}}"#,
                "Patterns that must not match; each match is a finding. Exactly one of `deny` and `require` is given."),
            .init(
                "require", schema: #"{"type":"array","minItems":1,"items":{"type":"string","minLength":1}}"#,
                "Patterns of which every one must match somewhere."),
            .init(
                "keywords", schema: #"{"type":"array","minItems":1,"items":{"type":"string","minLength":1}}"#,
                "Literals, in any letter case, of which at least one is in every text that matches: the patterns are run "
                    + "only where one occurs. The author promises that it is so. Default: read off each pattern."),
            .init(
                "limits",
                schema: """
                    {"type":"object","properties":{"match":{"type":"integer","minimum":1,"maximum":4294967295}},\
                    "additionalProperties":false}
                    """,
                "`match`: steps that one search may take. Default: 1,000,000 and 16 more for every byte of the text."),
        ],
        reasons: ["match", "missing", "limit-exceeded", "invalid-utf8"],
        example: """
            - id: prose
              kind: regex
              description: The model talks instead of counting.
              deny: ['(?i)\\b(?:sure|here (?:is|are))\\b']
              accept: ['12, 15']
              reject: [{ text: 'Sure! 12, 15', span: [0, 4] }]
            """)

    private enum Reason { static let (match, missing, limit, invalid) = (0, 1, 2, 3) }

    private struct Entry {
        var pattern: Unmanaged<RegexPattern>
        var hasLiterals: Bool
    }

    let patterns: [RegexPattern]
    // For the loop: borrowed from `patterns`, so that no thread counts references.
    private nonisolated(unsafe) let entries: UnsafeMutablePointer<Entry>
    private let denies: Bool
    /// 0 where it goes by the text's length.
    private let matchLimit: UInt32

    init(_ parameters: inout ParameterReader) throws(SettingsError) {
        let deny = try parameters.strings("deny")
        let require = try parameters.strings("require")
        let keywords = try Regex.keywords(&parameters)
        var limit = 0
        if var limits = try parameters.map("limits") {
            limit = try limits.integer("match", in: 1...Int(UInt32.max)) ?? 0
            try limits.finish()
        }
        guard let sources = deny ?? require, (deny == nil) != (require == nil) else {
            throw parameters.missing("deny or require", "give exactly one of them")
        }
        guard !sources.isEmpty else {
            throw SettingsError(
                .neverFires, at: parameters.location, "the list of patterns is empty", mend: "write a pattern")
        }
        var patterns: [RegexPattern] = []
        for source in sources {
            let pattern = try RegexPattern(source.text, keywords: keywords, at: source.location)
            try Regex.check(pattern, isDenied: deny != nil)
            patterns.append(pattern)
        }
        self.patterns = patterns
        denies = deny != nil
        matchLimit = UInt32(limit)
        entries = .allocate(capacity: patterns.count)
        for (index, pattern) in patterns.enumerated() {
            (entries + index).initialize(
                to: Entry(pattern: .passUnretained(pattern), hasLiterals: !pattern.literals.isEmpty))
        }
    }

    deinit { entries.deallocate() }

    /// Looks for the patterns; ``LiteralIndex/scan(_:_:)`` must have run on this field.
    func look(at field: Field, rule: Int, scratch: TextScratch, into findings: FindingBuffer) {
        let state = scratch.state
        guard let slots = state.pointee.firstSlot else { return }
        let first = Int(slots[rule])
        for index in 0..<patterns.count {
            if !entries[index].hasLiterals || state.pointee.candidates[first &+ index] == state.pointee.epoch {
                let goesOn = entries[index].pattern._withUnsafeGuaranteedRef { run($0, field, scratch, findings) }
                guard goesOn else { return }
            } else if !denies {
                guard findings.add(reason: Reason.missing, 0, field.count) else { return }
            }
        }
    }

    /// The named groups of a match that was found at `span`: their names and places in the field.
    package func groups(in field: Field, span: Range<Int>) -> [(name: String, span: Range<Int>)] {
        guard denies, isValidUTF8(field.start, count: field.count) else { return [] }
        for pattern in patterns {
            if let groups = pattern.groups(in: field, span: span, limit: limit(for: field)) { return groups }
        }
        return []
    }

    func explanation(of field: Field) -> String {
        guard isValidUTF8(field.start, count: field.count) else { return "bytes that are not UTF-8, so no pattern ran" }
        let memory = PatternMemory()
        var notes: [String] = []
        for pattern in patterns {
            switch pattern.search(field, from: .init(), limit: limit(for: field), memory) {
            case .match(let start, let end): notes.append("'\(pattern.source)' matches bytes \(start) to \(end)")
            case .none: if !denies { notes.append("'\(pattern.source)' matches nowhere") }
            case .limit: notes.append("'\(pattern.source)' exceeds the match limit or the stack")
            }
        }
        return notes.isEmpty ? "none of \(counted(patterns.count, "pattern")) matches" : notes.joined(separator: "; ")
    }

    @inline(never)
    private func run(
        _ pattern: RegexPattern, _ field: Field, _ scratch: TextScratch, _ findings: FindingBuffer
    ) -> Bool {
        guard scratch.isValid(field) else {
            findings.add(reason: Reason.invalid, 0, field.count)
            return false
        }
        let memory = scratch.matcher
        defer { if field.count >= PatternMemory.largeField { memory.renewStack() } }
        let limit = limit(for: field)
        var start = RegexPattern.Start()
        while true {
            switch pattern.search(field, from: start, limit: limit, memory) {
            case .none: return denies || findings.add(reason: Reason.missing, 0, field.count)
            case .limit: return findings.add(reason: Reason.limit, 0, field.count)
            case .match(let first, let end):
                guard denies else { return true }
                guard findings.add(reason: Reason.match, first, end) else { return false }
                start = start.behind(first, end)
            }
        }
    }

    private func limit(for field: Field) -> UInt32 {
        matchLimit > 0 ? matchLimit : UInt32(min(1_000_000 + 16 * field.count, Int(UInt32.max)))
    }

    private static func keywords(_ parameters: inout ParameterReader) throws(SettingsError) -> [[UInt8]]? {
        guard let keywords = try parameters.strings("keywords") else { return nil }
        guard !keywords.isEmpty else {
            throw SettingsError(.badValue, at: parameters.location, "keywords is an empty list", mend: "remove it")
        }
        var folded: [[UInt8]] = []
        for keyword in keywords {
            let form = TextFold.fold.form(of: keyword.text.utf8)
            guard !form.isEmpty else {
                throw SettingsError(
                    .badValue, at: keyword.location, "a keyword has no visible character", mend: "write a literal")
            }
            folded.append(form)
        }
        return folded
    }

    // Patterns that match whatever the text is.
    private static func check(_ pattern: RegexPattern, isDenied: Bool) throws(SettingsError) {
        guard pattern.matches("", at: 0) else { return }
        if isDenied {
            throw SettingsError(
                .neverFires, at: pattern.location, "pattern '\(pattern.source)' matches the empty string",
                mend: "make one part of it not optional; for empty texts there is kind length")
        }
        // Where it also matches in the middle of unlike texts, it matches at the end of every text.
        let matchesAnywhere = ["x y", "0\n9", "!!", "éß"].allSatisfy { text in
            pattern.matches(text, at: text == "éß" ? 2 : 1)
        }
        if matchesAnywhere {
            throw SettingsError(
                .neverFires, at: pattern.location, "pattern '\(pattern.source)' matches every text",
                mend: "make one part of it not optional")
        }
    }
}
