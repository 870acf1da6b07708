// What a reader must know before believing a calibration.

import UndertoneStatistics
import UndertoneText

/// One thing to know, and what to do about it.
public struct CalibrationWarning: Sendable, Hashable {
    /// A word for programs: `few-items`.
    public var code: String
    /// What is so, as a sentence.
    public var problem: String
    /// What to do, as a sentence.
    public var mend: String
}

extension CalibrationReport {
    /// All warnings, the gravest first.
    public var warnings: [CalibrationWarning] {
        var found: [CalibrationWarning] = []
        func warn(_ code: String, _ problem: String, _ mend: String) {
            found.append(CalibrationWarning(code: code, problem: problem, mend: mend))
        }
        let n = confusion.n
        if n == 0 {
            warn("nothing-decided", "The judge decided nothing.", "See why its answers could not be had.")
        } else if confusion.met == 0 || confusion.met == n {
            let word = confusion.met == n ? "yes" : "no"
            warn(
                "constant", "The judge always says \(word), so that it agrees as chance does.",
                "Ask in another way, move the threshold, or take another judge.")
        } else if curve.count == 2 {
            warn(
                "constant", "The judge gives every item the same score.",
                "Ask in another way, or take another judge.")
        }
        if unjudged.all * 20 > items.count {
            warn(
                "unjudged",
                "\(percent(unjudged.all, of: items.count)) of the items are unjudged, "
                    + "\(grouped(unjudged.positives)) labelled 1 and \(grouped(unjudged.negatives)) labelled 0.",
                "Look at why: the figures hold for the items that were judged only.")
        }
        if items.count < Calibration.wanted.items {
            warn(
                "few-items",
                "There are \(counted(items.count, "labelled item")), and "
                    + "\(grouped(Calibration.wanted.items)) are wanted.", "Label more, drawn as the gate will see them."
            )
        }
        for (label, count) in [(1, labelled.positives), (0, labelled.negatives)]
        where count < Calibration.wanted.ofClass {
            warn(
                "few-of-class",
                "Only \(counted(count, "item")) \(count == 1 ? "is" : "are") labelled \(label), and "
                    + "\(Calibration.wanted.ofClass) are wanted.", "Label more of that class.")
        }
        if flips.whole > 0, flips.interval.low > 0.05 {
            warn(
                "unstable",
                "\(percent(flips.part, of: flips.whole)) of the decisions change when the judge is asked again.",
                "Ask at temperature 0, or take the answer that most repetitions give.")
        }
        if people.n > 0, let ceiling = people.kappa, let kappa = confusion.kappa,
            kappa.interval.low > ceiling.interval.high
        {
            warn(
                "above-people", "The judge agrees with the labels better than people with each other.",
                "See whether the labels were made with the judge's help.")
        }
        if auroc.map({ $0.interval.high < 0.5 }) ?? false {
            warn(
                "upside-down", "Items labelled 0 get the higher scores.",
                "See whether the question asks for the opposite of what was labelled.")
        }
        return found
    }

    /// The answer in a word and a sentence.
    func headline(_ demand: Double) -> (word: String, sentence: String) {
        guard let kappa = confusion.kappa else {
            return ("FAILS", "there is no agreement to speak of: label and judge know one class only")
        }
        let range =
            "κ \(fixed(kappa.value, decimals: 2)) (\(fixed(kappa.interval.low, decimals: 2)) to "
            + "\(fixed(kappa.interval.high, decimals: 2)))"
        let wanted = fixed(demand, decimals: 2)
        return passes(demand)
            ? ("PASSES", "\(range), and its lower end is at least \(wanted)")
            : ("FAILS", "\(range), and its lower end must be at least \(wanted)")
    }
}
