// What judges said of each record, as JSON Lines.

import UndertoneRecords
import UndertoneScanning
import UndertoneText

enum JudgementFile {
    /// Writes a line for each record that a judge was asked about.
    static func write(_ judgements: [ScanJudgement], to output: OutputFile) throws {
        for judgement in judgements {
            var json = JSONWriter(.compact)
            json.object { json in
                json.member("path", judgement.path)
                json.member("line", judgement.line)
                json.member("rule", judgement.rule.description)
                switch judgement.answer.answer {
                case .score(let score): json.member("score", score)
                case .escape(let word): json.member("escape", word)
                case .unjudged(let why): json.member("unjudged", why)
                }
                json.member("met", judgement.isMet)
                json.member("reason", judgement.answer.reason)
                json.member("key", judgement.answer.key)
            }
            try (json.bytes + [UInt8(ascii: "\n")]).withUnsafeBytes { try output.write($0) }
        }
        try output.commit()
    }
}
