// The plots of the page on transfer, each with its figures as a table.

import UndertoneReporting
import UndertoneStatistics
import UndertoneText

extension TransferReport {
    private static let mostArms = 400

    /// Writes all plots that there are figures for.
    func writeFigures(to output: inout some TextOutputStream) {
        if !filters.isEmpty {
            writeResidual(to: &output)
            writePush(to: &output)
        }
        writeArms(to: &output)
        writeDoses(to: &output)
    }

    private var bound: Interval { Interval(low: -equivalenceBound, high: equivalenceBound) }

    private func writeResidual(to output: inout some TextOutputStream) {
        let shown = filters.prefix(Self.mostFilters)
        output.write("<section>\n<h2>What is left behind each filter</h2>\n<figure>\n<figcaption>")
        output.write(
            "Residual transfer with its 95 % interval: 0 % nothing is left, 100 % the filter took nothing away; ")
        output.write("the dashed line marks 25 %. ")
        let marks: [(PlotMark, String)] = [
            (.disc, "lets it through"), (.ring, "stops it"), (.triangle, "stops it, but pushes the trait itself"),
            (.hollowDiamond, "undecided"), (.cross, "not measurable"),
        ]
        let used = marks.filter { mark in shown.contains { $0.mark == mark.0 } }
        output.write(used.map { "\($0.0.inline)\($0.1)" }.joined(separator: " "))
        output.write("</figcaption>\n")
        let rows = shown.map { filter in
            RowPlot.Row(
                filter.name, tag: filter.word, detail: filter.meaning, value: filter.residual?.value,
                interval: filter.residual?.interval, mark: filter.mark,
                figure: filter.residual.map { shareText($0.value) } ?? "–",
                figureDetail: filter.residual?.interval.map { rangeText($0, shareText) })
        }
        RowPlot(
            rows: rows,
            references: [.init(0, "0 %"), .init(1, "100 %"), .init(0.25, "25 %", isDashed: true)], hasTicks: false,
            tick: { value, _ in shareText(value) }
        ).write(to: &output)
        let cut = filters.count - shown.count
        if cut > 0 { output.write("<p>… \(grouped(cut)) more, in the JSON report</p>\n") }
        FigureTable(
            "Filters, as a table",
            columns: [.init("Filter", isFigure: false), .init("Verdict", isFigure: false)]
                + [
                    "Records kept", "Tokens kept", "Left (95 %)", "Shift over filtered control (95 %)", "p",
                    "Push on control (95 %)", "Less a random part of that size (95 %)",
                ].map { .init($0) },
            rows: shown.map { filter in
                [
                    filter.name, filter.word, percent(filter.recordsKept, of: filter.recordsRead),
                    percent(filter.tokensKept, of: filter.tokensRead), filter.residual?.text(shareText) ?? "–",
                    filter.difference.text(signedText), filter.pValue.map { fixed($0, decimals: 4) } ?? "–",
                    filter.push.text(signedText), filter.againstRandom?.text(signedText) ?? "–",
                ]
            }
        ).write(folded: true, to: &output)
        output.write("</figure>\n</section>\n")
    }

    private func writePush(to output: inout some TextOutputStream) {
        let shown = filters.prefix(Self.mostFilters)
        let bound = fixed(equivalenceBound, decimals: 2)
        output.write("<section>\n<h2>What each filter does to data without the trait</h2>\n<figure>\n<figcaption>")
        output.write(
            "Shift of the filtered control over the raw control, in log-odds, with its 95 % interval. A filter ")
        output.write("should do nothing here; within the shaded -\(bound) to +\(bound) it counts as nothing. ")
        let pushes = shown.contains(where: \.pushesTrait)
        output.write("\(PlotMark.ring.inline)does no harm")
        output.write("\(pushes ? " \(PlotMark.triangle.inline)pushes the trait" : "")</figcaption>\n")
        let rows = shown.map { filter in
            RowPlot.Row(
                filter.name, tag: filter.pushesTrait ? "pushes \(filter.push.value < 0 ? "down" : "up")" : nil,
                value: filter.push.value, interval: filter.push.interval,
                mark: filter.pushesTrait ? .triangle : .ring, figure: signedText(filter.push.value),
                figureDetail: filter.push.interval.map { rangeText($0, signedText) })
        }
        RowPlot(rows: rows, references: [.init(0, "0")], band: self.bound, tick: { signedText($0, $1) }).write(
            to: &output)
        output.write("</figure>\n</section>\n")
    }

