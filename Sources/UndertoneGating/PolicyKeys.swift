// The keys of a policy, each once: the reader takes no other, and the JSON Schema is written from the same tables.

import UndertoneSettings

enum RootKey: String, SettingKey {
    case policy, lineage, judges, calibrations, defaults, drops, models, require
    case allowNotKnown = "allow-not-known"

    static let what = "the policy"
    var isRequired: Bool { self == .policy }

    var schema: String {
        switch self {
        case .policy: #"{"const":1}"#
        case .lineage, .judges: ##"{"$ref":"#/$defs/line"}"##
        case .calibrations: ##"{"$ref":"#/$defs/lines"}"##
        case .defaults: ##"{"$ref":"#/$defs/defaults"}"##
        case .drops: ##"{"type":"array","maxItems":1000,"items":{"$ref":"#/$defs/drop"}}"##
        case .models: ##"{"type":"array","maxItems":1000,"items":{"$ref":"#/$defs/model"}}"##
        case .require: ##"{"$ref":"#/$defs/require"}"##
        case .allowNotKnown:
            #"{"type":"array","items":{"enum":["#
                + ClauseKind.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ",") + "]}}"
        }
    }

    var text: String {
        switch self {
        case .policy: "The version of this format, 1."
        case .lineage: "The catalogue. Default: .undertone/lineage.sqlite."
        case .judges: "A file of judges that rules may ask, relative to the policy's folder."
        case .calibrations: "What judges have shown, as judge calibrate wrote it in JSON."
        case .defaults: "What holds for every drop that says nothing else."
        case .drops: "Data that may be trained on."
        case .models: "Models that may be released or used."
        case .require: "What is demanded of all drops and models."
        case .allowNotKnown: "Clauses that may be not known; otherwise what is not known fails."
        }
    }
}

/// What a drop and the defaults of drops have in common, and the drop's path.
enum DropKey: String, SettingKey {
    case path, rules
    case trainBase = "train-base"
    case maxRejectRate = "max-reject-rate"
    case maxSharePerRule = "max-share-per-rule"
    case maxMalformed = "max-malformed"
    case maxFindings = "max-findings"
    case minKept = "min-kept"
    case reference
    case maxAuroc = "max-auroc"
    case require

    static let what = "a drop"
    var isRequired: Bool { self == .path }

    var schema: String {
        switch self {
        case .path, .trainBase, .reference: ##"{"$ref":"#/$defs/line"}"##
        case .rules: ##"{"$ref":"#/$defs/lines"}"##
        case .maxRejectRate, .maxSharePerRule, .maxAuroc: ##"{"$ref":"#/$defs/share"}"##
        case .maxMalformed, .minKept: ##"{"$ref":"#/$defs/count"}"##
        case .maxFindings: ##"{"type":"object","additionalProperties":{"$ref":"#/$defs/count"}}"##
        case .require: ##"{"$ref":"#/$defs/require"}"##
        }
    }

    var text: String {
        switch self {
        case .path: "A file, a folder or a pattern, relative to the policy's folder."
        case .rules: "Rule packs that scan it, by name or by the path of a .yaml file. An empty list: no scan."
        case .trainBase: "The model that will be trained on it, by its name in the catalogue."
        case .maxRejectRate: "Share of the records that may be rejected."
        case .maxSharePerRule: "Share of the records that one rule may reject. Default: 0.9."
        case .maxMalformed: "Records that may be malformed."
        case .maxFindings: "Records that a rule may meet, by rule."
        case .minKept: "Records that must be kept."
        case .reference: "Data of the same prompts without what the drop may carry, relative to the policy's folder."
        case .maxAuroc:
            "How far a classifier may tell single records of the drop from the reference: the area under the ROC curve; 0.5 is "
                + "chance."
        case .require: "What is demanded of this drop; it goes before what is demanded of all, key by key."
        }
    }
}

/// The keys of a drop without its path.
enum DefaultsKey: String, SettingKey {
    case rules
    case trainBase = "train-base"
    case maxRejectRate = "max-reject-rate"
    case maxSharePerRule = "max-share-per-rule"
    case maxMalformed = "max-malformed"
    case maxFindings = "max-findings"
    case minKept = "min-kept"
    case reference
    case maxAuroc = "max-auroc"

    static let what = "defaults"

    /// The same key of a drop.
    var ofDrop: DropKey {
        switch self {
        case .rules: .rules
        case .trainBase: .trainBase
        case .maxRejectRate: .maxRejectRate
        case .maxSharePerRule: .maxSharePerRule
        case .maxMalformed: .maxMalformed
        case .maxFindings: .maxFindings
        case .minKept: .minKept
        case .reference: .reference
        case .maxAuroc: .maxAuroc
        }
    }

    var schema: String { ofDrop.schema }
    var text: String { ofDrop.text }
}

