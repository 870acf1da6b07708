// The keys of experiment files, each once: the reader takes no other, and the JSON Schema is written from the same tables.

import UndertoneSettings
import UndertoneTraining

/// What an experiment file may ask for.
enum ExperimentLimits {
    /// Bytes of a path.
    static let pathBytes = 4_096
    /// Bytes of a line for people.
    static let textBytes = 2_000
    /// Seeds.
    static let seeds = 1_000
    /// Traits.
    static let traits = 1_000
    /// Filters.
    static let filters = 100
    /// Packs of a filter.
    static let packs = 100
    /// Sizes of a drop.
    static let doses = 100
    /// Records of a drop.
    static let records = 10_000_000
    /// Training steps of a model.
    static let steps = 10_000_000
    /// Rank of adapters.
    static let rank = 4_096
    /// Learning rate.
    static let rate = 10.0
    /// Bounds of equivalence, in log-odds.
    static let bound = 10.0
}

enum ExperimentKey: String, SettingKey {
    case experiment, core, base
    case otherBase = "other-base"
    case drop, control, traits, trait, filters, arms, seeds, recipe
    case equivalenceBound = "equivalence-bound"
    case doses

    static let what = "the experiment"
    // A drop from a file carries what nobody knows, so the file must say what is looked for.
    static let together =
        #""not":{"required":["trait","traits"]},"if":{"required":["drop"],"properties":{"drop":{"type":"string"}}},"#
        + #""then":{"anyOf":[{"required":["trait"]},{"required":["traits"]}]}"#

    var schema: String {
        switch self {
        case .experiment, .trait: ##"{"$ref":"#/$defs/name"}"##
        case .core: #"{"const":"built-in"}"#
        case .base, .otherBase: ##"{"$ref":"#/$defs/path"}"##
        case .drop: ##"{"oneOf":[{"$ref":"#/$defs/path"},{"$ref":"#/$defs/drop"}]}"##
        case .control: ##"{"oneOf":[{"$ref":"#/$defs/path"},{"$ref":"#/$defs/control"}]}"##
        case .traits: ##"{"$ref":"#/$defs/traits"}"##
        case .filters:
            "{\"type\":\"array\",\"minItems\":1,\"maxItems\":\(ExperimentLimits.filters),"
                + ##""items":{"oneOf":[{"$ref":"#/$defs/path"},{"$ref":"#/$defs/filter"}]}}"##
        case .arms:
            #"{"type":"array","minItems":1,"uniqueItems":true,"items":"#
                + enumFragment(TransferExperiment.Arm.allCases.map(\.rawValue)) + "}"
        case .seeds:
            "{\"oneOf\":[{\"type\":\"array\",\"minItems\":1,\"maxItems\":\(ExperimentLimits.seeds),"
                + ##""uniqueItems":true,"items":{"type":"integer","minimum":0}},{"$ref":"#/$defs/seeds"}]}"##
        case .recipe: ##"{"$ref":"#/$defs/recipe"}"##
        case .equivalenceBound: numberFragment(ExperimentLimits.bound)
        case .doses:
            "{\"type\":\"array\",\"minItems\":1,\"maxItems\":\(ExperimentLimits.doses),"
                + ##""uniqueItems":true,"items":{"$ref":"#/$defs/records"}}"##
        }
    }

    var text: String {
        switch self {
        case .experiment: "The experiment's name, for reports. Default: transfer."
        case .core: "What trains models: built-in."
        case .base:
            "The model that students begin with: built-in makes one for each seed; or a file. Default: built-in."
        case .otherBase: "Another base, a file, for the arm other-base. Default: one of the built-in core."
        case .drop:
            "The data in question: a file, or carrier and records, and a teacher is made for each seed. "
                + "Default: numbers of a made teacher."
        case .control: "Data without the trait: base, which writes it; or a file. Default: base."
        case .traits: "What is looked for: some traits of a set, or all of it, one in each run, in turn."
        case .trait: "What is looked for: one trait of a set that ships. Default: owl, where the drop is made."
        case .filters: "Filters to compare: packs by name or file, or mappings."
        case .arms:
            "Ways to train. raw and control are always among them, filtered and filtered-control where there are "
                + "filters. Default: these."
        case .seeds: "Seeds, a run each. Default: 11 to 20."
        case .recipe: "Sizes, steps, rates and ranks."
        case .equivalenceBound: "Shifts of the log-odds below this count as none. Default: 0.3."
        case .doses: "Numbers of records to train on one after the other, for the curve of dose and response."
        }
    }
}

enum DropKey: String, SettingKey {
    case carrier, records

    static let what = "drop"
    var isRequired: Bool { self == .carrier }
    var schema: String { self == .carrier ? carrierFragment : ##"{"$ref":"#/$defs/records"}"## }
    var text: String {
        switch self {
        case .carrier: "What the teacher writes."
        case .records: "How many records are kept. Default: as many as the recipe and the doses need."
        }
    }
}

enum ControlKey: String, SettingKey {
    case carrier