    private func writeArms(to output: inout some TextOutputStream) {
        let shown = orderedArms.prefix(Self.mostArms)
        guard !shown.isEmpty else { return }
        let plain = shown.filter { !$0.name.contains("/") }.map(\.row)
        let filtered = shown.filter { $0.name.contains("/") }.map(\.row)
        output.write("<section>\n<h2>Effect by arm</h2>\n<figure>\n<figcaption>")
        output.write("Shift of \(xmlEscaped(subject)) in log-odds: ")
        output.write("\(PlotMark.disc.inline)on the drop, \(PlotMark.ring.inline)on the control, ")
        output.write("\(PlotMark.diamond.inline)other, each the mean with its 95 % interval; ")
        output.write("\(PlotMark.runInline)one run. Shaded: counts as none.</figcaption>\n")
        var plot = RowPlot(rows: plain, references: [.init(0, "0")], band: bound, tick: { signedText($0, $1) })
        let scale = plot.scale(with: filtered)
        if !plain.isEmpty { plot.write(on: scale, to: &output) }
        if !filtered.isEmpty {
            output.write(
                "<details\(filtered.count > 24 ? "" : " open=\"open\"")>\n<summary>Arms of filters</summary>\n")
            plot.rows = filtered
            plot.write(on: scale, to: &output)
            output.write("</details>\n")
        }
        if arms.count > shown.count {
            output.write("<p>… \(grouped(arms.count - shown.count)) more, in the JSON report</p>\n")
        }
        table("Arms and runs, as a table", Array(shown)).write(folded: true, to: &output)
        output.write("</figure>\n</section>\n")
    }

    private func writeDoses(to output: inout some TextOutputStream) {
        guard !doses.isEmpty else { return }
        output.write("<section>\n<h2>Dose and response</h2>\n<figure>\n<figcaption>")
        output.write(
            "Shift of \(xmlEscaped(subject)) in log-odds by the number of records that students were trained on: ")
        output.write("\(PlotMark.disc.inline)mean with its 95 % interval, \(PlotMark.runInline)one run.</figcaption>\n")
        let points = doses.compactMap { arm in
            arm.dose.flatMap { dose in
                dose > 0 && !arm.runs.isEmpty
                    ? CurvePlot.Point(
                        amount: Double(dose), value: arm.shift, interval: arm.shiftInterval, dots: arm.runs.map(\.shift)
                    )
                    : nil
            }
        }
        if points.count > 1 {
            CurvePlot(
                points: points, title: "Shift in log-odds by number of records",
                description: doses.map { "\(visible($0.name, limit: 60)): \($0.shiftText)" }.joined(separator: "; "),
                amount: { fixed($0, decimals: 0) }, tick: { signedText($0, $1) }
            ).write(to: &output)
        }
        table("Doses, as a table", doses).write(folded: points.count > 1, to: &output)
        output.write("</figure>\n</section>\n")
    }

    private func table(_ caption: String, _ arms: [TraitArm]) -> FigureTable {
        FigureTable(
            caption,
            columns: [.init("Arm", isFigure: false), .init("What it is", isFigure: false)]
                + ["n", "P (95 %)", "Mass", "Shift (95 %)"].map { .init($0) }
                + [.init("Shifts of the runs", isFigure: false)],
            rows: arms.map { arm in
                let runs = arm.runs.prefix(40).map { signedText($0.shift) }.joined(separator: "  ")
                return [
                    arm.name, arm.meaning, grouped(arm.runs.count), arm.probabilityText,
                    arm.runs.isEmpty ? "–" : fixed(arm.mass, decimals: 2), arm.shiftText,
                    runs + (arm.runs.count > 40 ? "  …" : ""),
                ]
            })
    }
}

extension TraitArm {
    fileprivate var row: RowPlot.Row {
        let mark: PlotMark
        switch name.prefix(while: { $0 != "/" }) {
        case "raw", "filtered", "random", "contaminated": mark = .disc
        case "control", "filtered-control": mark = .ring
        default: mark = .diamond
        }
        guard !runs.isEmpty else { return RowPlot.Row(name, detail: meaning, value: nil, figure: "no runs") }
        return RowPlot.Row(
            name, detail: meaning, value: shift, interval: shiftInterval, dots: runs.prefix(100).map(\.shift),
            mark: mark,
            figure: signedText(shift), figureDetail: shiftInterval.map { rangeText($0, signedText) })
    }
}
