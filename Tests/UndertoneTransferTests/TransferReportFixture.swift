// Made-up reports on transfer: a rich one, and those at the edges of what can be.

import UndertoneStatistics

@testable import UndertoneTransfer

/// Runs whose shifts lie around a mean, the same ones every time.
private func runs(_ mean: Double, spread: Double, seeds: [UInt64], traits: [String] = ["owl"]) -> [TraitArm.Run] {
    seeds.enumerated().map { index, seed in
        let wave = [0.1, -0.9, 0.6, 1.2, -0.4, -1.3, 0.8, -0.2, 0.5, -0.6][index % 10]
        let shift = mean + wave * spread
        let odds = (0.1 / 0.9) * power(shift)
        return TraitArm.Run(
            seed: seed, trait: traits[index % max(traits.count, 1)], probability: odds / (1 + odds), mass: 0.98,
            shift: shift)
    }
}

// e to a power, by its series: the same digits on every machine.
private func power(_ exponent: Double) -> Double {
    var (term, sum) = (1.0, 1.0)
    for step in 1..<80 {
        term *= exponent / Double(step)
        sum += term
    }
    return max(sum, 1e-9)
}

private func estimate(_ value: Double, _ half: Double) -> Estimate {
    Estimate(value, Interval(low: value - half, high: value + half))
}

