// A pack's question with its places for data, and the turns that come of it.

public import UndertoneCore

/// A question to a judge, checked once and filled in for each record.
///
/// The pack's question is the user's turn, behind a turn of the system in our words. Data goes into it only as JSON within
/// a fence, and the form of the answer is said before and behind it, so that no record changes a byte of anything
/// outside its fences but the fences' mark, which follows from the data.
public struct PromptTemplate: Sendable, Hashable {
    /// Bytes of data in one question, where nothing else is said.
    public static let dataLimit = 64 << 10
    /// Bytes of a question with its parameters.
    static let questionLimit = 64 << 10

    enum Field: String, Sendable, CaseIterable {
        case response, prompt, system, first, second

        static func those(of subject: PromptSubject) -> [Field] {
            subject == .record ? [.response, .prompt, .system] : [.first, .second]
        }
    }

    private enum Piece: Sendable, Hashable {
        case text(String)
        case data(Field)
    }

    private let pieces: [Piece]
    let form: AnswerForm

    /// The question of a rule about single records.
    ///
    /// - Parameter location: where the rule stands, for errors.
    /// - Throws: ``SettingsError`` for a placeholder that nothing is known of, braces that don't close, a question without
    ///   data, a parameter that is never used or has the name of data, and escapes that could be scores.
    public init(_ rule: JudgeRule, at location: SourceLocation? = nil) throws(SettingsError) {
        try self.init(
            rule.question, rule.parameters, AnswerForm(answer: rule.answer, escapes: rule.escapes, subject: .record),
            location)
    }

    init(
        _ question: String, _ parameters: [String: String], _ form: AnswerForm, _ location: SourceLocation?
    ) throws(SettingsError) {
        func wrong(
            _ code: SettingsError.Code, _ problem: String, _ mend: String
        ) -> SettingsError {
            SettingsError(code, at: location, problem, mend: mend)
        }
        let fields = Field.those(of: form.subject)
        let names = fields.map(\.rawValue)
        for name in parameters.keys.sorted() where names.contains(name) {
            throw wrong(.badValue, "the parameter \"\(name)\" has the name of data", "give it another name")
        }
        for escape in form.escapes { try AnswerForm.check(escape, location) }
        guard Set(form.escapes.map { $0.lowercased() }).count == form.escapes.count else {
            throw wrong(.duplicate, "an escape is there twice", "name each one once")
        }
        var pieces: [Piece] = []
        var used: Set<String> = []
        var bytes = 0
        var rest = Substring(question)
        while let open = rest.firstRange(of: "{{") {
            guard let close = rest[open.upperBound...].firstRange(of: "}}") else {
                throw wrong(
                    .syntax, "the question opens {{ and never closes it", "write {{response}}, or leave the braces out")
            }
            pieces.append(.text(String(rest[..<open.lowerBound])))
            let name = rest[open.upperBound..<close.lowerBound].trimmingSpace()
            used.insert(name)
            if let field = Field(rawValue: name), fields.contains(field) {
                pieces.append(.data(field))
            } else if let value = parameters[name] {
                pieces.append(.text(value))
                bytes += value.utf8.count
            } else {
                throw wrong(
                    .badValue,
                    "the question has a placeholder {{\(PromptTemplate.shown(name))}} that nothing is known of",
                    suggestion(for: name, among: names + parameters.keys.sorted()))
            }
            rest = rest[close.upperBound...]
        }
        pieces.append(.text(String(rest)))
        if let name = parameters.keys.sorted().first(where: { !used.contains($0) }) {
            throw wrong(
                .badValue, "the question never uses the parameter \"\(PromptTemplate.shown(name))\"",
                "write {{\(PromptTemplate.shown(name))}} where it goes, or remove it")
        }
        if form.subject == .pair, let missing = names.first(where: { !used.contains($0) }) {
            throw wrong(
                .missing, "the question does not show the \(missing) text", "write {{\(missing)}} where it goes")
        }
        guard names.contains(where: used.contains) else {
            throw wrong(.missing, "the question shows no data of the record", "write {{response}} where it goes")
        }
        guard bytes + question.utf8.count <= PromptTemplate.questionLimit else {
            throw wrong(.tooLarge, "the question has more than 65,536 bytes", "make it shorter")
        }
        self.pieces = pieces
        self.form = form
    }

    /// What is asked about a record.
    ///
    /// - Parameter limit: bytes of the record's texts at most, of those that the question shows.
    /// - Returns: nil where the record is over the limit: ``Unjudged/tooLong``.
    public func question(for data: JudgeData, limit: Int = dataLimit) -> JudgeQuestion? {
        render(data, limit: limit).map { JudgeQuestion($0, answer: form.answer, escapes: form.escapes) }
    }

    /// The turns of the question about a record; as ``question(for:limit:)``.
    public func render(_ data: JudgeData, limit: Int = dataLimit) -> [JudgeRequest.Message]? {
        render(limit: limit) { field in
            switch field {
            case .response: data.responses
            case .prompt: data.prompts
            case .system: data.systems
            case .first, .second: []
            }
        }
    }

    func render(limit: Int, _ texts: (Field) -> [String]) -> [JudgeRequest.Message]? {
        var shown: [Field: [String]] = [:]
        var bytes = 0
        for case .data(let field) in pieces where shown[field] == nil {
            let texts = texts(field)
            for text in texts { bytes += text.utf8.count }
            guard bytes <= limit else { return nil }
            shown[field] = texts
        }
        let blocks = shown.mapValues(FencedText.encoded)
        let marker = FencedText.marker(for: Field.allCases.compactMap { blocks[$0] })
        var text = ""
        for piece in pieces {
            switch piece {
            case .text(let words):
                // What follows a fence begins on a line of its own.
                if text.hasSuffix(marker), !words.isEmpty, !words.utf8.starts(with: "\n".utf8) { text += "\n" }
                text += words
            case .data(let field):
                if !text.isEmpty, text.utf8.last != UInt8(ascii: "\n") { text += "\n" }
                text += FencedText.block(blocks[field] ?? "[]", marker: marker)
            }
        }
        return [.init(.system, form.system), .init(.user, "\(text)\n\n\(form.reminder)")]
    }

    // Names come from packs; an error shows them short and on one line.
    private static func shown(_ name: String) -> String { String(name.prefix(60)).replacing("\n", with: " ") }
}

extension AnswerForm {
    /// An escape must be a word that no reader takes for a score or a letter.
    static func check(_ escape: String, _ location: SourceLocation?) throws(SettingsError) {
        let letters = escape.utf8.allSatisfy {
            $0 >= 0x41 && $0 <= 0x5A || $0 >= 0x61 && $0 <= 0x7A || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x2D || $0 == 0x5F
        }
        let begins = escape.utf8.first.map { $0 >= 0x41 } ?? false
        guard letters, begins, (2...40).contains(escape.utf8.count), escape.lowercased() != "null" else {
            throw SettingsError(
                .badValue, at: location, "an escape is no word of 2 to 40 letters, digits, hyphens and underscores",
                mend: "write one such as CODE or REFUSAL")
        }
    }
}

extension Substring {
    fileprivate func trimmingSpace() -> String {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
