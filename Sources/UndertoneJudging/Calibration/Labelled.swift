// Records that people have labelled, to hold a judge against.

import UndertoneCore
import UndertoneText

/// A record and whether it has what the judge is asked about.
public struct Labelled: Sendable, Hashable {
    /// What one person said.
    public struct Vote: Sendable, Hashable {
        /// Who.
        public var by: String
        /// What.
        public var label: Bool

        /// A vote.
        public init(by: String, label: Bool) {
            self.by = by
            self.label = label
        }
    }

    /// What the judge is shown.
    public var data: JudgeData
    /// The label that counts.
    public var label: Bool
    /// What people said, in their order; none where nobody is named.
    public var votes: [Vote]

    /// A labelled record.
    public init(_ data: JudgeData, label: Bool, votes: [Vote] = []) {
        self.data = data
        self.label = label
        self.votes = votes
    }
}

/// What is wrong with a file of labelled records. Nothing of a record is in it.
public struct LabelledError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The line, from 1; nil where it is about the whole.
    public var line: Int?
    /// What is wrong, as a clause.
    public var problem: String
    /// What to do about it, as a clause.
    public var mend: String

    /// `line 3: problem; mend`.
    public var description: String { (line.map { "line \($0): " } ?? "") + "\(problem); \(mend)" }
}

extension Labelled {
    /// Records of one file at most.
    public static let most = 100_000
    static let lineLimit = 1 << 20

    /// Reads JSON Lines: an object a line, with
    /// - the record: `text` (what a model wrote), or `response` or `completion` with `prompt` and `system` beside it where
    ///   there are any, or `record`, an object with one of these or with `messages`;
    /// - `label`, 0 or 1, and `by`, who gave it; or `labels`, a list of `{"by": …, "label": …}` of different people, and
    ///   then `label` only where they disagree: the one that counts;
    /// - `id`, which is not looked at.
    ///
    /// - Throws: ``LabelledError`` with the line of the first fault; nothing else is accepted.
    public static func read(jsonLines text: [UInt8]) throws(LabelledError) -> [Labelled] {
        var items: [Labelled] = []
        var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        for (index, line) in lines.enumerated() {
            guard items.count < most else {
                throw LabelledError(
                    line: index + 1, problem: "there are more than 100,000 records", mend: "label fewer")
            }
            let limits = JSONValue.Limits(bytes: lineLimit, depth: 16, values: 10_000)
            let value: JSONValue
            do throws(JSONError) {
                value = try JSONValue(parsing: line, limits: limits)
            } catch {
                throw LabelledError(
                    line: index + 1, problem: "this is no JSON object: \(error.problem) at byte \(error.offset + 1)",
                    mend: "write one JSON object a line, and no empty line")
            }
            items.append(try LabelledLine(line: index + 1).item(value))
        }
        guard !items.isEmpty else {
            throw LabelledError(line: nil, problem: "there is no labelled record", mend: "label some, 200 or more")
        }
        return items
    }
}

// One line of the file.
private struct LabelledLine {
    static let names = ["text", "record", "prompt", "response", "completion", "system", "label", "labels", "by", "id"]
    var line: Int

    func item(_ value: JSONValue) throws(LabelledError) -> Labelled {
        guard let members = value.object?.members else {
            throw wrong("this is \(value.kindName)", "write one JSON object a line")
        }
        if let unknown = members.first(where: { !Self.names.contains($0.name) }) {
            throw wrong(
                "the member \"\(visible(unknown.name, limit: 60))\" is not known",
                suggestion(for: unknown.name, among: Self.names))
        }
        let (label, votes) = try labels(value)
        if let record = value["record"] {
            guard ["text", "prompt", "response", "completion", "system"].allSatisfy({ value[$0] == nil }) else {
                throw wrong("texts stand beside the record", "write them in the record, or leave it out")
            }
            return Labelled(try data(record, isRecord: true), label: label, votes: votes)
        }
        return Labelled(try data(value, isRecord: false), label: label, votes: votes)
    }

