// What a record says, by who says it: for readers that want one question and one answer and nothing else.

package import UndertoneCore

/// The texts of a record's known fields.
package struct RecordTexts: Sendable {
    /// What the model was asked.
    package var prompts: [String] = []
    /// What the model wrote.
    package var completions: [String] = []
    /// What the model was told beforehand.
    package var systems: [String] = []
    /// Texts of others, such as tools.
    package var others: [String] = []

    /// What a reader must ask for, so that all texts are there.
    package static let tags: FieldTags = [.prompt, .response, .system, .other]

    /// The texts of a record of a batch; fields that only a pointer or a role of a rule has named don't count.
    package init(_ record: Record, of batch: RecordBatch) {
        for index in record.firstField..<record.firstField + record.fieldCount {
            let field = batch.fields[index]
            guard !field.tags.isDisjoint(with: RecordTexts.tags) else { continue }
            let text = String(decoding: field.bytes, as: UTF8.self)
            if field.tags.contains(.response) {
                completions.append(text)
            } else if field.tags.contains(.prompt) {
                prompts.append(text)
            } else if field.tags.contains(.system) {
                systems.append(text)
            } else {
                others.append(text)
            }
        }
    }

    /// Bytes of all texts.
    package var byteCount: Int {
        [prompts, completions, systems, others].reduce(0) { $0 + $1.reduce(0) { $0 + $1.utf8.count } }
    }

    /// The prompt and the completion, where the record has one of each and nothing else.
    package var turn: (prompt: String, completion: String)? {
        guard prompts.count == 1, completions.count == 1, systems.isEmpty, others.isEmpty else { return nil }
        return (prompts[0], completions[0])
    }
}
