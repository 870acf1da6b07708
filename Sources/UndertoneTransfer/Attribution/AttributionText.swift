// An attribution as JSON and as a table for people.

package import UndertoneText
import UndertoneTraining

extension AttributionReport {
    /// The members of the report as JSON: `traits`, `best`, `records`, `control`, `warnings`.
    ///
    /// - Parameter line: the line of a record, by its number.
    package func write(to json: inout JSONWriter, line: (Int) -> Int = { $0 }) {
        json.array("traits") { json in
            for candidate in candidates {
                json.object(inline: true) { json in
                    json.member("trait", candidate.trait)
                    json.member("alignment", candidate.alignment)
                    json.member("p_value", candidate.pValue)
                    json.member("z", candidate.z)
                    json.member("explained", candidate.explained)
                    json.member("p_value_corrected", candidate.significance)
                    json.member("p_value_single", candidate.single)
                    if let specificity = candidate.specificity {
                        json.member("p_value_specific", specificity)
                    } else {
                        json.member("p_value_specific", String?.none)
                    }
                }
            }
        }
        json.member("best", best)
        json.object("records") { json in
            json.member("count", drop.records)
            json.member("tokens", drop.tokens)
            json.member("nats_per_token", drop.nats)
            json.member("scored_by", scores?.trait)
            guard let scores else { return }
            json.member("mean_score", scores.mean)
            json.member("deviation", scores.deviation)
            json.array("strongest") { json in
                for record in scores.strongest {
                    json.object { json in
                        json.member("line", line(record.number))
                        record.writeScores(to: &json)
                        json.member("prompt", record.record.prompt)
                        json.member("completion", record.record.completion)
                    }
                }
            }
        }
        json.object("control", inline: true) { json in
            json.member("count", control.records)
            json.member("tokens", control.tokens)
            json.member("nats_per_token", control.nats)
        }
        json.array("warnings") { json in
            for warning in warnings {
                json.object { json in
                    json.member("code", warning.code)
                    json.member("problem", warning.problem)
                    json.member("mend", warning.mend)
                }
            }
        }
    }

    /// The finding, a line for each candidate by its evidence, the strongest records, the warnings.
    ///
    /// - Parameter line: the line of a record, by its number.
    package func text(line: (Int) -> Int = { $0 }) -> String {
        var lines = [
            best.map { "The drop carries \(visible($0, limit: 40))." } ?? "No candidate explains the drop.",
            "\(counted(drop.records, "record")) at \(fixed(drop.nats, decimals: 3)) nats per token under the base, "
                + "\(counted(control.records, "record")) of control at \(fixed(control.nats, decimals: 3)).", "",
        ]
        let width = max(5, candidates.map { visible($0.trait, limit: 40).count }.max() ?? 0)
        lines.append("  " + padded("trait", width) + "  p         z       explained  alignment")
        for candidate in candidates.sorted(by: { ($0.pValue, -$0.z) < ($1.pValue, -$1.z) }) {
            let mark = candidate.trait == best ? "> " : "  "
            let p = candidate.pValue < 0.0002 ? "< 0.0002" : fixed(candidate.pValue, decimals: 4)
            lines.append(
                mark + padded(visible(candidate.trait, limit: 40), width) + "  " + padded(p, 8) + "  "
                    + padded(signed(candidate.z, 1), 6) + "  "
                    + padded("\(percentage(candidate.explained)) %", 9) + "  " + signed(candidate.alignment, 4))
        }
        if let scores {
            lines += [
                "",
                "Scores along \(visible(scores.trait, limit: 40)): mean \(signed(scores.mean, 3)), deviation "
                    + "\(fixed(scores.deviation, decimals: 3)). The strongest records:",
            ]
            for record in scores.strongest {
                lines.append(
                    "  line \(line(record.number))  \(signed(record.score, 2))  "
                        + visible(record.record.completion, limit: 80))
            }
        }
        for warning in warnings { lines += ["", "\(warning.code): \(warning.problem)", "  \(warning.mend)"] }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension AttributionReport.Record {
    /// Members `score` and `tokens`.
    package func writeScores(to json: inout JSONWriter) {
        json.member("score", score)
        json.array("tokens", inline: true) { json in for token in tokens { json.value(token) } }
    }
}

private func percentage(_ share: Double) -> String { fixed(100 * share, decimals: 0) }

private func signed(_ value: Double, _ decimals: Int) -> String {
    (value < 0 ? "" : "+") + fixed(value, decimals: decimals)
}

private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
}
