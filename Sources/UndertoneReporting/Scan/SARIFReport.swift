// The SARIF report (OASIS SARIF 2.1.0), within the limits of GitHub's code scanning.

import UndertoneText

/// Writes SARIF 2.1.0: rules once, at most 5,000 results (GitHub shows no more), the gravest first, and less than 10 MB
/// however large the report is. What was left out is counted in the run's properties and said in a notification.
///
/// Columns are Unicode code points, as `columnKind` says, and are there only where the sample has them; without them a
/// region is its whole line. There is no `snippet`: it would have to be the file's raw text, and an excerpt is the
/// decoded field.
func writeSARIFReport(_ report: ScanReport, to output: inout some TextOutputStream) {
    var log = SARIFLog(report)
    var json = JSONWriter()
    json.object { json in
        json.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
        json.member("version", "2.1.0")
        json.array("runs") { json in
            json.object { json in
                log.writeTool(&json, &output)
                json.member("columnKind", "unicodeCodePoints")
                log.writeArtifacts(&json, &output)
                log.writeResults(&json, &output)
                log.writeInvocation(&json, &output)
                log.writeProperties(&json)
            }
        }
    }
    json.drain(above: 0, into: &output)
    output.write("\n")
}

/// Bounds of a SARIF file. GitHub refuses more than 10 MB when compressed with gzip, more than 25,000 results or rules,
/// shows 5,000 results and 10 tags a rule; source: docs.github.com, "SARIF support for code scanning".
///
/// The byte bounds are of uncompressed text, from the file's start. A character of data takes at most 13 bytes, so one
/// element takes less than 100 KB and all that follows the results less than 1.9 MB.
package enum SARIFLimits {
    package static let results = 5_000
    static let rules = 10_000
    static let artifacts = 2_000
    package static let tags = 10
    /// Of each kind.
    static let notifications = 50
    /// Descriptions are cut behind as many characters; GitHub shows 1,024.
    static let description = 1_000
    /// Parts of messages.
    static let message = 300
    static let path = 1_000
    static let bytesOfRules = 2_500_000
    static let bytesOfArtifacts = 3_500_000
    static let bytesOfResults = 8_000_000
    /// Nothing of the file is behind this.
    package static let bytes = 10_000_000
}

/// A report on its way to SARIF: what was listed, so that results can refer to it, and what was left out.
struct SARIFLog {
    let report: ScanReport
    /// Each rule's index in the file's list; `nil` where it isn't listed.
    private var ruleIndex: [Int?]
    private(set) var listedRules = 0
    private(set) var listedArtifacts = 0
    private(set) var results = 0

    init(_ report: ScanReport) {
        self.report = report
        ruleIndex = Array(repeating: nil, count: report.rules.count)
    }

    mutating func writeTool(_ json: inout JSONWriter, _ output: inout some TextOutputStream) {
        json.object("tool") { json in
            json.object("driver") { json in
                json.member("name", "undertone")
                json.member("version", report.version)
                json.member("semanticVersion", report.version)
                json.array("notifications") { json in
                    for (id, text) in SARIFLog.notifications {
                        json.object(inline: true) { json in
                            json.member("id", id)
                            json.object("shortDescription") { $0.member("text", text) }
                        }
                    }
                }
                json.array("rules") { json in
                    for index in rulesToList {
                        guard json.total < SARIFLimits.bytesOfRules else { break }
                        write(report.rules[index], &json)
                        ruleIndex[index] = listedRules
                        listedRules += 1
                        json.drain(into: &output)
                    }
                }
            }
        }
    }

    // All in their order; where that is too many, those with findings first.
    private var rulesToList: [Int] {
        let all = Array(report.rules.indices)
        guard all.count > 1_000 else { return all }
        let order = all.filter { report.rules[$0].hits > 0 } + all.filter { report.rules[$0].hits == 0 }
        return Array(order.prefix(SARIFLimits.rules))
    }

