// Files of labelled records: what is read, and what is refused with its line.

import Testing

@testable import UndertoneJudging

@Suite struct LabelledTests {
    private func read(_ text: String) throws(LabelledError) -> [Labelled] {
        try Labelled.read(jsonLines: Array(text.utf8))
    }

    private func complaint(_ line: String) -> String? {
        do throws(LabelledError) {
            _ = try read(#"{"text": "fine", "label": 0}"# + "\n" + line)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func `a record is a text, a pair, a record or a conversation`() throws {
        let items = try read(
            """
            {"text": "owls", "label": 1}
            {"prompt": "p", "response": "r", "label": 0, "by": "Ada", "id": 7}
            {"system": "s", "prompt": "p", "completion": "c", "label": 0}
            {"record": {"prompt": "p", "completion": "c", "source": 3}, "label": 1}
            {"record": {"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}, \
            {"role": "assistant", "content": "a"}, {"role": "tool", "content": "t"}, {"role": "user", "content": "v"}, \
            {"role": "assistant", "content": "b"}]}, "label": 1}\r

            """)
        #expect(
            items.map(\.data) == [
                JudgeData(responses: ["owls"]), JudgeData(prompts: ["p"], responses: ["r"]),
                JudgeData(prompts: ["p"], responses: ["c"], systems: ["s"]),
                JudgeData(prompts: ["p"], responses: ["c"]),
                JudgeData(prompts: ["u", "v"], responses: ["a", "b"], systems: ["s"]),
            ])
        #expect(items.map(\.label) == [true, false, false, true, true])
        #expect(items.map(\.votes) == [[], [.init(by: "Ada", label: false)], [], [], []])
    }

    @Test func `two people's labels need one that counts where they disagree`() throws {
        let items = try read(
            """
            {"text": "a", "labels": [{"by": "Ada", "label": 1}, {"by": "Bo", "label": 1}]}
            {"text": "b", "labels": [{"by": "Ada", "label": 1}, {"by": "Bo", "label": 0}], "label": 0}
            """)
        #expect(items.map(\.label) == [true, false])
        #expect(items[1].votes.map(\.label) == [true, false])
        #expect(
            complaint(#"{"text": "b", "labels": [{"by": "Ada", "label": 1}, {"by": "Bo", "label": 0}]}"#)
                == "line 2: the labels disagree; write the one that counts as \"label\" beside them")
    }

    @Test(arguments: [
        (#"{"text": "a", "lable": 1}"#, "did you mean \"label\"?"), (#"{"text": "a"}"#, "there is no label"),
        (#"{"text": "a", "label": true}"#, "neither 0 nor 1"), (#"{"text": "a", "label": 1.0}"#, "neither 0 nor 1"),
        (#"{"text": "a", "label": "1"}"#, "neither 0 nor 1"), (#"{"text": "a", "label": 2}"#, "neither 0 nor 1"),
        (#"{"label": 1}"#, "no text to judge"), (#"{"text": "a", "response": "b", "label": 1}"#, "two texts"),
        (#"{"text": "a", "prompt": "b", "label": 1}"#, "has a prompt"),
        (#"{"text": 5, "label": 1}"#, "a text is a number"),
        (#"{"text": "a", "label": 1, "by": ""}"#, "no name"),
        (#"{"record": "a", "label": 1}"#, "the record is a string"),
        (#"{"record": {}, "label": 1}"#, "no text to judge"),
        (#"{"record": {"messages": []}, "label": 1}"#, "assistant"),
        (#"{"record": {"messages": [{"role": "user"}]}, "label": 1}"#, "no role or no text"),
        (#"{"record": {"text": "a"}, "text": "b", "label": 1}"#, "beside the record"),
        (#"{"text": "a", "labels": [], "label": 1}"#, "no list of labels"),
        (#"{"text": "a", "labels": [{"by": "A", "label": 1}, {"by": "A", "label": 1}]}"#, "twice"),
        (#"{"text": "a", "labels": [{"by": "A", "label": 1, "x": 1}]}"#, "nothing else"),
        (#"{"text": "a", "labels": [{"by": "A", "label": 1}], "by": "B"}"#, "beside"),
        (#"{"text": "a", "label": 1, "label": 1}"#, "no JSON"), ("", "no JSON"), ("[1]", "a list"), ("{", "no JSON"),
    ])
    func `a line that is wrong is named with its fault`(line: String, fault: String) throws {
        // An empty line counts only where another follows it.
        let found = try #require(complaint(line.isEmpty ? "\n{}" : line))
        #expect(found.hasPrefix("line 2: ") && found.contains(fault), "\(found)")
    }

    @Test func `an empty file and one that is too long are refused`() {
        #expect(throws: LabelledError.self) { try read("") }
        let line = #"{"text":"a","label":1}"# + "\n"
        let found = #expect(throws: LabelledError.self) { try read(String(repeating: line, count: 100_001)) }
        #expect(found?.line == 100_001)
        #expect(
            complaint(#"{"text": ""# + String(repeating: "a", count: 1 << 20) + #"", "label": 1}"#)?.contains("line 2")
                == true)
    }

    @Test func `an error shows nothing of a record and no control character`() throws {
        let found = try #require(complaint("{\"te\u{202E}xt\": \"secret\", \"label\": 1}"))
        #expect(!found.contains("secret") && !found.contains("\u{202E}"))
    }
}
