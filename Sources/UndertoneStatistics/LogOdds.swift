// Odds on a logarithmic scale, where a shift means the same near 0, near 1 and between.

import Glibc

/// ln(p / (1 − p)); −∞ for 0, ∞ for 1, NaN outside.
public func logOdds(_ p: Double) -> Double { log(p) - log1p(-p) }

/// The share of 1 whose log-odds these are: 1 / (1 + e^−x).
public func share(logOdds: Double) -> Double {
    // Two ways, neither of which overflows.
    logOdds >= 0 ? 1 / (1 + exp(-logOdds)) : exp(logOdds) / (1 + exp(logOdds))
}

/// The log-odds of `successes` among `trials`, finite for none and for all: ln((k + ½)/(n − k + ½)), whose bias is
/// smallest. Haldane, Ann. Hum. Genet. 20 (1956) 309; Anscombe, Biometrika 43 (1956) 461.
public func logOdds(successes: Int, trials: Int) -> Double {
    let hits = Double(min(max(successes, 0), trials))
    return log(hits + 0.5) - log(Double(trials) - hits + 0.5)
}

/// The logarithm of the ratio of the first odds to the second with Woolf's interval: Woolf, Ann. Hum. Genet. 19 (1955)
/// 251, with ½ added to all four counts, also where none is 0 (Haldane–Anscombe, as above; Agresti, Biometrics 55
/// (1999) 597).
///
/// It is about counts of independent trials of two models; for shifts over runs, use the runs' own spread.
///
/// - Parameters:
///   - successes: of the first, from 0 to `trials`.
///   - otherSuccesses: of the second, from 0 to `otherTrials`.
///   - confidence: of the interval, between 0 and 1.
/// - Returns: nil without trials on a side, and where `confidence` is not between 0 and 1.
public func logOddsRatio(
    successes: Int, trials: Int, otherSuccesses: Int, otherTrials: Int, confidence: Double = 0.95
) -> RatioEstimate? {
    guard trials > 0, otherTrials > 0, isShare(confidence) else { return nil }
    let value =
        logOdds(successes: successes, trials: trials) - logOdds(successes: otherSuccesses, trials: otherTrials)
    var variance = 0.0
    for (successes, trials) in [(successes, trials), (otherSuccesses, otherTrials)] {
        let hits = Double(min(max(successes, 0), trials))
        variance += 1 / (hits + 0.5) + 1 / (Double(trials) - hits + 0.5)
    }
    let half = normalQuantile(tail: (1 - confidence) / 2) * variance.squareRoot()
    return RatioEstimate(value: value, interval: Interval(low: value - half, high: value + half))
}
