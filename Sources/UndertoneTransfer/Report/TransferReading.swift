// Reads a report on transfer back from its JSON, and believes nothing that does not follow from what it holds.

import UndertoneStatistics
import UndertoneText

/// A stored report that can't be read.
public struct TransferReportError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Where in the document, as a JSON Pointer (RFC 6901): `/filters/0/residual`; empty for the whole.
    public var place: String
    /// What is wrong, as a clause.
    public var problem: String
    /// What to do about it, as a clause.
    public var mend: String

    init(
        _ place: String, _ problem: String,
        mend: String = "run the experiment again, or take the file as it was written"
    ) {
        self.place = place
        self.problem = problem
        self.mend = mend
    }

    /// `/filters/0/residual: problem; mend`, with hidden characters of the place escaped.
    public var description: String {
        (place.isEmpty ? "" : visible(place, limit: 300) + ": ") + "\(problem); \(mend)"
    }
}

extension TransferReport {
    /// Reads what ``TransferReportFormat/json`` writes.
    ///
    /// Every member must be there and none besides, and figures that follow from others (means, intervals, shares) must
    /// agree with them. White space, the order of members and the spelling of numbers don't matter.
    ///
    /// - Parameter json: the document, in UTF-8.
    public init(json text: some Sequence<UInt8>) throws(TransferReportError) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: text)
        } catch {
            throw TransferReportError("", "this is no JSON: \(error)")
        }
        let root = JSONPlace(value: value, path: "")
        guard value.object != nil, value["experiment"] != nil, value["filters"] != nil else {
            throw TransferReportError(
                "", "this is no report on transfer", mend: "name the report.json of `undertone transfer run`")
        }
        let schema = try root["schema"].whole()
        guard schema == transferReportSchema else {
            throw TransferReportError(
                "/schema", "it is of version \(schema), and this program reads version \(transferReportSchema)",
                mend: "use the program that wrote it")
        }
        let effect = try root["effect"]
        let recipe = try root["recipe"]
        self.init(
            name: try root["experiment"].text(), traits: try root["traits"].elements().texts(),
            seeds: try root["seeds"].elements().seeds(), arms: try root["arms"].elements().arms(),
            filters: try root["filters"].elements().filters(), effect: try effect.estimate(),
            effectPValue: try effect["p_value"].number(), equivalenceBound: try root["equivalence_bound"].someNumber(),
            doses: try root["doses"].elements().arms(), warnings: try root["warnings"].elements().warnings(),
            digests: try root["digests"].named().map { (name: $0.0, sha256: $0.1) },
            versions: try root["versions"].named().map { (name: $0.0, version: $0.1) },
            recipe: recipe.value.string ?? recipe.value.compact)
        var again = JSONWriter(.compact)
        write(to: &again)
        guard let wanted = try? JSONValue(parsing: again.bytes) else {
            throw TransferReportError("", "what it holds can't be written again")
        }
        if let difference = firstDifference(value, wanted, "") { throw difference }
    }
}

/// A value with its place.
private struct JSONPlace {
    var value: JSONValue
    var path: String

    subscript(name: String) -> JSONPlace {
        get throws(TransferReportError) {
            guard let members = value.object else { throw wrong("an object") }
            guard let member = members[name] else {
                throw TransferReportError(path, "\"\(name)\" is missing")
            }
            return JSONPlace(value: member, path: below(path, name))
        }
    }

    func wrong(_ wanted: String) -> TransferReportError {
        TransferReportError(path, "this is \(value.kindName), and \(wanted) is needed")
    }

    func text() throws(TransferReportError) -> String {
        guard let text = value.string else { throw wrong("a text") }
        return text
    }

    /// A count.
    func whole() throws(TransferReportError) -> Int {
        guard let number = value.integer, number >= 0 else { throw wrong("a whole number from 0") }
        return number
    }

    func truth() throws(TransferReportError) -> Bool {
        guard let truth = value.boolean else { throw wrong("true or false") }
        return truth
    }

    /// A number; null is none.
    func number() throws(TransferReportError) -> Double? {
        if value == .null { return nil }
        guard let number = value.double else { throw wrong("a number or null") }
        return number
    }

    /// A number; null, which stands for what is no number, is read as that.
    func someNumber() throws(TransferReportError) -> Double { try number() ?? .nan }

    func elements() throws(TransferReportError) -> [JSONPlace] {
        guard let elements = value.array else { throw wrong("a list") }
        return elements.enumerated().map { JSONPlace(value: $0.element, path: "\(path)/\($0.offset)") }
    }

    func named() throws(TransferReportError) -> [(String, String)] {
        guard let members = value.object?.members else { throw wrong("an object") }
        var texts: [(String, String)] = []
        for member in members {
            texts.append((member.name, try JSONPlace(value: member.value, path: below(path, member.name)).text()))
        }
        return texts
    }

