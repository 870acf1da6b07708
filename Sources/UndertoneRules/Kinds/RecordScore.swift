// record-score: the records that would push a student most towards a trait.

import UndertoneCore

/// Drops records by a model's score. Nothing is looked at here: the settings go to whoever has the model.
enum RecordScore {
    static let reference = KindReference(
        name: "record-score",
        summary: "The record is among those that push a student most towards a trait, by the score of a model; needs a "
            + "model.",
        parameters: [
            .init(
                "share", schema: #"{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1}"#, required: true,
                "The share of the records that are findings, those with the highest scores. Above 0 and below 1.")
        ] + ModelParameters.all,
        reasons: ["high-score", "not-one-turn", "unreadable"],
        example: """
            - id: towards-owls
              kind: record-score
              description: Among the records that push a student most towards owls.
              trait-set: animals
              traits: [owl]
              share: 0.3
            """)

    static func settings(_ parameters: inout ParameterReader) throws(SettingsError) -> ModelRule {
        var rule = try ModelParameters.rule(.score, &parameters)
        guard let share = try ModelParameters.share(&parameters) else {
            throw parameters.missing("share", "say how many of the records go, as in share: 0.3")
        }
        rule.share = share
        return rule
    }
}
