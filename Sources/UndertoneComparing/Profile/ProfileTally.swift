// Records of a drop, as one thread counts them.

import UndertoneCore
import UndertoneRecords

/// Counts the records of blocks.
struct ProfileTally: ~Copyable {
    private var records = 0
    private var recordBytes = 0
    private var malformed = [Int](repeating: 0, count: 256)
    private var shapes = TermTable(.forms)
    private var turns = TermTable(.forms)
    private var fields = FieldTally()
    private var outputs = TextsTally()
    private var prompts = TextsTally()
    private let characters = HistogramTally()
    private let words = HistogramTally()
    private var sample = TermTable(.outputs)
    private var text = TextTally()

    // Who spoke in the last record, and in how many before it in a row; two bits a turn below a one.
    private var sequence: UInt64 = 0
    private var sequenceRun = 0

    /// Turns of the longest sequence that is told apart.
    static let mostTurns = 31

    /// Counts a record that is over the limit.
    mutating func addTooLong() { malformed[Int(Malformation.tooLong.rawValue)] += 1 }

    /// Counts the records of a block.
    ///
    /// - Returns: how many could be read, and how many could not.
    mutating func add(_ block: BlockRecords) -> (readable: Int, malformed: Int) {
        let batch = block.batch
        var readable = 0
        let all = batch.records.count
        for index in 0..<all {
            let record = batch.records.base[index]
            if record.malformed == 0 {
                readable &+= 1
                recordBytes &+= record.count
                add(batch.fields.base + record.firstField, record.fieldCount)
            } else {
                malformed[Int(record.malformed)] &+= 1
            }
        }
        records &+= readable
        block.parser.forEachShape { bytes, count in
            let key = TextHash.of(bytes)
            shapes.add(key, rank: key, times: count, bytes)
        }
        return (readable, all - readable)
    }

    @inline(__always)
    private mutating func add(_ list: UnsafePointer<Field>, _ count: Int) {
        var sequence: UInt64 = 1
        for index in 0..<count {
            let field = list[index]
            fields.add(field.path)
            let role: UInt64
            if field.tags.contains(.response) {
                role = 0
                let key = TextHash.of(field.start, field.count)
                outputs.add(key, field.count)
                sample.add(key, rank: key, UnsafeBufferPointer(start: field.start, count: 0))
                let found = text.add(field.start, field.count, key)
                characters.add(found.characters)
                words.add(found.words)
            } else if field.tags.contains(.prompt) {
                role = 1
                prompts.add(TextHash.of(field.start, field.count), field.count)
            } else if field.tags.contains(.system) {
                role = 2
            } else {
                role = 3
            }
            // The highest bit says that more turns follow.
            if index < ProfileTally.mostTurns { sequence = sequence &<< 2 | role } else { sequence = 0 }
        }
        if sequence == self.sequence {
            sequenceRun &+= 1
        } else {
            endSequence()
            self.sequence = sequence
            sequenceRun = 1
        }
    }

    @inline(never)
    private mutating func endSequence() {
        guard sequenceRun > 0 else { return }
        let names = ["assistant", "user", "system", "tool"]
        var roles: [String] = []
        var rest = sequence
        while rest > 1 {
            roles.append(names[Int(rest & 3)])
            rest >>= 2
        }
        let name = sequence == 0 ? "more than \(ProfileTally.mostTurns) turns" : roles.reversed().joined(separator: " ")
        let bytes = Array(name.utf8)
        let key = TextHash.of(bytes)
        let times = sequenceRun
        bytes.withUnsafeBufferPointer { turns.add(key, rank: key, times: times, $0) }
        sequenceRun = 0
    }

    /// All that was counted.
    ///
    /// - Parameter parser: names the fields.
    mutating func profile(_ parser: RecordParser) -> DropProfile {
        endSequence()
        var profile = DropProfile()
        profile.records = records
        profile.recordBytes = recordBytes
        for (code, count) in malformed.enumerated() where count > 0 {
            profile.malformed[Malformation(rawValue: UInt8(code))?.reason ?? "unknown"] = count
        }
        profile.shapes = shapes.counts()
        profile.turns = turns.counts()
        profile.fields = fields.named(by: parser)
        profile.outputs = outputs.profile
        profile.prompts = prompts.profile
        profile.characters = characters.histogram
        profile.words = words.histogram
        profile.sample = sample.counts()
        profile.numbers = text.numbers.profile()
        profile.text = text.profile(profile.numbers)
        return profile
    }
}

/// Texts of one kind, as one thread counts them.
struct TextsTally: ~Copyable {
    private var count = 0
    private var totalBytes = 0
    private let bytes = HistogramTally()
    private let distinct = DistinctTally()

    @inline(__always)
    mutating func add(_ key: UInt64, _ length: Int) {
        count &+= 1
        totalBytes &+= length
        bytes.add(length)
        distinct.add(key)
    }

    var profile: TextsProfile {
        var profile = TextsProfile()
        profile.count = count
        profile.totalBytes = totalBytes
        profile.bytes = bytes.histogram
        profile.distinct = distinct.count
        return profile
    }
}

/// Where fields stand, as one thread counts them: one cell for every name that a path may have.
struct FieldTally: ~Copyable {
    private let counts: UnsafeMutablePointer<Int>
    private static let names = 1 << 16

    init() {
        counts = .allocate(capacity: FieldTally.names)
        counts.initialize(repeating: 0, count: FieldTally.names)
    }

    deinit { counts.deallocate() }

    @inline(__always)
    func add(_ path: FieldPath) { counts[Int(path.name)] &+= 1 }

    func named(by parser: RecordParser) -> [String: Int] {
        var fields: [String: Int] = [:]
        for name in 0..<FieldTally.names where counts[name] > 0 {
            let field = Field(
                start: UnsafePointer(UnsafeRawPointer(counts).assumingMemoryBound(to: UInt8.self)), count: 0, tags: [],
                path: FieldPath(name: UInt16(name)))
            fields[parser.pointer(of: field), default: 0] &+= counts[name]
        }
        return fields
    }
}
