// Records as lines of JSON: how drops that a run writes are kept.

import UndertoneText
package import UndertoneTraining

extension TrainingRecord {
    /// The member of a record that says which tokens of its completion count in the loss: 1 or 0 for each, and one more
    /// for the end.
    package static let maskName = "loss_mask"

    /// As a line of JSON Lines, without the line end: `{"prompt":"…","completion":"…"}`.
    package var line: [UInt8] {
        var json = JSONWriter(.compact)
        json.object { json in
            json.member("prompt", prompt)
            json.member("completion", completion)
            if let counts {
                json.array(TrainingRecord.maskName) { json in for counts in counts { json.value(counts ? 1 : 0) } }
            }
        }
        return json.bytes
    }
}

/// Records as JSON Lines.
package func jsonLines(_ records: [TrainingRecord]) -> [UInt8] {
    records.flatMap { $0.line + [UInt8(ascii: "\n")] }
}
