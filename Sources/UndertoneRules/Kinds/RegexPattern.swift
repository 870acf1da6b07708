// One PCRE2 pattern: compiled once, shared by all threads, run under limits.

import CPCRE2
import UndertoneCore

/// A compiled pattern (PCRE2, UTF and UCP, JIT where there is one). Immutable, so that threads share it.
final class RegexPattern: Sendable {
    /// Bytes of the longest pattern.
    static let longest = 64 << 10

    let source: String
    let location: SourceLocation
    /// Folded literals of which at least one occurs in every text that matches; empty where none is known.
    let literals: [[UInt8]]
    nonisolated(unsafe) let code: OpaquePointer
    let hasJIT: Bool
    /// The named groups and their numbers, by number.
    let groups: [(name: String, number: Int)]

    /// Compiles a pattern. `keywords`, folded, take the place of the literals that the pattern itself shows.
    init(_ source: String, keywords: [[UInt8]]?, at location: SourceLocation) throws(SettingsError) {
        self.source = source
        self.location = location
        let bytes = Array(source.utf8)
        guard bytes.count <= RegexPattern.longest else {
            throw SettingsError(
                .tooLarge, at: location, "a pattern is too long", mend: "at most \(RegexPattern.longest) bytes")
        }
        var (code, offset) = (Int32(0), 0)
        let options = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C
        guard let compiled = pcre2_compile_8(bytes, bytes.count, options, &code, &offset, nil) else {
            throw SettingsError(
                .badValue, at: location, "pattern '\(source)': \(RegexPattern.message(code)) at byte \(offset)",
                mend: "see pcre2pattern(3) for the syntax")
        }
        self.code = compiled
        pcre2_jit_compile_8(compiled, UInt32(PCRE2_JIT_COMPLETE))
        var jitSize = 0  // Stays 0 where the pattern can't be or doesn't want to be compiled.
        pcre2_pattern_info_8(compiled, UInt32(PCRE2_INFO_JITSIZE), &jitSize)
        hasJIT = jitSize > 0
        groups = RegexPattern.namedGroups(of: compiled)
        literals = keywords ?? RequiredLiterals.find(in: source)
        // All properties are set: what is thrown from here on frees the code.
        guard pcre2_callout_enumerate_8(compiled, { _, _ in 1 }, nil) == 0 else {
            throw SettingsError(.badValue, at: location, "pattern '\(source)' has a callout", mend: "remove (?C…)")
        }
    }

    deinit { pcre2_code_free_8(code) }

    /// What became of a search.
    enum Outcome {
        case match(start: Int, end: Int)
        case none
        /// The match limit or the stack was not enough.
        case limit
    }

    /// Where a search begins.
    struct Start {
        /// The byte; it must start a scalar.
        var index = 0
        /// An empty match was found there and is not to be found again.
        var isBehindEmpty = false

        /// Behind a match: always further on.
        func behind(_ start: Int, _ end: Int) -> Start {
            Start(index: max(index, end), isBehindEmpty: end <= max(start, index))
        }
    }

    /// Looks for the first match. The field must be UTF-8.
    func search(_ field: Field, from start: Start, limit: UInt32, _ memory: PatternMemory) -> Outcome {
        guard let data = memory.data, let context = memory.context else { return .limit }
        pcre2_set_match_limit_8(context, limit)
        let result = run(field, from: start, data, context)
        if result >= 0 { return RegexPattern.span(pcre2_get_ovector_pointer_8(data), in: field) }
        // Whatever else goes wrong is no proof that the text is clean.
        return result == PCRE2_ERROR_NOMATCH ? .none : .limit
    }

    /// The named groups of the match that ``search(_:from:limit:_:)`` reports at `span`, without those that took no part.
    func groups(in field: Field, span: Range<Int>, limit: UInt32) -> [(name: String, span: Range<Int>)]? {
        let memory = PatternMemory()
        guard let context = memory.context, let data = pcre2_match_data_create_from_pattern_8(code, nil) else {
            return nil
        }
        defer { pcre2_match_data_free_8(data) }
        pcre2_set_match_limit_8(context, limit)
        var search = Start()
        while run(field, from: search, data, context) >= 0 {
            guard let vector = pcre2_get_ovector_pointer_8(data),
                case .match(let start, let end) = RegexPattern.span(vector, in: field)
            else { return nil }
            if start..<end == span {
                return groups.compactMap { group in
                    let (first, last) = (vector[2 * group.number], vector[2 * group.number + 1])
                    guard first >= 0, first <= last, last <= field.count else { return nil }
                    return (group.name, first..<last)
                }
            }
            search = search.behind(start, end)
        }
        return nil
    }

    /// Whether the pattern matches `text`, starting nowhere but at `index`.
    func matches(_ text: String, at index: Int) -> Bool {
        guard let data = pcre2_match_data_create_8(1, nil) else { return false }
        defer { pcre2_match_data_free_8(data) }
        let bytes = Array(text.utf8)
        return pcre2_match_8(code, bytes, bytes.count, index, PCRE2_ANCHORED, data, nil) >= 0
    }

    private func run(_ field: Field, from start: Start, _ data: OpaquePointer, _ context: OpaquePointer) -> Int32 {
        let options = start.isBehindEmpty ? PCRE2_NOTEMPTY_ATSTART : 0
        return hasJIT
            ? pcre2_jit_match_8(code, field.start, field.count, start.index, options, data, context)
            : pcre2_match_8(code, field.start, field.count, start.index, options | PCRE2_NO_UTF_CHECK, data, context)
    }

    private static func span(_ vector: UnsafeMutablePointer<Int>?, in field: Field) -> Outcome {
        guard let vector else { return .limit }
        // \K can put the start behind the end.
        let (first, last) = (min(vector[0], vector[1]), max(vector[0], vector[1]))
        return last <= field.count ? .match(start: first, end: last) : .limit
    }

    private static func message(_ code: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let length = pcre2_get_error_message_8(code, &buffer, buffer.count)
        return length < 0 ? "error \(code)" : String(decoding: buffer.prefix(Int(length)), as: UTF8.self)
    }

    private static func namedGroups(of code: OpaquePointer) -> [(name: String, number: Int)] {
        var (count, size) = (UInt32(0), UInt32(0))
        var table: UnsafePointer<UInt8>?
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMECOUNT), &count)
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), &size)
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table)
        guard let table else { return [] }
        // An entry is a number in two bytes, the higher one first, and a name that ends in a NUL.
        let names = (0..<Int(count)).map { index in
            let entry = table + index * Int(size)
            return (String(cString: entry + 2), Int(entry[0]) << 8 | Int(entry[1]))
        }
        return names.sorted { $0.1 < $1.1 }.map { (name: $0.0, number: $0.1) }
    }
}
