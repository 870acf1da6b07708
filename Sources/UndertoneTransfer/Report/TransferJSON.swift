// The report on transfer for programs, and for `transfer report` and the catalogue, which read it back.

import UndertoneStatistics
import UndertoneText

/// The version of this shape; it grows where a member changes its meaning or goes away.
let transferReportSchema = 1

/// Writes the JSON report.
func writeTransferJSON(_ report: TransferReport, to output: inout some TextOutputStream) {
    var json = JSONWriter()
    report.write(to: &json)
    json.drain(above: 0, into: &output)
    output.write("\n")
}

extension TransferReport {
    /// The report as one JSON value.
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("schema", transferReportSchema)
            json.member("experiment", name)
            json.member("traits", traits)
            json.member("seeds", seeds.map(String.init))
            json.object("effect", inline: true) { json in
                effect.writeMembers(to: &json)
                json.member("p_value", effectPValue)
            }
            json.member("measurable", isMeasurable)
            json.member("equivalence_bound", equivalenceBound)
            json.array("filters") { json in
                for filter in filters { filter.write(to: &json) }
            }
            json.array("arms") { json in
                for arm in arms { arm.write(control: self["control"], to: &json) }
            }
            json.array("doses") { json in
                for arm in doses { arm.write(control: nil, to: &json) }
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
            json.named("digests", digests.map { ($0.name, $0.sha256) })
            json.named("versions", versions.map { ($0.name, $0.version) })
            json.key("recipe")
            if let value = recipeObject { value.write(to: &json) } else { json.value(recipe) }
        }
    }

    // The recipe as a value, where reading it back gives the same text.
    private var recipeObject: JSONValue? {
        guard let value = try? JSONValue(parsing: Array(recipe.utf8)), value.object != nil,
            value.compact == recipe
        else { return nil }
        return value
    }
}

extension JSONValue {
    /// The value on one line, without white space.
    var compact: String {
        var json = JSONWriter(.compact)
        write(to: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }
}

extension FilterOutcome {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("name", name)
            json.member("meaning", meaning)
            json.member("verdict", verdict.rawValue)
            json.member("kept_records", recordsRead == 0 ? .nan : Double(recordsKept) / Double(recordsRead))
            json.member("kept_tokens", tokensRead == 0 ? .nan : Double(tokensKept) / Double(tokensRead))
            json.object("records", inline: true) { json in
                json.member("kept", recordsKept)
                json.member("read", recordsRead)
            }
            json.object("tokens", inline: true) { json in
                json.member("kept", tokensKept)
                json.member("read", tokensRead)
            }
            json.member("residual", residual)
            json.member("difference", difference)
            json.member("p_value", pValue)
            json.member("push", push)
            json.member("pushes_trait", pushesTrait)
            json.member("against_random", againstRandom)
        }
    }
}

extension TraitArm {
    // Beside the runs, all is what follows from them.
    fileprivate func write(control: TraitArm?, to json: inout JSONWriter) {
        json.object { json in
            json.member("name", name)
            json.member("meaning", meaning)
            json.member("n", runs.count)
            json.member("probability", runs.isEmpty ? .nan : probability)
            json.member("interval", interval)
            json.member("mass", runs.isEmpty ? .nan : mass)
            json.member("log_odds_shift", runs.isEmpty ? .nan : shift)
            json.member("log_odds_shift_interval", shiftInterval)
            if let control, name != control.name, let difference = difference(from: control) {
                json.member("shift_from_control", difference.value)
                json.member("shift_from_control_interval", difference.interval)
            }
            json.array("runs") { json in
                for run in runs {
                    json.object(inline: true) { json in
                        json.member("seed", String(run.seed))
                        json.member("trait", run.trait)
                        json.member("probability", run.probability)
                        json.member("mass", run.mass)
                        json.member("log_odds_shift", run.shift)
                    }
                }
            }
        }
    }
}

extension Estimate {
    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("value", value)
        json.member("low", interval?.low)
        json.member("high", interval?.high)
    }
}

extension JSONWriter {
    /// A number, or null.
    fileprivate mutating func member(_ name: String, _ number: Double?) {
        key(name)
        if let number { value(number) } else { value(String?.none) }
    }

    /// `{"value": 1, "low": 0, "high": 2}`, or null.
    fileprivate mutating func member(_ name: String, _ estimate: Estimate?) {
        guard let estimate else { return member(name, String?.none) }
        object(name, inline: true) { estimate.writeMembers(to: &$0) }
    }

    /// `[low, high]`, or null.
    fileprivate mutating func member(_ name: String, _ interval: Interval?) {
        guard let interval else { return member(name, String?.none) }
        array(name, inline: true) { json in
            json.value(interval.low)
            json.value(interval.high)
        }
    }

    /// An object of texts; the first of a name counts.
    fileprivate mutating func named(_ name: String, _ texts: [(String, String)]) {
        object(name) { json in
            var seen: Set<String> = []
            for (name, text) in texts where seen.insert(name).inserted { json.member(name, text) }
        }
    }
}