    private func write(_ rule: ScanReport.RuleTally, _ json: inout JSONWriter) {
        let id = cut(rule.id, to: 200)
        let most = SARIFLimits.description
        let description = plainMessage(rule.description.isEmpty ? id : rule.description, limit: most)
        let full = plainMessage(
            [rule.description, rule.why ?? ""].filter { !$0.isEmpty }.joined(separator: " "), limit: most)
        let help = [rule.description, rule.why ?? "", rule.source.map { "Source: \($0)" } ?? ""]
            .filter { !$0.isEmpty }.map { plainMessage($0, limit: most) }.joined(separator: "\n\n")
        json.object { json in
            json.member("id", id)
            json.member("name", cut(rule.id.split(separator: "/").last.map(String.init) ?? rule.id, to: 200))
            json.object("shortDescription", inline: true) { $0.member("text", description) }
            json.object("fullDescription", inline: true) { $0.member("text", full.isEmpty ? description : full) }
            json.object("help", inline: true) { $0.member("text", help.isEmpty ? description : help) }
            json.object("defaultConfiguration", inline: true) { $0.member("level", SARIFLog.level(rule.action)) }
            json.object("properties", inline: true) { json in
                json.member("tags", Array(unique(rule.tags.map { cut($0, to: 60) }).prefix(SARIFLimits.tags)))
                json.member("kind", cut(rule.kind, to: 60))
                json.member("action", cut(rule.action, to: 60))
                json.member("digest", cut(rule.digest, to: 64))
                json.member("hits", rule.hits)
                json.member("suppressed", rule.suppressed)
            }
        }
    }

    mutating func writeArtifacts(_ json: inout JSONWriter, _ output: inout some TextOutputStream) {
        json.array("artifacts") { json in
            for input in report.inputs.prefix(SARIFLimits.artifacts) {
                guard json.total < SARIFLimits.bytesOfArtifacts else { break }
                json.object(inline: true) { json in
                    json.object("location") { writeLocation(of: input, &$0) }
                    // A length of -1 is SARIF's word for an unknown one.
                    json.member("length", max(input.bytes, -1))
                    json.member("roles", ["analysisTarget"])
                    if let sha256 = input.sha256 {
                        json.object("hashes") { $0.member("sha-256", cut(sha256, to: 64)) }
                    }
                    json.object("properties") { json in
                        json.member("index", listedArtifacts)
                        json.member("records", input.records)
                        json.member("format", cut(input.format, to: 60))
                        json.member("compression", cut(input.compression, to: 60))
                    }
                }
                listedArtifacts += 1
                json.drain(into: &output)
            }
        }
    }

    mutating func writeResults(_ json: inout JSONWriter, _ output: inout some TextOutputStream) {
        var seen: [ContentKey: Int] = [:]
        json.array("results") { json in
            for sample in gravestFirst {
                guard results < SARIFLimits.results, json.total < SARIFLimits.bytesOfResults else { break }
                guard let rule = report.rule(of: sample), let input = report.input(of: sample) else { continue }
                let key = ContentKey(input: sample.input, hash: contentHash(of: sample, rule: rule.id))
                seen[key, default: 0] += 1
                json.object(inline: true) { json in
                    json.member("ruleId", cut(rule.id, to: 200))
                    if let index = ruleIndex[sample.rule] { json.member("ruleIndex", index) }
                    json.member("level", SARIFLog.level(rule.action))
                    json.object("message") { $0.member("text", message(of: sample, rule)) }
                    json.array("locations") { json in
                        json.object { json in
                            json.object("physicalLocation") { json in
                                json.object("artifactLocation") { json in
                                    writeLocation(of: input, &json)
                                    if sample.input < listedArtifacts { json.member("index", sample.input) }
                                }
                                json.object("region") { writeRegion(of: sample, &$0) }
                            }
                        }
                    }
                    // GitHub tells results apart by this one alone; it calls for a hash and a count of its repeats.
                    json.object("partialFingerprints") { json in
                        json.member("primaryLocationLineHash", "\(key.text):\(seen[key, default: 1])")
                        json.member("undertoneContent/v1", key.text)
                    }
                    json.object("properties") { writeDetails(of: sample, &$0) }
                }
                results += 1
                json.drain(into: &output)
            }
        }
    }

    private var gravestFirst: [ScanReport.Sample] {
        ["error", "warning", "note"].flatMap { level in
            report.samples.filter { report.rule(of: $0).map { SARIFLog.level($0.action) } == level }
        }
    }
}
