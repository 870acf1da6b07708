// What a thread needs to run the rules that look at text; nothing is allocated from one record to the next.

import CPCRE2
import UndertoneCore

/// Working memory of the rules that look at text: which patterns are candidates, which words were met, PCRE2's memory.
final class TextScratch {
    /// Words of memory for one word rule: a stamp, a count, and start and end of each hit.
    static let wordStride = 2 + 2 * FindingBuffer.limitPerField

    /// The plain part; behind a pointer, since access to a class's variables is checked at run time.
    struct State {
        /// Stamps that equal this were made for the field at hand.
        var epoch: UInt32 = 0
        /// Of the field at hand: 0 not known, 1 UTF-8, 2 not.
        var validity: UInt8 = 0
        /// Of a rule: its first slot.
        var firstSlot: UnsafePointer<UInt32>?
        /// Stamps of the patterns whose literals occur.
        var candidates: UnsafeMutablePointer<UInt32>
        var words: UnsafeMutablePointer<UInt32>
        /// Room for two folded scalars.
        var room: UnsafeMutablePointer<UInt8>
        var candidateCapacity = 0
        var wordCapacity = 0
    }

    let state: UnsafeMutablePointer<State>
    /// PCRE2's memory, made when the first pattern runs.
    private(set) lazy var matcher = PatternMemory()

    init() {
        state = .allocate(capacity: 1)
        state.initialize(
            to: State(
                candidates: .allocate(capacity: 1), words: .allocate(capacity: 1),
                room: .allocate(capacity: 2 * TextFold.longest)))
    }

    /// Forgets the last field. Allocates only where a rule set is larger than all before.
    @inline(__always)
    func begin(firstSlot: UnsafePointer<UInt32>, candidates: Int, words: Int) {
        if candidates > state.pointee.candidateCapacity || words > state.pointee.wordCapacity
            || state.pointee.epoch == .max
        {
            renew(candidates: candidates, words: words)
        }
        state.pointee.epoch &+= 1
        state.pointee.validity = 0
        state.pointee.firstSlot = firstSlot
    }

    /// Whether the field at hand is UTF-8; looked at once, however many rules ask.
    @inline(__always)
    func isValid(_ field: Field) -> Bool {
        if state.pointee.validity == 0 {
            state.pointee.validity = isValidUTF8(field.start, count: field.count) ? 1 : 2
        }
        return state.pointee.validity == 1
    }

    /// Adds a word's hit, so that the hits of a rule are leftmost, then longest, and don't overlap. Hits come by
    /// ascending end.
    func addWord(_ slot: UInt32, start: Int, end: Int) {
        let hits = state.pointee.words + Int(slot) * TextScratch.wordStride
        if hits[0] != state.pointee.epoch {
            hits[0] = state.pointee.epoch
            hits[1] = 0
        }
        let first = UInt32(truncatingIfNeeded: start)
        var count = Int(hits[1])
        while count > 0, hits[2 * count] >= first { count -= 1 }
        if count > 0, hits[2 * count + 1] > first { return }
        guard count < FindingBuffer.limitPerField else { return }
        hits[2 * count + 2] = first
        hits[2 * count + 3] = UInt32(truncatingIfNeeded: end)
        hits[1] = UInt32(count + 1)
    }

    private func renew(candidates: Int, words: Int) {
        let candidates = max(candidates, state.pointee.candidateCapacity)
        let words = max(words, state.pointee.wordCapacity)
        state.pointee.candidates.deallocate()
        state.pointee.words.deallocate()
        state.pointee.candidates = .allocate(capacity: max(candidates, 1))
        state.pointee.candidates.initialize(repeating: 0, count: candidates)
        state.pointee.words = .allocate(capacity: max(words * TextScratch.wordStride, 1))
        state.pointee.words.initialize(repeating: 0, count: words * TextScratch.wordStride)
        state.pointee.candidateCapacity = candidates
        state.pointee.wordCapacity = words
        state.pointee.epoch = 0
    }

    deinit {
        state.pointee.candidates.deallocate()
        state.pointee.words.deallocate()
        state.pointee.room.deallocate()
        state.deallocate()
    }
}

/// Match data, a match context and a JIT stack. Any of them may be missing where memory is short.
final class PatternMemory {
    /// The stack that compiled patterns run on, in bytes: at first, and at most.
    static let stack = (first: 32 << 10, most: 64 << 20)
    /// Fields of this size may have grown the stack; it is given back behind them.
    static let largeField = 256 << 10

    let data: OpaquePointer?
    let context: OpaquePointer?
    private var jitStack: OpaquePointer?

    init() {
        data = pcre2_match_data_create_8(1, nil)
        context = pcre2_match_context_create_8(nil)
        // For the rare pattern that has no JIT code; with JIT only the match limit and the stack count.
        if let context { pcre2_set_heap_limit_8(context, 64 << 10) }
        renewStack()
    }

    /// A small stack in place of one that a large field may have grown.
    func renewStack() {
        if let jitStack { pcre2_jit_stack_free_8(jitStack) }
        jitStack = pcre2_jit_stack_create_8(PatternMemory.stack.first, PatternMemory.stack.most, nil)
        if let context { pcre2_jit_stack_assign_8(context, nil, jitStack.map { UnsafeMutableRawPointer($0) }) }
    }

    deinit {
        if let context { pcre2_match_context_free_8(context) }
        if let jitStack { pcre2_jit_stack_free_8(jitStack) }
        if let data { pcre2_match_data_free_8(data) }
    }
}
