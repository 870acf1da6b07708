// The gate's report as one self-contained page: the verdict, why, and the evidence.

import UndertoneText

/// Writes an HTML page without scripts, links or anything from elsewhere; its policy forbids all of them.
func writeGateHTML(_ report: GateReport, to output: inout some TextOutputStream) {
    let verdict = report.passed ? "Passed" : "Failed"
    output.write(
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(verdict): Undertone gate</title>
        <style>
        \(gateStyle)</style>
        </head>
        <body>
        <main>
        <header class="\(report.passed ? "pass" : "fail")">
        <p class="what">Undertone gate: may we train on it?</p>
        <h1>\(verdict)</h1>
        <p>\(xmlEscaped(report.summary))</p>
        </header>

        """)
    let groups = report.groups
    writeSection("Why not", groups.filter { $0.clause.blocks }, to: &output)
    let allowed = groups.filter { $0.clause.status == .notKnown && $0.clause.isAllowed }
    writeSection("Not known, and allowed to be", allowed, to: &output)
    writeSection("What holds", groups.filter { $0.clause.status == .pass }, to: &output)
    if !report.notes.isEmpty {
        output.write("<section>\n<h2>Notes</h2>\n<ul>\n")
        for note in report.notes.prefix(100) { output.write("<li>\(shown(note))</li>\n") }
        output.write("</ul>\n</section>\n")
    }
    output.write("<footer>\n<dl>\n")
    for (name, value) in report.origins {
        output.write("<dt>\(name)</dt><dd>\(shown(value, limit: 1000))</dd>\n")
    }
    output.write("</dl>\n</footer>\n</main>\n</body>\n</html>\n")
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
    let kind = clause.status == .pass ? "pass" : clause.blocks ? "fail" : "open"
    output.write("<article class=\"\(kind)\">\n<h3><span class=\"tag\">\(clause.outcome)</span> ")
    output.write(
        "<code>\(xmlEscaped(group.title))</code> <span>\(xmlEscaped(clause.subject.title))</span></h3>\n")
    output.write("<p>\(shown(clause.detail))</p>\n")
    if clause.status != .pass, let mend = clause.mend {
        output.write("<p class=\"mend\"><b>Mend</b> \(shown(mend))</p>\n")
    }
    if !clause.evidence.isEmpty {
        let open = clause.status == .pass ? "" : " open"
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
        output.write("<span>\(shown(evidence.text, limit: 300))</span>")
        if !evidence.facts.isEmpty {
            output.write("<dl>")
            for fact in evidence.facts {
                let name = xmlEscaped(visible(fact.name, limit: 60).replacing("_", with: " "))
                output.write("<div><dt>\(name)</dt><dd>\(shown(fact.value, limit: 300))</dd></div>")
            }
            output.write("</dl>")
        }
    } else {
        output.write("\n<ol class=\"way\">\n")
        for step in evidence.steps {
            let relation = step.relation.map { "<i>← \(shown($0, limit: 40)) ←</i> " } ?? ""
            let remark = step.remark.map { " <em>\(shown($0, limit: 300))</em>" } ?? ""
            output.write("<li>\(relation)<span>\(shown(step.name, limit: 200))</span>\(remark)</li>\n")
        }
        output.write("</ol>\n")
    }
    if let digest = evidence.sha256 { output.write("<code class=\"digest\">sha256 \(shown(digest, limit: 64))</code>") }
    output.write("</li>\n")
}

private func shown(_ text: String, limit: Int = 500) -> String { xmlEscaped(visible(text, limit: limit)) }

private let gateStyle = """
    :root { --paper: #fff; --ink: #1c1f23; --soft: #5b636d; --line: #d8dde3; --bad: #b3261e; --good: #1b6e3c;
      --open: #8a5a00; --wash: #f5f7f9; }
    @media (prefers-color-scheme: dark) { :root { --paper: #14171a; --ink: #e6e9ec; --soft: #9aa4ae;
      --line: #333a41; --bad: #ff8a80; --good: #6fd394; --open: #f0c060; --wash: #1c2125; } }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
    main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
    p, li, dd, h1, h3 { overflow-wrap: anywhere; }
    h1 { font-size: 2.5rem; line-height: 1.1; margin: 0; }
    h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
    h3 { font-size: 1rem; margin: 0; font-weight: 400; display: flex; flex-wrap: wrap; gap: .3rem .6rem; }
    h3 code { font-weight: 700; }
    small, .what, footer, dt { color: var(--soft); }
    .what { margin: 0 0 .3rem; }
    code, dd { font-family: ui-monospace, monospace; font-size: .92em; }
    header { border-left: .5rem solid; padding: .5rem 1rem; background: var(--wash); }
    header p:last-child { margin: .4rem 0 0; }
    header.pass, article.pass { border-left-color: var(--good); }
    header.fail, article.fail { border-left-color: var(--bad); }
    article.open { border-left-color: var(--open); }
    header.pass h1, .pass .tag { color: var(--good); }
    header.fail h1, .fail .tag { color: var(--bad); }
    .open .tag { color: var(--open); }
    .tag { font-weight: 700; }
    article { border: 1px solid var(--line); border-left-width: .3rem; padding: .6rem 1rem; margin: .6rem 0;
      break-inside: avoid; }
    article p { margin: .3rem 0; }
    summary { cursor: pointer; color: var(--soft); }
    ul { padding-left: 1.2rem; margin: .3rem 0; }
    li b { font-weight: 600; color: var(--soft); }
    li dl { margin: 0; display: flex; flex-wrap: wrap; gap: 0 1.2rem; font-size: .9em; }
    dl div { display: flex; gap: .4rem; }
    dd { margin: 0; }
    footer dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .1rem 1rem; font-size: .9rem; }
    footer { border-top: 1px solid var(--line); margin-top: 2rem; }
    .digest { display: block; color: var(--soft); overflow-wrap: anywhere; font-size: .8em; }
    .way { list-style: none; padding: 0; margin: 0; }
    .way span { font-weight: 600; }
    .way i { color: var(--soft); font-style: normal; padding-left: .8rem; }
    .way em { color: var(--bad); font-style: normal; }
    @media print { details > summary { display: none; } details::details-content { content-visibility: visible; height: auto; }
      body { font-size: 11pt; } main { max-width: none; } }

    """
