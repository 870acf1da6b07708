// The report on pairs as text for a terminal and as JSON.

package import UndertoneReporting
import UndertoneStatistics
package import UndertoneText

/// Version of the JSON; it grows where a member changes its meaning or goes away.
let pairwiseSchema = 1

extension PairwiseReport {
    /// Writes the report for a terminal.
    package func writeText(style: TextStyle, to output: inout some TextOutputStream) {
        let ink = style.ink
        let isSeen = judged > 0 && (area.interval.low > 0.5 || area.interval.high < 0.5)
        let word = judged == 0 ? "NOTHING KNOWN" : isSeen ? "SEEN" : "NOT SEEN"
        output.write("\(isSeen ? ink.red(word) : ink.bold(word))  \(finding)\n\n")
        var rows = [
            ("pairs", "\(grouped(judged)) judged of \(grouped(pairs)), \(grouped(escaped)) escaped, seed \(seed)"),
            (
                "drop preferred",
                "\(area.text): \(grouped(wins)) for, \(grouped(losses)) against, \(counted(ties, "tie"))"
            ),
            ("mean probability", preference.text), ("sign test", "p = \(PairwiseReport.pText(pValue))"),
            ("first preferred", "\(firstPreferred.text) of the answers, 50 % without a liking for a place"),
        ]
        if let surviving { rows.append(("survives swapping", "\(surviving.text) of the pairs")) }
        for (name, value) in rows {
            output.write("  \(name.padding(to: 18))\(value)\n")
        }
        output.write(
            "\n" + ink.dim("Intervals are 95 % intervals over pairs; every record is in one pair at most.") + "\n")
    }

    /// Writes the report as JSON.
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("schema", pairwiseSchema)
            json.member("seed", String(seed))
            json.member("pairs", pairs)
            json.member("judged", judged)
            json.member("escaped", escaped)
            json.member("wins", wins)
            json.member("losses", losses)
            json.member("ties", ties)
            area.write("area", to: &json)
            preference.write("preference", to: &json)
            json.member("p_value", pValue)
            firstPreferred.write("first_preferred", to: &json)
            if let surviving {
                surviving.write("surviving", to: &json)
            } else {
                json.member("surviving", nil as String?)
            }
            json.member("finding", finding)
        }
    }

    /// `0.0312`, or `below 0.0001`.
    private static func pText(_ p: Double) -> String { p < 0.0001 ? "below 0.0001" : fixed(p, decimals: 4) }
}

extension PairwiseReport.Share {
    fileprivate func write(_ name: String, to json: inout JSONWriter) {
        json.object(name, inline: true) { json in
            json.member("value", value)
            json.member("low", interval.low)
            json.member("high", interval.high)
        }
    }
}

extension String {
    /// With spaces behind it up to `width` characters; for our own words.
    func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