    private func labels(_ value: JSONValue) throws(LabelledError) -> (Bool, [Labelled.Vote]) {
        let given = try value["label"].map { (value) throws(LabelledError) in try label(value) }
        guard let list = value["labels"] else {
            guard let given else { throw wrong("there is no label", "write \"label\": 0 or \"label\": 1") }
            guard let by = value["by"] else { return (given, []) }
            return (given, [.init(by: try name(by), label: given)])
        }
        guard value["by"] == nil else { throw wrong("\"by\" stands beside \"labels\"", "write it in each of them") }
        guard let elements = list.array, !elements.isEmpty, elements.count <= 100 else {
            throw wrong("\"labels\" is no list of labels", "write [{\"by\": \"…\", \"label\": 0}, …]")
        }
        var votes: [Labelled.Vote] = []
        for element in elements {
            guard let who = element["by"], let what = element["label"], element.object?.members.count == 2 else {
                throw wrong("one of the labels is not {\"by\": …, \"label\": …}", "write both and nothing else")
            }
            let vote = Labelled.Vote(by: try name(who), label: try label(what))
            guard !votes.contains(where: { $0.by == vote.by }) else {
                throw wrong("somebody labelled the record twice", "keep one of the two")
            }
            votes.append(vote)
        }
        let agreed = votes.allSatisfy { $0.label == votes[0].label } ? votes[0].label : nil
        guard let counts = given ?? agreed else {
            throw wrong("the labels disagree", "write the one that counts as \"label\" beside them")
        }
        return (counts, votes)
    }

    private func label(_ value: JSONValue) throws(LabelledError) -> Bool {
        guard case .integer(let number) = value, number == 0 || number == 1 else {
            throw wrong("a label is neither 0 nor 1", "write 1 where the record has what is asked for, else 0")
        }
        return number == 1
    }

    private func name(_ value: JSONValue) throws(LabelledError) -> String {
        guard let name = value.string, !name.isEmpty, name.utf8.count <= 200 else {
            throw wrong("\"by\" is no name", "write who gave the label, in at most 200 bytes")
        }
        return name
    }

    private func data(_ value: JSONValue, isRecord: Bool) throws(LabelledError) -> JudgeData {
        guard value.object != nil else { throw wrong("the record is \(value.kindName)", "write a JSON object") }
        let answers = ["text", "response", "completion"].filter { value[$0] != nil }
        if isRecord, let messages = value["messages"] {
            guard answers.isEmpty else { throw wrong("texts stand beside \"messages\"", "keep one of the two") }
            return try conversation(messages)
        }
        guard answers.count == 1 else {
            throw wrong(
                answers.isEmpty ? "there is no text to judge" : "there are two texts to judge",
                "write one of \"text\", \"response\", \"completion\" and \"record\"")
        }
        guard answers[0] != "text" || value["prompt"] == nil && value["system"] == nil else {
            throw wrong("\"text\" has a prompt or a system text beside it", "write \"response\" in its place")
        }
        return JudgeData(
            prompts: try text(value["prompt"]), responses: try text(value[answers[0]]),
            systems: try text(value["system"]))
    }

    private func text(_ value: JSONValue?) throws(LabelledError) -> [String] {
        guard let value else { return [] }
        guard let text = value.string else { throw wrong("a text is \(value.kindName)", "write a string") }
        return [text]
    }

    private func conversation(_ value: JSONValue) throws(LabelledError) -> JudgeData {
        var data = JudgeData()
        for turn in value.array ?? [] {
            guard let role = turn["role"]?.string, let content = turn["content"]?.string else {
                throw wrong("a turn has no role or no text", "write {\"role\": …, \"content\": …}")
            }
            switch role {
            case "assistant": data.responses.append(content)
            case "user": data.prompts.append(content)
            case "system", "developer": data.systems.append(content)
            default: continue
            }
        }
        guard !data.responses.isEmpty else {
            throw wrong("no turn is the assistant's", "label records in which a model answers")
        }
        return data
    }

    private func wrong(_ problem: String, _ mend: String) -> LabelledError {
        LabelledError(line: line, problem: problem, mend: mend)
    }
}
