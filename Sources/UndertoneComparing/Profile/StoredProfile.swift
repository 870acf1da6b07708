// Reads a profile back from its JSON, and believes nothing that does not follow from what it holds.

import UndertoneText

/// A stored profile that can't be read.
public struct ProfileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Where in the document, as a JSON Pointer (RFC 6901): `/numbers/values`; empty for the whole.
    public var place: String
    /// What is wrong, as a clause.
    public var problem: String
    /// What to do about it, as a clause.
    public var mend: String

    init(_ place: String, _ problem: String, mend: String = "make the profile again with `undertone stats`") {
        self.place = place
        self.problem = problem
        self.mend = mend
    }

    /// `/numbers/values: problem; mend`, with hidden characters of the place escaped.
    public var description: String {
        (place.isEmpty ? "" : visible(place, limit: 300) + ": ") + "\(problem); \(mend)"
    }
}

extension DropProfile {
    /// Bytes of the longest document that is read. A profile whose tables are full has some 10 MB.
    public static let longestDocument = 64 << 20

    /// Reads what ``write(to:)`` writes.
    ///
    /// Every member must be there and none besides. What follows from other members (lists of the most frequent terms, estimates)
    /// must agree with them.
    ///
    /// - Parameter json: the document, in UTF-8.
    /// - Complexity: O(bytes); some 100 MB of memory for the largest documents.
    public init(json text: some Sequence<UInt8>) throws(ProfileError) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(
                parsing: text, limits: JSONValue.Limits(bytes: DropProfile.longestDocument, depth: 16, values: 1 << 18))
        } catch {
            throw ProfileError("", "this is no JSON: \(error)")
        }
        let root = ProfilePlace(value: value, path: "")
        guard let version = value["profile"] else {
            throw ProfileError("", "this is no profile of a drop", mend: "name what `undertone stats` wrote as JSON")
        }
        guard version.integer == DropProfile.version else {
            throw ProfileError(
                "/profile", "it is of another version, and this program reads version \(DropProfile.version)",
                mend: "use the program that wrote it")
        }
        self.init()
        records = try root["records"].count()
        malformed = try root["malformed"].named()
        recordBytes = try root["record_bytes"].count()
        shapes = try root["shapes"].terms(.forms)
        turns = try root["turns"].terms(.forms)
        fields = try root["fields"].named()
        prompts = try root["prompts"].texts()
        outputs = try root["outputs"].texts()
        sample = try root["sample"].terms(.outputs)
        characters = try root["characters"].histogram()
        words = try root["words"].histogram()
        self.text = try root["text"].text()
        numbers = try root["numbers"].numbers()
        guard sample.total == outputs.count else {
            throw ProfileError("/sample/total", "it is not the number of outputs")
        }
        var again = JSONWriter(.compact)
        write(to: &again)
        let limits = JSONValue.Limits(bytes: .max, depth: 16, values: .max)
        guard let wanted = try? JSONValue(parsing: again.bytes, limits: limits) else {
            throw ProfileError("", "what it holds can't be written again")
        }
        if let difference = ProfilePlace.firstDifference(value, wanted, "") { throw difference }
    }
}

/// A value with its place.
private struct ProfilePlace {
    var value: JSONValue
    var path: String

    subscript(name: String) -> ProfilePlace {
        get throws(ProfileError) {
            guard let members = value.object else { throw wrong("an object") }
            guard let member = members[name] else { throw ProfileError(path, "\"\(name)\" is missing") }
            return ProfilePlace(value: member, path: ProfilePlace.below(path, name))
        }
    }

    func wrong(_ wanted: String) -> ProfileError {
        ProfileError(path, "this is \(value.kindName), and \(wanted) is needed")
    }

    func count() throws(ProfileError) -> Int {
        guard let number = value.integer, number >= 0, number <= PackedReader.largest else {
            throw wrong("a whole number from 0 to 2^48")
        }
        return number
    }

