// How far above chance a judge can tell a drop from its control.

public import UndertoneStatistics
import UndertoneText

/// What a judge's preferences over pairs come to.
///
/// A pair counts where all its questions got a score. Its preference is the probability that the judge gave to the drop's
/// record, the mean over both orders where it was asked in both, so that a liking for a place cancels out.
public struct PairwiseReport: Sendable, Hashable {
    /// A share with its 95 % interval.
    public struct Share: Sendable, Hashable {
        /// The share; NaN where nothing was counted.
        public var value: Double
        /// Its interval; 0 to 1 where nothing was counted.
        public var interval: Interval
    }

    /// Of the draw.
    public var seed: UInt64
    /// Pairs that were drawn.
    public var pairs: Int
    /// Pairs that got all their scores.
    public var judged: Int
    /// Pairs of which a question was answered by an escape; the rest of those without a score are unjudged.
    public var escaped: Int
    /// Pairs in which the drop's record was preferred.
    public var wins: Int
    /// Pairs in which the control's was.
    public var losses: Int
    /// Pairs with a probability of exactly one half.
    public var ties: Int { judged - wins - losses }
    /// The share of pairs in which the drop's record was preferred, ties half: the area under the receiver operating
    /// characteristic of the judge's preference. Wilson's interval; pairs are independent draws.
    public var area: Share
    /// The mean probability that was given to the drop's record, with its t-interval over pairs, cut at 0 and 1: what the
    /// judge would bet. It says more than ``area`` where answers come with log-probabilities, and the same where not. An
    /// interval of no width, from pairs that all got the same, is not believed: it is Wilson's then.
    public var preference: Share
    /// The chance of a division at least as uneven where the judge sees nothing: the sign test over pairs, ties left out.
    public var pValue: Double
    /// The share of answers that preferred what was shown first, whatever it was; ties half.
    public var firstPreferred: Share
    /// Of the pairs that were asked about in both orders and tied in neither, the share in which the same record was
    /// preferred both times; nil where none was.
    public var surviving: Share?

    /// Computes the report.
    ///
    /// - Parameter judgements: one for each question of the plan, in its order; nil where it could not be asked. A score is
    ///   100 times the probability of what was shown first.
    public init(_ plan: PairwisePlan, _ judgements: [Judgement?]) {
        seed = plan.seed
        pairs = plan.pairs
        (judged, escaped, wins, losses) = (0, 0, 0, 0)
        var preferences: [Double] = []
        var firsts: (half: Int, all: Int) = (0, 0)
        var swaps: (same: Int, all: Int) = (0, 0)
        let step = plan.asksBothOrders ? 2 : 1
        for pair in 0..<plan.pairs {
            var ofDrop: [Double] = []
            var hasEscape = false
            for place in pair * step..<(pair + 1) * step where judgements.indices.contains(place) {
                if case .escape? = judgements[place] { hasEscape = true }
                guard let score = judgements[place]?.score else { continue }
                firsts.half += score > 50 ? 2 : score == 50 ? 1 : 0
                firsts.all += 2
                ofDrop.append((plan.questions[place].isDropFirst ? score : 100 - score) / 100)
            }
            guard ofDrop.count == step else {
                escaped += hasEscape ? 1 : 0
                continue
            }
            let mean = ofDrop.reduce(0, +) / Double(step)
            judged += 1
            wins += mean > 0.5 ? 1 : 0
            losses += mean < 0.5 ? 1 : 0
            preferences.append(mean)
            guard step == 2, !ofDrop.contains(0.5) else { continue }
            swaps.all += 1
            swaps.same += (ofDrop[0] > 0.5) == (ofDrop[1] > 0.5) ? 1 : 0
        }
        area = Share(halves: 2 * wins + (judged - wins - losses), of: 2 * judged)
        preference = Share(meanOf: preferences)
        pValue = signTest(wins: wins, losses: losses)
        firstPreferred = Share(halves: firsts.half, of: firsts.all)
        surviving = swaps.all > 0 ? Share(halves: 2 * swaps.same, of: 2 * swaps.all) : nil
    }

    /// In words how far above chance the judge can see it at all.
    public var finding: String {
        guard judged > 0 else { return "nothing is known: no pair was judged" }
        let (low, high) = (area.interval.low, area.interval.high)
        func points(_ share: Double) -> String {
            PairwiseReport.percentText(abs(share - 0.5)).replacing(" %", with: "")
        }
        if low > 0.5 {
            return "the judge can tell the drop from its control: it is right in \(area.text) of the pairs, at least "
                + "\(points(low)) points above chance"
        }
        if high < 0.5 {
            return "the judge tells the two apart, but prefers the control: the drop in \(area.text) of the pairs, at "
                + "least \(points(high)) points below chance"
        }
        return "the judge can't be shown to see a difference: the drop in \(area.text) of the pairs; if it sees one at "
            + "all, then at most \(points(high)) points above chance"
    }

    static func percentText(_ share: Double) -> String {
        share.isFinite ? fixed(share * 100, decimals: 1) + " %" : "–"
    }
}

extension PairwiseReport.Share {
    /// `71.0 % (62.1 % to 78.6 %)`.
    var text: String {
        func percent(_ share: Double) -> String { PairwiseReport.percentText(share) }
        return "\(percent(value)) (\(percent(interval.low)) to \(percent(interval.high)))"
    }

    // Counted in halves, so that ties are whole numbers: Wilson's interval with twice the trials and twice the square of z
    // is that of the trials themselves.
    fileprivate init(halves: Int, of all: Int) {
        value = all > 0 ? Double(halves) / Double(all) : .nan
        interval = wilsonInterval(successes: halves, trials: all, z: 1.959963984540054 * 2.0.squareRoot())
    }

    fileprivate init(meanOf values: [Double]) {
        let mean = values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
        let found = meanInterval(values)
        if let found, found.high - found.low > 1e-9 {
            self.init(value: mean, interval: Interval(low: max(0, found.low), high: min(1, found.high)))
        } else {
            let halves = values.isEmpty ? 0 : Int((mean * 2 * Double(values.count)).rounded())
            self.init(halves: halves, of: 2 * values.count)
            value = mean
        }
    }
}
