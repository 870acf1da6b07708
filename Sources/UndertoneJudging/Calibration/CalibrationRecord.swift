// What is kept of a calibration, and whether it satisfies what a rule demands.

package import UndertoneCore
public import UndertoneStatistics
package import UndertoneText

/// What a calibration was made with.
public struct CalibrationSource: Sendable, Hashable {
    /// The judge's name.
    public var judge: String
    /// The model that was asked for.
    public var model: String
    /// The models that the server said it used, sorted.
    public var returnedModels: [String]
    /// The server's words for the state of its software, sorted.
    public var fingerprints: [String]
    /// ``UndertoneCore/JudgeRule/questionDigest`` of what was asked.
    public var questionDigest: String
    /// When it was made: `2026-11-21T10:00:00Z`.
    public var date: String
    /// SHA-256 of the file of labelled records.
    public var labelledDigest: String

    /// What a calibration was made with.
    public init(
        judge: String, model: String, returnedModels: some Sequence<String> = [],
        fingerprints: some Sequence<String> = [], questionDigest: String, date: String, labelledDigest: String
    ) {
        self.judge = judge
        self.model = model
        self.returnedModels = Set(returnedModels).sorted()
        self.fingerprints = Set(fingerprints).sorted()
        self.questionDigest = questionDigest
        self.date = date
        self.labelledDigest = labelledDigest
    }
}

/// What a judge has shown on labelled records: the part of a ``CalibrationReport`` that is demanded later.
public struct CalibrationRecord: Sendable, Hashable {
    /// What it was made with.
    public var source: CalibrationSource
    /// The score from which a record counted as met.
    public var threshold: Double
    /// Items that the judge decided.
    public var n: Int
    /// Its agreement with the labels; nil where there is none to speak of.
    public var kappa: Agreement?

    /// A record.
    public init(_ source: CalibrationSource, threshold: Double, n: Int, kappa: Agreement?) {
        self.source = source
        self.threshold = threshold
        self.n = n
        self.kappa = kappa
    }

    /// Why this does not satisfy what a rule demands, as a clause with its mend; nil where it does, and where the rule
    /// demands nothing.
    ///
    /// - Parameters:
    ///   - returned: models that the server said it used in this run.
    ///   - now: what ages are counted to.
    package func objection(
        to rule: JudgeRule, settings: JudgeSettings, returned: some Sequence<String> = [], now: Moment
    ) -> String? {
        guard let demand = rule.calibration else { return nil }
        let mend = "; calibrate the judge again"
        if source.questionDigest != rule.questionDigest { return "it was made with another question" + mend }
        if source.model != settings.model {
            return "it was made with the model \(quoted(source.model)), not with \(quoted(settings.model))" + mend
        }
        if !source.returnedModels.isEmpty,
            let other = returned.first(where: { !source.returnedModels.contains($0) })
        {
            return "the server answers with the model \(quoted(other)), which it was not made with" + mend
        }
        if threshold != rule.above {
            return "it was made for scores from \(fixed(threshold, decimals: 2)), and the rule meets those from "
                + fixed(rule.above, decimals: 2) + mend
        }
        guard let made = Moment(source.date) else { return "its date is none" + mend }
        if made > now { return "it is dated after now; set the clock right, or calibrate the judge again" }
        if let released = settings.released {
            guard let moment = Moment("\(released)T00:00:00Z") else {
                return "the judge's \"released\" is no date; write it as 2024-07-18"
            }
            if made < moment { return "it was made before the model's release on \(quoted(released))" + mend }
        }
        if let days = demand.maxAgeDays, made.age(at: now) > days {
            return "it is \(counted(made.age(at: now), "day")) old, and \(grouped(days)) are allowed" + mend
        }
        let wanted = fixed(demand.kappa, decimals: 2)
        guard let kappa else {
            return "its κ is not defined, and \(wanted) is demanded; label records of both classes"
        }
        guard kappa.interval.low >= demand.kappa else {
            return "its κ is \(fixed(kappa.value, decimals: 2)) with a lower end of "
                + "\(fixed(kappa.interval.low, decimals: 3)), and \(wanted) is demanded; ask better, take a better judge, "
                + "or label more records"
        }
        return nil
    }

    private func quoted(_ name: String) -> String { "\"\(visible(name, limit: 100))\"" }
}