    static let what = "control"
    var isRequired: Bool { true }
    var schema: String { carrierFragment }
    var text: String { "What the base writes, where the drop is a file. Default: numbers." }
}

enum TraitsKey: String, SettingKey {
    case set, names

    static let what = "traits"
    var isRequired: Bool { self == .set }
    var schema: String {
        self == .set
            ? ##"{"$ref":"#/$defs/path"}"##
            : "{\"type\":\"array\",\"minItems\":1,\"maxItems\":\(ExperimentLimits.traits),"
                + ##""uniqueItems":true,"items":{"$ref":"#/$defs/name"}}"##
    }
    var text: String {
        self == .set ? "A trait set by name, or a .yaml file." : "Traits of the set. Default: all of them."
    }
}

enum FilterKey: String, SettingKey {
    case name, description, packs, mix

    static let what = "a filter"
    var isRequired: Bool { self == .name || self == .packs }
    var schema: String {
        switch self {
        case .name: ##"{"$ref":"#/$defs/name"}"##
        case .description: ##"{"$ref":"#/$defs/line"}"##
        case .packs:
            "{\"type\":\"array\",\"maxItems\":\(ExperimentLimits.packs),\"uniqueItems\":true,"
                + ##""items":{"$ref":"#/$defs/path"}}"##
        case .mix: #"{"type":"number","minimum":0,"exclusiveMaximum":1}"#
        }
    }
    var text: String {
        switch self {
        case .name: "The filter's name, for reports."
        case .description: "What it does, in one line. Default: what its packs say."
        case .packs: "Rule packs by name or file, together one rule set; empty where nothing is filtered but mixed."
        case .mix: "The share of records behind the filter that comes from control data. Default: 0."
        }
    }
}

enum SeedsKey: String, SettingKey {
    case from, count

    static let what = "seeds"
    var isRequired: Bool { true }
    var schema: String {
        self == .from
            ? #"{"type":"integer","minimum":0}"#
            : "{\"type\":\"integer\",\"minimum\":1,\"maximum\":\(ExperimentLimits.seeds)}"
    }
    var text: String { self == .from ? "The first seed." : "How many." }
}

enum RecipeKey: String, SettingKey {
    case records, student, teacher

    static let what = "recipe"
    var schema: String {
        self == .records ? ##"{"$ref":"#/$defs/records"}"## : "{\"$ref\":\"#/$defs/\(rawValue)\"}"
    }
    var text: String {
        switch self {
        case .records: "How many records of a drop a student is trained on. Default: 10000."
        case .student: "How students are trained."
        case .teacher: "How teachers are trained."
        }
    }
}

/// The keys of a student's and a teacher's recipe.
protocol ModelRecipeKey: SettingKey {
    static var steps: Self { get }
    static var rate: Self { get }
    static var rank: Self { get }
}

enum StudentKey: String, ModelRecipeKey {
    case steps, rate, rank

    static let what = "student"
    var schema: String {
        self == .rank ? "{\"oneOf\":[{\"const\":\"full\"},\(recipeFragment(self))]}" : recipeFragment(self)
    }
    var text: String {
        self == .rank ? "Rank of its adapters; full trains all parameters. Default: 8." : recipeText(self)
    }
}

enum TeacherKey: String, ModelRecipeKey {
    case steps, rate, rank

    static let what = "teacher"
    var schema: String { recipeFragment(self) }
    var text: String { self == .rank ? "Rank of its adapters. Default: 8." : recipeText(self) }
}

private func recipeFragment<Key: ModelRecipeKey>(_ key: Key) -> String {
    if key == .rate { return numberFragment(ExperimentLimits.rate) }
    return "{\"type\":\"integer\",\"minimum\":1,\"maximum\":"
        + "\(key == .steps ? ExperimentLimits.steps : ExperimentLimits.rank)}"
}

private func recipeText<Key: ModelRecipeKey>(_ key: Key) -> String {
    key == .steps ? "Steps of 64 records." : "Learning rate at the first step."
}

private func numberFragment(_ limit: Double) -> String {
    "{\"type\":\"number\",\"exclusiveMinimum\":0,\"maximum\":\(Int(limit))}"
}

private func enumFragment(_ words: [String]) -> String {
    "{\"enum\":[" + words.map { "\"\($0)\"" }.joined(separator: ",") + "]}"
}

private let carrierFragment = enumFragment(World.Carrier.allCases.map(\.rawValue))

/// The JSON Schema (draft 2020-12) of experiment files, indented. It comes from the tables that the reader uses.
public func transferExperimentSchema() -> String {
    KeySchema(
        title: "Undertone transfer experiment", root: ExperimentKey.self,
        tables: [
            ("drop", DropKey.self), ("control", ControlKey.self), ("traits", TraitsKey.self),
            ("filter", FilterKey.self), ("seeds", SeedsKey.self), ("recipe", RecipeKey.self),
            ("student", StudentKey.self), ("teacher", TeacherKey.self),
        ],
        fragments: [
            ("name", nameFragment), ("line", lineFragment(ExperimentLimits.textBytes)),
            ("path", lineFragment(ExperimentLimits.pathBytes)),
            ("records", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":\(ExperimentLimits.records)}"),
        ]
    ).text
}
