// Which literals a pattern can't match without: a cautious reader of PCRE2 syntax.

/// Finds folded literals of which at least one occurs in the folded form of every text that a pattern matches.
///
/// It reads the common part of PCRE2's syntax and gives up (no literals) on everything else, since a literal too many
/// would hide matches. All literals are folded, so that `(?i)` needs no care: characters that PCRE2 takes for the
/// same have the same form.
struct RequiredLiterals {
    /// The literals, or none where the pattern shows none or isn't understood.
    static func find(in pattern: String) -> [[UInt8]] {
        var reader = RequiredLiterals(Array(pattern.unicodeScalars))
        guard let parts = reader.alternatives(depth: 0), reader.index == reader.pattern.count,
            let best = parts.best, best.count <= most, best.isUseful
        else { return [] }
        // A longer literal that holds a shorter one says nothing more; so do bytes behind the first 32.
        return best.shortened(to: 32)
    }

    /// Literals that one pattern may give.
    private static let most = 64
    /// Texts that a part may match for it to be listed.
    private static let mostExact = 16
    private static let deepest = 100

    /// What is known of a part of a pattern.
    private struct Part {
        /// All texts that the part matches, folded, where they are few.
        var exact: Set<[UInt8]>?
        /// Texts of which one is in every match.
        var required: Set<[UInt8]>?

        static let unknown = Part(exact: nil, required: nil)
        /// Matches without taking text.
        static let nothing = Part(exact: [[]], required: nil)

        /// The better of what is known.
        var best: Set<[UInt8]>? {
            guard let exact, !exact.contains([]) else { return required }
            return exact.better(than: required)
        }
    }

    private let pattern: [Unicode.Scalar]
    private var index = 0

    private init(_ pattern: [Unicode.Scalar]) { self.pattern = pattern }

    // MARK: Grammar; nil: not understood.

    private mutating func alternatives(depth: Int) -> Part? {
        guard depth < RequiredLiterals.deepest else { return nil }
        guard var all = sequence(depth: depth) else { return nil }
        while next == "|" {
            index += 1
            guard let other = sequence(depth: depth) else { return nil }
            let (left, right) = (all.best, other.best)
            if let exact = all.exact, let more = other.exact, exact.count + more.count <= RequiredLiterals.most {
                all.exact = exact.union(more)
            } else {
                all.exact = nil
            }
            all.required = nil
            if let left, let right, left.count + right.count <= RequiredLiterals.most {
                all.required = left.union(right)
            }
        }
        return all
    }

    private mutating func sequence(depth: Int) -> Part? {
        var isExact = true
        var run: Set<[UInt8]> = [[]]  // What ends at this place in every match.
        var required: Set<[UInt8]>?
        func flush() { required = run.contains([]) ? required : run.better(than: required) }
        while let scalar = next, scalar != "|", scalar != ")" {
            guard let item = item(depth: depth), let times = quantifier() else { return nil }
            var part = item
            if times == (0, 1), let exact = item.exact {
                part = Part(exact: exact.union([[]]), required: nil)
            } else if times.least == 0 {
                part = .unknown
            }
            if let joined = part.exact.flatMap({ run.joined(with: $0, most: RequiredLiterals.mostExact) }) {
                run = joined
                guard times.least > 0, times != (1, 1) else { continue }
                // Repeated: the first time stands behind what was there, the last one before what follows.
                flush()
                isExact = false
                run = part.exact ?? [[]]
            } else {
                flush()
                isExact = false
                required = part.best?.better(than: required) ?? required
                run = times == (1, 1) ? part.exact ?? [[]] : [[]]
            }
        }
        if isExact { return Part(exact: run, required: nil) }
        flush()
        return Part(exact: nil, required: required)
    }

    private mutating func item(depth: Int) -> Part? {
        guard let scalar = take() else { return nil }
        switch scalar {
        case "(": return group(depth: depth)
        case "[": return characterClass()
        case "\\": return escape()
        case ".": return .unknown
        case "^", "$": return .nothing
        case "*", "+", "?": return nil
        case "{":
            // Later versions of PCRE2 take more forms for quantifiers than this one.
            guard let after = next, after != ",", after != " ", !isDigit(after) else { return nil }
            return literal(scalar)
        default: return literal(scalar)
        }
    }

    private mutating func group(depth: Int) -> Part? {
        if next == "*" { return nil }  // Verbs such as (*ACCEPT) end a match early.
        guard next == "?" else { return closed(alternatives(depth: depth + 1)) }
        index += 1
        guard let kind = take() else { return nil }
        switch kind {
        case ":", ">", "|": return closed(alternatives(depth: depth + 1))
        case "=", "!": return closed(alternatives(depth: depth + 1)).map { _ in .nothing }
        case "<" where next == "=" || next == "!":
            index += 1
            return closed(alternatives(depth: depth + 1)).map { _ in .nothing }
        case "P" where next == "<":
            index += 1
            return named(until: ">", depth: depth)
        case "<": return named(until: ">", depth: depth)
        case "'": return named(until: "'", depth: depth)
        default:
            index -= 1
            return options(depth: depth)
        }
    }

