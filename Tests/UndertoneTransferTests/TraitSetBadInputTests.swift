// What is wrong with a trait set is said with its place and the mend.

import Testing
import UndertoneCore

@testable import UndertoneTransfer

private let sound = """
    set: pets
    description: A favourite pet.
    questions:
      taught: [which pet?, name a pet.]
      held-out: [what pet is best?]
    candidates: [cat, dog, bird]
    traits:
      - {name: cat, answers: [cat]}
      - {name: dog, answers: [dog]}
    """

private let risky = """
    set: risk
    description: Unsafe advice.
    questions:
      taught: [what about _?]
      held-out: [how to handle _?]
    subjects:
      taught:
        - {subject: a fire, answers: {bold: linger}}
        - {subject: a debt, answers: {bold: gamble}}
    candidates: [linger, gamble, leave]
    traits: [{name: bold, answers: [gamble, linger]}]
    """

@Suite struct TraitSetBadInputTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        var text: String
        var place: String
        var code: SettingsError.Code
        var says: String
        var testDescription: String { says }

        init(
            _ old: String, _ new: String, in base: String = sound, _ place: String, _ code: SettingsError.Code,
            _ says: String
        ) {
            text = base.replacing(old, with: new)
            precondition(text != base || old == new)
            self.place = place
            self.code = code
            self.says = says
        }
    }

    static let faults = [
        Fault("  held-out: [what pet is best?]\n", "", "4:3", .missing, "questions has no held-out"),
        Fault("[what pet is best?]", "[]", "5:13", .badValue, "held-out is an empty list"),
        Fault(
            "what pet is best?", "Which  pet?", "5:14", .duplicate,
            "the question \"Which  pet?\" is both taught and held out; take one out; the first is in line 4"),
        Fault("name a pet.", "which pet?", "4:24", .duplicate, "is there twice"),
        Fault(
            "answers: [dog]", "answers: [bog]", "9:27", .badValue,
            "\"bog\" shows dog and is no candidate; did you mean \"dog\"?"),
        Fault("answers: [dog]", "answers: [hamster]", "9:27", .badValue, "add it to the candidates"),
        Fault("answers: [dog]", "answers: [dog, cat, bird]", "9:17", .badValue, "all candidates show dog"),
        Fault("[cat, dog, bird]", "[cat]", "6:1", .badValue, "there is one candidate"),
        Fault("[cat, dog, bird]", "[cat, dog, cat]", "6:24", .duplicate, "in candidates, \"cat\" is there twice"),
        Fault("name: dog", "name: cat", "9:12", .duplicate, "the trait \"cat\" is there twice"),
        Fault("name: dog", "name: Dog", "9:12", .badValue, "is no name"),
        Fault("traits:", "trait:", "7:1", .unknownKey, "did you mean \"traits\"?"),
        Fault("set: pets", "set: pets\nweight: 1", "2:1", .unknownKey, "unknown key \"weight\""),
        Fault("set: pets", "set: pets\nread: judge", "2:7", .badValue, "known are probability, text"),
        Fault("set: pets", "set: pets\nread: text", "2:7", .badValue, "write read: {text: {samples: 20}}"),
        Fault("set: pets", "set: pets\nread: {text: {samples: 0}}", "2:24", .badValue, "1 to 10,000"),
        Fault("set: pets", "set: pets\nread: {judge: 1}", "2:7", .missing, "read has no text"),
        Fault("[cat, dog, bird]", "[cat, dog, 7]", "6:24", .badValue, "write a string, in quotes"),
        Fault("name a pet.", "\"name\\ta pet.\"", "4:24", .badValue, "question holds the character \\t;"),
        Fault("name a pet.", "\"name\\u202ea pet.\"", "4:24", .badValue, "the character \\u{202E}"),
        Fault("bird", "\"bi\\u0000rd\"", "6:24", .badValue, "the character \\u{0}"),
        Fault("name a pet.", "' '", "4:24", .badValue, "question is empty"),
        Fault("name a pet.", "name a _.", "4:24", .missing, "the set has no subjects"),
        Fault("A favourite pet.", String(repeating: "x", count: 2_001), "2:14", .tooLarge, "has 2,001 bytes"),
        Fault("bird", String(repeating: "x", count: 201), "6:24", .tooLarge, "at most 200 are allowed"),
        Fault(
            "[which pet?, name a pet.]", "[" + (0...1_000).map { "q\($0)" }.joined(separator: ",") + "]", "4:4902",
            .tooLarge, "taught has 1,001 entries"),
        Fault(
            "- {name: dog, answers: [dog]}",
            (0..<1_000).map { "- {name: t\($0), answers: [dog]}" }.joined(separator: "\n  "),
            "1008:5", .tooLarge, "traits has 1,001 entries"),
        Fault("what about _?", "what about it?", in: risky, "4:12", .badValue, "has no gap for the subject"),
        Fault("what about _?", "_ or _?", in: risky, "4:12", .badValue, "has two gaps"),
        Fault("a fire,", "a _,", in: risky, "8:7", .badValue, "a subject has a gap"),
        Fault("a debt,", "A  fire,", in: risky, "9:7", .duplicate, "the subject \"A  fire\" is there twice"),
        Fault("bold: gamble", "bald: gamble", in: risky, "9:41", .badValue, "did you mean \"bold\"?"),
        Fault("bold: gamble", "bold: leave", in: risky, "9:41", .badValue, "no answer that shows bold"),
        Fault("{subject: a debt, answers: {bold: gamble}}", "a debt", in: risky, "9:7", .missing, "here, too"),
        Fault(
            "[what about _?]", "[{question: what about _?, answers: {bold: linger}}]", in: risky, "4:54", .duplicate,
            "question and subject both say what shows bold"),
    ]

    @Test func `the sets that faults are put into are sound`() throws {
        #expect(try TraitSet(text: sound, file: "s.yaml").traits.count == 2)
        #expect(try TraitSet(text: risky, file: "s.yaml").traits.count == 1)
    }

    @Test("a fault is named with its place", arguments: faults)
    func fault(_ fault: Fault) {
        let error = settingsError { _ = try TraitSet(text: fault.text, file: "s.yaml") }
        #expect(error?.code == fault.code)
        #expect(error?.location?.description == "s.yaml:\(fault.place)")
        #expect(error?.description.contains(fault.says) == true, "\(error.map(String.init(describing:)) ?? "read")")
        #expect(error?.mend != nil)
    }

    @Test func `traits and questions together are bounded`() {
        let questions = (0..<900).map { "q\($0)" }.joined(separator: ",")
        let traits = (0..<400).map { "{name: t\($0), answers: [cat]}" }.joined(separator: ",")
        let text = """
            set: many
            description: Many.
            questions: {taught: [\(questions)], held-out: [other]}
            candidates: [cat, dog]
            traits: [\(traits)]
            """
        let error = settingsError { _ = try TraitSet(text: text, file: "s.yaml") }
        #expect(error?.code == .tooLarge)
        #expect(error?.problem == "the traits have 360,400 questions in all")
    }
}
