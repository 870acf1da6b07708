// The JSON report: everything that a program may want to know, one finding a line.

import UndertoneStatistics
import UndertoneText

/// The version of the JSON report's shape; it grows where a member changes its meaning or goes away.
let jsonReportSchema = 1

/// Writes the JSON report. Every rule and every input is listed, rules without hits too; findings are samples, and
/// `findings_omitted` says how many more were counted.
///
/// Shares are fractions of 1. `columns` are bytes of the raw line from 1, `span` bytes of the decoded field from 0,
/// `excerpt_span` bytes of the excerpt from 0; all of them are half open.
func writeJSONReport(_ report: ScanReport, to output: inout some TextOutputStream) {
    var json = JSONWriter()
    json.object { json in
        json.member("schema", jsonReportSchema)
        json.member("version", report.version)
        json.member("program_sha256", report.programDigest)
        json.member("passed", report.passed)
        writeCounts(report, &json)
        writeGate(report, &json)
        json.array("packs") { json in
            for pack in report.packs {
                json.object(inline: true) { json in
                    json.member("name", pack.name)
                    json.member("version", pack.version)
                    json.member("digest", pack.digest)
                }
            }
        }
        json.array("rules") { json in
            for rule in report.rules {
                write(rule, &json)
                json.drain(into: &output)
            }
        }
        json.array("inputs") { json in
            for input in report.inputs {
                write(input, &json)
                json.drain(into: &output)
            }
        }
        json.array("outputs") { json in
            for file in report.outputs { write(file, &json) }
        }
        json.array("findings") { json in
            for sample in report.samples {
                write(sample, of: report, &json)
                json.drain(into: &output)
            }
        }
        json.member("findings_omitted", report.omittedSamples)
        json.array("notes") { json in
            for note in report.notes { json.value(note) }
        }
    }
    json.drain(above: 0, into: &output)
    output.write("\n")
}

private func writeCounts(_ report: ScanReport, _ json: inout JSONWriter) {
    json.member("records", report.records)
    json.member("kept", report.kept)
    json.member("rejected", report.rejected)
    json.member("flagged", report.flagged)
    json.member("malformed", report.malformed)
    json.member("suppressed", report.suppressed)
    json.member("blank_lines", report.blankLines)
    if let masks = report.masks {
        json.object("masks", inline: true) { json in
            json.member("records", masks.records)
            json.member("combined", masks.combined)
            json.member("tokens", masks.tokens)
            json.member("tokens_masked", masks.tokensMasked)
            json.member("tokens_weighed", masks.tokensWeighed)
        }
    }
    if !report.judging.isEmpty {
        json.array("judges") { json in
            for judging in report.judging { json.object { $0.judging(judging) } }
        }
    }
    json.member("bytes", report.bytes)
    json.member("seconds", report.seconds)
    let rate = report.rejectRate
    json.object("reject_rate", inline: true) { json in
        json.member("share", rate.share)
        json.array("interval") { json in
            json.value(rate.interval.low)
            json.value(rate.interval.high)
        }
        json.member("n", report.records)
    }
}

private func writeGate(_ report: ScanReport, _ json: inout JSONWriter) {
    json.array("gate") { json in
        for clause in report.clauses {
            json.object(inline: true) { json in
                json.member("clause", clause.name)
                json.member("passed", clause.passed)
                json.member("detail", clause.detail)
            }
        }
    }
}

private func write(_ rule: ScanReport.RuleTally, _ json: inout JSONWriter) {
    json.object { json in
        json.member("id", rule.id)
        json.member("hits", rule.hits)
        json.member("kind", rule.kind)
        json.member("action", rule.action)
        json.member("description", rule.description)
        json.member("why", rule.why)
        json.member("source", rule.source)
        json.member("tags", rule.tags)
        json.member("digest", rule.digest)
        json.object("reasons", inline: true) { json in
            for reason in rule.reasons { json.member(reason.name, reason.count) }
        }
        json.member("suppressed", rule.suppressed)
    }
}

private func write(_ input: ScanReport.Input, _ json: inout JSONWriter) {
    json.object { json in
        json.member("path", input.path)
        json.member("sha256", input.sha256)
        json.member("records", input.records)
        json.member("bytes", input.bytes)
        json.member("format", input.format)
        json.member("compression", input.compression)
        json.member("problem", input.problem)
    }
}

private func write(_ file: ScanReport.Output, _ json: inout JSONWriter) {
    json.object { json in
        json.member("role", file.role)
        json.member("path", file.path)
        json.member("sha256", file.sha256)
        json.member("records", file.records)
        json.member("bytes", file.bytes)
        json.member("compression", file.compression)
    }
}

private func write(_ sample: ScanReport.Sample, of report: ScanReport, _ json: inout JSONWriter) {
    json.object(inline: true) { json in
        json.member("rule", report.rule(of: sample)?.id)
        json.member("reason", sample.reason)
        json.member("path", report.input(of: sample)?.path)
        json.member("line", sample.line)
        if let columns = sample.columns { json.member("columns", columns) }
        if let columns = sample.characterColumns { json.member("character_columns", columns) }
        json.member("field", sample.field)
        json.member("span", sample.span)
        json.member("excerpt", sample.excerpt)
        json.member("excerpt_span", sample.excerptSpan)
        guard !sample.groups.isEmpty else { return }
        // A list, since a regular expression may use a name twice.
        json.array("groups") { json in
            for group in sample.groups {
                json.object { json in
                    json.member("name", group.name)
                    json.member("text", group.text)
                }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func judging(_ judging: ScanReport.Judging) {
        member("rule", judging.rule)
        member("judge", judging.judge)
        array("models") { json in for model in judging.effort.models { json.value(model) } }
        member("left", judging.left)
        member("asked", judging.asked)
        member("sampled", judging.isSampled)
        member("scored", judging.scored)
        member("met", judging.met)
        member("escaped", judging.escaped)
        object("unjudged", inline: true) { json in
            for (reason, count) in judging.unjudged.sorted(by: { $0.key < $1.key }) { json.member(reason, count) }
        }
        let (share, interval) = judging.rate
        object("rate", inline: true) { json in
            json.member("share", share)
            json.array("interval") { json in
                json.value(interval.low)
                json.value(interval.high)
            }
        }
        member("cached", judging.effort.cached)
        member("requests", judging.effort.requests)
        member("tokens", judging.effort.tokens)
        if let money = judging.effort.money { member("money", money) }
        member("over_budget", judging.effort.isOverBudget)
    }
}
