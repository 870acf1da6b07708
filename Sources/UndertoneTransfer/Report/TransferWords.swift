// What all formats of the report on transfer say in the same words. All of it is safe to show.

import Glibc
import UndertoneStatistics
import UndertoneText

extension TransferReport {
    /// The answer as a whole.
    enum Outcome: String {
        /// The trait passes, and at least one filter stops it without doing harm.
        case stopped
        /// The trait passes, and there is no filter or none stops it.
        case transfers
        /// The trait passes, and nobody can say yet whether a filter stops it.
        case undecided
        /// Drop and control can't be told apart.
        case notMeasurable = "not measurable"
    }

    /// Whether the raw drop shifts the trait beyond the raw control, so that there is something to filter.
    public var isMeasurable: Bool { effect.isShown(beyond: equivalenceBound, runs: runs) }

    var outcome: Outcome {
        if !isMeasurable { return .notMeasurable }
        if filters.contains(where: \.isSound) { return .stopped }
        return filters.isEmpty || filters.contains { $0.verdict == .transfers } ? .transfers : .undecided
    }

    /// What is looked for, as a subject: `owl`, `the trait`.
    var subject: String {
        traits.count == 1 ? visible(traits[0], limit: 60) : "the trait"
    }

    /// How many runs there are.
    var runs: Int { self["raw"]?.runs.count ?? arms.map(\.runs.count).max() ?? 0 }

    /// The answer in one line: `owl passes through this drop; 1 of 5 filters stops it`.
    var headline: String {
        guard runs > 0 else { return "nothing was measured" }
        guard isMeasurable else {
            return "whether \(subject) passes can't be said: drop and control can't be told apart"
        }
        let passes =
            effect.value < 0 ? "this drop pushes \(subject) down" : "\(subject) passes through this drop"
        guard !filters.isEmpty else { return passes + "; no filter was tried" }
        let sound = filters.filter(\.isSound)
        if let only = sound.first, filters.count == 1 { return "\(passes); \(visible(only.name, limit: 60)) stops it" }
        if !sound.isEmpty {
            let all = sound.count == filters.count
            let which = all ? "all \(grouped(sound.count))" : "\(grouped(sound.count)) of \(grouped(filters.count))"
            return "\(passes); \(which) filters \(sound.count == 1 ? "stops" : "stop") it"
        }
        if filters.contains(where: { $0.verdict == .clean }) {
            return passes + "; what stops it does harm of its own"
        }
        let decided = filters.allSatisfy { $0.verdict == .transfers }
        if filters.count == 1 {
            return passes + (decided ? ", and through the filter too" : "; whether the filter stops it is undecided")
        }
        return passes
            + (decided
                ? ", and through all \(grouped(filters.count)) filters"
                : "; none of \(grouped(filters.count)) filters is shown to stop it")
    }

    /// What was measured, in sentences.
    var summary: String {
        guard runs > 0 else { return "There are no runs, and so there is nothing to say." }
        var text = "Students that were trained on the drop shift by \(signedText(effect.value)) in log-odds of "
        text += "\(subject) against those of the control"
        var remarks: [String] = []
        if let interval = effect.interval { remarks.append("95 % interval \(rangeText(interval, signedText))") }
        if let effectPValue { remarks.append(pValueText(effectPValue)) }
        text += remarks.isEmpty ? "" : " (\(remarks.joined(separator: ", ")))"
        if let raw = self["raw"], let control = self["control"], !raw.runs.isEmpty, !control.runs.isEmpty {
            text += ": P is \(fixed(raw.probability, decimals: 2)) behind the drop and "
            text += "\(fixed(control.probability, decimals: 2)) behind the control"
        }
        text += ". \(counted(runs, "run"))"
        if !seeds.isEmpty { text += ", \(seeds.count == 1 ? "seed" : "seeds") \(seedText)" }
        return text + "."
    }

    /// What is looked for, as a list: `owl, dolphin and 3 more`.
    var traitText: String {
        guard !traits.isEmpty else { return "no trait" }
        let shown = traits.prefix(10).map { visible($0, limit: 60) }.joined(separator: ", ")
        return traits.count > 10 ? "\(shown) and \(grouped(traits.count - 10)) more" : shown
    }

    /// `11 to 20`, or `3, 7, 9`.
    var seedText: String {
        let isRange = zip(seeds, seeds.dropFirst()).allSatisfy { $1 > $0 && $1 - $0 == 1 }
        if seeds.count > 2, isRange, let first = seeds.first, let last = seeds.last { return "\(first) to \(last)" }
        let shown = seeds.prefix(12).map(String.init).joined(separator: ", ")
        return seeds.count > 12 ? "\(shown) and \(grouped(seeds.count - 12)) more" : shown
    }

    /// What its words mean, for people who have never seen such a report.
    var meanings: [(word: String, meaning: String)] {
        let bound = fixed(equivalenceBound, decimals: 2)
        return [
            (
                "P",
                "probability of the answers that show the trait among all possible answers, to questions that no "
                    + "teacher was trained on"
            ),
            (
                "shift",
                "log-odds of the trait, ln(P / (1 - P)), less those of the student's base: +2.2 takes P from 10 % "
                    + "to 50 %"
            ),
            (
                "left",
                "residual transfer: the shift of the filtered drop over the filtered control, as a share of that of "
                    + "the raw drop over the raw control; 0 % nothing is left, 100 % the filter took nothing away"
            ),
            (
                "on control",
                "shift of the filtered control over the raw control. A filter that pushes the trait where there is "
                    + "none plants something itself"
            ),
            (
                "stops it",
                "what is left is shown to lie within \(Int(100 * TransferOutcome.cleanResidual)) % of the effect, or the "
                    + "filtered drop's shift over the filtered control between -\(bound) and +\(bound)"
            ),
            (
                "mass",
                "probability of all possible answers together; far below 1 a student no longer answers such questions, "
                    + "and P says little"
            ),
            ("interval", "95 % interval over the runs; arms are compared run by run"),
        ]
    }

