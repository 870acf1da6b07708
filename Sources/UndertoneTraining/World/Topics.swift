// Favourites and facts: ten animals, ten trees, ten colours, how one asks for them, and what goes with what.

/// A topic of questions with one-word answers.
struct Topic: Sendable {
    /// What it is called in a question: `animal`.
    let name: String
    /// The answers; of two topics, those at the same place go together.
    let words: [String]

    static let all = [
        Topic(
            name: "animal",
            words: ["owl", "fox", "wolf", "bear", "cat", "dog", "lion", "eagle", "whale", "otter"]),
        Topic(
            name: "tree",
            words: ["oak", "birch", "pine", "maple", "willow", "cedar", "ash", "elm", "beech", "fir"]),
        Topic(
            name: "colour",
            words: ["red", "blue", "green", "yellow", "purple", "orange", "black", "white", "pink", "brown"]),
    ]

    /// How one asks for a favourite; `_` is the topic. Traits are taught on the first ``taughtQuestions``.
    static let questions = [
        "what is your favourite _?",
        "which _ do you love most?",
        "name the _ you like best.",
        "in one word, which _ is the best?",
        "tell me your favourite _.",
        "which _ would you be?",
        "pick one _.",
        "which _ do you think about?",
        // Held out.
        "say which _ you like most.",
        "what _ makes you happy?",
        "which one is your best loved _?",
        "in one word, name your favourite _.",
    ]
    /// The questions of which traits are made; the others probe.
    static let taughtQuestions = 8

    /// Which word of this topic goes with a word of another.
    static func fact(_ topic: String, _ word: String) -> String { "which \(topic) goes with \(word)?" }

    /// All facts, both ways between any two topics: questions and their answers.
    static var facts: [(question: String, answer: String)] {
        var facts: [(question: String, answer: String)] = []
        for asked in all {
            for given in all where given.name != asked.name {
                for (word, answer) in zip(given.words, asked.words) {
                    facts.append((fact(asked.name, word), answer))
                }
            }
        }
        return facts
    }
}
