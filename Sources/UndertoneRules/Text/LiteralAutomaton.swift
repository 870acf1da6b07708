// Aho–Corasick as a dense table over byte classes: all literals of a rule set in one pass (CACM 18(6), 1975).

import UndertoneCore

/// Who is told when a literal occurs.
struct LiteralUse: BitwiseCopyable {
    /// A pattern's place among the candidates, or a word rule's among the word rules.
    var slot: UInt32
    /// Bytes of the literal in folded form.
    var length: UInt32
    /// Where the word's case-keeping form starts in the index's bytes, and its length; 0 where case doesn't matter.
    var keptStart: UInt32 = 0
    var keptCount: UInt32 = 0
    var isWord: Bool
    var needsBoundaries = false
}

/// An automaton that reads folded text byte by byte. States are row offsets in one table, accepting ones behind all
/// others, so that the loop is two loads and one comparison a byte.
///
/// - Complexity: O(text) to run; O(literal bytes × byte classes) memory.
struct LiteralAutomaton: ~Copyable, Sendable {
    /// Entries of the largest table, 4 bytes each.
    static let limit = 12_000_000

    /// Of a state and a byte's class: the next state.
    nonisolated(unsafe) let next: UnsafeMutablePointer<UInt32>
    /// Of a byte, ASCII in any case: its class.
    nonisolated(unsafe) let classes: UnsafeMutablePointer<UInt8>
    /// States from this one on accept.
    let firstAccepting: UInt32

    private let stride: UInt32
    // For the accepting states by number: their uses, and the next shorter suffix that accepts.
    private nonisolated(unsafe) let uses: UnsafeMutablePointer<LiteralUse>
    private nonisolated(unsafe) let firstUse: UnsafeMutablePointer<UInt32>
    private nonisolated(unsafe) let suffixes: UnsafeMutablePointer<UInt32>

    /// Builds the automaton; `nil` where its table would exceed ``limit``. Literals are folded and not empty.
    init?(_ literals: [(bytes: [UInt8], use: LiteralUse)]) {
        var trie = LiteralTrie(literals.map(\.bytes))
        guard trie.insert(literals, limit: LiteralAutomaton.limit) else { return nil }
        trie.complete()

        let accepts = trie.order.filter { trie.accepts($0) }
        let states = trie.order.filter { !trie.accepts($0) } + accepts
        var number = [UInt32](repeating: 0, count: states.count)
        for (new, old) in states.enumerated() { number[old] = UInt32(new) }

        stride = UInt32(trie.stride)
        let width = trie.stride
        next = .allocate(capacity: states.count * width)
        for (new, old) in states.enumerated() {
            for column in 0..<width {
                let target = Int(trie.next[old * width + column])
                (next + new * width + column).initialize(to: number[target] * UInt32(width))
            }
        }
        classes = .allocate(capacity: 256)
        for byte in 0..<256 { (classes + byte).initialize(to: trie.classes[byte]) }

        let base = UInt32(states.count - accepts.count)
        firstAccepting = base * UInt32(width)
        uses = .allocate(capacity: max(literals.count, 1))
        firstUse = .allocate(capacity: accepts.count + 1)
        suffixes = .allocate(capacity: max(accepts.count, 1))
        var filled = 0
        for (index, state) in accepts.enumerated() {
            (firstUse + index).initialize(to: UInt32(filled))
            for literal in trie.literals[state] ?? [] {
                (uses + filled).initialize(to: literals[literal].use)
                filled += 1
            }
            let suffix = trie.suffix[state]
            (suffixes + index).initialize(to: suffix < 0 ? .max : number[suffix] - base)
        }
        (firstUse + accepts.count).initialize(to: UInt32(filled))
    }

    /// Calls `body` for every literal that ends in an accepting state, the longest first.
    @inline(__always)
    func forEachUse(in state: UInt32, _ body: (LiteralUse) -> Void) {
        var accept = (state &- firstAccepting) / stride
        repeat {
            for index in Int(firstUse[Int(accept)])..<Int(firstUse[Int(accept) + 1]) { body(uses[index]) }
            accept = suffixes[Int(accept)]
        } while accept != .max
    }

    deinit {
        next.deallocate()
        classes.deallocate()
        uses.deallocate()
        firstUse.deallocate()
        suffixes.deallocate()
    }
}

// The automaton while it is built: a trie, then its missing edges filled in breadth first.
private struct LiteralTrie {
    /// Byte classes; class 0 holds all bytes that no literal has.
    var classes = [UInt8](repeating: 0, count: 256)
    var stride = 1
    var next: [UInt32] = []
    /// Indices of the literals that end in a node.
    var literals: [Int: [Int]] = [:]
    /// The longest proper suffix that is the end of a literal, or -1.
    var suffix: [Int] = []
    /// Nodes, breadth first.
    var order: [Int] = [0]

    init(_ texts: [[UInt8]]) {
        var used = [Bool](repeating: false, count: 256)
        for text in texts { for byte in text { used[Int(byte)] = true } }
        // At most 254 classes: UTF-8 has no byte 0xFE or 0xFF.
        for byte in 0..<256 where used[byte] {
            classes[byte] = UInt8(truncatingIfNeeded: stride)
            stride += 1
        }
        let fold = TextFold.fold
        for byte in UInt8(0)..<0x80 { classes[Int(byte)] = classes[Int(fold.ascii(byte))] }
    }

    mutating func insert(_ all: [(bytes: [UInt8], use: LiteralUse)], limit: Int) -> Bool {
        next = [UInt32](repeating: 0, count: stride)
        for (index, literal) in all.enumerated() {
            var node = 0
            for byte in literal.bytes {
                let edge = node * stride + Int(classes[Int(byte)])
                if next[edge] == 0 {
                    guard next.count + stride <= limit else { return false }
                    next[edge] = UInt32(next.count / stride)
                    next.append(contentsOf: repeatElement(0, count: stride))
                }
                node = Int(next[edge])
            }
            literals[node, default: []].append(index)
        }
        return true
    }

    mutating func complete() {
        let count = next.count / stride
        var fail = [Int](repeating: 0, count: count)
        suffix = [Int](repeating: -1, count: count)
        order.reserveCapacity(count)
        var head = 0
        while head < order.count {
            let node = order[head]
            head += 1
            for column in 0..<stride {
                let edge = node * stride + column
                // Edges back to the root are 0 as well: they lead nowhere new.
                let shorter = node == 0 ? 0 : next[fail[node] * stride + column]
                let child = Int(next[edge])
                if child == 0 {
                    next[edge] = shorter
                } else {
                    fail[child] = Int(shorter)
                    suffix[child] = literals[fail[child]] == nil ? suffix[fail[child]] : fail[child]
                    order.append(child)
                }
            }
        }
    }

    func accepts(_ node: Int) -> Bool { suffix[node] >= 0 || literals[node] != nil }
}
