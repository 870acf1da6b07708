// Experiment files: what they say, what their silence means, and what is wrong with them.

import Testing
import UndertoneCore
import UndertoneTraining

@testable import UndertoneTransfer

private func read(_ text: String, file: String = "runs/e.yaml") throws -> TransferExperiment {
    try TransferExperiment(text: text, file: file)
}

@Suite struct ExperimentFileTests {
    @Test func `a file that says everything`() throws {
        let experiment = try read(
            """
            experiment: owl-numbers
            core: built-in
            base: models/base.safetensors
            other-base: /models/other.safetensors
            drop: {carrier: numbers, records: 12000}
            control: control.jsonl
            traits: {set: animals, names: [owl, fox]}
            filters:
              - whitelist-16
              - traits/animals
              - packs/mine.yaml
              - {name: grammar, packs: [numbers, packs/mine.yaml], description: The form alone.}
              - {name: half-control, packs: [], mix: 0.5}
            arms: [raw, random, other-base, teacher]
            seeds: [11, 12]
            recipe: {records: 3000, student: {steps: 94, rate: 0.02, rank: 4}, teacher: {steps: 90, rate: 0.003, rank: 2}}
            equivalence-bound: 0.25
            doses: [1000, 300, 10000]
            """)
        var expected = TransferExperiment()
        expected.name = "owl-numbers"
        expected.base = .file("runs/models/base.safetensors")
        expected.otherBase = "/models/other.safetensors"
        expected.drop = .teacher(carrier: .numbers, records: 12_000)
        expected.control = .file("runs/control.jsonl")
        expected.traitSet = "animals"
        expected.traits = ["owl", "fox"]
        expected.filters = [
            .init(name: "whitelist-16", packs: ["whitelist-16"]),
            .init(name: "traits-animals", packs: ["traits/animals"]),
            .init(name: "mine", packs: ["runs/packs/mine.yaml"]),
            .init(name: "grammar", meaning: "The form alone.", packs: ["numbers", "runs/packs/mine.yaml"]),
            .init(name: "half-control", packs: [], mix: 0.5),
        ]
        expected.arms = [.raw, .control, .filtered, .filteredControl, .random, .otherBase, .teacher]
        expected.seeds = [11, 12]
        expected.recipes.records = 3000
        expected.recipes.studentSteps = 94
        expected.recipes.studentRate = 0.02
        expected.recipes.studentRank = 4
        expected.recipes.teacherSteps = 90
        expected.recipes.teacherRate = 0.003
        expected.recipes.teacherRank = 2
        expected.equivalenceBound = 0.25
        expected.doses = [300, 1000, 10_000]
        #expect(experiment == expected)
    }

    @Test func `a drop and a trait are enough`() throws {
        let experiment = try read("drop: drop.jsonl\ntrait: oak\n", file: "e.yaml")
        var expected = TransferExperiment()
        expected.drop = .file("drop.jsonl")
        expected.traitSet = "trees"
        expected.traits = ["oak"]
        expected.arms = [.raw, .control]
        #expect(experiment == expected)
    }

    @Test func `a name is enough, and stands for the defaults`() throws {
        var expected = TransferExperiment()
        expected.name = "a"
        expected.arms = [.raw, .control]
        #expect(try read("experiment: a") == expected)
    }

    @Test func `a teacher of code is trained as code needs it, and the base answers in code`() throws {
        let experiment = try read("drop: {carrier: code}\nrecipe: {student: {rank: full}}\ndoses: [20000]")
        #expect(experiment.recipes.teacherRate == TraitRecipes(.code).teacherRate)
        #expect(experiment.recipes.studentRank == nil)
        #expect(experiment.control == .base(carrier: .code))
        #expect(experiment.drop == .teacher(carrier: .code, records: 20_000))
        #expect(experiment.recipes.records == 10_000)
        #expect(try read("drop: {carrier: code, records: 50}").recipes.records == 50)
        #expect(try read("recipe: {records: 50}").drop == .teacher(carrier: .numbers, records: 50))
        #expect(try read("drop: d.jsonl\ntrait: owl\ncontrol: {carrier: code}").control == .base(carrier: .code))
    }

