// The figures of a calibration as people read them, for the terminal and the page.

import UndertoneStatistics
import UndertoneText

/// One figure: its name, what it is, its value and its interval.
struct CalibrationFigure {
    var name: String
    var meaning: String
    var value: Double?
    var interval: Interval?
    /// What stands beside it: `91 of 100`.
    var counts: String?

    /// `0.83`; a dash where there is none.
    var text: String { value.map { fixed($0, decimals: 2) } ?? "–" }
    /// `0.75 to 0.89`.
    var range: String? {
        interval.map { "\(fixed($0.low, decimals: 2)) to \(fixed($0.high, decimals: 2))" }
    }
}

extension CalibrationReport {
    /// Agreement and its parts, all between 0 and 1 or a little below 0, where they can stand on one axis.
    var figures: [CalibrationFigure] {
        func share(_ name: String, _ meaning: String, _ share: CountedShare) -> CalibrationFigure {
            CalibrationFigure(
                name: name, meaning: meaning, value: share.whole > 0 ? share.value : nil,
                interval: share.whole > 0 ? share.interval : nil,
                counts: "\(grouped(share.part)) of \(grouped(share.whole))")
        }
        func agreement(_ name: String, _ meaning: String, _ found: Agreement?, _ counts: String?) -> CalibrationFigure {
            CalibrationFigure(
                name: name, meaning: meaning, value: found?.value, interval: found?.interval, counts: counts)
        }
        var all = [
            agreement("κ", "agreement beyond chance", confusion.kappa, nil),
            agreement("AC1", "the same, steady where one class is rare", confusion.ac1, nil),
            share("accuracy", "right decisions", confusion.accuracy),
            share("sensitivity", "of those labelled 1, met", confusion.sensitivity),
            share("specificity", "of those labelled 0, not met", confusion.specificity),
            CalibrationFigure(
                name: "AUROC", meaning: "a 1 scores above a 0", value: auroc?.value, interval: auroc?.interval),
            share("prevalence", "labelled 1 among the decided", confusion.prevalence),
        ]
        if let choice {
            all.append(
                agreement(
                    "κ at \(fixed(choice.threshold, decimals: 1))", "threshold chosen on one half, tried on the other",
                    choice.confusion.kappa, "\(grouped(choice.confusion.n)) items"))
        }
        if people.n > 0 {
            all.append(
                agreement("κ of people", "what a judge can reach at most", people.kappa, "\(grouped(people.n)) items"))
        }
        if flips.whole > 0 { all.append(share("flips", "decisions that change when asked again", flips)) }
        return all
    }

    /// Figures without an interval.
    var scoreFigures: [(name: String, meaning: String, text: String)] {
        func text(_ value: Double?) -> String { value.map { fixed($0, decimals: 3) } ?? "–" }
        return [
            ("Brier score", "0 is perfect, 0.25 what always saying 50 gives", text(brier)),
            ("calibration error", "how far scores lie from what was labelled 1, in the mean", text(calibrationError)),
        ]
    }

    /// How many items there were, and what became of them.
    var countsText: String {
        var text =
            "\(counted(items.count, "item")), \(grouped(labelled.positives)) labelled 1 and "
            + "\(grouped(labelled.negatives)) labelled 0; \(grouped(unjudged.all)) unjudged"
        if unjudged.all > 0 { text += " (\(grouped(unjudged.positives)) and \(grouped(unjudged.negatives)))" }
        if escaped.all > 0 { text += ", \(grouped(escaped.all)) escaped" }
        return text + "; met from a score of \(fixed(threshold, decimals: threshold == threshold.rounded() ? 0 : 2))"
    }

    /// Where it comes from.
    var origins: [(name: String, value: String)] {
        var all = [("judge", source.judge), ("model", source.model)]
        if !source.returnedModels.isEmpty { all.append(("answered by", source.returnedModels.joined(separator: ", "))) }
        if !source.fingerprints.isEmpty { all.append(("fingerprints", source.fingerprints.joined(separator: ", "))) }
        return all + [
            ("date", source.date), ("question", source.questionDigest), ("labelled file", source.labelledDigest),
        ]
    }
}
