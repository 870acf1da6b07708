// What can be wrong with a rule pack: what, where, and the mend.

/// A rule pack that can't be used, with the place and what to do about it.
public struct SettingsError: Error, Sendable, CustomStringConvertible {
    /// What is wrong; more cases may be added.
    public struct Code: Sendable, Hashable {
        enum Value: Sendable, Hashable {
            case syntax, unknownKey, unknownKind, unknownPack, unknownRule, duplicate, missing, badValue, neverFires
            case tooLarge, includeCycle, unreadable
        }

        let value: Value

        /// Not YAML, or YAML that packs don't allow (anchors, tags, several documents).
        public static let syntax = Code(value: .syntax)
        /// A key that neither packs nor the rule's kind know.
        public static let unknownKey = Code(value: .unknownKey)
        /// A rule kind that does not exist.
        public static let unknownKind = Code(value: .unknownKind)
        /// A pack that neither ships nor is a file.
        public static let unknownPack = Code(value: .unknownPack)
        /// A rule id that no active pack has.
        public static let unknownRule = Code(value: .unknownRule)
        /// An id or key that was there already.
        public static let duplicate = Code(value: .duplicate)
        /// A key that must be there and is not.
        public static let missing = Code(value: .missing)
        /// A parameter of the wrong type or out of range.
        public static let badValue = Code(value: .badValue)
        /// A rule that no record could ever meet, or that every record meets.
        public static let neverFires = Code(value: .neverFires)
        /// More bytes, rules or nesting than packs may have.
        public static let tooLarge = Code(value: .tooLarge)
        /// A pack that includes itself, directly or through others.
        public static let includeCycle = Code(value: .includeCycle)
        /// The file can't be read.
        public static let unreadable = Code(value: .unreadable)
    }

    /// What is wrong, for programs.
    public var code: Code
    /// Where; `nil` where the complaint is about no place in a file.
    public var location: SourceLocation?
    /// What is wrong, as a clause: `unknown key "descripton" in rule taboo`.
    public var problem: String
    /// What to do about it, as a clause: `did you mean "description"?`
    public var mend: String?

    /// An error about one place of a pack.
    public init(_ code: Code, at location: SourceLocation?, _ problem: String, mend: String? = nil) {
        self.code = code
        self.location = location
        self.problem = problem
        self.mend = mend
    }

    /// `file:line:column: problem; mend`.
    public var description: String {
        var text = ""
        if let location { text += "\(location): " }
        text += problem
        if let mend { text += "; \(mend)" }
        return text
    }
}

/// The word of `words` that is nearest to `word` by edit distance with transpositions, if it is near enough
/// to be a slip: at most a third of its length.
///
/// - Complexity: O(words × length²).
public func nearestWord(to word: String, in words: some Sequence<String>) -> String? {
    let wanted = Array(word.lowercased().utf8.prefix(64))
    var best: (distance: Int, word: String)?
    for candidate in words {
        let other = Array(candidate.lowercased().utf8.prefix(64))
        let distance = editDistance(wanted, other)
        let limit = max(wanted.count, other.count) / 3
        guard distance <= max(limit, 1) else { continue }
        if best.map({ distance < $0.distance }) ?? true { best = (distance, candidate) }
    }
    return best?.word
}

/// "did you mean X?" or, where nothing is near, the list of what there is.
public func suggestion(for word: String, among words: [String]) -> String {
    if let nearest = nearestWord(to: word, in: words) { return "did you mean \"\(nearest)\"?" }
    return "known are " + words.sorted().joined(separator: ", ")
}

// Optimal string alignment distance.
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for i in 0..<left.count {
        var current = [i + 1]
        current.reserveCapacity(right.count + 1)
        for j in 0..<right.count {
            var distance = min(last[j + 1] + 1, current[j] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
            if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                distance = min(distance, beforeLast[j - 1] + 1)
            }
            current.append(distance)
        }
        beforeLast = last
        last = current
    }
    return last[right.count]
}
