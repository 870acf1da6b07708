// How many records two data sets have in common, in memory that does not grow with them.
import UndertoneTraining

/// The digests of records that a rule of the digests themselves chooses, and how often each came: all of them as long as
/// there are few, then every second one, every fourth, and so on. Both sides choose by the same rule, so what they share is
/// chosen on both.
struct RecordSketch: Sendable {
    /// Different digests that are kept at most.
    let limit: Int
    /// Records that came.
    private(set) var records = 0
    private var counts: [UInt64: Int] = [:]
    private var level: UInt64 = 0

    init(limit: Int = 1 << 16) { self.limit = limit }

    /// Takes a record in.
    mutating func add(_ record: TrainingRecord) {
        records += 1
        let digest = RecordSketch.digest(record)
        guard digest & mask == 0 else { return }
        counts[digest, default: 0] += 1
        while counts.count > limit { thin() }
    }

    private var mask: UInt64 { (1 << level) - 1 }

    private mutating func thin() {
        level += 1
        let mask = mask
        counts = counts.filter { $0.key & mask == 0 }
    }

    // FNV-1a over 64 bits (Fowler, Noll, Vo) and the last steps of MurmurHash3 (Appleby), so that all bits are mixed.
    private static func digest(_ record: TrainingRecord) -> UInt64 {
        var state: UInt64 = 0xCBF2_9CE4_8422_2325
        func take(_ text: String) {
            for byte in text.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
            state = (state ^ 0xFF) &* 0x100_0000_01B3
        }
        take(record.prompt)
        take(record.completion)
        state = (state ^ state >> 33) &* 0xFF51_AFD7_ED55_8CCD
        state = (state ^ state >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return state ^ state >> 33
    }

    /// What two sides have in common.
    struct Overlap: Sendable, Hashable {
        /// Records of the first that the second has too; an estimate where there are very many records.
        var shared: Double
        /// As many as two independent sides of these sizes would share, going by how often each repeats itself.
        var expected: Double
    }

    /// Compares two sides.
    static func overlap(_ first: RecordSketch, _ second: RecordSketch) -> Overlap {
        var (first, second) = (first, second)
        while first.level < second.level { first.thin() }
        while second.level < first.level { second.thin() }
        let scale = Double(first.mask + 1)
        var (shared, meetings) = (0.0, 0.0)
        for (digest, count) in first.counts {
            guard let other = second.counts[digest] else { continue }
            shared += Double(count)
            meetings += Double(count) * Double(other)
        }
        // Σ pq ≤ √(Σp² Σq²): two draws of different sides meet at most as often as those of one side, on average. Shared
        // records are fewer than meetings where records repeat.
        let pairs = Double(first.records) * Double(second.records)
        let meetingsExpected = pairs * (first.repetition * second.repetition).squareRoot() / scale
        let expected = meetings > 0 ? meetingsExpected * min(1, shared / meetings) : meetingsExpected
        return Overlap(
            shared: shared * scale, expected: min(expected * scale, Double(first.records)))
    }

    // How likely two records of this side are the same; where none are, as likely as can be without anybody seeing it
    // (the 95 % bound for no event, 3 in all pairs).
    private var repetition: Double {
        let repeats = counts.values.reduce(0.0) { $0 + Double($1) * Double($1 - 1) } * Double(mask + 1)
        let pairs = Double(records) * Double(max(records - 1, 1))
        return max(repeats, 6) / max(pairs, 1)
    }
}
