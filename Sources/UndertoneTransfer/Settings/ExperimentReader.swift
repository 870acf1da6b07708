// Experiment files: YAML to TransferExperiment. Every complaint names the place and the mend (docs/transfer-file.md).
//
//     let experiment = try TransferExperiment(contentsOf: "experiments/owl.yaml")

public import UndertoneCore
import UndertoneSettings
import UndertoneText
import UndertoneTraining

extension TransferExperiment {
    /// Reads an experiment file. Paths in it are relative to its folder; those of the result are relative to the current one.
    ///
    /// The trait set that it names is read, too, so that a trait's misspelt name is found at once.
    ///
    /// - Throws: ``SettingsError`` where a file can't be read, and for an unknown key, a value out of range, a name that is
    ///   there twice, settings that contradict each other.
    public init(contentsOf path: String) throws(SettingsError) {
        try self.init(text: SettingsFile.text(of: path), file: path)
    }

    /// Reads the text of an experiment file; places say `file`, and paths are relative to its folder.
    ///
    /// - Throws: ``SettingsError`` as ``init(contentsOf:)``.
    public init(text: String, file: String) throws(SettingsError) {
        self.init()
        let reader = ExperimentReader(
            file: file, keys: try KeyedSettings<ExperimentKey>(SettingsText.value(of: text, file: file)))
        _ = try reader.keys.optional(.core) { v, k throws(SettingsError) in try Reading.word(v, k, of: Core.self) }
        if let given = try reader.keys.optional(.experiment, Reading.name) { name = given.text }
        try reader.readBase(into: &self)
        try reader.readDrop(into: &self)
        try reader.readControl(into: &self)
        try reader.readTraits(into: &self)
        if let filters = try reader.keys.optional(.filters, reader.filters) { self.filters = filters }
        try reader.readArms(into: &self)
        if let seeds = try reader.keys.optional(.seeds, ExperimentReader.seeds) { self.seeds = seeds }
        if let bound = try reader.keys.optional(
            .equivalenceBound,
            { v, k throws(SettingsError) in try Reading.positive(v, k, upTo: ExperimentLimits.bound) })
        {
            equivalenceBound = bound
        }
    }

    private enum Core: String, CaseIterable { case builtIn = "built-in" }
}

struct ExperimentReader {
    /// As the user named it.
    let file: String
    let keys: KeyedSettings<ExperimentKey>

    /// A path of the file as seen from the current folder.
    func path(_ value: SettingsValue, _ key: String) throws(SettingsError) -> String {
        let path = try Reading.text(value, key, limit: ExperimentLimits.pathBytes)
        guard path.text != "-" else {
            throw SettingsError(
                .badValue, at: path.location, "\(key) can't be standard input, which is read once only",
                mend: "name a file")
        }
        return resolved(path.text)
    }

    /// A name as it stands, or a path of the file as seen from the current folder, as ``looksLikePath(_:)`` decides.
    func nameOrPath(_ value: SettingsValue, _ key: String) throws(SettingsError) -> String {
        let word = try Reading.text(value, key, limit: ExperimentLimits.pathBytes).text
        return looksLikePath(word) ? resolved(word) : word
    }

    private func resolved(_ path: String) -> String {
        guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
        return file[...slash] + path
    }

    // MARK: - Models and data

    func readBase(into experiment: inout TransferExperiment) throws(SettingsError) {
        if let base = keys[.base], base.word != "built-in" { experiment.base = .file(try path(base, "base")) }
        experiment.otherBase = try keys.optional(.otherBase, path)
        if let other = experiment.otherBase, experiment.base == .file(other) {
            throw SettingsError(
                .badValue, at: keys.place(.otherBase), "other-base is the base itself",
                mend: "name a model that was initialised by itself")
        }
    }

