// Compiled rules by themselves, for tests that look inside.

import UndertoneCore

@testable import UndertoneRules

/// A rule, compiled.
func check(_ definition: RuleDefinition) throws -> Check {
    guard let kind = RuleKind(rawValue: definition.kind) else {
        throw RuleError(.unknownKind, at: nil, definition.kind)
    }
    var reader = ParameterReader(
        rule: definition.id, members: definition.parameters, location: definition.location)
    let check = try Check(kind, &reader)
    try reader.finish()
    return check
}
