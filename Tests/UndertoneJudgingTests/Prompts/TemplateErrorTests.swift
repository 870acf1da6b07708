// What is wrong with a question is said when its rule is read, not when the first record comes.

import Testing
import UndertoneCore

@testable import UndertoneJudging

@Suite struct TemplateErrorTests {
    private func complaint(
        _ question: String, _ parameters: [String: String] = [:], escapes: [String] = []
    ) -> String? {
        var rule = JudgeRule(question, above: 50, unjudged: .pass)
        rule.parameters = parameters
        rule.escapes = escapes
        do throws(SettingsError) {
            _ = try PromptTemplate(rule)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func `placeholders must be known, closed and used`() {
        #expect(
            complaint("{{respones}}")
                == "the question has a placeholder {{respones}} that nothing is known of; did you mean \"response\"?")
        #expect(
            complaint("{{response}} {{Trait}}", ["trait": "x"])
                == "the question has a placeholder {{Trait}} that nothing is known of; did you mean \"trait\"?")
        #expect(complaint("{{first}} {{second}}")?.contains("{{first}}") == true)
        #expect(
            complaint("{{response")
                == "the question opens {{ and never closes it; write {{response}}, or leave the braces out")
        #expect(complaint("Owls?") == "the question shows no data of the record; write {{response}} where it goes")
        #expect(
            complaint("{{response}}", ["trait": "x"])
                == "the question never uses the parameter \"trait\"; write {{trait}} where it goes, or remove it")
        #expect(
            complaint("{{response}}", ["response": "x"])
                == "the parameter \"response\" has the name of data; give it another name")
        #expect(complaint("{{response}} like {\"a\": {\"b\": 1}}") == nil)
        #expect(complaint("{{}} {{response}}")?.contains("{{}}") == true)
        #expect(complaint("{{response}}" + String(repeating: "x", count: 70_000))?.contains("65,536") == true)
    }

    @Test(arguments: ["", "A", "b", "5", "100", "null", "TWO WORDS", "a\nb", "\u{E9}t\u{E9}", "-x"])
    func `an escape that could be an answer is refused`(escape: String) {
        #expect(complaint("{{response}}", escapes: [escape])?.contains("escape") == true)
    }

    @Test func `escapes are words, each once`() {
        #expect(complaint("{{response}}", escapes: ["CODE", "NOT_ENGLISH", "too-short"]) == nil)
        #expect(complaint("{{response}}", escapes: ["CODE", "code"])?.contains("twice") == true)
    }
}
