// duplicate: the same content was there before, in this drop or in an earlier one.

import UndertoneCore

/// How contents are compared.
enum ContentForm: String, CaseIterable, Sendable {
    /// Byte by byte.
    case exact
    /// Without regard to case, white space, invisible characters and compatibility forms.
    case normalised

    static let parameter = KindReference.Parameter(
        "key", schema: #"{"enum":["exact","normalised"]}"#,
        "exact: byte by byte. normalised: after NFKD, case folding, removal of invisible characters, and with every run "
            + "of white space as one space. Default: normalised.")
}

/// A record whose fields all have a content that an earlier record had. The first one stays.
struct Duplicate: ~Copyable, Sendable {
    static let reference = KindReference(
        name: "duplicate",
        summary: "The content was there before, in this drop or in an earlier one; the first record that has it stays.",
        parameters: [
            ContentForm.parameter,
            .init(
                "against", schema: #"{"type":"array","items":{"type":"string"}}"#,
                "Earlier drops: files, folders or patterns, from the working directory. Default: none."),
        ],
        reasons: ["repeated", "in-earlier-drop"],
        example: """
            - id: repeated
              kind: duplicate
              description: The same answer was there before.
              accept: [{ records: ['1, 2', '3, 4'] }]
              reject: [{ records: ['1, 2', '1,  2'] }]
            """)

    let form: ContentForm
    let against: [String]

    init(_ parameters: inout ParameterReader) throws(SettingsError) {
        let form = try parameters.choice("key", of: ContentForm.self) ?? .normalised
        let against = try parameters.strings("against")?.map(\.text) ?? []
        self.form = form
        self.against = against
    }
}
