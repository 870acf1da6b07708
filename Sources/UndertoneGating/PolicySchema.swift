// The JSON Schema of policies, for editors that complete and check YAML.

import UndertoneSettings

/// The JSON Schema (draft 2020-12) of `undertone.yaml`, indented. It comes from the tables that the reader uses.
public func policySchema() -> String {
    KeySchema(
        title: "Undertone policy", root: RootKey.self,
        tables: [
            ("defaults", DefaultsKey.self), ("drop", DropKey.self), ("model", ModelKey.self),
            ("require", RequireKey.self), ("same-base-transfer", TransferKey.self), ("approval", ApprovalKey.self),
            ("reviews", ReviewKey.self),
        ],
        fragments: [
            ("line", #"{"type":"string","pattern":"^[^\\r\\n]*[^\\s][^\\r\\n]*$"}"#),
            ("lines", ##"{"type":"array","maxItems":100,"items":{"$ref":"#/$defs/line"}}"##),
            ("share", #"{"type":"number","minimum":0,"maximum":1}"#),
            ("count", #"{"type":"integer","minimum":0}"#),
        ]
    ).text
}
