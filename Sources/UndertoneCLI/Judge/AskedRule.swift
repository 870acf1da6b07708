// One rule of a pack that asks a judge, for commands that put its question to other records than those of a scan.

import ArgumentParser
import Foundation
import UndertoneCore
import UndertoneJudging
import UndertoneRulePacks
import UndertoneRules
import UndertoneScanning
import UndertoneText

/// A rule and the judge that it asks.
struct AskedRule {
    let id: RuleID
    let rule: JudgeRule
    let template: PromptTemplate
    let judge: Judge

    /// The one rule of kind judge in a pack, or the one that is named.
    init(pack name: String, only: String?, _ sources: JudgeSources) throws {
        let pack = try PackLibrary().pack(name)
        var selection = RuleSelection([pack])
        try selection.keep(only: only.map { [$0] } ?? [], skip: [])
        let rules = try RuleSet(selection.rules)
        guard let first = rules.judgeRules.first else {
            throw ScanError(
                .usage, "\(visible(only ?? name, limit: 200)) has no rule of kind judge", mend: "name a pack with one")
        }
        guard rules.judgeRules.count == 1 else {
            let ids = rules.judgeRules.map { rules.definitions[$0.rule].id.description }
            throw ScanError(
                .usage, "\(visible(name, limit: 200)) has \(ids.count) rules of kind judge",
                mend: "name one with --only: " + ids.joined(separator: ", "))
        }
        id = rules.definitions[first.rule].id
        rule = first.settings
        template = try PromptTemplate(rule, at: rules.definitions[first.rule].location)
        let settings = try sources.file(id.description).judge(rule.judge, for: id)
        judge = try Judge.make(settings, try sources.openCache())
    }
}
