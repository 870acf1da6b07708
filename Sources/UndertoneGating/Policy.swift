// What a person demands of data before it trains a model, and of a model before it is used: `undertone.yaml`, read.
//
//     let policy = try Policy(text: text, file: "undertone.yaml")
//     let report = evaluate(policy, evidence)

public import UndertoneCore

/// A policy. Paths in it are relative to the folder of its file.
public struct Policy: Sendable {
    /// A text and where it stands, so that a complaint about it can say so.
    public struct Placed: Sendable, Equatable {
        /// What is written there.
        public var text: String
        /// Where it begins.
        public var location: SourceLocation

        /// A text at a place.
        init(_ text: String, at location: SourceLocation) {
            self.text = text
            self.location = location
        }
    }

    /// Bounds of a scan, by the names that rule packs use for them; `nil` where the packs' own count.
    public struct ScanBounds: Sendable, Equatable {
        /// Share of all records that may be rejected.
        public var maxRejectRate: Double?
        /// Share of the records that one rule may reject.
        public var maxSharePerRule: Double?
        /// Records that may be malformed.
        public var maxMalformed: Int?
        /// Records that must be kept.
        public var minKept: Int?
        /// Records that a rule may meet, by the rule's name as the policy has it.
        public var maxFindings: [RuleBound] = []

        /// No bounds.
        init() {}
    }

    /// How many records a rule may meet.
    public struct RuleBound: Sendable, Equatable {
        /// The rule's name, in full or as its pack calls it.
        public var rule: Placed
        /// Records.
        public var count: Int

        /// A bound.
        init(rule: Placed, count: Int) {
            self.rule = rule
            self.count = count
        }
    }

    /// What a drop is compared with, and how far from it the drop may be.
    public struct Reference: Sendable, Equatable {
        /// A file, a folder or a pattern.
        public var path: Placed
        /// The area under the ROC curve at which a classifier may tell single records apart, at most.
        public var maxAuroc: Double
    }

    /// Data that may be trained on, if all holds that is demanded of it.
    public struct Drop: Sendable, Equatable {
        /// A file, a folder or a pattern.
        public var path: Placed
        /// Rule packs, by name or path; none where the policy says `rules: []`.
        public var rules: [Placed]
        /// Bounds of the scan.
        public var bounds: ScanBounds
        /// The model that will be trained on it.
        public var trainBase: Placed?
        /// What it is compared with; `nil`: nothing.
        public var reference: Reference?
        /// What is demanded.
        var requirements: Requirements

        /// Data at a path.
        init(
            path: Placed, rules: [Placed] = [], bounds: ScanBounds = ScanBounds(), trainBase: Placed? = nil,
            requirements: Requirements = Requirements()
        ) {
            self.path = path
            self.rules = rules
            self.bounds = bounds
            self.trainBase = trainBase
            self.requirements = requirements
        }
    }

    /// A model that may be released or used, if all holds that is demanded of it.
    public struct Model: Sendable, Equatable {
        /// Its name in the catalogue, or the beginning of its digest.
        public var name: Placed
        /// What is demanded.
        var requirements: Requirements

        /// A model of that name.
        init(name: Placed, requirements: Requirements = Requirements()) {
            self.name = name
            self.requirements = requirements
        }
    }

    /// The file, as the user named it.
    public var file: String
    /// The catalogue, as the policy names it; `nil` where it does not.
    public var lineage: String?
    /// The file of judges that rules may ask; `nil` where there is none.
    public var judges: Placed?
    /// Files of calibrations of judges.
    public var calibrations: [Placed] = []
    /// Data that may be trained on.
    public var drops: [Drop]
    /// Models that may be used.
    public var models: [Model]
    /// Clauses that may be not known.
    var allowedNotKnown: Set<ClauseKind>

    /// A policy that is not read from a file.
    init(
        file: String, lineage: String? = nil, drops: [Drop] = [], models: [Model] = [],
        allowedNotKnown: Set<ClauseKind> = []
    ) {
        self.file = file
        self.lineage = lineage
        self.drops = drops
        self.models = models
        self.allowedNotKnown = allowedNotKnown
    }
}

/// The clauses by name. A new one is a file in `Clauses/` and a case here.
enum ClauseKind: String, Sendable, CaseIterable {
    case scan, reference
    case recordedScan = "recorded-scan"
    case teacher
    case license
    case noTaintedAncestor = "no-tainted-ancestor"
    case sameBaseTransfer = "same-base-transfer"
    case approvals, reviews
}

/// What is demanded of data or a model. `nil` and `false`: nothing.
struct Requirements: Sendable, Equatable {
    /// A clause that is asked for, and where.
    struct Asked<Terms: Sendable & Equatable>: Sendable, Equatable {
        /// What exactly.
        var terms: Terms
        /// Where it is written; `nil` for a default.
        var location: SourceLocation?

        /// A clause that is asked for.
        init(_ terms: Terms, at location: SourceLocation? = nil) {
            self.terms = terms
            self.location = location
        }
    }

    /// What a licence must be.
    enum License: Sendable, Equatable {
        /// Any, but one must be given.
        case any
        /// One of these SPDX identifiers.
        case oneOf([String])
    }

    /// Bounds on what was measured to be left of a trait.
    struct Transfer: Sendable, Equatable {
        /// Traits that must have been measured; empty: at least one, whichever.
        var traits: [String] = []
        /// The 95 % interval must end below this share.
        var maxResidual: Double
        /// Older measurements don't count.
        var maxAgeDays: Int?
        /// Measurements with fewer independent seeds don't count.
        var minSeeds: Int?

        /// A bound.
        init(maxResidual: Double) { self.maxResidual = maxResidual }
    }

    /// People of one role must answer for it.
    struct Approvals: Sendable, Equatable {
        /// In which role: `safety`.
        var role: String
        /// How many different people.
        var count = 1
        /// Who may; empty: whoever.
        var by: [String] = []
        /// A key: only approvals that are signed with it count.
        var key: String?
        /// Older ones don't count.
        var maxAgeDays: Int?
        /// Where it is written.
        var location: SourceLocation?

        /// One approval in that role.
        init(role: String) { self.role = role }
    }

    /// People must have looked at it.
    struct Reviews: Sendable, Equatable {
        /// How many different people.
        var people: Int
        /// Who may; empty: whoever.
        var by: [String] = []
        /// Older reviews don't count.
        var maxAgeDays: Int?
        /// Items that a review may leave undecided.
        var maxUndecided = 0
        /// Items that a review may object to.
        var maxRejected = 0

        /// Reviews by so many people.
        init(people: Int) { self.people = people }
    }

    /// The teacher is declared. On unless switched off.
    var teacher: Asked<Bool> = Asked(true)
    /// Nothing that it comes from is tainted. On unless switched off.
    var noTaintedAncestor: Asked<Bool> = Asked(true)
    /// A licence is recorded.
    var license: Asked<License>?
    /// A scan with these packs is recorded, and its gate passed.
    var recordedScan: Asked<[String]>?
    /// Where teacher and student share a base, what is left of the trait was measured.
    var sameBaseTransfer: Asked<Transfer>?
    /// Who must answer for it.
    var approvals: [Approvals] = []
    /// Who must have looked at it.
    var reviews: Asked<Reviews>?

    /// The defaults.
    init() {}
}

extension Policy {
    /// Files of public keys that approvals must be signed with, each with the place that names it.
    public var approvalKeys: [(path: String, location: SourceLocation?)] {
        let all = drops.map(\.requirements) + models.map(\.requirements)
        return all.flatMap(\.approvals).compactMap { terms in terms.key.map { ($0, terms.location) } }
    }
}
