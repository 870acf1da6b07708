// From what was seen to the answer, in plain words.

import UndertoneText

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

struct InitialisationJudgement {
    var verdict: InitialisationComparison.Verdict
    var reason: InitialisationComparison.Reason
    var explanation: String
    var logPValue: Double?
}

extension Findings {
    /// Share of agreeing pairs from which a permuted copy is believed. A copy has nearly all of them, also after long
    /// training; strangers that learned the same features from the same inputs have a few.
    static let leastAgreement = 0.25

    /// Whether a test says yes.
    func isConvincing(_ test: IndependenceTest) -> Bool {
        test.logPValue <= log(options.yesBelow)
            && (test.kind != .permutedUnits || (test.agreement ?? 0) >= Findings.leastAgreement)
    }

    var judgement: InitialisationJudgement {
        if hasOnlyAdapters {
            return unknown(
                .onlyAdapters,
                "One of the files holds only a low-rank adapter, which says nothing about the model that it belongs to. "
                    + "Merge it into its base, or compare the bases.")
        }
        if let equality, equality.isWhole {
            return yes(.sameWeights, "All \(grouped(equality.common)) tensors are the same, bit for bit.")
        }
        if let equality, hasMostTensors {
            return yes(
                .sameTensors,
                "\(percent(equality.equalElements, of: equality.comparableElements)) of the weights are the same, bit "
                    + "for bit. The rest was trained or replaced.")
        }
        if let test = tests.filter(isConvincing).min(by: { $0.logPValue < $1.logPValue }) { return yes(test) }
        if let equality, equality.equalElements >= Findings.leastElements {
            return yes(
                .sharedTensors,
                "Learned matrices with \(grouped(equality.equalElements)) weights are the same, bit for bit; the rest "
                    + "shows no kinship.")
        }
        if let test = tests.first(where: { $0.kind == .permutedUnits && $0.logPValue <= log(options.yesBelow) }) {
            return unknown(
                .alikeUnits,
                "Hidden units are alike beyond chance, whatever their order, but only "
                    + "\(percent(Int((test.agreement ?? 0) * 1000), of: 1000)) of what a permuted copy would show. Models "
                    + "that learned the same task from the same inputs can look like this; so can a copy that was changed "
                    + "a lot.", test.logPValue)
        }
        return withoutKinship
    }

    private func yes(_ test: IndependenceTest) -> InitialisationJudgement {
        let p = "p = \(pValueText(test.logPValue))"
        let chance = "Models that began apart come out like this with that probability."
        switch test.kind {
        case .units:
            return yes(
                .sameUnits,
                "The hidden units of one model match those of the other in the same order, over "
                    + "\(counted(test.parts, "layer")) (\(p)). \(chance)", test.logPValue)
        case .permutedUnits:
            return yes(
                .permutedUnits,
                "The hidden units of one model are those of the other in another order, over "
                    + "\(counted(test.parts, "layer")) (\(p)): a permuted copy. \(chance)", test.logPValue)
        case .embedding:
            return yes(
                .sameEmbedding,
                "The dimensions of the embeddings match each other in the same order (\(p)), though the hidden units show "
                    + "no kinship. \(chance)", test.logPValue)
        case .values:
            return yes(
                .sameValues,
                "The values in attention match each other in the same order, over \(counted(test.parts, "head")) (\(p)), "
                    + "though the hidden units show no kinship. \(chance)", test.logPValue)
        }
    }

    private var withoutKinship: InitialisationJudgement {
        let powerful = tests.filter(\.hasPower)
        if let least = tests.min(by: { $0.logPValue < $1.logPValue }), least.logPValue <= log(options.noAbove) {
            return unknown(
                .borderline,
                "The lowest p-value is \(pValueText(least.logPValue)): too low for strangers, too high for kin.",
                least.logPValue)
        }
        guard let least = powerful.min(by: { $0.logPValue < $1.logPValue }) else {
            if isQuantised {
                return unknown(
                    .quantised,
                    "The weights are quantised, and are not read as numbers. Compare the models before that.")
            }
            if let equality, equality.sameShape == 0, equality.commonMatrices > 0 || tests.isEmpty && unlikeLayers > 0 {
                return no(
                    .otherShapes,
                    "No two matrices of the same name have the same shape, so they can't have begun as the same numbers. "
                        + "A copy that was pruned or grown is not looked for.", nil)
            }
            if let test = tests.first {
                return unknown(
                    .tooFewUnits,
                    "Only \(counted(test.units, "unit")) could be matched; at least \(IndependenceTest.leastUnits) are "
                        + "needed before finding nothing means something.", test.logPValue)
            }
            return unknown(
                .nothingComparable,
                "No hidden layers, embeddings or values of attention were found at the same places of both models.")
        }
        let total = powerful.reduce(0) { $0 + $1.parts }
        return no(
            .independent,
            "\(counted(powerful.count, "test")) over \(counted(total, "part")) of the models found nothing in common "
                + "(lowest p = \(pValueText(least.logPValue))).", least.logPValue)
    }

    private func yes(
        _ reason: InitialisationComparison.Reason, _ explanation: String, _ logPValue: Double? = nil
    ) -> InitialisationJudgement {
        InitialisationJudgement(verdict: .yes, reason: reason, explanation: explanation, logPValue: logPValue)
    }

    private func no(
        _ reason: InitialisationComparison.Reason, _ explanation: String, _ logPValue: Double?
    ) -> InitialisationJudgement {
        InitialisationJudgement(verdict: .no, reason: reason, explanation: explanation, logPValue: logPValue)
    }

    private func unknown(
        _ reason: InitialisationComparison.Reason, _ explanation: String, _ logPValue: Double? = nil
    ) -> InitialisationJudgement {
        InitialisationJudgement(verdict: .unknown, reason: reason, explanation: explanation, logPValue: logPValue)
    }
}

/// A p-value from its natural logarithm, with two digits: `0.34`, `3.2e-47`, also far below what a `Double` holds.
func pValueText(_ logPValue: Double) -> String {
    if logPValue == -.infinity { return "0" }
    guard logPValue.isFinite else { return "–" }
    if logPValue > log(0.00095) { return fixed(exp(logPValue), decimals: logPValue > log(0.0995) ? 2 : 4) }
    let decimal = logPValue / 2.302585092994045684
    var exponent = decimal.rounded(.down)
    var mantissa = exp((decimal - exponent) * 2.302585092994045684)
    if mantissa >= 9.95 {
        mantissa = 1
        exponent += 1
    }
    return "\(fixed(mantissa, decimals: 1))e\(Int(exponent))"
}
