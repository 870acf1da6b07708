// The questions of a trait set: what is taught, what is held out, and each question about each subject.

import UndertoneCore
import UndertoneSettings
import UndertoneText

extension TraitSetReader {
    /// All questions: subject by subject, and of a subject the taught questions first.
    static func questions(_ root: KeyedSettings<TraitSetKey>) throws(SettingsError) -> [AskedQuestion] {
        let lists = try root.required(.questions) { v, k throws(SettingsError) in try KeyedSettings<QuestionsKey>(v) }
        let questions =
            try lists.required(.taught, asked(as: QuestionKey.self, isTaught: true))
            + lists.required(.heldOut, asked(as: QuestionKey.self, isTaught: false))
        try checkSame(questions, "question")
        guard
            let value = try root.optional(
                .subjects, { v, k throws(SettingsError) in try KeyedSettings<SubjectsKey>(v) })
        else {
            for question in questions where parts(question.text).count > 1 {
                throw SettingsError(
                    .missing, at: question.location, "the question has a gap, _, and the set has no subjects",
                    mend: "write the question out, or add subjects: {taught: […], held-out: […]}")
            }
            return questions
        }
        let subjects =
            try value.required(.taught, asked(as: SubjectKey.self, isTaught: true))
            + (value.optional(.heldOut, asked(as: SubjectKey.self, isTaught: false)) ?? [])
        try checkSame(subjects, "subject")
        for subject in subjects where parts(subject.text).count > 1 {
            throw SettingsError(
                .badValue, at: subject.location, "a subject has a gap, _", mend: "gaps belong into questions")
        }
        return try filled(questions, with: subjects)
    }

    private static func filled(
        _ questions: [AskedQuestion], with subjects: [AskedQuestion]
    ) throws(SettingsError) -> [AskedQuestion] {
        guard questions.count * subjects.count <= TraitSetLimits.filled else {
            throw SettingsError(
                .tooLarge, at: subjects[0].location,
                "\(grouped(questions.count)) questions about \(grouped(subjects.count)) subjects are too many",
                mend: "at most \(grouped(TraitSetLimits.filled)) are allowed")
        }
        var templates: [(question: AskedQuestion, parts: [String])] = []
        for question in questions {
            let parts = parts(question.text)
            guard parts.count == 2 else {
                throw SettingsError(
                    .badValue, at: question.location,
                    parts.count == 1 ? "the question has no gap for the subject" : "the question has two gaps",
                    mend: "write _ once, where the subject stands")
            }
            templates.append((question, parts))
        }
        var result: [AskedQuestion] = []
        for subject in subjects {
            for (question, parts) in templates {
                if let name = question.answers.keys.sorted().first(where: { subject.answers[$0] != nil }) {
                    throw SettingsError(
                        .duplicate, at: question.answers[name]?.location,
                        "question and subject both say what shows \(name)", mend: "leave it to one of them")
                }
                result.append(
                    AskedQuestion(
                        text: parts[0] + subject.text + parts[1], isTaught: question.isTaught && subject.isTaught,
                        answers: subject.answers.merging(question.answers) { first, _ in first },
                        location: subject.location))
            }
        }
        try checkSame(result, "question")
        return result
    }

    // A question or subject as a text, or with answers of its own.
    private static func asked<Key: AskedKey>(
        as table: Key.Type, isTaught: Bool
    ) -> (SettingsValue, String) throws(SettingsError) -> [AskedQuestion] {
        { value, key throws(SettingsError) in
            var asked: [AskedQuestion] = []
            for item in try Reading.items(value, key, limit: TraitSetLimits.questions) {
                var question = AskedQuestion(text: "", isTaught: isTaught, answers: [:], location: item.location)
                if case .map = item.content {
                    let keys = try KeyedSettings<Key>(item)
                    question.text = try keys.required(Key.asked, line)
                    if let value = keys[Key.answers] {
                        for member in try MappingReader(value, "answers").members {
                            question.answers[member.key] = try Reading.text(
                                member.value, "the answer of \(visible(member.key, limit: 64))",
                                limit: TraitSetLimits.answerBytes)
                        }
                    }
                } else {
                    question.text = try line(item, Key.asked.rawValue)
                }
                asked.append(question)
            }
            return asked
        }
    }

    private static func line(_ value: SettingsValue, _ key: String) throws(SettingsError) -> String {
        try Reading.text(value, key, limit: TraitSetLimits.textBytes).text
    }

    // Two questions that differ by case or white space alone are the same: a probe must be new.
    private static func checkSame(_ questions: [AskedQuestion], _ what: String) throws(SettingsError) {
        var first: [String: AskedQuestion] = [:]
        for question in questions {
            let identity = question.text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
            guard let other = first.updateValue(question, forKey: identity) else { continue }
            let shown = "the \(what) \"\(visible(question.text, limit: 80))\" is"
            throw SettingsError(
                .duplicate, at: question.location,
                other.isTaught == question.isTaught ? "\(shown) there twice" : "\(shown) both taught and held out",
                mend: "take one out; the first is in line \(other.location.line)")
        }
    }

    // The text around gaps: a `_` that is no part of a word.
    private static func parts(_ text: String) -> [String] {
        var parts = [""]
        let characters = Array(text)
        func isWord(_ place: Int) -> Bool {
            characters.indices.contains(place)
                && (characters[place].isLetter || characters[place].isNumber || characters[place] == "_")
        }
        for (place, character) in characters.enumerated() {
            if character == "_", !isWord(place - 1), !isWord(place + 1) {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        return parts
    }
}
