// Rules that ask a judge, and the judges of a run: what a scan asks, models answer.

import Foundation
import Synchronization
import UndertoneCore
import UndertoneJudging
import UndertoneRecords
import UndertoneReporting
import UndertoneRules
import UndertoneScanning
import UndertoneText

/// Answers the rules of a scan with the judges of a file.
final class RuleJudges: RecordJudge {
    /// Which judges were there to be asked, for the report.
    let notes: [String]
    /// What is being asked, for a progress bar.
    let activity = JudgeActivity()
    private let judges: [String: Judge]
    private let templates: [RuleID: PromptTemplate]
    private let calibrations: [(path: String, record: CalibrationRecord)]
    private let refresh: Bool
    private let estimatesOnly: Bool
    private let said = Mutex<[String]>([])
    private let now: Moment

    /// What asking would take, rule by rule.
    var estimates: [String] { said.withLock { $0 } }

    /// Looks at everything that can be wrong before a record is read; `nil` where no rule asks a judge.
    ///
    /// - Throws: `SettingsError` for a question or a file of judges, `ScanError` for what is missing, a judge that has not
    ///   shown what a rule demands among it.
    init?(_ rules: RuleSet, _ sources: JudgeSources, estimates: Bool = false) throws {
        let asking = rules.judgeRules.map { (definition: rules.definitions[$0.rule], settings: $0.settings) }
        guard let first = asking.first else { return nil }
        now = Moment(seconds: Int(Date().timeIntervalSince1970))
        refresh = sources.refreshes
        estimatesOnly = estimates
        let file = try sources.file(first.definition.id.description)
        calibrations = try sources.records()
        var templates: [RuleID: PromptTemplate] = [:]
        var settings: [String: JudgeSettings] = [:]
        for (definition, rule) in asking {
            templates[definition.id] = try PromptTemplate(rule, at: definition.location)
            let judge = try file.judge(rule.judge, for: definition.id)
            settings[judge.name] = judge
            try RuleJudges.check(definition.id, rule, judge, [], calibrations, now)
        }
        let cache = try sources.openCache()
        self.templates = templates
        judges = try settings.mapValues { try Judge.make($0, cache) }
        notes = settings.values.sorted { $0.name < $1.name }.map { settings in
            "the judge \(settings.name) is the model \(visible(settings.model, limit: 100)) at \(settings.place)"
        }
    }

    func ask(_ rule: JudgeRule, _ id: RuleID, _ records: [RecordTexts]) throws -> JudgeAnswers {
        guard let judge = judges[rule.judge], let template = templates[id] else { return JudgeAnswers([], .init()) }
        let questions = records.map { template.question(for: JudgeData($0)) }
        if estimatesOnly {
            try estimate(id, judge, questions.compactMap { $0 })
            return JudgeAnswers(records.map { _ in .init(.score(0)) }, .init())
        }
        defer { activity.end() }
        let outcome = try judge.ask(questions.compactMap { $0 }, refresh: refresh) {
            self.activity.show("\(id)", $0)
        }
        try RuleJudges.check(id, rule, judge.settings, outcome.counts.models, calibrations, now)
        var effort = ScanReport.Judging.Effort()
        effort.models = outcome.counts.models.union(outcome.answers.compactMap(\.model)).sorted()
        effort.cached = outcome.answers.count(where: \.isCached)
        effort.requests = outcome.counts.requests
        effort.tokens = outcome.counts.promptTokens + outcome.counts.completionTokens
        effort.money = outcome.counts.money
        effort.isOverBudget = outcome.budgetSpent != nil
        effort.notes = outcome.warnings
        if let spent = outcome.budgetSpent {
            effort.notes.append("the budget of the judge \(rule.judge), \(spent), ended before the questions did")
        }
        for (error, count) in outcome.counts.errors.sorted(by: { $0.key < $1.key }) {
            effort.notes.append("the judge \(rule.judge), \(counted(count, "time")): \(visible(error, limit: 200))")
        }
        var answers = outcome.answers.makeIterator()
        return JudgeAnswers(
            questions.map { question in
                guard question != nil, let answer = answers.next() else {
                    return .init(.unjudged(Unjudged.tooLong.rawValue))
                }
                return .init(JudgeAnswer(answer.judgement), reason: answer.reason, key: answer.key)
            }, effort)
    }

    private func estimate(_ id: RuleID, _ judge: Judge, _ questions: [JudgeQuestion]) throws {
        let found = try judge.estimate(questions, refresh: refresh)
        var text =
            "\(id): \(counted(found.questions, "question")), \(grouped(found.cached)) answered already, "
            + "\(counted(found.requests, "request")) to \(judge.settings.place), at most \(counted(found.tokens, "token"))"
        if let money = found.money { text += ", cost \(fixed(money, decimals: 2))" }
        said.withLock { $0.append(text) }
    }

    // A demand is met by one calibration; where there are several, the objection to the last one is shown.
    private static func check(
        _ id: RuleID, _ rule: JudgeRule, _ judge: JudgeSettings, _ returned: Set<String>,
        _ calibrations: [(path: String, record: CalibrationRecord)], _ now: Moment
    ) throws(ScanError) {
        guard rule.calibration != nil else { return }
        var problem = "none is given; write one with undertone judge calibrate, and name it with --calibration"
        for (path, record) in calibrations {
            guard let objection = record.objection(to: rule, settings: judge, returned: returned, now: now) else {
                return
            }
            problem = "\(visible(path, limit: 200)): \(objection)"
        }
        throw ScanError(.usage, "\(id) demands a calibration of the judge \(judge.name): \(problem)")
    }
}

extension JudgeAnswer {
    init(_ judgement: Judgement) {
        switch judgement {
        case .score(let score): self = .score(score)
        case .escape(let word): self = .escape(word)
        case .unjudged(let reason): self = .unjudged(reason.rawValue)
        }
    }
}

extension JudgeData {
    /// What a question may show of a record.
    init(_ texts: RecordTexts) {
        self.init(prompts: texts.prompts, responses: texts.completions, systems: texts.systems)
    }
}

extension JudgeSettings {
    /// Where it is, for people.
    var place: String {
        switch door {
        case .endpoint(let base): visible(base, limit: 200)
        case .command(let words): "the command \(visible(words.first ?? "", limit: 200))"
        }
    }
}

/// How far a judge is, for whoever shows it.
final class JudgeActivity: Sendable {
    private let state = Mutex<String?>(nil)

    /// A line; `nil` while nobody is asked.
    var text: String? { state.withLock { $0 } }

    /// Notes how far the questions of `name` are.
    func show(_ name: String, _ progress: JudgeProgress) {
        let text =
            "\(visible(name, limit: 60))  \(grouped(progress.done)) of \(grouped(progress.total)) judged, "
            + "\(grouped(progress.cached)) known, \(grouped(progress.inFlight)) under way"
        state.withLock { $0 = text }
    }

    /// Nobody is asked any more.
    func end() { state.withLock { $0 = nil } }
}
