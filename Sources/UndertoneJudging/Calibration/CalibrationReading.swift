// Reads a calibration back from its JSON, and believes nothing that does not follow from its items.

import UndertoneStatistics
import UndertoneText

/// A stored calibration that can't be read.
public struct CalibrationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Where, as a JSON Pointer (RFC 6901); empty for the whole.
    public var place: String
    /// What is wrong, as a clause.
    public var problem: String
    /// What to do about it, as a clause.
    public var mend = "calibrate the judge again, or take the file as it was written"

    /// `/items/3: problem; mend`.
    public var description: String { (place.isEmpty ? "" : place + ": ") + "\(problem); \(mend)" }
}

extension CalibrationReport {
    /// Reads what `write(to:)` writes. Every member must be there and none besides, and all figures must follow from the
    /// items; white space and the spelling of strings don't matter.
    ///
    /// - Parameter json: the document, in UTF-8, of at most 64 MB.
    public init(json text: some Sequence<UInt8>) throws(CalibrationError) {
        let root = try parsed(text)
        guard root["calibration"] != nil, root["items"] != nil else {
            throw CalibrationError(
                place: "", problem: "this is no calibration", mend: "name the file of `undertone judge calibrate`")
        }
        guard root["schema"]?.integer == calibrationSchema else {
            throw CalibrationError(
                place: "/schema", problem: "this program reads version \(calibrationSchema)",
                mend: "use the program that wrote it")
        }
        let record = try CalibrationRecord(root["calibration"] ?? .null, place: "/calibration")
        guard let meetsEscaped = root["meets_escaped"]?.boolean else {
            throw missing("/meets_escaped", "true or false")
        }
        guard let seed = root["seed"]?.string.flatMap({ UInt64($0) }) else {
            throw missing("/seed", "a seed in quotes")
        }
        guard let elements = root["items"]?.array, elements.count <= Labelled.most else {
            throw missing("/items", "a list of at most 100,000")
        }
        var items: [Item] = []
        for (index, element) in elements.enumerated() { items.append(try Item(element, place: "/items/\(index)")) }
        self.init(
            source: record.source, items: items, threshold: record.threshold, meetsEscaped: meetsEscaped, seed: seed)
        var again = JSONWriter(.compact)
        write(to: &again)
        let wanted = try parsed(again.bytes)
        guard let found = root.object?.members, let members = wanted.object?.members else {
            throw CalibrationError(place: "", problem: "this is no calibration")
        }
        for member in members where root[member.name] != member.value {
            throw CalibrationError(place: "/\(member.name)", problem: "this does not follow from the items")
        }
        guard found.count == members.count else {
            throw CalibrationError(place: "", problem: "it has members that do not belong here")
        }
    }
}

extension CalibrationRecord {
    /// Reads what `write(to:)` writes.
    public init(json text: some Sequence<UInt8>) throws(CalibrationError) {
        try self.init(try parsed(text), place: "")
    }

    fileprivate init(_ value: JSONValue, place: String) throws(CalibrationError) {
        func text(_ name: String) throws(CalibrationError) -> String {
            guard let text = value[name]?.string else { throw missing("\(place)/\(name)", "a text") }
            return text
        }
        func texts(_ name: String) throws(CalibrationError) -> [String] {
            guard let elements = value[name]?.array, elements.allSatisfy({ $0.string != nil }) else {
                throw missing("\(place)/\(name)", "a list of texts")
            }
            return elements.compactMap(\.string)
        }
        func digest(_ name: String) throws(CalibrationError) -> String {
            let digits = try text(name)
            guard digits.utf8.count == 64, digits.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) }) else {
                throw missing("\(place)/\(name)", "a SHA-256 in hexadecimal")
            }
            return digits
        }
        guard value.object?.members.count == 10 else { throw missing(place, "an object of ten members") }
        guard let threshold = value["threshold"]?.double else { throw missing("\(place)/threshold", "a number") }
        guard let n = value["n"]?.integer, n >= 0 else { throw missing("\(place)/n", "a count") }
        guard let written = value["kappa"] else { throw missing("\(place)/kappa", "an agreement or null") }
        var kappa: Agreement?
        if written != .null {
            guard written.object?.members.count == 4, let value = written["value"]?.double,
                let error = written["standard_error"]?.double, let low = written["low"]?.double,
                let high = written["high"]?.double, error >= 0, -1 <= low, low <= high, high <= 1
            else { throw missing("\(place)/kappa", "an agreement or null") }
            kappa = Agreement(value: value, standardError: error, interval: Interval(low: low, high: high))
        }
        let date = try text("date")
        guard Moment(date) != nil else { throw missing("\(place)/date", "a date such as 2026-11-21T10:00:00Z") }
        self.init(
            CalibrationSource(
                judge: try text("judge"), model: try text("model"), returnedModels: try texts("returned_models"),
                fingerprints: try texts("fingerprints"), questionDigest: try digest("question_digest"), date: date,
                labelledDigest: try digest("labelled_digest")),
            threshold: threshold, n: n, kappa: kappa)
    }
}

extension CalibrationReport.Item {
    fileprivate init(_ value: JSONValue, place: String) throws(CalibrationError) {
        guard let members = value.object?.members,
            members.allSatisfy({ ["label", "answers", "votes"].contains($0.name) })
        else { throw missing(place, "an item") }
        func label(_ value: JSONValue?) throws(CalibrationError) -> Bool {
            guard case .integer(let label)? = value, label == 0 || label == 1 else { throw missing(place, "a label") }
            return label == 1
        }
        guard let written = value["answers"]?.array, (1...1_000).contains(written.count) else {
            throw missing(place, "an item with answers")
        }
        var answers: [Judgement] = []
        for answer in written {
            if let score = answer.double, (0...100).contains(score) {
                answers.append(.score(score))
            } else if let word = answer["escape"]?.string {
                answers.append(.escape(word))
            } else if let why = answer["unjudged"]?.string.flatMap({ Unjudged(rawValue: $0) }) {
                answers.append(.unjudged(why))
            } else {
                throw missing(place, "an item with answers of 0 to 100, escapes or reasons")
            }
        }
        var votes: [Bool] = []
        for vote in value["votes"]?.array ?? [] { votes.append(try label(vote)) }
        self.init(label: try label(value["label"]), answers: answers, votes: votes)
    }
}

private func parsed(_ text: some Sequence<UInt8>) throws(CalibrationError) -> JSONValue {
    do throws(JSONError) {
        return try JSONValue(parsing: text, limits: .init(bytes: 64 << 20, depth: 16, values: 4_000_000))
    } catch {
        throw CalibrationError(place: "", problem: "this is no JSON: \(error)")
    }
}

private func missing(_ place: String, _ wanted: String) -> CalibrationError {
    CalibrationError(place: place, problem: "\(wanted) is needed")
}
