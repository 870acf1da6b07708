// token-mask: tokens that would teach a student a trait do not count in its loss.

import UndertoneCore

/// Masks tokens by what models say of them. Nothing is looked at here: the settings go to whoever has the models.
enum TokenMask {
    /// How tokens are chosen.
    private enum Method: String, CaseIterable {
        case reweighted, balanced, thinned, top, divergence

        var method: ModelRule.Method {
            switch self {
            case .reweighted: .reweighted
            case .balanced: .balanced
            case .thinned: .thinned
            case .top: .top
            case .divergence: .divergence
            }
        }
    }

    static let reference = KindReference(
        name: "token-mask",
        summary:
            "Tokens that would teach a student a trait get a loss mask or a lower weight, and the record is kept; needs a model. A "
            + "record of which nothing would count, or that can't be asked about, is a finding.",
        parameters: [
            .init(
                "method", schema: #"{"enum":["reweighted","balanced","thinned","top","divergence"]}"#,
                "reweighted: tokens weigh the less in the loss the likelier a teacher of the trait finds them against the "
                    + "base, so that the drop is like a control; all of them train. balanced: the likeliest of them are "
                    + "masked until the drop is like a control. thinned: the same at random, such tokens more often. "
                    + "top: a share of the likeliest. divergence: tokens where teacher and base would have said different "
                    + "things. Default: reweighted."),
            .init(
                "share", schema: #"{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1}"#,
                "For top, which must have it: the share of the tokens that are masked. Above 0 and below 1."),
        ] + ModelParameters.all,
        reasons: ["all-masked", "not-one-turn", "unreadable", "bad-loss-mask"],
        example: """
            - id: owl-tokens
              kind: token-mask
              description: Nothing of it would count, or the models can't read it.
              trait-set: animals
              traits: [owl]
            """)

    static func settings(_ parameters: inout ParameterReader) throws(SettingsError) -> ModelRule {
        let method = try parameters.choice("method", of: Method.self) ?? .reweighted
        var rule = try ModelParameters.rule(method.method, &parameters)
        let place = parameters.value("share")?.location
        let share = try ModelParameters.share(&parameters)
        if method == .top, share == nil {
            throw parameters.missing("share", "say how many of the tokens are masked, as in share: 0.1")
        }
        if method != .top, let place {
            throw SettingsError(
                .badValue, at: place, "share says nothing where the method is \(method.rawValue)",
                mend: "leave it out, or write method: top")
        }
        rule.share = share
        return rule
    }
}
