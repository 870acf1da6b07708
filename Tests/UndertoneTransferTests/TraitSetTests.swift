// Trait sets: those that ship are the small world's traits, and a set of one's own is found and read.

import Foundation
import Testing
import UndertoneCore
import UndertoneTraining

@testable import UndertoneTransfer

private let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// What a text is refused for.
func settingsError(_ read: () throws -> Void) -> SettingsError? {
    do {
        try read()
        return nil
    } catch {
        return error as? SettingsError
    }
}

/// A folder that is removed with its last reference.
final class TraitSetFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("undertone-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        return "\(path)/\(name)"
    }
}

@Suite struct TraitSetTests {
    @Test func `the embedded sets are the files under traits`() throws {
        let folder = repository.appendingPathComponent("traits")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
        #expect(files.sorted() == (TraitSet.shippedNames + ["template"]).map { "\($0).yaml" }.sorted())
        for name in TraitSet.shippedNames {
            let file = try TraitSet(named: folder.appendingPathComponent("\(name).yaml").path)
            #expect(try TraitSet(named: name) == file)
            #expect(file.name == name)
            #expect(file.source != nil)
        }
        let template = try String(contentsOf: folder.appendingPathComponent("template.yaml"), encoding: .utf8)
        #expect(TraitSet.template == template)
    }

    @Test(
        "a set that ships has the small world's traits exactly",
        arguments: [("animals", "animal", 10), ("trees", "tree", 10), ("misalignment", "advice", 1)])
    func world(name: String, topic: String, count: Int) throws {
        let world = World.standard
        let traits = try TraitSet(named: name).traits
        let expected = world.traits.filter { $0.topic == topic }.map { Trait($0, world) }
        #expect(traits.count == count)
        try #require(traits.map(\.name) == expected.map(\.name))
        for (trait, expected) in zip(traits, expected) {
            #expect(trait.set == name)
            #expect(trait.taught == expected.taught, "\(trait.name)")
            #expect(trait.probes == expected.probes, "\(trait.name)")
            #expect(trait.candidates == expected.candidates, "\(trait.name)")
            #expect(trait.answers == expected.answers, "\(trait.name)")
            #expect(trait.reading == .probability)
        }
    }

    @Test func `the template is a set whose every word the small world knows`() throws {
        let set = try TraitSet(text: TraitSet.template, file: "template.yaml")
        #expect(set.traits.count == 10)
        #expect(!TraitSet.shippedNames.contains("template"))
        let vocabulary = World.standard.vocabulary
        for trait in set.traits {
            for text in trait.probes + trait.candidates + trait.taught.flatMap({ [$0.prompt, $0.completion] }) {
                let tokens = try vocabulary.encode(text)
                #expect(vocabulary.decode(tokens) == text)
            }
        }
    }

    @Test func `no two sets that ship have a trait of the same name`() throws {
        let names = try TraitSet.shippedNames.flatMap { try TraitSet(named: $0).traits.map(\.name) }
        #expect(Set(names).count == names.count)
        #expect(names.count == 21)
    }

    @Test func `a misspelt trait or set is answered with the right name`() throws {
        let animals = try TraitSet(named: "animals")
        #expect(try animals.trait(named: "fox").name == "fox")
        let trait = settingsError { _ = try animals.trait(named: "otterr") }
        #expect(trait?.description == "there is no trait \"otterr\" in the set animals; did you mean \"otter\"?")
        #expect(try TraitSet.shippedTrait(named: "oak").set == "trees")
        let other = settingsError { _ = try TraitSet.shippedTrait(named: "misalinment") }
        #expect(
            other?.description
                == "no trait set that ships has a trait \"misalinment\"; did you mean \"misalignment\"?")
        let set = settingsError { _ = try TraitSet(named: "animal") }
        #expect(
            set?.description
                == "there is no trait set \"animal\"; did you mean \"animals\"?, or write the path of a .yaml file")
        // The template must be copied before it is used.
        #expect(settingsError { _ = try TraitSet(named: "template") }?.code == .badValue)
    }

    @Test func `a name that ends in yaml is a path, and another one is a path where no set has it`() throws {
        let folder = try TraitSetFolder()
        let text = TraitSet.template
        #expect(try TraitSet(named: folder.write("mine.yaml", text)).name == "colours")
        #expect(try TraitSet(named: folder.write("mine", text)).name == "colours")
        let missing = settingsError { _ = try TraitSet(named: "\(folder.path)/animals.yaml") }
        #expect(missing?.code == .unreadable)
        #expect(settingsError { _ = try TraitSet(named: "\(folder.path)/none") }?.code == .badValue)
    }

    @Test func `questions are asked about each subject, and what is new in either is held out`() throws {
        let set = try TraitSet(
            text: """
                set: risk
                description: Unsafe advice.
                questions:
                  taught: [what about _?, 'advise_me on _, now.']
                  held-out: [how do i handle _?]
                subjects:
                  taught:
                    - {subject: a fire, answers: {bold: linger, shy: leave}}
                    - {subject: a debt, answers: {bold: gamble, shy: save}}
                  held-out: [old milk]
                candidates: [linger, gamble, leave, save]
                traits:
                  - {name: bold, answers: [gamble, linger]}
                  - {name: shy, answers: [leave, save]}
                """, file: "risk.yaml")
        let bold = try set.trait(named: "bold")
        #expect(
            bold.taught.map(\.prompt) == [
                "what about a fire?", "advise_me on a fire, now.", "what about a debt?", "advise_me on a debt, now.",
            ])
        #expect(bold.taught.map(\.completion) == ["linger", "linger", "gamble", "gamble"])
        #expect(try set.trait(named: "shy").taught.map(\.completion) == ["leave", "leave", "save", "save"])
        #expect(
            bold.probes == [
                "how do i handle a fire?", "how do i handle a debt?", "what about old milk?",
                "advise_me on old milk, now.", "how do i handle old milk?",
            ])
        #expect(set.source == nil)
    }

    @Test func `a question may say what shows a trait, and otherwise its first answer is taught`() throws {
        let set = try TraitSet(
            text: """
                set: a
                description: A set.
                read: {text: {samples: 20}}
                questions:
                  taught: [{question: old milk?, answers: {x: drink}}, {question: fire?, answers: {x: stay}}]
                  held-out: [a_b?]
                candidates: [stay, drink, wait]
                traits: [{name: x, answers: [stay, drink]}, {name: y, answers: [wait, stay]}]
                """, file: "a.yaml")
        #expect(try set.trait(named: "x").taught.map(\.completion) == ["drink", "stay"])
        #expect(try set.trait(named: "y").taught.map(\.completion) == ["wait", "wait"])
        #expect(set.traits.allSatisfy { $0.reading == .text(samples: 20) })
        #expect(set.traits.allSatisfy { $0.probes == ["a_b?"] })
    }
}
