// The part of the text report that shows findings: a few of every rule, the span marked in its surroundings.

import UndertoneText

extension TextPage {
    private static let mostRules = 20
    private static let mostSamples = 3
    private static let mostReasons = 5

    /// A few findings of every rule that has some, in the order of the table.
    func writeFindings(to output: inout some TextOutputStream) {
        var shown: [Int: [ScanReport.Sample]] = [:]
        for sample in report.samples where shown[sample.rule, default: []].count < TextPage.mostSamples {
            shown[sample.rule, default: []].append(sample)
        }
        let order = hitRules.filter { shown[$0] != nil }
        guard !order.isEmpty else { return }
        output.write("\n" + ink.bold("Findings") + "\n")
        for index in order.prefix(TextPage.mostRules) {
            let rule = report.rules[index]
            output.write("  " + ink.action(rule.action, visible(rule.id, limit: 120)) + reasons(of: rule) + "\n")
            for sample in shown[index] ?? [] { write(sample, to: &output) }
        }
        let count = order.prefix(TextPage.mostRules).reduce(0) { $0 + (shown[$1]?.count ?? 0) }
        if let leftOut = report.leftOut(shown: count) { output.write("  " + ink.dim(leftOut) + "\n") }
    }

    private func reasons(of rule: ScanReport.RuleTally) -> String {
        let met = rule.reasons.enumerated().filter { $0.element.count > 0 }
            .sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
        guard !met.isEmpty else { return "" }
        var words = met.prefix(TextPage.mostReasons).map {
            "\(visible($0.element.name, limit: 60)) ×\(grouped($0.element.count))"
        }
        if met.count > words.count { words.append(counted(met.count - words.count, "more reason")) }
        return "  " + ink.dim(words.joined(separator: ", "))
    }

    private func write(_ sample: ScanReport.Sample, to output: inout some TextOutputStream) {
        let path = report.input(of: sample)?.path ?? "?"
        var place = path == "-" ? "standard input" : visible(path, limit: 1000)
        place += ":\(sample.line)"
        if let columns = sample.columns { place += ":\(columns.lowerBound)" }
        var details: [String] = []
        if !sample.field.isEmpty { details.append(visible(sample.field, limit: 120)) }
        if !sample.reason.isEmpty { details.append(visible(sample.reason, limit: 120)) }
        for group in sample.groups.prefix(4) {
            details.append("\(visible(group.name, limit: 40)): \(visible(group.text, limit: 60))")
        }
        output.write(trimmed("    " + ink.cyan(place) + "  " + ink.dim(details.joined(separator: "  "))) + "\n")
        if let explanation = sample.explanation {
            output.write("      " + explanation + "\n")
        }
        let excerpt = marked(sample, within: width - 8)
        if !excerpt.isEmpty { output.write(trimmed("      " + ink.dim("│ ") + excerpt) + "\n") }
    }

    // The excerpt in `room` columns, cut on both sides of the span, which stays in sight.
    private func marked(_ sample: ScanReport.Sample, within room: Int) -> String {
        let parts = sample.excerptParts
        guard !parts.met.isEmpty else { return clipped(visible(sample.excerpt), to: room) }
        let marks = ink.on ? 0 : 2
        let met = clipped(visible(parts.met), to: room - marks)
        let left = visible(parts.before)
        let right = visible(parts.after)
        let free = max(room - marks - displayWidth(met), 0)
        let half = free / 2
        let leftRoom = max(half, free - displayWidth(right))
        let before = clippedInFront(left, to: leftRoom)
        let after = clipped(right, to: max(free - displayWidth(before), 1))
        return before + (ink.on ? ink.red(met) : "»" + met + "«") + after
    }
}
