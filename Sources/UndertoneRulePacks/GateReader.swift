// The bounds that a pack proposes for the gate.

import UndertoneCore
import UndertoneSettings

enum GateReader {
    static func thresholds(_ value: SettingsValue, names: RuleNames) throws(SettingsError) -> GateThresholds {
        var reader = try MappingReader(value, "gate")
        var gate = GateThresholds()
        gate.maxRejectRate = try reader.optional("max-reject-rate", Reading.share)
        gate.maxSharePerRule = try reader.optional("max-share-per-rule", Reading.share)
        gate.maxMalformed = try reader.optional("max-malformed", Reading.count)
        gate.minKept = try reader.optional("min-kept", Reading.count)
        if let findings = reader.value("max-findings") {
            for member in try MappingReader(findings, "max-findings").members {
                guard let id = names.id(of: member.key) else {
                    throw SettingsError(
                        .unknownRule, at: member.keyLocation, "max-findings: there is no rule \"\(member.key)\"",
                        mend: names.suggestion(for: member.key))
                }
                guard gate.maxFindings[id] == nil else {
                    throw SettingsError(
                        .duplicate, at: member.keyLocation, "max-findings: \(id) is there twice", mend: "keep one")
                }
                gate.maxFindings[id] = try Reading.count(member.value, "max-findings of \(member.key)")
            }
        }
        try reader.finish()
        return gate
    }
}
