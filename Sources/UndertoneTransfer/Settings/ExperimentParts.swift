// The parts of an experiment file: filters, arms, seeds, recipe, doses.

import UndertoneCore
import UndertoneSettings
import UndertoneText

extension ExperimentReader {
    // MARK: - Filters and arms

    func filters(_ value: SettingsValue, _ key: String) throws(SettingsError) -> [TransferExperiment.Filter] {
        var filters: [TransferExperiment.Filter] = []
        var names: [PlacedText] = []
        for item in try Reading.items(value, key, limit: ExperimentLimits.filters) {
            let (filter, location) = try filter(item)
            filters.append(filter)
            names.append(PlacedText(text: filter.name, location: location))
        }
        try Reading.checkUnique(names, "the filter")
        return filters
    }

    private func filter(
        _ value: SettingsValue
    ) throws(SettingsError) -> (TransferExperiment.Filter, at: SourceLocation) {
        guard case .map = value.content else {
            let pack = try nameOrPath(value, "a filter")
            let name = nameOfFilter(of: pack)
            guard Reading.isKebabCase(name) else {
                throw SettingsError(
                    .badValue, at: value.location, "\"\(visible(name, limit: 64))\" is no name of a filter",
                    mend: "write {name: my-filter, packs: [\"\(visible(pack, limit: 200))\"]}")
            }
            return (TransferExperiment.Filter(name: name, packs: [pack]), value.location)
        }
        let keys = try KeyedSettings<FilterKey>(value)
        let name = try keys.required(.name, Reading.name)
        let packs = try keys.required(.packs, packs)
        let mix = try keys.optional(.mix, Reading.share) ?? 0
        guard mix < 1 else {
            throw SettingsError(
                .badValue, at: keys.place(.mix), "nothing of the drop is left where mix is 1",
                mend: "write a number below 1, as in 0.5")
        }
        guard mix > 0 || !packs.isEmpty else {
            throw SettingsError(
                .badValue, at: keys.place(.packs), "the filter \(name.text) has no packs and mixes nothing in",
                mend: "name a pack, or write mix: 0.5")
        }
        let filter = TransferExperiment.Filter(
            name: name.text,
            meaning: try keys.optional(.description) { v, k throws(SettingsError) in
                try Reading.text(v, k, limit: ExperimentLimits.textBytes).text
            }, packs: packs, mix: mix)
        return (filter, name.location)
    }

    private func packs(_ value: SettingsValue, _ key: String) throws(SettingsError) -> [String] {
        if case .list(let items) = value.content, items.isEmpty { return [] }
        var packs: [PlacedText] = []
        for item in try Reading.items(value, key, limit: ExperimentLimits.packs) {
            packs.append(PlacedText(text: try nameOrPath(item, key), location: item.location))
        }
        try Reading.checkUnique(packs, "the pack")
        return packs.map(\.text)
    }

    // `traits/animals` is traits-animals, and `packs/mine.yaml` is mine.
    private func nameOfFilter(of pack: String) -> String {
        guard looksLikePath(pack) else { return String(pack.map { $0 == "/" ? "-" : $0 }) }
        let name = pack.split(separator: "/").last ?? ""
        return String(name[..<(name.lastIndex(of: ".") ?? name.endIndex)])
    }

    func readArms(into experiment: inout TransferExperiment) throws(SettingsError) {
        typealias Arm = TransferExperiment.Arm
        var arms: Set<Arm> = [.raw, .control]
        if !experiment.filters.isEmpty { arms.formUnion([.filtered, .filteredControl]) }
        if let value = keys[.arms] {
            var names: [PlacedText] = []
            for item in try Reading.items(value, "arms", limit: Arm.allCases.count) {
                let arm = try Reading.word(item, "arms", of: Arm.self)
                names.append(PlacedText(text: arm.rawValue, location: item.location))
                try check(arm, at: item.location, experiment)
                arms.insert(arm)
            }
            try Reading.checkUnique(names, "the arm")
            if experiment.otherBase != nil, !arms.contains(.otherBase) {
                throw SettingsError(
                    .missing, at: keys.place(.otherBase), "other-base is given, and arms has no other-base",
                    mend: "add other-base to the arms")
            }
        } else if experiment.otherBase != nil {
            arms.insert(.otherBase)
        }
        experiment.arms = arms
    }