    /// The drop, the recipe and the doses, which must fit together.
    func readDrop(into experiment: inout TransferExperiment) throws(SettingsError) {
        let recipe = try keys.optional(.recipe) { v, k throws(SettingsError) in try KeyedSettings<RecipeKey>(v) }
        let given = try recipe?.optional(.records, ExperimentReader.records)
        experiment.doses = try keys.optional(.doses, ExperimentReader.doses) ?? []
        if let drop = keys[.drop], case .map = drop.content {
            let made = try KeyedSettings<DropKey>(drop)
            let carrier = try made.required(.carrier) { v, k throws(SettingsError) in
                try Reading.word(v, k, of: World.Carrier.self)
            }
            experiment.recipes = TraitRecipes(carrier)
            let needed = max(given ?? 0, experiment.doses.last ?? 0)
            let records = try made.optional(.records, ExperimentReader.records)
            if let records, records < needed {
                throw SettingsError(
                    .badValue, at: made.place(.records),
                    "the drop has \(grouped(records)) records, and students are trained on \(grouped(needed))",
                    mend: "raise records of the drop, or lower those of recipe and doses")
            }
            experiment.recipes.records = given ?? records ?? experiment.recipes.records
            experiment.drop = .teacher(carrier: carrier, records: records ?? max(experiment.recipes.records, needed))
        } else if let drop = keys[.drop] {
            experiment.drop = .file(try path(drop, "drop"))
            experiment.recipes.records = given ?? experiment.recipes.records
        } else {
            experiment.recipes.records = given ?? experiment.recipes.records
            let records = max(experiment.recipes.records, experiment.doses.last ?? 0)
            experiment.drop = .teacher(carrier: .numbers, records: records)
        }
        if let recipe { try readRecipe(recipe, into: &experiment.recipes) }
    }

    func readControl(into experiment: inout TransferExperiment) throws(SettingsError) {
        var carrier = World.Carrier.numbers
        if case .teacher(let made, _) = experiment.drop { carrier = made }
        experiment.control = .base(carrier: carrier)
        guard let value = keys[.control], value.word != "base" else { return }
        if case .map = value.content {
            let control = try KeyedSettings<ControlKey>(value)
            let given = try control.required(.carrier) { v, k throws(SettingsError) in
                try Reading.word(v, k, of: World.Carrier.self)
            }
            if case .teacher = experiment.drop, given != carrier {
                throw SettingsError(
                    .badValue, at: control.place(.carrier),
                    "the control consists of \(given.rawValue) and the drop of \(carrier.rawValue)",
                    mend: "leave control out: the base then writes what the teacher writes")
            }
            experiment.control = .base(carrier: given)
            return
        }
        let control = try path(value, "control")
        guard experiment.drop != .file(control) else {
            throw SettingsError(
                .badValue, at: value.location, "drop and control are the same file",
                mend: "the control is data of the unmodified base; write control: base to have it written")
        }
        experiment.control = .file(control)
    }

    // MARK: - Traits

    func readTraits(into experiment: inout TransferExperiment) throws(SettingsError) {
        if let value = keys[.traits] {
            guard keys[.trait] == nil else {
                throw SettingsError(
                    .duplicate, at: keys.place(.trait), "the experiment has both trait and traits",
                    mend: "keep one of them")
            }
            let traits = try KeyedSettings<TraitsKey>(value)
            let name = try traits.required(.set, nameOrPath)
            let set = try TraitSet(named: name, for: traits[.set]?.location)
            experiment.traitSet = name
            guard let names = try traits.optional(.names, ExperimentReader.names) else {
                experiment.traits = set.traits.map(\.name)
                return
            }
            for name in names { _ = try set.trait(named: name.text, for: name.location) }
            experiment.traits = names.map(\.text)
        } else if let name = try keys.optional(.trait, Reading.name) {
            do {
                experiment.traitSet = try TraitSet.shippedTrait(named: name.text, for: name.location).set
            } catch {
                throw SettingsError(
                    error.code, at: error.location, error.problem,
                    mend: (error.mend.map { "\($0); " } ?? "") + "for a set of your own write "
                        + "traits: {set: FILE.yaml, names: [\(name.text)]}")
            }
            experiment.traits = [name.text]
        } else if case .file = experiment.drop {
            throw SettingsError(
                .missing, at: keys.place(.drop), "nothing says which trait is looked for in the drop",
                mend: "write trait: owl, or traits: {set: animals} for all of a set")
        }
    }

    private static func names(_ value: SettingsValue, _ key: String) throws(SettingsError) -> [PlacedText] {
        var names: [PlacedText] = []
        for item in try Reading.items(value, key, limit: ExperimentLimits.traits) {
            names.append(try Reading.name(item, key))
        }
        try Reading.checkUnique(names, "the trait")
        return names
    }
}

extension SettingsValue {
    /// The text of a string.
    fileprivate var word: String? {
        if case .string(let text) = content { Reading.trimmed(text) } else { nil }
    }
}
