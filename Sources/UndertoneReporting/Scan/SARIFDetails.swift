// The smaller parts of the SARIF report: messages, places, fingerprints, the invocation and the totals.

import UndertoneStatistics
import UndertoneText

extension SARIFLog {
    static let notifications = [
        ("undertone/input", "An input could not be read to its end."),
        ("undertone/gate", "A clause of the gate failed."),
        ("undertone/left-out", "More was found than this file may hold."),
        ("undertone/note", "Something worth saying that changes no verdict."),
    ]

    /// SARIF's level for an action.
    static func level(_ action: String) -> String {
        switch action {
        case "fail": "error"
        case "flag": "note"
        default: "warning"
        }
    }

    func message(of sample: ScanReport.Sample, _ rule: ScanReport.RuleTally) -> String {
        var text = plainMessage(rule.description.isEmpty ? rule.id : rule.description)
        if let explanation = sample.explanation { text += " \(explanation)" }
        if !sample.reason.isEmpty { text += " Reason: \(plainMessage(sample.reason, limit: 120))." }
        if !sample.excerpt.isEmpty {
            text += " Found: " + linkless(braced(sample.markedExcerpt(limit: SARIFLimits.message)))
        }
        return text
    }

    func writeLocation(of input: ScanReport.Input, _ json: inout JSONWriter) {
        if input.path == "-" {
            // Code scanning refuses a location without a URI.
            json.member("uri", "stdin")
            json.object("description") { $0.member("text", "standard input") }
        } else {
            json.member("uri", uriReference(cut(input.path, to: SARIFLimits.path)))
        }
    }

    func writeRegion(of sample: ScanReport.Sample, _ json: inout JSONWriter) {
        json.member("startLine", max(sample.line, 1))
        guard let columns = sample.characterColumns, columns.lowerBound >= 1 else { return }
        json.member("startColumn", columns.lowerBound)
        json.member("endColumn", columns.upperBound)
    }

    func writeDetails(of sample: ScanReport.Sample, _ json: inout JSONWriter) {
        json.member("reason", cut(sample.reason, to: 200))
        json.member("field", cut(sample.field, to: 400))
        json.member("span", sample.span)
        if let columns = sample.columns { json.member("byteColumns", columns) }
        if !sample.excerpt.isEmpty {
            json.member("excerpt", cut(sample.excerpt, to: 400))
            json.member("excerptSpan", sample.excerptSpan)
        }
        guard !sample.groups.isEmpty else { return }
        json.array("groups") { json in
            for group in sample.groups.prefix(8) {
                json.object { json in
                    json.member("name", cut(group.name, to: 60))
                    json.member("text", cut(group.text, to: 200))
                }
            }
        }
    }

    /// How the run went. It was successful where every input was read to its end; the gate's "no" is an answer, not a
    /// failure, and shows as exit code 1.
    func writeInvocation(_ json: inout JSONWriter, _ output: inout some TextOutputStream) {
        json.array("invocations") { json in
            json.object { json in
                json.member("executionSuccessful", !report.inputs.contains { $0.problem != nil })
                json.member("exitCode", report.passed ? 0 : 1)
                json.member("exitCodeDescription", report.passed ? "the gate passed" : "the gate says no")
                json.array("toolExecutionNotifications") { json in
                    for input in report.inputs.lazy.filter({ $0.problem != nil }).prefix(SARIFLimits.notifications) {
                        let text = "\(plainMessage(input.path)): \(plainMessage(input.problem ?? ""))"
                        notify(0, "error", text, about: input, &json)
                        json.drain(into: &output)
                    }
                    for clause in report.clauses.lazy.filter({ !$0.passed }).prefix(SARIFLimits.notifications) {
                        notify(1, "warning", "\(plainMessage(clause.name)): \(plainMessage(clause.detail))", &json)
                    }
                    if let leftOut = report.leftOut(shown: results) { notify(2, "warning", leftOut, &json) }
                    for note in report.notes.prefix(SARIFLimits.notifications) {
                        notify(3, "note", plainMessage(note), &json)
                    }
                }
            }
        }
    }

    private func notify(
        _ kind: Int, _ level: String, _ text: String, about input: ScanReport.Input? = nil, _ json: inout JSONWriter
    ) {
        json.object(inline: true) { json in
            json.object("descriptor") { json in
                json.member("id", SARIFLog.notifications[kind].0)
                json.member("index", kind)
            }
            json.member("level", level)
            json.object("message") { $0.member("text", text) }
            guard let input else { return }
            json.array("locations") { json in
                json.object { json in
                    json.object("physicalLocation") { json in
                        json.object("artifactLocation") { writeLocation(of: input, &$0) }
                    }
                }
            }
        }
    }

    /// The totals, of what is in the file and of what is not.
    func writeProperties(_ json: inout JSONWriter) {
        let rate = report.rejectRate
        json.object("properties") { json in
            json.member("passed", report.passed)
            json.member("records", report.records)
            json.member("kept", report.kept)
            json.member("rejected", report.rejected)
            json.member("flagged", report.flagged)
            json.member("malformed", report.malformed)
            json.member("suppressed", report.suppressed)
            json.object("rejectRate", inline: true) { json in
                json.member("share", rate.share)
                json.array("interval") { json in
                    json.value(rate.interval.low)
                    json.value(rate.interval.high)
                }
                json.member("n", report.records)
            }
            json.object("leftOut", inline: true) { json in
                json.member("results", report.samples.count + report.omittedSamples - results)
                json.member("rules", report.rules.count - listedRules)
                json.member("artifacts", report.inputs.count - listedArtifacts)
            }
        }
    }

    /// Untrusted text as a SARIF plain text message: no placeholder and no link of the data's own (SARIF 2.1.0, 3.11.5
    /// and 3.11.6).
    func plainMessage(_ text: String, limit: Int = SARIFLimits.message) -> String {
        linkless(braced(visible(text, limit: limit)))
    }

    private func braced(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            result.unicodeScalars.append(scalar)
            if scalar == "{" || scalar == "}" { result.unicodeScalars.append(scalar) }
        }
    }

    // A link is "[text](target)"; without the second bracket beside the first there is none.
    private func linkless(_ text: String) -> String {
        var result = ""
        var last: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            if scalar == "(", last == "]" { result += " " }
            result.unicodeScalars.append(scalar)
            last = scalar
        }
        return result
    }
}

/// A finding's content, with its input and without its place in it, so that it is the same after lines have moved.
struct ContentKey: Hashable {
    var input: Int
    var hash: UInt64

    /// Sixteen hexadecimal digits.
    var text: String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// FNV-1a (64 bits) over rule, reason, field, excerpt and span. It tells findings apart and proves nothing.
func contentHash(of sample: ScanReport.Sample, rule: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    let span = "\(sample.excerptSpan.lowerBound)-\(sample.excerptSpan.upperBound)"
    for part in [rule, sample.reason, sample.field, sample.excerpt, span] {
        for byte in part.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }  // Arithmetic modulo 2^64.
        hash = (hash ^ 0xFF) &* 0x100_0000_01b3  // No byte of UTF-8, so parts can't run together.
    }
    return hash
}

/// The first `limit` characters of `text`, exact, for places where the writer escapes.
func cut(_ text: String, to limit: Int) -> String {
    let scalars = text.unicodeScalars
    guard let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
        end < scalars.endIndex
    else { return text }
    return String(scalars[..<end]) + "…"
}

/// Without repetitions, in the order of first appearance.
func unique(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
}