    /// A list of that many counts.
    func counts(_ length: Int) throws(ProfileError) -> [Int] {
        guard let elements = value.array, elements.count == length else { throw wrong("a list of \(length) counts") }
        var counts: [Int] = []
        for (index, element) in elements.enumerated() {
            counts.append(try ProfilePlace(value: element, path: "\(path)/\(index)").count())
        }
        return counts
    }

    func named() throws(ProfileError) -> [String: Int] {
        guard let members = value.object?.members else { throw wrong("an object") }
        var counts: [String: Int] = [:]
        for member in members {
            counts[member.name] = try ProfilePlace(value: member.value, path: ProfilePlace.below(path, member.name))
                .count()
        }
        return counts
    }

    /// Counts by the names of cases; a name that is none is found when the profile is written again.
    func named<Case: CaseIterable>(_ cases: Case.Type) throws(ProfileError) -> [Int] {
        let counts = try named()
        return Case.allCases.map { counts["\($0)"] ?? 0 }
    }

    func histogram() throws(ProfileError) -> LogHistogram {
        guard let elements = value.array, elements.count <= LogHistogram.limit else { throw wrong("a list of bins") }
        var histogram = LogHistogram()
        var last = -1
        for (index, element) in elements.enumerated() {
            let place = ProfilePlace(value: element, path: "\(path)/\(index)")
            guard let pair = element.array, pair.count == 2, let lowest = pair[0].integer, lowest > last,
                LogHistogram.lowerBound(of: LogHistogram.bin(of: lowest)) == lowest
            else { throw ProfileError(place.path, "this is no bin behind the one before it") }
            let count = try ProfilePlace(value: pair[1], path: place.path + "/1").count()
            guard count > 0 else { throw ProfileError(place.path, "an empty bin is left out") }
            last = lowest
            histogram.add(lowest, times: count)
        }
        return histogram
    }

    func state() throws(ProfileError) -> PackedReader {
        guard let text = value.string, let reader = PackedReader(base64: text) else { throw wrong("Base64") }
        return reader
    }

    var damaged: ProfileError { ProfileError(path, "this is damaged, or not what this program packs") }

    func texts() throws(ProfileError) -> TextsProfile {
        var texts = TextsProfile()
        texts.count = try self["count"].count()
        texts.totalBytes = try self["total_bytes"].count()
        texts.bytes = try self["bytes"].histogram()
        let place = try self["state"]
        var state = try place.state()
        guard let registers = state.counts(DistinctCount.registers), state.isAtEnd,
            registers.allSatisfy({ $0 <= Int(DistinctCount.highest) }),
            let distinct = DistinctCount(registers: registers.map { UInt8($0) })
        else { throw place.damaged }
        texts.distinct = distinct
        return texts
    }

    func terms(_ limits: TermLimits) throws(ProfileError) -> TermCounts {
        var counts = TermCounts(limits)
        counts.total = try self["total"].count()
        guard let isExact = try self["exact"].value.boolean else { throw try self["exact"].wrong("true or false") }
        counts.isExact = isExact
        let place = try self["state"]
        var state = try place.state()
        let longest = limits == .forms ? TermLimits.longestForm : TermLimits.longest * (limits.isPair ? 2 : 1) + 1
        guard let size = state.count(), isExact ? size <= limits.exact : size == limits.kept else {
            throw place.damaged
        }
        let isInSketch = limits.hasSketch && !isExact
        var keys: Set<UInt64> = []
        for _ in 0..<size {
            var term = TermCounts.Term(text: "", count: 0, key: 0, rank: 0)
            if limits.isNameless {
                guard let key = state.word() else { throw place.damaged }
                term.key = key
            } else {
                guard let text = state.text(limit: longest) else { throw place.damaged }
                term.text = text
                term.key = limits.key(of: text)
            }
            term.rank = term.key
            if limits.hasSketch {
                guard let rank = state.word() else { throw place.damaged }
                term.rank = rank
            }
            if !isInSketch {
                guard let count = state.count(), count > 0 else { throw place.damaged }
                term.count = count
            }
            guard keys.insert(term.key).inserted else { throw place.damaged }
            counts.terms.append(term)
        }
        if isInSketch {
            guard let sketch = state.counts(TermLimits.rows * TermLimits.width) else { throw place.damaged }
            counts.sketch = sketch
            for index in counts.terms.indices { counts.terms[index].count = counts.estimate(counts.terms[index].key) }
        }
        let sum = counts.terms.reduce(0) { $0 &+ $1.count }
        guard state.isAtEnd, !isExact || sum == counts.total else { throw place.damaged }
        counts.terms.sort { $0.key < $1.key }
        return counts
    }

