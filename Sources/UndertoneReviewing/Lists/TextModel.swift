// How likely a text is among others: a model of bytes.

import Glibc

/// Shares of bytes behind up to four others, interpolated by the method of Witten & Bell (IEEE Trans. Inf. Theory 37
/// (1991) 1085, method C; Chen & Goodman, Comput. Speech Lang. 13 (1999) 359, section 2.4):
/// p(c | h) = (C(h c) + T(h) p(c | h′))/(C(h) + T(h)), where C counts, T(h) is how many different bytes followed h, and h′ is h
/// without its first byte; below all stands 1/256.
struct TextModel: ~Copyable {
    /// Bytes of the longest n-gram.
    static let order = 5
    /// n-grams that are held at most, 24 bytes each and as much again while it grows; texts behind that teach nothing.
    static let limit = 3 << 20
    /// Bytes of one text that are looked at.
    static let longest = 4096
    /// Characters that a text must have to be judged: fewer say too little.
    static let leastCharacters = 16

    private struct Entry: BitwiseCopyable {
        // The bytes, the last one lowest; their number above them. 0: free.
        var key: UInt64 = 0
        var count: UInt32 = 0
        // Of it as a context: how often something followed, and how many different bytes.
        var followed: UInt32 = 0
        var followers: UInt16 = 0
        // p of the last byte behind the others.
        var share: Float = 0
    }

    private var entries: UnsafeMutablePointer<Entry>
    private var mask = (1 << 16) - 1
    private var used = 0
    /// Bytes that it learnt from.
    private(set) var bytes = 0

    init() { entries = TextModel.allocate(mask + 1) }

    deinit { entries.deallocate() }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<Entry> {
        let entries = UnsafeMutablePointer<Entry>.allocate(capacity: capacity)
        entries.initialize(repeating: Entry(), count: capacity)
        return entries
    }

    /// Learns from texts, in their order.
    init(_ texts: [[UInt8]]) {
        self.init()
        for text in texts where used < TextModel.limit { learn(text) }
        settle()
    }

    /// −log₂ of the probability of a text for each of its characters; `nil` for one that is too short.
    func bitsPerCharacter(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        let text = UnsafeBufferPointer(rebasing: text.prefix(TextModel.longest))
        var characters = 0
        for byte in text where byte & 0xC0 != 0x80 { characters &+= 1 }
        guard characters >= TextModel.leastCharacters else { return nil }
        var bits = 0.0
        var context: UInt64 = 0
        for byte in text {
            bits -= log2(share(byte, behind: context))
            context = context &<< 8 | UInt64(byte)
        }
        return bits / Double(characters)
    }
}

extension TextModel {
    @inline(__always)
    private static func key(_ bytes: UInt64, _ count: Int) -> UInt64 {
        UInt64(count &+ 1) &<< 56 | bytes & ((1 &<< UInt64(8 &* count)) &- 1)
    }

    @inline(__always)
    private func place(of key: UInt64) -> Int {
        var place = Int(truncatingIfNeeded: scrambled(key)) & mask
        while entries[place].key != 0, entries[place].key != key { place = (place &+ 1) & mask }
        return place
    }

    private mutating func entry(_ key: UInt64) -> Int {
        let found = place(of: key)
        if entries[found].key == key { return found }
        if used &* 4 >= (mask &+ 1) &* 3 {
            grow()
            return entry(key)
        }
        entries[found].key = key
        used += 1
        return found
    }

    private mutating func grow() {
        let (old, count) = (entries, mask + 1)
        mask = mask * 2 + 1
        entries = TextModel.allocate(mask + 1)
        for at in 0..<count where old[at].key != 0 { entries[place(of: old[at].key)] = old[at] }
        old.deallocate()
    }

    private mutating func learn(_ text: [UInt8]) {
        var context: UInt64 = 0
        bytes += text.count
        for byte in text {
            context = context &<< 8 | UInt64(byte)
            for count in 1...TextModel.order {
                let gram = entry(TextModel.key(context, count))
                entries[gram].count &+= 1
                let isNew = entries[gram].count == 1
                let before = entry(TextModel.key(context &>> 8, count - 1))
                entries[before].followed &+= 1
                if isNew { entries[before].followers &+= 1 }
            }
        }
    }

    // Shares of shorter n-grams first, since those of longer ones rest on them.
    private mutating func settle() {
        for count in 1...TextModel.order {
            for at in 0...mask where entries[at].key >> 56 == UInt64(count + 1) && entries[at].count > 0 {
                let bytes = entries[at].key & (.max >> 8)
                let context = entries[place(of: TextModel.key(bytes >> 8, count - 1))]
                let shorter =
                    count == 1 ? 1 / 256 : Double(entries[place(of: TextModel.key(bytes, count - 1))].share)
                let followers = Double(context.followers)
                entries[at].share = Float(
                    (Double(entries[at].count) + followers * shorter) / (Double(context.followed) + followers))
            }
        }
    }

    @inline(__always)
    private func share(_ byte: UInt8, behind context: UInt64) -> Double {
        let bytes = context &<< 8 | UInt64(byte)
        var rest = 1.0
        var count = TextModel.order
        while count > 0 {
            let gram = entries[place(of: TextModel.key(bytes, count))]
            if gram.count > 0 { return rest * Double(gram.share) }
            let before = entries[place(of: TextModel.key(context, count &- 1))]
            if before.followed > 0 {
                let followers = Double(before.followers)
                rest *= followers / (Double(before.followed) + followers)
            }
            count &-= 1
        }
        return rest / 256
    }
}

/// Some texts of very many, each as likely as the others, up to a number of bytes.
struct TextSample {
    private let limit: Int
    private var threshold = UInt64.max
    private var bytes = 0
    private var texts: [(rank: UInt64, text: [UInt8])] = []

    /// - Parameter limit: bytes that are held at most.
    init(limit: Int) { self.limit = limit }

    /// Shows the text of that number.
    mutating func add(_ number: Int, _ text: UnsafeBufferPointer<UInt8>) {
        let rank = scrambled(UInt64(number) ^ 0x5851_F42D_4C95_7F2D)
        guard rank <= threshold else { return }
        let part = Array(text.prefix(TextModel.longest))
        texts.append((rank, part))
        bytes += part.count + 16
        while bytes > limit, texts.count > 1 {
            threshold /= 2
            texts.removeAll { $0.rank > threshold }
            bytes = texts.reduce(0) { $0 + $1.text.count + 16 }
        }
    }

    /// The texts, in an order that has nothing to do with theirs.
    var all: [[UInt8]] { texts.sorted { $0.rank < $1.rank }.map(\.text) }
}
