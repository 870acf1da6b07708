// Text normal forms that map each scalar by itself, so that the form of a text is the forms of its parts in a row.

import CUndertone

/// A text normal form. White space of ASCII becomes a space, everything else goes by a generated Unicode table.
///
/// `fold` is compatibility decomposition (NFKD) and full case folding without default-ignorable code points, so that
/// `OWL`, `ｏｗｌ` and `o\u{200B}wl` are one; `keep` is the same without case folding. Marks are not put into canonical
/// order: that would make the form of a text depend on its neighbours.
struct TextFold: Sendable {
    static let fold = TextFold(undertone_fold(), foldsCase: true)
    static let keep = TextFold(undertone_keep(), foldsCase: false)

    /// Bytes that the form of one scalar can take, at most.
    static let longest = 48

    private nonisolated(unsafe) let blocks: UnsafePointer<UInt8>
    private nonisolated(unsafe) let entries: UnsafePointer<UInt16>
    private nonisolated(unsafe) let pool: UnsafePointer<UInt8>
    private let foldsCase: Bool

    private init(_ table: undertone_fold_table, foldsCase: Bool) {
        blocks = table.blocks
        entries = table.entries
        pool = table.pool
        self.foldsCase = foldsCase
    }

    /// What a byte of ASCII becomes.
    @inline(__always)
    func ascii(_ byte: UInt8) -> UInt8 {
        if byte &- 0x09 < 5 { return 0x20 }
        return foldsCase && byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    /// The form of a scalar that is not ASCII; `nil` where it stays as it is. Hangul syllables are written to `room`,
    /// which must hold ``longest`` bytes.
    @inline(__always)
    func form(
        of value: UInt32, room: UnsafeMutablePointer<UInt8>
    ) -> (start: UnsafePointer<UInt8>, count: Int)? {
        if value >= 0x30000 {
            // Plane 14 below U+E1000 is default-ignorable; an invalid byte stays as it is.
            return value &- 0xE0000 < 0x1000 ? (UnsafePointer(room), 0) : nil
        }
        if value &- 0xAC00 < 11_172 { return jamo(of: value &- 0xAC00, room) }
        let block = Int(blocks[Int(value &>> 7)])
        let entry = Int(entries[block &<< 7 | Int(value & 127)])
        if entry == 0 { return nil }
        if entry == 1 { return (UnsafePointer(room), 0) }
        return (pool + entry + 1, Int(pool[entry]))
    }

    /// The form of a whole text.
    func form(of text: some Sequence<UInt8>) -> [UInt8] {
        var bytes = Array(text)
        let count = bytes.count
        bytes.append(contentsOf: [UInt8](repeating: 0, count: 16))
        var formed: [UInt8] = []
        bytes.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: TextFold.longest) { room in
                guard let room = room.baseAddress else { return }
                var index = 0
                while index < count {
                    let next = scalar(start, at: index, end: count)
                    append(next, start + index, room, to: &formed)
                    index += next.length
                }
            }
        }
        return formed
    }

    private func append(
        _ next: (value: UInt32, length: Int), _ start: UnsafePointer<UInt8>, _ room: UnsafeMutablePointer<UInt8>,
        to formed: inout [UInt8]
    ) {
        if next.value < 0x80 {
            formed.append(ascii(UInt8(truncatingIfNeeded: next.value)))
        } else if let form = form(of: next.value, room: room) {
            formed.append(contentsOf: UnsafeBufferPointer(start: form.start, count: form.count))
        } else {
            formed.append(contentsOf: UnsafeBufferPointer(start: start, count: next.length))
        }
    }

    // The Unicode Standard, section 3.12: a syllable's leading consonant, vowel and trailing consonant.
    private func jamo(
        of index: UInt32, _ room: UnsafeMutablePointer<UInt8>
    ) -> (start: UnsafePointer<UInt8>, count: Int) {
        let trailing = index % 28
        put(0x1100 + index / 588, room)
        put(0x1161 + index % 588 / 28, room + 3)
        guard trailing > 0 else { return (UnsafePointer(room), 6) }
        put(0x11A7 + trailing, room + 6)
        return (UnsafePointer(room), 9)
    }

    private func put(_ value: UInt32, _ room: UnsafeMutablePointer<UInt8>) {
        room[0] = UInt8(truncatingIfNeeded: 0xE0 | value >> 12)
        room[1] = UInt8(truncatingIfNeeded: 0x80 | value >> 6 & 0x3F)
        room[2] = UInt8(truncatingIfNeeded: 0x80 | value & 0x3F)
    }
}
