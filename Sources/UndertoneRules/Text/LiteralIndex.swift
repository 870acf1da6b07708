// All words and all literals of regex rules, found in one pass over a field before the rules look at it.

import UndertoneCore

/// The literals of a rule set. ``scan(_:_:)`` runs once for each field, in front of the rules of that field: it marks
/// the patterns that can match and collects the words that occur.
///
/// The field is read in folded form (``TextFold``), which is a mapping of single scalars: what occurs in the field
/// occurs in its folded form, so no match is missed. Nothing is copied; where a hit starts is found by walking back.
struct LiteralIndex: ~Copyable, Sendable {
    /// Tags of the fields that some regex or word rule looks at.
    let mask: UInt64

    // Tags of the fields in which a literal is looked for.
    private let literalMask: UInt64
    private let automaton: LiteralAutomaton
    private nonisolated(unsafe) let firstSlot: UnsafeMutablePointer<UInt32>
    private nonisolated(unsafe) let kept: UnsafeMutablePointer<UInt8>
    private let candidateCount: Int
    private let wordRuleCount: Int

    /// Gathers the literals of `count` rules; `masks` are the tags that each looks at.
    init(checks: UnsafePointer<Check>, masks: UnsafePointer<UInt64>, count: Int) throws(SettingsError) {
        var gathered = GatheredLiterals()
        for rule in 0..<count {
            switch checks[rule].kind {
            case .regex: gathered.add(checks[rule].regex.pointee, mask: masks[rule])
            case .words: gathered.add(checks[rule].words.pointee, mask: masks[rule])
            default: gathered.slots.append(0)
            }
        }
        try self.init(gathered)
    }

    /// One word rule by itself, as rule 0.
    init(words: borrowing Words) throws(SettingsError) {
        var gathered = GatheredLiterals()
        gathered.add(words, mask: .max)
        try self.init(gathered)
    }

    private init(_ gathered: GatheredLiterals) throws(SettingsError) {
        guard let automaton = LiteralAutomaton(gathered.literals) else {
            throw SettingsError(
                .tooLarge, at: nil, "the words and literals of the rules need too large a table",
                mend: "use fewer or shorter words: about \(LiteralAutomaton.limit / 50) letters fit")
        }
        self.automaton = automaton
        mask = gathered.mask
        literalMask = gathered.literalMask
        candidateCount = gathered.candidates
        wordRuleCount = gathered.wordRules
        firstSlot = .allocate(capacity: max(gathered.slots.count, 1))
        firstSlot.initialize(from: gathered.slots, count: gathered.slots.count)
        kept = .allocate(capacity: max(gathered.kept.count, 1))
        kept.initialize(from: gathered.kept, count: gathered.kept.count)
    }

    /// Reads a field; what it finds is in `scratch` until the next call.
    ///
    /// - Complexity: O(bytes), whatever the number of literals.
    func scan(_ field: Field, _ scratch: TextScratch) {
        scratch.begin(firstSlot: UnsafePointer(firstSlot), candidates: candidateCount, words: wordRuleCount)
        guard field.tags.rawValue & literalMask != 0 else { return }
        let (start, end) = (field.start, field.count)
        let (next, classes, accepting) = (automaton.next, automaton.classes, automaton.firstAccepting)
        let fold = TextFold.fold
        let room = scratch.state.pointee.room
        var here = Place(start: start, end: end)
        var state: UInt32 = 0
        var index = 0
        while true {
            let ascii = endOfASCII(start, from: index, end: end)
            while index < ascii {
                state = next[Int(state &+ UInt32(classes[Int(start[index])]))]
                index &+= 1
                if state >= accepting {
                    here.offset = index
                    here.form = start + (index &- 1)
                    here.count = 1
                    here.read = 1
                    tell(state, here, scratch)
                }
            }
            if index >= end { return }
            here.isASCII = false
            while index < end, start[index] >= 0x80 {
                let value = scalar(start, at: index, end: end)
                here.form = start + index
                here.count = value.length
                if let form = fold.form(of: value.value, room: room) { (here.form, here.count) = form }
                index &+= value.length
                here.offset = index
                here.read = 0
                while here.read < here.count {
                    state = next[Int(state &+ UInt32(classes[Int(here.form[here.read])]))]
                    here.read &+= 1
                    if state >= accepting { tell(state, here, scratch) }
                }
            }
        }
    }

    @inline(never)
    private func tell(_ state: UInt32, _ here: Place, _ scratch: TextScratch) {
        let memory = scratch.state
        let epoch = memory.pointee.epoch
        let room = memory.pointee.room + TextFold.longest
        var goesOn: Bool?  // Whether the word goes on behind this place; worked out where it is asked.
        automaton.forEachUse(in: state) { use in
            guard use.isWord else {
                memory.pointee.candidates[Int(use.slot)] = epoch
                return
            }
            if use.needsBoundaries {
                let known = goesOn ?? here.wordGoesOn(room)
                goesOn = known
                if known { return }
            }
            let begin = here.beginning(of: Int(use.length), room)
            if use.needsBoundaries && begin.continuesWord { return }
            if use.keptCount > 0, !isKept(use, here, from: begin.offset, room) { return }
            scratch.addWord(use.slot, start: begin.offset, end: here.offset)
        }
    }