    func text() throws(ProfileError) -> TextProfile {
        var text = TextProfile()
        text.ascii = try self["ascii"].counts(128)
        text.categories = try self["categories"].named(CharacterCategory.self)
        text.scripts = try self["scripts"].named(Script.self)
        text.tokens = try self["tokens"].named(TokenClass.self)
        text.longWords = try self["long_words"].count()
        text.words = try self["words"].terms(.words)
        text.wordPairs = try self["word_pairs"].terms(.pairs)
        return text
    }

    func numbers() throws(ProfileError) -> NumberProfile {
        var numbers = NumberProfile()
        if value["minimum"] != nil {
            numbers.minimum = try self["minimum"].value.integer
            numbers.maximum = try self["maximum"].value.integer
        }
        numbers.perOutput = try self["per_output"].histogram()
        numbers.plain = try self["values"].counts(NumberProfile.exactBelow)
        numbers.padded = try self["padded_values"].counts(NumberProfile.exactBelow)
        numbers.powers = try self["powers_of_two"].counts(64)
        numbers.firstDigits = try self["first_digits"].counts(10)
        numbers.lastDigits = try self["last_digits"].counts(10)
        numbers.digitCounts = try self["digit_counts"].counts(NumberProfile.digitBins)
        numbers.leadingZeros = try self["leading_zeros"].count()
        numbers.longestDigits = try self["longest_digits"].count()
        numbers.long = try self["long"].count()
        numbers.up = try self["up"].count()
        numbers.down = try self["down"].count()
        numbers.level = try self["level"].count()
        numbers.steps = try self["steps"].histogram()
        numbers.repeats = try self["repeats"].count()
        numbers.outputsWithRepeats = try self["outputs_with_repeats"].count()
        numbers.others = try self["other"].terms(.words)
        numbers.otherPairs = try self["other_pairs"].terms(.pairs)
        numbers.separators = try self["separators"].terms(.separators)
        numbers.longSeparators = try self["long_separators"].count()
        let place = try self["state"]
        var state = try place.state()
        if !state.isAtEnd {
            guard let pairs = state.counts(NumberProfile.exactBelow * NumberProfile.exactBelow), state.isAtEnd,
                pairs.contains(where: { $0 > 0 })
            else { throw place.damaged }
            numbers.pairs = pairs
        }
        return numbers
    }

    /// The pointer of a member: RFC 6901, section 3.
    static func below(_ path: String, _ name: String) -> String {
        path + "/" + name.replacing("~", with: "~0").replacing("/", with: "~1")
    }

    /// The first place where a document is not what its own contents give.
    static func firstDifference(_ found: JSONValue, _ wanted: JSONValue, _ path: String) -> ProfileError? {
        switch (found, wanted) {
        case (.object(let left), .object(let right)):
            for member in left.members {
                guard let other = right[member.name] else {
                    return ProfileError(path, "the member \"\(visible(member.name, limit: 60))\" does not belong here")
                }
                if let difference = firstDifference(member.value, other, below(path, member.name)) { return difference }
            }
            let missing = right.members.first { left[$0.name] == nil }
            return missing.map { ProfileError(path, "\"\(visible($0.name, limit: 60))\" is missing") }
        case (.array(let left), .array(let right)):
            guard left.count == right.count else {
                return ProfileError(path, "it has \(left.count) elements, and what it holds gives \(right.count)")
            }
            for (index, (found, wanted)) in zip(left, right).enumerated() {
                if let difference = firstDifference(found, wanted, "\(path)/\(index)") { return difference }
            }
            return nil
        default:
            return found == wanted ? nil : ProfileError(path, "it is not what the document holds elsewhere")
        }
    }
}