enum ModelKey: String, SettingKey {
    case name, require

    static let what = "a model"
    var isRequired: Bool { self == .name }

    var schema: String {
        switch self {
        case .name: ##"{"$ref":"#/$defs/line"}"##
        case .require: ##"{"$ref":"#/$defs/require"}"##
        }
    }

    var text: String {
        switch self {
        case .name: "Its name in the catalogue, or the first digits of its digest."
        case .require: "What is demanded of this model; it goes before what is demanded of all, key by key."
        }
    }
}

enum RequireKey: String, SettingKey {
    case teacher
    case noTaintedAncestor = "no-tainted-ancestor"
    case license
    case recordedScan = "recorded-scan"
    case sameBaseTransfer = "same-base-transfer"
    case approvals, reviews

    static let what = "require"

    var schema: String {
        switch self {
        case .teacher, .noTaintedAncestor: #"{"type":"boolean"}"#
        case .license: ##"{"oneOf":[{"type":"boolean"},{"$ref":"#/$defs/lines"}]}"##
        case .recordedScan: ##"{"oneOf":[{"const":false},{"$ref":"#/$defs/lines"}]}"##
        case .sameBaseTransfer: ##"{"oneOf":[{"const":false},{"$ref":"#/$defs/same-base-transfer"}]}"##
        case .approvals: ##"{"type":"array","maxItems":100,"items":{"$ref":"#/$defs/approval"}}"##
        case .reviews: ##"{"oneOf":[{"const":false},{"$ref":"#/$defs/reviews"}]}"##
        }
    }

    var text: String {
        switch self {
        case .teacher: "Whether the catalogue must name the model that wrote the data. Default: true."
        case .noTaintedAncestor: "Whether nothing that it comes from may be tainted. Default: true."
        case .license: "Whether the catalogue must have its licence, or a list of SPDX identifiers that it may have."
        case .recordedScan: "Rule packs: the catalogue must have a scan of it with them, whose gate passed."
        case .sameBaseTransfer:
            "Where teacher and student share a base: the residual transfer that must have been measured."
        case .approvals: "Who must answer for it."
        case .reviews: "People who must have looked at it, item by item."
        }
    }
}

enum TransferKey: String, SettingKey {
    case traits
    case maxResidual = "max-residual"
    case maxAgeDays = "max-age-days"
    case minSeeds = "min-seeds"

    static let what = "same-base-transfer"
    var isRequired: Bool { self == .maxResidual }

    var schema: String {
        switch self {
        case .traits: ##"{"$ref":"#/$defs/lines"}"##
        case .maxResidual: ##"{"$ref":"#/$defs/share"}"##
        case .maxAgeDays, .minSeeds: #"{"type":"integer","minimum":1}"#
        }
    }

    var text: String {
        switch self {
        case .traits: "Traits that must have been measured. Without it, at least one, whichever."
        case .maxResidual:
            "The 95 % interval of the residual transfer must end below this; 0.1 is a tenth of the trait."
        case .maxAgeDays: "Older measurements don't count."
        case .minSeeds: "Measurements with fewer seeds don't count."
        }
    }
}

enum ApprovalKey: String, SettingKey {
    case role, count, by, key
    case maxAgeDays = "max-age-days"

    static let what = "an approval"
    var isRequired: Bool { self == .role }

    var schema: String {
        switch self {
        case .role, .key: ##"{"$ref":"#/$defs/line"}"##
        case .count, .maxAgeDays: #"{"type":"integer","minimum":1}"#
        case .by: ##"{"$ref":"#/$defs/lines"}"##
        }
    }

    var text: String {
        switch self {
        case .role: "The role in which it must have been given."
        case .count: "How many different people must have given it. Default: 1."
        case .by: "Who may give it. Without it, whoever."
        case .key: "A public key; only approvals that are signed with it count."
        case .maxAgeDays: "Older ones don't count."
        }
    }
}

enum ReviewKey: String, SettingKey {
    case people, by
    case maxAgeDays = "max-age-days"
    case maxUndecided = "max-undecided"
    case maxRejected = "max-rejected"

    static let what = "reviews"
    var isRequired: Bool { self == .people }

    var schema: String {
        switch self {
        case .people, .maxAgeDays: #"{"type":"integer","minimum":1}"#
        case .by: ##"{"$ref":"#/$defs/lines"}"##
        case .maxUndecided, .maxRejected: ##"{"$ref":"#/$defs/count"}"##
        }
    }

    var text: String {
        switch self {
        case .people: "How many different people must have finished a review of it."
        case .by: "Who may review. Without it, whoever."
        case .maxAgeDays: "Older reviews don't count."
        case .maxUndecided: "Items that a review may leave undecided. Default: 0."
        case .maxRejected: "Items that a review may have rejected, or wanted a rule for. Default: 0."
        }
    }
}