    /// A number with its interval, one end of which may be open.
    func estimate() throws(TransferReportError) -> Estimate {
        let (low, high) = (try self["low"].number(), try self["high"].number())
        var interval: Interval?
        if low != nil || high != nil {
            interval = Interval(low: low ?? -.infinity, high: high ?? .infinity)
            guard (low ?? -.infinity) <= (high ?? .infinity) else {
                throw TransferReportError(path, "the interval ends before it begins")
            }
        }
        return Estimate(try self["value"].someNumber(), interval)
    }

    func seed() throws(TransferReportError) -> UInt64 {
        guard let seed = UInt64(try text()), value.string == String(seed) else {
            throw wrong("a seed, a whole number in quotes,")
        }
        return seed
    }

    func optionalEstimate() throws(TransferReportError) -> Estimate? {
        value == .null ? nil : try estimate()
    }

    func filter() throws(TransferReportError) -> FilterOutcome {
        let verdict = try self["verdict"]
        guard let known = FilterVerdict(rawValue: try verdict.text()) else {
            throw TransferReportError(verdict.path, "no such verdict is known")
        }
        let (records, tokens) = (try self["records"], try self["tokens"])
        return FilterOutcome(
            name: try self["name"].text(), meaning: try self["meaning"].text(),
            recordsKept: try records["kept"].whole(), recordsRead: try records["read"].whole(),
            tokensKept: try tokens["kept"].whole(), tokensRead: try tokens["read"].whole(),
            residual: try self["residual"].optionalEstimate(), difference: try self["difference"].estimate(),
            push: try self["push"].estimate(), againstRandom: try self["against_random"].optionalEstimate(),
            pValue: try self["p_value"].number(), verdict: known, pushesTrait: try self["pushes_trait"].truth())
    }

    func run() throws(TransferReportError) -> TraitArm.Run {
        TraitArm.Run(
            seed: try self["seed"].seed(), trait: try self["trait"].text(),
            probability: try self["probability"].someNumber(), mass: try self["mass"].someNumber(),
            shift: try self["log_odds_shift"].someNumber())
    }
}

extension [JSONPlace] {
    // `map` throws any error.
    private func each<Value>(
        _ read: (JSONPlace) throws(TransferReportError) -> Value
    ) throws(TransferReportError) -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try read(element)) }
        return values
    }

    fileprivate func texts() throws(TransferReportError) -> [String] {
        try each { place throws(TransferReportError) in try place.text() }
    }

    fileprivate func seeds() throws(TransferReportError) -> [UInt64] {
        try each { place throws(TransferReportError) in try place.seed() }
    }

    fileprivate func filters() throws(TransferReportError) -> [FilterOutcome] {
        try each { place throws(TransferReportError) in try place.filter() }
    }

    fileprivate func arms() throws(TransferReportError) -> [TraitArm] {
        try each { place throws(TransferReportError) in
            let runs = try place["runs"].elements().each { run throws(TransferReportError) in try run.run() }
            return TraitArm(try place["name"].text(), try place["meaning"].text(), runs)
        }
    }

    fileprivate func warnings() throws(TransferReportError) -> [TransferWarning] {
        try each { place throws(TransferReportError) in
            TransferWarning(
                try place["code"].text(), try place["problem"].text(), mend: try place["mend"].text())
        }
    }
}

/// The pointer of a member: RFC 6901, section 3.
private func below(_ path: String, _ name: String) -> String {
    path + "/" + name.replacing("~", with: "~0").replacing("/", with: "~1")
}

/// The first place where a document is not what its own contents give.
private func firstDifference(_ found: JSONValue, _ wanted: JSONValue, _ path: String) -> TransferReportError? {
    switch (found, wanted) {
    case (.object(let left), .object(let right)):
        for member in left.members {
            guard let other = right[member.name] else {
                return TransferReportError(
                    path, "the member \"\(visible(member.name, limit: 60))\" does not belong here")
            }
            if let difference = firstDifference(member.value, other, below(path, member.name)) { return difference }
        }
        let missing = right.members.first { left[$0.name] == nil }
        return missing.map { TransferReportError(path, "\"\(visible($0.name, limit: 60))\" is missing") }
    case (.array(let left), .array(let right)):
        guard left.count == right.count else {
            return TransferReportError(path, "it has \(left.count) elements, and what it holds gives \(right.count)")
        }
        for (index, (found, wanted)) in zip(left, right).enumerated() {
            if let difference = firstDifference(found, wanted, "\(path)/\(index)") { return difference }
        }
        return nil
    default:
        if let left = found.double, let right = wanted.double {
            // Logarithms of other machines may differ in their last digits.
            if abs(left - right) <= 1e-9 * max(abs(left), abs(right), 1) { return nil }
            return TransferReportError(path, "it is \(left), and what the document holds gives \(right)")
        }
        return found == wanted ? nil : TransferReportError(path, "it is not what the document holds elsewhere")
    }
}