    // Whether the text from `begin` to this place is the word with its case kept.
    private func isKept(
        _ use: LiteralUse, _ here: Place, from begin: Int, _ room: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        let word = kept + Int(use.keptStart)
        let count = Int(use.keptCount)
        let keep = TextFold.keep
        var (index, matched) = (begin, 0)
        while index < here.offset {
            let value = scalar(here.start, at: index, end: here.offset)
            if value.value < 0x80 {
                guard matched < count, word[matched] == keep.ascii(here.start[index]) else { return false }
                matched += 1
            } else {
                let form = keep.form(of: value.value, room: room) ?? (here.start + index, value.length)
                guard matched + form.count <= count else { return false }
                for offset in 0..<form.count where word[matched + offset] != form.start[offset] { return false }
                matched += form.count
            }
            index += value.length
        }
        return matched == count
    }

    deinit {
        firstSlot.deallocate()
        kept.deallocate()
    }
}

// A place in a field behind a folded byte: the scalar it belongs to, and how much of that scalar's form was read.
private struct Place {
    let start: UnsafePointer<UInt8>
    let end: Int
    /// No other scalar was read so far.
    var isASCII = true
    /// Behind the scalar.
    var offset = 0
    var form: UnsafePointer<UInt8>
    var count = 0
    var read = 0

    init(start: UnsafePointer<UInt8>, end: Int) {
        self.start = start
        self.end = end
        form = start
    }

    /// Whether the next scalar of the folded text is part of a word.
    func wordGoesOn(_ room: UnsafeMutablePointer<UInt8>) -> Bool {
        if read < count { return isWordScalar(scalar(form, at: read, end: count).value) }
        var index = offset
        while index < end {
            let next = scalar(start, at: index, end: end)
            if next.value < 0x80 { return isWordScalar(next.value) }
            guard let form = TextFold.fold.form(of: next.value, room: room) else { return isWordScalar(next.value) }
            if form.count > 0 { return isWordScalar(scalar(form.start, at: 0, end: form.count).value) }
            index += next.length
        }
        return false
    }

    /// Where the literal of `length` folded bytes begins that ends here, and whether the scalar before it in the
    /// folded text is part of a word.
    func beginning(
        of length: Int, _ room: UnsafeMutablePointer<UInt8>
    ) -> (offset: Int, continuesWord: Bool) {
        if isASCII {
            let begin = offset - length
            return (begin, begin > 0 && isWordScalar(UInt32(start[begin - 1])))
        }
        var index = offset
        var left = length + (count - read)  // What of this scalar's form lies behind this place counts as well.
        var begin: Int?
        while index > 0 {
            let last = scalar(start, before: index)
            index -= last.length
            var form = (start: start + index, count: last.length)
            if last.value >= 0x80, let folded = TextFold.fold.form(of: last.value, room: room) { form = folded }
            if let begin {
                guard form.count > 0 else { continue }
                return (begin, isWordScalar(scalar(form.start, before: form.count).value))
            }
            if form.count > left {  // The literal begins inside this form.
                return (index, isWordScalar(scalar(form.start, before: form.count - left).value))
            }
            left -= form.count
            if left == 0 { begin = index }
        }
        return (begin ?? 0, false)
    }
}

// Literals and their uses, before the automaton is built.
private struct GatheredLiterals {
    var literals: [(bytes: [UInt8], use: LiteralUse)] = []
    /// Of each rule: its first candidate, or its number among the word rules.
    var slots: [UInt32] = []
    var candidates = 0
    var wordRules = 0
    var mask: UInt64 = 0
    var literalMask: UInt64 = 0
    var kept: [UInt8] = []

    mutating func add(_ regex: borrowing Regex, mask tags: UInt64) {
        mask |= tags
        slots.append(UInt32(candidates))
        for pattern in regex.patterns {
            for literal in pattern.literals {
                literalMask |= tags
                literals.append(
                    (literal, LiteralUse(slot: UInt32(candidates), length: UInt32(literal.count), isWord: false)))
            }
            candidates += 1
        }
    }

    mutating func add(_ words: borrowing Words, mask tags: UInt64) {
        mask |= tags
        literalMask |= tags
        slots.append(UInt32(wordRules))
        for word in words.words {
            var use = LiteralUse(slot: UInt32(wordRules), length: UInt32(word.folded.count), isWord: true)
            use.needsBoundaries = words.boundaries
            use.keptStart = UInt32(kept.count)
            use.keptCount = UInt32(word.kept.count)
            kept.append(contentsOf: word.kept)
            literals.append((word.folded, use))
        }
        wordRules += 1
    }
}
