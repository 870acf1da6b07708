// The JSON Schema of rule packs, from the registry of rule kinds.

import UndertoneRulePacks
import UndertoneRules

/// The JSON Schema (draft 2020-12) of the pack format with all rule kinds.
public func packSchema() -> String {
    UndertoneRulePacks.PackSchema.json(
        kinds: RuleKind.allCases.map { kind in
            let reference = kind.reference
            return (
                reference.name, reference.summary, !kind.needsModel,
                reference.parameters.map { ($0.name, $0.schema, $0.isRequired, $0.text) }
            )
        })
}