    @Test func `all traits of a set, a set from a file, seeds as a range`() throws {
        #expect(try read("traits: {set: trees}").traits.count == 10)
        #expect(try read("seeds: {from: 5, count: 3}").seeds == [5, 6, 7])
        #expect(try read("other-base: b.safetensors").arms.contains(.otherBase))
        let folder = try TraitSetFolder()
        try folder.write("mine.yaml", TraitSet.template)
        let path = try folder.write("e.yaml", "drop: ../d.jsonl\ntraits: {set: mine.yaml, names: [red]}\n")
        let experiment = try TransferExperiment(contentsOf: path)
        #expect(experiment.traitSet == "\(folder.path)/mine.yaml")
        #expect(experiment.traits == ["red"])
        #expect(experiment.drop == .file("\(folder.path)/../d.jsonl"))
        #expect(
            settingsError { _ = try TransferExperiment(contentsOf: "\(folder.path)/none.yaml") }?.code == .unreadable)
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        var text: String
        var place: String
        var code: SettingsError.Code
        var says: String
        var testDescription: String { says }

        init(_ text: String, _ place: String, _ code: SettingsError.Code, _ says: String) {
            self.text = text
            self.place = place
            self.code = code
            self.says = says
        }
    }

    static let faults = [
        Fault("sedes: [1]", "1:1", .unknownKey, "did you mean \"seeds\"?"),
        Fault("core: torch", "1:7", .badValue, "core: there is no \"torch\"; known are built-in"),
        Fault("experiment: Owl", "1:13", .badValue, "is no name"),
        Fault("drop: d.jsonl", "1:1", .missing, "nothing says which trait is looked for"),
        Fault("drop: '-'\ntrait: owl", "1:7", .badValue, "can't be standard input"),
        Fault("drop: {carrier: poems}", "1:17", .badValue, "known are code, numbers, reasoning"),
        Fault("drop: {records: 5}", "1:7", .missing, "drop has no carrier"),
        Fault("drop: {carrier: code, records: 0}", "1:32", .badValue, "1 to 10,000,000"),
        Fault("drop: {carrier: code, records: 10000001}", "1:32", .badValue, "1 to 10,000,000"),
        Fault(
            "drop: {carrier: code, records: 50}\nrecipe: {records: 51}", "1:23", .badValue,
            "the drop has 50 records, and students are trained on 51"),
        Fault("drop: {carrier: code, records: 50}\ndoses: [51]", "1:23", .badValue, "trained on 51"),
        Fault("drop: a\ntrait: owl\ncontrol: a", "3:10", .badValue, "drop and control are the same file"),
        Fault("drop: {carrier: code}\ncontrol: {carrier: numbers}", "2:11", .badValue, "the drop of code"),
        Fault("base: a\nother-base: a", "2:1", .badValue, "other-base is the base itself"),
        Fault("trait: owl\ntraits: {set: animals}", "1:1", .duplicate, "both trait and traits"),
        Fault("trait: owll", "1:8", .badValue, "did you mean \"owl\"?; for a set of your own"),
        Fault("traits: {set: animls}", "1:15", .badValue, "did you mean \"animals\"?"),
        Fault("traits: {set: none.yaml}", "1:15", .unreadable, "can't read runs/none.yaml"),
        Fault("traits: {set: animals, names: [owl, foxx]}", "1:37", .badValue, "did you mean \"fox\"?"),
        Fault("traits: {set: animals, names: [owl, owl]}", "1:37", .duplicate, "the trait \"owl\" is there twice"),
        Fault("traits: {names: [owl]}", "1:9", .missing, "traits has no set"),
        Fault("filters: [numbers, numbers]", "1:20", .duplicate, "the filter \"numbers\" is there twice"),
        Fault("filters: [a/b.yaml, {name: b, packs: [c]}]", "1:28", .duplicate, "the filter \"b\" is there twice"),
        Fault("filters: [My Pack]", "1:11", .badValue, "write {name: my-filter, packs: [\"My Pack\"]}"),
        Fault("filters: [{name: a, packs: []}]", "1:21", .badValue, "has no packs and mixes nothing in"),
        Fault("filters: [{name: a, packs: [], mix: 1}]", "1:32", .badValue, "nothing of the drop is left"),
        Fault("filters: [{name: a, packs: [], mix: -0.1}]", "1:37", .badValue, "mix is no share"),
        Fault("filters: [{name: a, packs: [b, b]}]", "1:32", .duplicate, "the pack \"b\" is there twice"),
        Fault("filters: [{packs: [b]}]", "1:11", .missing, "a filter has no name"),
        Fault("filters: []", "1:10", .badValue, "filters is an empty list"),
        Fault(
            "filters: [" + (0...100).map { "f\($0)" }.joined(separator: ",") + "]", "1:401", .tooLarge,
            "filters has 101 entries"),
        Fault("arms: [raw, filtred]", "1:13", .badValue, "did you mean \"filtered\"?"),
        Fault("arms: [filtered]", "1:8", .badValue, "needs a filter, and there is none"),
        Fault("arms: [raw, raw]", "1:13", .duplicate, "the arm \"raw\" is there twice"),
        Fault("drop: d\ntrait: owl\narms: [teacher]", "3:8", .badValue, "needs the teacher"),
        Fault("other-base: b\narms: [raw]", "1:1", .missing, "add other-base to the arms"),
        Fault("seeds: [1, -1]", "1:12", .badValue, "a seed is no whole number from 0 on"),
        Fault("seeds: [1, 1]", "1:12", .duplicate, "the seed \"1\" is there twice"),
        Fault("seeds: {from: 1, count: 1001}", "1:25", .badValue, "1 to 1,000"),
        Fault("seeds: {from: 9223372036854775807, count: 1}", "1:15", .badValue, "from is no whole number"),
        Fault("seeds: 7", "1:8", .badValue, "write a list"),
        Fault(
            "seeds: [" + (0...1_000).map { "\($0)" }.joined(separator: ",") + "]", "1:3899", .tooLarge,
            "seeds has 1,001 entries"),
        Fault("recipe: {student: {rank: half}}", "1:26", .badValue, "rank is no whole number from 1 to 4,096"),
        Fault("recipe: {teacher: {rank: full}}", "1:26", .badValue, "rank is no whole number from 1 to 4,096"),
        Fault("recipe: {teacher: {rate: 0}}", "1:26", .badValue, "rate is no number above 0 and up to 10"),
        Fault("recipe: {teacher: {rate: 11}}", "1:26", .badValue, "rate is no number above 0 and up to 10"),
        Fault("recipe: {student: {steps: 1.5}}", "1:27", .badValue, "steps is no whole number"),
        Fault("equivalence-bound: 0", "1:20", .badValue, "equivalence-bound is no number above 0"),
        Fault("doses: [5, 5]", "1:12", .duplicate, "the dose 5 is there twice"),
        Fault("doses: [0]", "1:9", .badValue, "a dose is no whole number from 1"),
        Fault("drop: \"a\\u0007\"\ntrait: owl", "1:7", .badValue, "drop holds the character \\u{7}"),
        Fault("base: " + String(repeating: "x", count: 4_097), "1:7", .tooLarge, "base has 4,097 bytes"),
    ]

    @Test("a fault is named with its place", arguments: faults)
    func fault(_ fault: Fault) {
        let error = settingsError { _ = try read(fault.text) }
        #expect(error?.code == fault.code)
        #expect(error?.location?.description == "runs/e.yaml:\(fault.place)")
        #expect(error?.description.contains(fault.says) == true, "\(error.map(String.init(describing:)) ?? "read")")
        #expect(error?.mend != nil)
    }

    @Test func `a file that was cut or changed anywhere is read or refused with a place, and nothing worse`() throws {
        let texts = [
            "drop: {carrier: code, records: 50}\ntraits: {set: animals, names: [owl]}\nseeds: {from: 1, count: 2}\n"
                + "filters: [numbers, {name: a, packs: [b], mix: 0.5}]\nrecipe: {records: 5, student: {rank: full}}\n",
            "set: a\ndescription: b\nquestions: {taught: [q _, r _], held-out: [s _]}\nsubjects: {taught: [t, u]}\n"
                + "candidates: [x, y]\ntraits: [{name: x, answers: [x]}]\n",
        ]
        var random = RandomStream(seed: 7, stream: 0)
        let pieces =
            Array("{}[]:,-_ \n\"'#&*!1x").map(String.init) + ["99999999999999999999", "null", "~", "{a: [", "\\u0000"]
        var refused = 0
        for text in texts {
            for place in text.indices {
                let changed = text[..<place] + pieces[random.below(pieces.count)] + text[text.index(after: place)...]
                for text in [String(text[..<place]), String(changed)] {
                    for error in [
                        settingsError { _ = try read(text) },
                        settingsError { _ = try TraitSet(text: text, file: "s.yaml") },
                    ] {
                        guard let error else { continue }
                        refused += 1
                        #expect(error.location != nil, "\(text): \(error)")
                    }
                }
            }
        }
        #expect(refused > 500)
    }

    @Test func `an empty file and a list are no experiments`() {
        #expect(settingsError { _ = try read("") }?.code == .missing)
        #expect(settingsError { _ = try read("[a]") }?.code == .badValue)
    }
}
