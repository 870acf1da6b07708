// The gate's report as one page: the verdict, why, and the evidence.

import UndertoneText

/// Writes a ``Page`` without script. Long lists are cut, and say by how much.
func writeGateHTML(_ report: GateReport, to output: inout some TextOutputStream) {
    let verdict = report.passed ? "Passed" : "Failed"
    let page = Page(title: "Gate \(verdict.lowercased())", version: report.version, style: gateStyle)
    page.write(to: &output, origins: report.origins.filter { $0.name != "version" }) { output in
        output.write("<header class=\"box \(report.passed ? "good" : "bad")\">\n")
        output.write(
            "<p class=\"question\">Undertone gate: may we train on it?</p>\n<h1>\(verdict)</h1>\n")
        output.write("<p class=\"summary\">\(xmlEscaped(report.summary))</p>\n</header>\n<main>\n")
        let groups = report.groups
        writeSection("Why not", groups.filter { $0.clause.blocks }, to: &output)
        let allowed = groups.filter { $0.clause.status == .notKnown && $0.clause.isAllowed }
        writeSection("Not known, and allowed to be", allowed, to: &output)
        writeSection("What holds", groups.filter { $0.clause.status == .pass }, to: &output)
        if !report.notes.isEmpty {
            output.write("<section>\n<h2>Notes</h2>\n")
            for note in report.notes.prefix(100) { output.write("<p class=\"note\">\(xmlText(note))</p>\n") }
            output.write("</section>\n")
        }
        output.write("</main>\n")
    }
}

private let mostGroups = 500
private let mostEvidence = 20

private func writeSection(
    _ title: String, _ groups: [GateReport.Group], to output: inout some TextOutputStream
) {
    guard !groups.isEmpty else { return }
    output.write("<section>\n<h2>\(title) <small>\(grouped(groups.reduce(0) { $0 + $1.names.count }))</small></h2>\n")
    for group in groups.prefix(mostGroups) { write(group, to: &output) }
    if groups.count > mostGroups {
        output.write("<p>… \(grouped(groups.count - mostGroups)) more, in the JSON report</p>\n")
    }
    output.write("</section>\n")
}

private func write(_ group: GateReport.Group, to output: inout some TextOutputStream) {
    let clause = group.clause
    let kind = clause.status == .pass ? "good" : clause.blocks ? "bad" : "warn"
    output.write("<article class=\"box \(kind)\">\n<h3><span class=\"tag\">\(clause.outcome)</span> ")
    output.write(
        "<code>\(xmlEscaped(group.title))</code> <span>\(xmlEscaped(clause.subject.title))</span></h3>\n")
    output.write("<p>\(xmlText(clause.detail))</p>\n")
    if clause.status != .pass, let mend = clause.mend {
        output.write("<p><b>Mend</b> \(xmlText(mend))</p>\n")
    }
    if !clause.evidence.isEmpty {
        let open = clause.status == .pass ? "" : " open=\"open\""
        output.write("<details\(open)>\n<summary>Evidence</summary>\n<ul>\n")
        for evidence in clause.evidence.prefix(mostEvidence) { write(evidence, to: &output) }
        let cut = clause.evidence.count - mostEvidence
        if cut > 0 { output.write("<li>… \(grouped(cut)) more, in the JSON report</li>\n") }
        output.write("</ul>\n</details>\n")
    }
    output.write("</article>\n")
}

private func write(_ evidence: GateReport.Evidence, to output: inout some TextOutputStream) {
    output.write("<li><b>\(evidence.kind.rawValue)</b> ")
    if evidence.steps.isEmpty {
        output.write("<span>\(xmlText(evidence.text, limit: 300))</span>")
        if !evidence.facts.isEmpty {
            output.write("<dl class=\"figures\">")
            for fact in evidence.facts {
                let name = xmlEscaped(visible(fact.name, limit: 60).replacing("_", with: " "))
                output.write("<div><dt>\(name)</dt><dd>\(xmlText(fact.value, limit: 300))</dd></div>")
            }
            output.write("</dl>")
        }
    } else {
        output.write("\n<ol class=\"way\">\n")
        for step in evidence.steps {
            let relation = step.relation.map { "<i>← \(xmlText($0, limit: 40)) ←</i> " } ?? ""
            let remark = step.remark.map { " <em>\(xmlText($0, limit: 300))</em>" } ?? ""
            output.write("<li>\(relation)<span>\(xmlText(step.name, limit: 200))</span>\(remark)</li>\n")
        }
        output.write("</ol>\n")
    }
    if let digest = evidence.sha256 {
        output.write("<code class=\"digest\">sha256 \(xmlText(digest, limit: 64))</code>")
    }
    output.write("</li>\n")
}
