// Compiled rules by themselves, for tests that look inside.

import UndertoneCore

@testable import UndertoneRules

/// A rule, compiled, at a place where it stays until the tests end: a kind's value lives as long as its check.
func check(_ definition: RuleDefinition) throws -> UnsafePointer<Check> {
    guard let kind = RuleKind(rawValue: definition.kind) else {
        throw SettingsError(.unknownKind, at: nil, definition.kind)
    }
    var reader = ParameterReader(
        rule: definition.id, members: definition.parameters, location: definition.location)
    let check = try Check(kind, &reader)
    try reader.finish()
    let place = UnsafeMutablePointer<Check>.allocate(capacity: 1)
    place.initialize(to: check)
    return UnsafePointer(place)
}
