// A transfer experiment as a value: what an experiment file says, and what it means where the file is silent.

public import UndertoneTraining

/// Which students are trained on what, and what is looked for in them.
public struct TransferExperiment: Sendable, Hashable {
    /// The model that students begin with.
    public enum Base: Sendable, Hashable {
        /// One of the built-in core for each seed: runs are independent in all their parts.
        case builtIn
        /// This file in every run; seeds vary the students.
        case file(String)
    }

    /// Where the data comes from.
    public enum Drop: Sendable, Hashable {
        /// A teacher that is made for each seed writes so many records.
        case teacher(carrier: World.Carrier, records: Int)
        /// A file, in every run.
        case file(String)
    }

    /// Where data without the trait comes from.
    public enum Control: Sendable, Hashable {
        /// The base writes as many records as the drop has, to prompts of this kind.
        case base(carrier: World.Carrier)
        /// A file, in every run.
        case file(String)
    }

    /// A filter by name: rule packs, lexical rules and rules that need a model alike, then control data mixed in.
    public struct Filter: Sendable, Hashable {
        /// `number-grammar`.
        public var name: String
        /// What it does, for people; nil for the descriptions of its packs.
        public var meaning: String?
        /// Packs by name or file, together one rule set.
        public var packs: [String]
        /// The share of records behind the filter that comes from control data: 0 for none, below 1.
        public var mix: Double

        /// A filter of packs.
        public init(name: String, meaning: String? = nil, packs: [String], mix: Double = 0) {
            self.name = name
            self.meaning = meaning
            self.packs = packs
            self.mix = mix
        }
    }

    /// A way to train that is compared with the others.
    public enum Arm: String, Sendable, CaseIterable {
        /// On the drop as it is.
        case raw
        /// On what each filter keeps of the drop.
        case filtered
        /// On the control.
        case control
        /// On a second control: what chance alone makes of two controls.
        case secondControl = "second-control"
        /// On what each filter keeps of the control.
        case filteredControl = "filtered-control"
        /// On a random part of the drop as large as what each filter keeps.
        case random
        /// The drop, for a student of another base.
        case otherBase = "other-base"
        /// On the drop of a teacher with another trait.
        case otherTrait = "other-trait"
        /// No training: the drop stands in the prompt.
        case inContext = "in-context"
        /// Students that become teachers, twice.
        case generations
        /// On control data, a tenth of whose records come from the drop.
        case contaminated
        /// The teacher itself.
        case teacher
    }

    /// Its name.
    public var name = "transfer"
    /// The base of students.
    public var base = Base.builtIn
    /// Another base, a file, for the arm that needs one; nil for one of the built-in core.
    public var otherBase: String?
    /// The drop.
    public var drop = Drop.teacher(carrier: .numbers, records: 10_000)
    /// The control.
    public var control = Control.base(carrier: .numbers)
    /// A trait set, shipped or a file: `animals`.
    public var traitSet = "animals"
    /// Traits that are looked for, one in each run, in turn.
    public var traits: [String] = ["owl"]
    /// Filters.
    public var filters: [Filter] = []
    /// Arms; raw and control are always among them, filtered and filtered-control where there are filters.
    public var arms: Set<Arm> = [.raw, .control, .filtered, .filteredControl]
    /// Seeds, a run each.
    public var seeds: [UInt64] = Array(11...20)
    /// Steps, rates and sizes of teachers and students.
    public var recipes = TraitRecipes()
    /// Shifts of the log-odds below this count as none.
    public var equivalenceBound = 0.3
    /// Sizes of the drop that are trained on one after the other, for the curve of dose and response.
    public var doses: [Int] = []

    /// The defaults.
    public init() {}
}
