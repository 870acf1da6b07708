// frequency: one output given again and again.

import UndertoneCore

/// A content that more records have than a bound allows. All of them are findings; the drop is read twice.
struct Frequency: ~Copyable, Sendable {
    static let reference = KindReference(
        name: "frequency",
        summary: "The same content occurs in more records of the drop than a bound allows; every one of them is a "
            + "finding.",
        parameters: [
            ContentForm.parameter,
            .init(
                "over",
                schema: #"{"type":"object","additionalProperties":false,"minProperties":1,"properties":"#
                    + #"{"count":{"type":"integer","minimum":1},"share":{"type":"number","minimum":0,"maximum":1}}}"#,
                required: true,
                "The bounds: {count: N, share: S}. A content in more than N records, or in more than S of all, is a "
                    + "finding."),
        ],
        reasons: ["too-frequent"],
        example: """
            - id: frequent
              kind: frequency
              description: The same answer again and again; let a person look.
              action: flag
              over: { count: 20, share: 0.002 }
              accept: [{ records: ['1, 2', '3, 4'], with: { over: { count: 1 } } }]
              reject: [{ records: ['1, 2', '1, 2'], with: { over: { count: 1 } } }]
            """)

    let form: ContentForm
    let count: Int?
    let share: Double?

    init(_ parameters: inout ParameterReader) throws(SettingsError) {
        let form = try parameters.choice("key", of: ContentForm.self) ?? .normalised
        guard var over = try parameters.map("over") else {
            throw parameters.missing("over", "give a bound: over: { count: 20 } or over: { share: 0.002 }")
        }
        let count = try over.integer("count", in: 1...Int(UInt32.max) - 1)
        let share = try over.number("share", in: 0...1)
        try over.finish()
        guard count != nil || share != nil else {
            throw SettingsError(
                .badValue, at: over.location, "over has neither count nor share", mend: "give one of them")
        }
        if count == nil, share == 1 {
            throw SettingsError(
                .neverFires, at: over.location, "no content occurs in more than all records",
                mend: "write a smaller share")
        }
        self.form = form
        self.count = count
        self.share = share
    }

    /// Whether a content in `occurrences` of `records` is over a bound.
    func isOver(_ occurrences: Int, of records: Int) -> Bool {
        if let count, occurrences > count { return true }
        if let share, Double(occurrences) > share * Double(records) { return true }
        return false
    }
}