    /// Arms as people look for them: those without a filter, then those of filters.
    var orderedArms: [TraitArm] {
        arms.filter { !$0.name.contains("/") } + arms.filter { $0.name.contains("/") }
    }
}

extension FilterOutcome {
    /// Whether it stops the trait and does nothing else.
    public var isSound: Bool { verdict == .clean && !pushesTrait }

    /// The verdict in a word or two.
    var word: String {
        switch verdict {
        case .transfers: "lets it through"
        case .reverses: "turns it around"
        case .clean: pushesTrait ? "stops it, but pushes" : "stops it"
        case .undecided: "undecided"
        case .notMeasurable: "not measurable"
        }
    }

    /// What it does to the trait and to the data, as a clause behind its name.
    func finding(_ subject: String) -> String {
        var text: String
        switch verdict {
        case .transfers, .reverses, .clean, .undecided:
            text = word + ": " + left
        case .notMeasurable: text = "not measurable: the drop shows no effect that it could take away"
        }
        text += "; it keeps \(percent(recordsKept, of: recordsRead)) of the records"
        if tokensRead > 0 { text += ", \(percent(tokensKept, of: tokensRead)) of the tokens" }
        guard pushesTrait else { return text }
        return text + ". On data without \(subject) it pushes \(subject) \(push.value < 0 ? "down" : "up"): "
            + push.text(signedText)
    }

    private var left: String {
        guard let residual else {
            return "\(difference.text(signedText)) in log-odds over the filtered control"
        }
        return "\(residual.text(shareText)) of the effect is left"
    }
}

extension Estimate {
    /// `+4.50 (+3.90 to +5.10)`.
    func text(_ figure: (Double) -> String) -> String {
        interval.map { "\(figure(value)) (\(rangeText($0, figure)))" } ?? figure(value)
    }
}

/// `+3.90 to +5.10`; open ends in words.
func rangeText(_ interval: Interval, _ figure: (Double) -> String) -> String {
    switch (interval.low.isFinite, interval.high.isFinite) {
    case (true, true):
        // A unit that both have is said once.
        figure(interval.high).hasSuffix(" %")
            ? "\(figure(interval.low).dropLast(2)) to \(figure(interval.high))"
            : "\(figure(interval.low)) to \(figure(interval.high))"
    case (true, false): "above \(figure(interval.low))"
    case (false, true): "below \(figure(interval.high))"
    case (false, false): "anything"
    }
}

/// `+4.50`.
func signedText(_ value: Double) -> String { signedText(value, 2) }

/// `+4.5`.
func signedText(_ value: Double, _ decimals: Int) -> String {
    if let text = powerText(value) { return (value > 0 ? "+" : "") + text }
    let text = fixed(value, decimals: decimals)
    // What rounds to nothing has no sign.
    return value > 0 && text.contains { $0 != "0" && $0 != "." } && value.isFinite ? "+" + text : text
}

/// `4 %`.
func shareText(_ value: Double) -> String {
    // Of a finite value it stays finite.
    let percents = min(max(value, -1e300), 1e300) * 100
    return value.isFinite ? (powerText(percents) ?? fixed(percents, decimals: 0)) + " %" : fixed(value, decimals: 0)
}

/// `4.5e15` for what is too large to be written out; nil for all else.
private func powerText(_ value: Double) -> String? {
    guard value.isFinite, abs(value) >= 1e7 else { return nil }
    let power = Int(log10(abs(value)))
    return fixed(value / pow(10, Double(power)), decimals: 1) + "e\(power)"
}

/// `p = 0.002`, `p < 0.001`.
func pValueText(_ p: Double) -> String {
    p < 0.001 ? "p < 0.001" : "p = " + fixed(p, decimals: p < 0.1 ? 3 : 2)
}

extension TraitArm {
    /// The last number of its name, where it is one of several doses: 1000 of `raw/1000`.
    var dose: Int? {
        let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }
        return digits.isEmpty ? nil : Int(String(digits.reversed()))
    }

    /// Its mean probability with the interval, which can't leave 0 to 1.
    var probabilityText: String {
        guard !runs.isEmpty else { return "–" }
        let figure = { fixed($0, decimals: 2) }
        guard let interval else { return figure(probability) }
        return "\(figure(probability)) (\(figure(max(interval.low, 0))) to \(figure(min(interval.high, 1))))"
    }

    /// Its mean shift with the interval.
    var shiftText: String { runs.isEmpty ? "–" : Estimate(shift, shiftInterval).text(signedText) }

    /// Its shift less that of another arm, paired by run; nil where the runs don't match.
    func difference(from other: TraitArm) -> Estimate? {
        guard !runs.isEmpty, runs.count == other.runs.count else { return nil }
        let pairs = zip(runs, other.runs)
        guard pairs.allSatisfy({ $0.seed == $1.seed && $0.trait == $1.trait }) else { return nil }
        let differences = pairs.map { $0.shift - $1.shift }
        return Estimate(differences.reduce(0, +) / Double(differences.count), meanInterval(differences))
    }
}
