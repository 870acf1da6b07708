// How alike two texts are, from 256 bytes of each.

import UndertoneCore

/// The signature of a text by one-permutation MinHash: Broder, On the resemblance and containment of documents, 1997; Li,
/// Owen & Zhang, NIPS 2012; empty places are filled as in Shrivastava, Optimal densification, ICML 2017.
///
/// The share of places in which two signatures agree estimates the Jaccard similarity of the two sets of shingles, with a
/// standard error of about √(J(1 − J)/128): 0.035 at 0.8.
enum MinHash {
    /// Places of a signature, each 16 bits.
    static let places = 128
    /// Bytes of a shingle.
    static let shingle = 5

    /// Writes the signature of a text in normal form to `places` numbers. At least eight bytes behind the text can be
    /// read.
    static func write(_ text: UnsafeBufferPointer<UInt8>, to signature: UnsafeMutablePointer<UInt16>) {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: places) { least in
            least.initialize(repeating: .max)
            let raw = UnsafeRawBufferPointer(text)
            // A text shorter than a shingle is one by itself.
            let count = max(raw.count - shingle + 1, 1)
            let mask: UInt64 = raw.count >= shingle ? (1 << UInt64(8 * shingle)) - 1 : (1 << UInt64(8 * raw.count)) - 1
            guard let start = raw.baseAddress else {
                return UnsafeMutableBufferPointer(start: signature, count: places).update(repeating: 0)
            }
            for at in 0..<count {
                let bytes = (start + at).loadUnaligned(as: UInt64.self) & mask
                let hash = scrambled(bytes)
                let place = Int(truncatingIfNeeded: hash &>> 57)
                let value = hash & (.max &>> 7)
                if value < least[place] { least[place] = value }
            }
            for place in 0..<places {
                var from = place
                var attempt: UInt64 = 0
                while least[from] == .max {
                    from = Int(scrambled(UInt64(place) &<< 32 | attempt) % UInt64(places))
                    attempt += 1
                }
                signature[place] = UInt16(truncatingIfNeeded: scrambled(least[from]))
            }
        }
    }

    /// The Jaccard similarity that two signatures speak for: 0 to 1.
    static func similarity(_ left: UnsafePointer<UInt16>, _ right: UnsafePointer<UInt16>) -> Double {
        var equal = 0
        for place in 0..<places where left[place] == right[place] { equal &+= 1 }
        return Double(equal) / Double(places)
    }
}

/// Signatures of different texts; of more than it holds, those of a uniform sample.
struct Signatures: ~Copyable {
    private let limit: Int
    /// Texts whose scrambled keys are above are left out.
    private var threshold = UInt64.max
    private(set) var keys: [TextKey] = []
    private var values = PlainBuffer<UInt16>(capacity: MinHash.places)

    /// - Parameter limit: signatures that are held at most, 272 bytes each.
    init(limit: Int) { self.limit = max(limit, 2) }

    /// Whether all texts are there.
    var isComplete: Bool { threshold == .max }

    /// The signature of a text by its number.
    func signature(_ index: Int) -> UnsafePointer<UInt16> { UnsafePointer(values.base + index * MinHash.places) }

    /// Adds a text, which is not there yet, by its key and its normal form.
    mutating func add(_ key: TextKey, _ text: borrowing NormalWords) {
        guard scrambled(key.high) <= threshold else { return }
        while keys.count >= limit { halve() }
        guard scrambled(key.high) <= threshold else { return }
        keys.append(key)
        values.reserve(MinHash.places)
        MinHash.write(
            UnsafeBufferPointer(start: text.text.base, count: text.text.count), to: values.base + values.count)
        values.advance(by: MinHash.places)
    }

    private mutating func halve() {
        threshold /= 2
        var kept = 0
        for index in keys.indices where scrambled(keys[index].high) <= threshold {
            if kept != index {
                keys[kept] = keys[index]
                (values.base + kept * MinHash.places).update(from: signature(index), count: MinHash.places)
            }
            kept += 1
        }
        keys.removeLast(keys.count - kept)
        values.truncate(to: kept * MinHash.places)
    }
}
