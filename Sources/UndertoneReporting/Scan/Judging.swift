// What judges said in a scan, and what that cost.

public import UndertoneStatistics
import UndertoneText

extension ScanReport {
    /// The answers to one rule that asks a judge.
    public struct Judging: Sendable {
        /// Who was asked, how often, and what it cost.
        public struct Effort: Sendable {
            /// The model's names as its server gave them.
            public var models: [String] = []
            /// Answers that were there already, so that nobody was asked.
            public var cached = 0
            /// Requests that were sent, repetitions included.
            public var requests = 0
            /// Tokens that were read and written.
            public var tokens = 0
            /// In the currency of the judge's prices; `nil` where they are not known.
            public var money: Double?
            /// Whether the budget ended before the questions did.
            public var isOverBudget = false
            /// Things worth saying.
            public var notes: [String] = []

            /// Nobody was asked.
            public init() {}
        }

        /// The rule's id.
        public var rule: String
        /// The judge's name among those that the run brought.
        public var judge: String
        /// Records that the rules before this one left.
        public var left: Int
        /// Records that were asked about.
        public var asked: Int
        /// Whether only a sample was asked about.
        public var isSampled = false
        /// Records that got a score.
        public var scored = 0
        /// Those of them whose score reaches the threshold.
        public var met = 0
        /// Records on which the judge answered a word that stands for no score.
        public var escaped = 0
        /// Records without a score, by the reason.
        public var unjudged: [String: Int] = [:]
        /// Who was asked, how often, and what it cost.
        public var effort = Effort()

        /// Nothing answered yet.
        public init(rule: String, judge: String, left: Int, asked: Int) {
            self.rule = rule
            self.judge = judge
            self.left = left
            self.asked = asked
        }

        /// Records without a score, for all reasons.
        public var unjudgedCount: Int { unjudged.values.reduce(0, +) }

        /// The share of the scored records that reach the threshold, with its 95 % Wilson interval: what a sample says of
        /// all that were left.
        public var rate: (share: Double, interval: Interval) {
            (
                scored == 0 ? 0 : Double(met) / Double(scored), wilsonInterval(successes: met, trials: scored)
            )
        }
    }
}

extension ScanReport.Judging {
    /// What the answers come to, in a line; names are ours or shortened by who prints it.
    var sentence: String {
        var parts = ["\(grouped(asked)) of \(counted(left, "record")) asked about"]
        if effort.cached > 0 { parts.append("\(grouped(effort.cached)) known already") }
        if unjudgedCount > 0 {
            let reasons = unjudged.sorted { $0.key < $1.key }.map { "\($0.key) \(grouped($0.value))" }
            parts.append("\(grouped(unjudgedCount)) unjudged (\(reasons.joined(separator: ", ")))")
        }
        if escaped > 0 { parts.append("\(grouped(escaped)) escaped") }
        if isSampled, scored > 0 {
            let (share, interval) = rate
            func percent(_ share: Double) -> String { fixed(share * 100, decimals: 2) }
            parts.append(
                "\(percent(share)) % of the whole reach the threshold, 95 % interval \(percent(interval.low)) to "
                    + "\(percent(interval.high)) %, n = \(grouped(scored))")
        }
        return parts.joined(separator: "; ")
    }

    /// What it cost, in a line.
    var cost: String {
        var parts = ["\(counted(effort.requests, "request"))", "\(counted(effort.tokens, "token"))"]
        if let money = effort.money { parts.append("cost \(fixed(money, decimals: 4))") }
        return parts.joined(separator: ", ")
    }
}
