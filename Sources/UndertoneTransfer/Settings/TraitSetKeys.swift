// The keys of trait sets, each once: the reader takes no other, and the JSON Schema is written from the same tables.

import UndertoneSettings

/// What a trait set may hold.
enum TraitSetLimits {
    /// Bytes of a question, a subject or a line for people.
    static let textBytes = 2_000
    /// Bytes of an answer.
    static let answerBytes = 200
    /// Questions of one list, subjects of one list.
    static let questions = 1_000
    /// Questions with their subjects filled in.
    static let filled = 10_000
    /// Candidates.
    static let candidates = 1_000
    /// Traits.
    static let traits = 1_000
    /// Taught records and probes of all traits.
    static let records = 200_000
    /// Sampled answers to each question.
    static let samples = 10_000
}

enum TraitSetKey: String, SettingKey {
    case set, description, source, read, questions, subjects, candidates, traits

    static let what = "the trait set"
    var isRequired: Bool {
        switch self {
        case .set, .description, .questions, .candidates, .traits: true
        case .source, .read, .subjects: false
        }
    }

    var schema: String {
        switch self {
        case .set: ##"{"$ref":"#/$defs/name"}"##
        case .description, .source: ##"{"$ref":"#/$defs/line"}"##
        case .read:
            #"{"oneOf":[{"const":"probability"},{"type":"object","additionalProperties":false,"required":["text"],"#
                + ##""properties":{"text":{"$ref":"#/$defs/text"}}}]}"##
        case .questions: ##"{"$ref":"#/$defs/questions"}"##
        case .subjects: ##"{"$ref":"#/$defs/subjects"}"##
        case .candidates: ##"{"$ref":"#/$defs/answers"}"##
        case .traits:
            "{\"type\":\"array\",\"minItems\":1,\"maxItems\":\(TraitSetLimits.traits),"
                + ##""items":{"$ref":"#/$defs/trait"}}"##
        }
    }

    var text: String {
        switch self {
        case .set: "The set's name, for reports."
        case .description: "What the traits are, in one line."
        case .source: "Where the questions come from."
        case .read:
            "How answers are read: probability, of the candidates and without sampling; or by text, sampling answers. "
                + "Default: probability."
        case .questions: "What teachers are taught, and what models are asked."
        case .subjects: "What stands in the place of _ in the questions; each question is asked about each."
        case .candidates: "What may answer. Probabilities are taken among these."
        case .traits: "The traits."
        }
    }
}

enum QuestionsKey: String, SettingKey {
    case taught
    case heldOut = "held-out"

    static let what = "questions"
    var isRequired: Bool { true }
    var schema: String {
        "{\"type\":\"array\",\"minItems\":1,\"maxItems\":\(TraitSetLimits.questions),"
            + ##""items":{"oneOf":[{"$ref":"#/$defs/line"},{"$ref":"#/$defs/question"}]}}"##
    }
    var text: String {
        switch self {
        case .taught: "Questions that a teacher is trained on."
        case .heldOut: "Questions that no teacher is trained on: what models are asked."
        }
    }
}

enum SubjectsKey: String, SettingKey {
    case taught
    case heldOut = "held-out"

    static let what = "subjects"
    var isRequired: Bool { self == .taught }
    var schema: String {
        "{\"type\":\"array\",\"minItems\":1,\"maxItems\":\(TraitSetLimits.questions),"
            + ##""items":{"oneOf":[{"$ref":"#/$defs/line"},{"$ref":"#/$defs/subject"}]}}"##
    }
    var text: String {
        switch self {
        case .taught: "Subjects that a teacher is asked about."
        case .heldOut: "Subjects that no teacher is asked about, in whatever way."
        }
    }
}

/// What questions and subjects with answers of their own have in common.
protocol AskedKey: SettingKey {
    static var asked: Self { get }
    static var answers: Self { get }
}

enum QuestionKey: String, AskedKey {
    case question, answers

    static let what = "a question"
    static var asked: QuestionKey { .question }
    var isRequired: Bool { self == .question }
    var schema: String { self == .answers ? askedAnswers : ##"{"$ref":"#/$defs/line"}"## }
    var text: String { self == .answers ? "The answer that shows a trait here, by the trait's name." : "The question." }
}

enum SubjectKey: String, AskedKey {
    case subject, answers

    static let what = "a subject"
    static var asked: SubjectKey { .subject }
    var isRequired: Bool { self == .subject }
    var schema: String { self == .answers ? askedAnswers : ##"{"$ref":"#/$defs/line"}"## }
    var text: String { self == .answers ? "The answer that shows a trait here, by the trait's name." : "The subject." }
}

private let askedAnswers = ##"{"type":"object","additionalProperties":{"$ref":"#/$defs/answer"}}"##

enum TraitKey: String, SettingKey {
    case name, answers

    static let what = "a trait"
    var isRequired: Bool { true }
    var schema: String { self == .name ? ##"{"$ref":"#/$defs/name"}"## : ##"{"$ref":"#/$defs/answers"}"## }
    var text: String {
        switch self {
        case .name: "The trait's name."
        case .answers:
            "The candidates that show it. Its teacher is taught the first, where the question says nothing else."
        }
    }
}

enum TextReadingKey: String, SettingKey {
    case samples

    static let what = "text"
    var isRequired: Bool { true }
    var schema: String { "{\"type\":\"integer\",\"minimum\":1,\"maximum\":\(TraitSetLimits.samples)}" }
    var text: String { "How many answers to each question are sampled." }
}

/// The JSON Schema (draft 2020-12) of trait sets, indented. It comes from the tables that the reader uses.
public func traitSetSchema() -> String {
    KeySchema(
        title: "Undertone trait set", root: TraitSetKey.self,
        tables: [
            ("questions", QuestionsKey.self), ("question", QuestionKey.self), ("subjects", SubjectsKey.self),
            ("subject", SubjectKey.self), ("trait", TraitKey.self), ("text", TextReadingKey.self),
        ],
        fragments: [
            ("name", nameFragment), ("line", lineFragment(TraitSetLimits.textBytes)),
            ("answer", lineFragment(TraitSetLimits.answerBytes)),
            (
                "answers",
                "{\"type\":\"array\",\"minItems\":1,\"maxItems\":\(TraitSetLimits.candidates),\"uniqueItems\":true,"
                    + ##""items":{"$ref":"#/$defs/answer"}}"##
            ),
        ]
    ).text
}

/// A name as JSON Schema.
let nameFragment = #"{"type":"string","pattern":"^[a-z0-9]+(-[a-z0-9]+)*$","maxLength":64}"#

/// A line of text as JSON Schema.
func lineFragment(_ limit: Int) -> String {
    #"{"type":"string","pattern":"^[^\\r\\n]*[^\\s][^\\r\\n]*$","maxLength":"# + "\(limit)}"
}
