// Rules and their test results as text.

import UndertoneCore
import UndertoneRulePacks
import UndertoneRules
import UndertoneScanning

enum RulesText {
    static func list(_ packs: [RulePack], width: Int) -> String {
        var lines: [String] = []
        for pack in packs {
            lines.append("\(pack.name) \(pack.version)  \(pack.description)")
            let names = pack.rules.map { $0.id.pack == pack.name ? $0.id.name : $0.id.description }
            let nameWidth = names.map(\.count).max() ?? 0
            let kindWidth = pack.rules.map(\.kind.count).max() ?? 0
            for (rule, name) in zip(pack.rules, names) {
                let start =
                    "  " + padded(name, nameWidth) + "  " + padded(rule.kind, kindWidth) + "  "
                    + padded(rule.action.name, 6) + "  "
                lines.append(start + cut(rule.description, width - start.count))
            }
            lines.append("")
        }
        return lines.dropLast().joined(separator: "\n")
    }

    static func rule(_ rule: RuleDefinition) -> String {
        var lines = ["\(rule.id)  (\(rule.kind), \(rule.action.name), field \(rule.field))", "", rule.description]
        if let why = rule.why { lines += ["", "Why it matters", why] }
        let parameters = rule.parameters.map { "  \($0.key): \(RulesText.value($0.value))" }
        if !parameters.isEmpty { lines += ["", "Parameters"] + parameters }
        if rule.asksModel {
            lines += ["", "It needs a model, so it has no examples: undertone scan DROP --rules … --base BASE"]
        } else {
            lines += ["", "Accepts"] + rule.accept.prefix(8).map { "  " + example($0) }
            lines += ["", "Rejects"] + rule.reject.prefix(8).map { "  " + example($0) }
        }
        if !rule.sensitiveTo.isEmpty {
            let names = Variation.allCases.filter { rule.sensitiveTo.contains($0) }.map(\.rawValue)
            lines += ["", "Changes its answer, by design, under: " + names.joined(separator: ", ")]
        }
        if let source = rule.source { lines += ["", "Source: \(source)"] }
        lines += ["", "Defined at \(rule.location), digest \(rule.digest.prefix(12))"]
        return lines.joined(separator: "\n")
    }

    static func kind(_ kind: KindReference) -> String {
        var lines = ["kind \(kind.name)", "", kind.summary, "", "Parameters"]
        for parameter in kind.parameters {
            lines.append("  \(parameter.name)\(parameter.isRequired ? " (required)" : ""): \(parameter.text)")
        }
        lines += ["", "Reasons: " + kind.reasons.joined(separator: ", "), "", "Example", kind.example]
        return lines.joined(separator: "\n")
    }

    static func result(_ result: PackTestResult) -> String {
        var lines = result.failures.map { "\($0.location): \($0.rule) \($0.problem)" }
        lines += result.warnings.map { "\($0.location): warning: \($0.rule) \($0.problem)" }
        lines += result.skipped.map { "\($0): not tested, since it needs a model; its parameters are sound" }
        lines.append(
            "\(result.pack): \(result.rules) rules, \(result.examples) examples, \(result.varied) variations: "
                + (result.passed ? "ok" : "\(result.failures.count) FAILED"))
        return lines.joined(separator: "\n")
    }

    private static func example(_ example: RuleExample) -> String {
        let text: String
        switch example.input {
        case .text(let input): text = quoted(input)
        case .record(let json): text = json
        case .drop(let texts): text = "[" + texts.map(quoted).joined(separator: ", ") + "]"
        }
        return text + (example.reason.map { "  → \($0)" } ?? "")
    }

    private static func quoted(_ text: String) -> String { String(reflecting: text) }

    private static func value(_ value: SettingsValue) -> String {
        switch value.content {
        case .null: "null"
        case .boolean(let answer): "\(answer)"
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .string(let text): quoted(text)
        case .list(let items):
            "[" + items.prefix(40).map(RulesText.value).joined(separator: ", ") + (items.count > 40 ? ", …]" : "]")
        case .map(let members):
            "{" + members.map { "\($0.key): \(RulesText.value($0.value))" }.joined(separator: ", ") + "}"
        }
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func cut(_ text: String, _ width: Int) -> String {
        text.count <= max(width, 20) ? text : text.prefix(max(width, 20) - 1) + "…"
    }
}
