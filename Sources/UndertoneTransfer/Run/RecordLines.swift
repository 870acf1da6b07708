// Records as lines of JSON: how drops that a run writes are kept.

import UndertoneCore
import UndertoneText
package import UndertoneTraining

extension TrainingRecord {
    /// As a line of JSON Lines, without the line end: `{"prompt":"…","completion":"…"}`.
    package var line: [UInt8] {
        var json = JSONWriter(.compact)
        json.object { json in
            json.member("prompt", prompt)
            json.member("completion", completion)
            if let weights {
                json.key(lossMaskName)
                json.value(raw: lossMaskText(weights).utf8)
            }
        }
        return json.bytes
    }
}

/// Records as JSON Lines.
package func jsonLines(_ records: [TrainingRecord]) -> [UInt8] {
    records.flatMap { $0.line + [UInt8(ascii: "\n")] }
}