    private func check(
        _ arm: TransferExperiment.Arm, at location: SourceLocation, _ experiment: TransferExperiment
    ) throws(SettingsError) {
        switch arm {
        case .filtered, .filteredControl, .random:
            guard experiment.filters.isEmpty else { return }
            throw SettingsError(
                .badValue, at: location, "the arm \(arm.rawValue) needs a filter, and there is none",
                mend: "write filters: [whitelist-16], or take the arm out")
        case .teacher:
            guard case .file = experiment.drop else { return }
            throw SettingsError(
                .badValue, at: location, "the arm teacher needs the teacher, and the drop is a file",
                mend: "write drop: {carrier: numbers}, or take the arm out")
        default: return
        }
    }

    // MARK: - Numbers

    static func seeds(_ value: SettingsValue, _ key: String) throws(SettingsError) -> [UInt64] {
        if case .map = value.content {
            let keys = try KeyedSettings<SeedsKey>(value)
            let count = try keys.required(.count) { v, k throws(SettingsError) in
                try Reading.whole(v, k, in: 1...ExperimentLimits.seeds)
            }
            let first = try keys.required(.from) { v, k throws(SettingsError) in
                try Reading.whole(v, k, in: 0...(.max - ExperimentLimits.seeds))
            }
            return (first..<(first + count)).map { UInt64($0) }
        }
        var seeds: [PlacedText] = []
        var numbers: [UInt64] = []
        for item in try Reading.items(value, key, limit: ExperimentLimits.seeds) {
            let seed = try Reading.whole(item, "a seed", in: 0...Int.max)
            seeds.append(PlacedText(text: String(seed), location: item.location))
            numbers.append(UInt64(seed))
        }
        try Reading.checkUnique(seeds, "the seed")
        return numbers
    }

    static func records(_ value: SettingsValue, _ key: String) throws(SettingsError) -> Int {
        try Reading.whole(value, key, in: 1...ExperimentLimits.records)
    }

    /// Sizes from the smallest on.
    static func doses(_ value: SettingsValue, _ key: String) throws(SettingsError) -> [Int] {
        var doses: [Int] = []
        for item in try Reading.items(value, key, limit: ExperimentLimits.doses) {
            let dose = try records(item, "a dose")
            guard !doses.contains(dose) else {
                throw SettingsError(
                    .duplicate, at: item.location, "the dose \(grouped(dose)) is there twice", mend: "take one out")
            }
            doses.append(dose)
        }
        return doses.sorted()
    }

    func readRecipe(_ recipe: KeyedSettings<RecipeKey>, into recipes: inout TraitRecipes) throws(SettingsError) {
        if let value = recipe[.student] {
            let student = try KeyedSettings<StudentKey>(value)
            recipes.studentSteps = try student.optional(.steps, steps) ?? recipes.studentSteps
            recipes.studentRate = try student.optional(.rate, rate) ?? recipes.studentRate
            if let rank = student[.rank] {
                if case .string("full") = rank.content {
                    recipes.studentRank = nil
                } else {
                    recipes.studentRank = try self.rank(rank, "rank")
                }
            }
        }
        if let value = recipe[.teacher] {
            let teacher = try KeyedSettings<TeacherKey>(value)
            recipes.teacherSteps = try teacher.optional(.steps, steps) ?? recipes.teacherSteps
            recipes.teacherRate = try teacher.optional(.rate, rate) ?? recipes.teacherRate
            recipes.teacherRank = try teacher.optional(.rank, rank) ?? recipes.teacherRank
        }
    }

    private func steps(_ value: SettingsValue, _ key: String) throws(SettingsError) -> Int {
        try Reading.whole(value, key, in: 1...ExperimentLimits.steps)
    }

    private func rate(_ value: SettingsValue, _ key: String) throws(SettingsError) -> Double {
        try Reading.positive(value, key, upTo: ExperimentLimits.rate)
    }

    private func rank(_ value: SettingsValue, _ key: String) throws(SettingsError) -> Int {
        try Reading.whole(value, key, in: 1...ExperimentLimits.rank)
    }
}