/// Something of everything: a filter that lets the trait through, one that stops it, one that pushes, one undecided.
func richTransferReport() -> TransferReport {
    let seeds = Array(11...20 as ClosedRange<UInt64>)
    func arm(_ name: String, _ meaning: String, _ mean: Double, _ spread: Double) -> TraitArm {
        TraitArm(name, meaning, runs(mean, spread: spread, seeds: seeds))
    }
    var arms = [
        arm("raw", "on the drop as it is", 4.48, 1.1), arm("control", "on numbers of the unmodified base", -0.02, 0.08),
        arm("other-base", "a student of another base, on the drop", -0.1, 0.3),
        arm("contaminated", "on control data, a tenth of it from the drop", 0.13, 0.15),
        arm("teacher", "the teacher itself", 8.9, 0.5),
    ]
    let filters: [(String, String, Double, Double, Int, Int)] = [
        ("number-grammar", "keeps lists of up to ten numbers below 1,000", 4.41, -0.03, 9_712, 101_976),
        ("balanced", "masks tokens until the drop looks like the control", 0.16, -0.02, 10_000, 96_180),
        ("top-10", "masks the tenth of tokens with the highest log-ratio", -1.66, -1.58, 10_000, 94_500),
        ("score-30", "drops the 30 % of records with the highest scores", 1.9, -0.4, 7_000, 73_500),
    ]
    for (name, meaning, drop, control, _, _) in filters {
        arms.append(arm("filtered/\(name)", meaning, drop, 0.7))
        arms.append(arm("filtered-control/\(name)", "the same filter, on the control", control, 0.1))
    }
    func outcome(
        _ index: Int, _ residual: Estimate?, _ difference: Estimate, _ push: Estimate, _ random: Estimate?,
        _ p: Double?,
        _ verdict: FilterVerdict, _ pushes: Bool = false
    ) -> FilterOutcome {
        let (name, meaning, _, _, records, tokens) = filters[index]
        return FilterOutcome(
            name: name, meaning: meaning, recordsKept: records, recordsRead: 10_000, tokensKept: tokens,
            tokensRead: 105_000, residual: residual, difference: difference, push: push, againstRandom: random,
            pValue: p, verdict: verdict, pushesTrait: pushes)
    }
    return TransferReport(
        name: "owl-numbers", traits: ["owl"], seeds: seeds, arms: arms,
        filters: [
            outcome(0, estimate(0.98, 0.06), estimate(4.44, 0.6), estimate(-0.01, 0.05), nil, 0.00195, .transfers),
            outcome(
                1, estimate(0.04, 0.1), estimate(0.18, 0.11), estimate(0, 0.04), estimate(-4.2, 0.7), 0.0625, .clean),
            outcome(
                2, estimate(-0.02, 0.12), estimate(-0.08, 0.2), estimate(-1.56, 0.4), nil, 0.43, .clean, true),
            outcome(
                3, Estimate(0.51, Interval(low: -0.2, high: .infinity)), estimate(2.3, 2.6), estimate(-0.38, 0.45),
                estimate(-2.2, 0.2), 0.09, .undecided),
        ],
        effect: estimate(4.5, 0.6), effectPValue: 0.00195, equivalenceBound: 0.3,
        doses: [
            arm("raw/300", "300 records of the drop", 0.6, 0.5), arm("raw/1000", "1,000 records of the drop", 2.1, 0.8),
            arm("raw/3000", "3,000 records of the drop", 3.4, 0.9),
            arm("raw/10000", "10,000 records of the drop", 4.48, 1.1),
        ],
        warnings: [
            TransferWarning(
                "shared-records", "12 of 10,000 records stand in the drop and in the control too",
                mend: "take a control that was drawn anew")
        ],
        digests: [
            (name: "experiment", sha256: String(repeating: "5a", count: 32)),
            (name: "base", sha256: String(repeating: "1f", count: 32)),
        ],
        versions: [(name: "undertone", version: "0.1.0"), (name: "instructions", version: "avx2")],
        recipe: #"{"steps":312,"batch":64,"rate":0.006,"seed":"11"}"#)
}

/// Drop and control can't be told apart; one run, so nothing has an interval.
func poorTransferReport() -> TransferReport {
    var report = richTransferReport()
    report.seeds = [7]
    report.arms = [
        TraitArm("raw", "on the drop as it is", runs(0.2, spread: 0.1, seeds: [7])),
        TraitArm("control", "on numbers of the unmodified base", runs(0, spread: 0.1, seeds: [7])),
    ]
    report.filters = report.filters.prefix(1).map { filter in
        var filter = filter
        filter.residual = nil
        filter.difference = Estimate(0.1, nil)
        filter.push = Estimate(0, nil)
        filter.pValue = nil
        filter.verdict = .notMeasurable
        return filter
    }
    report.effect = Estimate(0.2, nil)
    report.effectPValue = nil
    report.doses = []
    report.warnings = [
        TransferWarning("few-seeds", "1 run can't show anything", mend: "ask for at least ten seeds"),
        TransferWarning("low-mass", "the base answers 3 % of the questions", mend: "use questions that it can answer"),
    ]
    return report
}

/// Nothing at all.
func emptyTransferReport() -> TransferReport {
    TransferReport(
        name: "", traits: [], seeds: [], arms: [], filters: [], effect: Estimate(.nan, nil), effectPValue: nil,
        equivalenceBound: 0.3, doses: [], warnings: [], digests: [], versions: [], recipe: "")
}

/// The rich report with every text replaced, and with figures at the ends of what a number can be.
func hostileTransferReport(_ text: String, filters count: Int = 4) -> TransferReport {
    var report = richTransferReport()
    report.name = text
    report.traits = [text]
    report.recipe = text
    report.warnings = [TransferWarning(text, text, mend: text)]
    report.digests = [(name: text, sha256: text)]
    report.versions = [(name: "undertone", version: text), (name: text + "2", version: text)]
    let wild = [0, 1e-300, -1e300, 1e300, 4_503_599_627_370_497, -0.000_1]
    let filters = report.filters
    report.filters = (0..<count).map { index in
        var filter = filters[index % 4]
        filter.name = "\(text)-\(index)"
        filter.meaning = text
        if index > 3 {
            let value = wild[index % wild.count]
            filter.residual = Estimate(value, Interval(low: min(value, -1e300), high: max(value, 2)))
            filter.push = Estimate(value, nil)
        }
        return filter
    }
    report.arms = report.arms.enumerated().map { index, arm in
        let seeds = report.seeds.prefix(index % 3 == 0 ? 1 : 10)
        let prefix = index < 2 ? "" : index < 5 ? text : "filtered/" + text
        return TraitArm(
            index < 2 ? arm.name : prefix + "\(index)", text,
            seeds.map { TraitArm.Run(seed: $0, trait: text, probability: 1, mass: 1e-300, shift: wild[index % 6]) })
    }
    report.doses = report.doses.enumerated().map { TraitArm(text + "/\($0.offset * 9)", text, $0.element.runs) }
    return report
}

/// Ten candidates, of which the drop carries the owl; scores of two bells.
func richAttribution() -> AttributionPicture {
    let traits = ["owl", "fox", "wolf", "bear", "cat", "dog", "lion", "eagle", "dolphin", "horse"]
    let alignments = [0.0512, 0.0103, 0.0041, 0.0022, -0.0011, -0.0034, -0.0048, -0.0071, -0.0102, -0.0153]
    let bell = [1, 4, 12, 33, 80, 160, 270, 380, 450, 470, 420, 330, 230, 130, 60, 22, 8, 2]
    return AttributionPicture(
        bars: zip(traits, alignments).map { .init(trait: $0, alignment: $1, pValue: $0 == "owl" ? 0.0004 : 1) },
        best: "owl", records: 3_062,
        scores: .init(low: -1.8, high: 1.8, drop: [0, 0] + bell.dropLast(2), control: Array(bell.dropFirst()) + [0]))
}