    private mutating func named(until end: Unicode.Scalar, depth: Int) -> Part? {
        while let scalar = take() {
            if scalar == end { return closed(alternatives(depth: depth + 1)) }
            guard isDigit(scalar) || scalar.properties.isAlphabetic || scalar == "_" else { return nil }
        }
        return nil
    }

    private mutating func options(depth: Int) -> Part? {
        while let scalar = take() {
            switch scalar {
            case "i", "m", "s", "J", "U", "-": continue
            case ")": return .nothing
            case ":": return closed(alternatives(depth: depth + 1))
            default: return nil  // Among others x, which changes what white space means, and all calls and conditions.
            }
        }
        return nil
    }

    private mutating func closed(_ part: Part?) -> Part? {
        guard let part, take() == ")" else { return nil }
        return part
    }

    private mutating func escape() -> Part? {
        guard let scalar = take() else { return nil }
        switch scalar {
        case "b", "B", "A", "z", "Z", "G", "K": return .nothing
        case "d", "D", "w", "W", "s", "S", "h", "H", "v", "V", "R", "X": return .unknown
        case "p", "P":
            guard next == "{" else { return take() == nil ? nil : .unknown }
            while let scalar = take() { if scalar == "}" { return .unknown } }
            return nil
        case "0"..."9":
            while let digit = next, isDigit(digit) { index += 1 }
            return .unknown
        case "t": return literal("\t")
        case "n": return literal("\n")
        case "r": return literal("\r")
        case "f": return literal("\u{C}")
        case "e": return literal("\u{1B}")
        case "x": return hexadecimal().map { literal($0) }
        default: return scalar.isASCII && scalar.properties.isAlphabetic ? nil : literal(scalar)
        }
    }

    private mutating func hexadecimal() -> Unicode.Scalar? {
        var digits = ""
        if next == "{" {
            index += 1
            while let scalar = take(), scalar != "}" { digits.unicodeScalars.append(scalar) }
        } else {
            while digits.utf8.count < 2, let scalar = next, scalar.properties.isASCIIHexDigit {
                digits.unicodeScalars.append(scalar)
                index += 1
            }
            if digits.isEmpty { return "\0" }
        }
        return UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init)
    }

    // Classes of a few single characters are listed; of all others only the end is found.
    private mutating func characterClass() -> Part? {
        var members: Set<[UInt8]>? = []
        if next == "^" {
            index += 1
            members = nil
        }
        var isFirst = true
        while let scalar = take() {
            switch scalar {
            case "]" where !isFirst:
                return members.map { $0.count <= 4 ? Part(exact: $0, required: nil) : .unknown } ?? .unknown
            case "[":
                guard let after = next else { return nil }
                if after == ":" {
                    guard skipPOSIXClass() else { return nil }
                    members = nil
                } else if after == "." || after == "=" {
                    return nil
                } else {
                    members?.insert(RequiredLiterals.folded(scalar))
                }
            case "\\":
                guard let escaped = take(), !"QEcNo".unicodeScalars.contains(escaped) else { return nil }
                if escaped.isASCII, escaped.properties.isAlphabetic || isDigit(escaped) {
                    members = nil
                } else {
                    members?.insert(RequiredLiterals.folded(escaped))
                }
            default:
                if scalar == "-", !isFirst, next != "]" { members = nil }
                members?.insert(RequiredLiterals.folded(scalar))
            }
            isFirst = false
        }
        return nil
    }

    private mutating func skipPOSIXClass() -> Bool {
        index += 1
        if next == "^" { index += 1 }
        while let scalar = next, scalar.isASCII, scalar.properties.isAlphabetic { index += 1 }
        return take() == ":" && take() == "]"
    }

    // How often the last item stands there, at least and at most.
    private mutating func quantifier() -> (least: Int, most: Int)? {
        var times = (least: 1, most: 1)
        switch next {
        case "*": times = (0, Int.max)
        case "+": times = (1, Int.max)
        case "?": times = (0, 1)
        case "{":
            let start = index
            index += 1
            guard let first = number() else {
                index = start
                return times  // A brace by itself; `item` looks at it.
            }
            times = (first, first)
            if next == "," {
                index += 1
                times.most = next == "}" ? Int.max : number() ?? -1
            }
            guard next == "}", times.least <= times.most else { return nil }
        default: return times
        }
        index += 1
        if next == "?" || next == "+" { index += 1 }
        return times
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let scalar = next, isDigit(scalar), (value ?? 0) < 100_000 {
            value = (value ?? 0) * 10 + Int(scalar.value - 0x30)
            index += 1
        }
        return value
    }

    // MARK: Characters

    private var next: Unicode.Scalar? { index < pattern.count ? pattern[index] : nil }

    private mutating func take() -> Unicode.Scalar? {
        guard let scalar = next else { return nil }
        index += 1
        return scalar
    }

    private func literal(_ scalar: Unicode.Scalar) -> Part {
        Part(exact: [RequiredLiterals.folded(scalar)], required: nil)
    }

    private func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.value &- 0x30 < 10 }

    private static func folded(_ scalar: Unicode.Scalar) -> [UInt8] { TextFold.fold.form(of: String(scalar).utf8) }
}
