// The walk over one block of JSON: one record after the other, and the fields of each.

import CSimdJSON
import Glibc
import UndertoneCore

/// The key of an object's member, decoded.
struct KeySpan: BitwiseCopyable {
    var start: UnsafePointer<UInt8>
    var count: Int
}

/// Reads the records of one block. A value that lives for the whole block, so that the loop counts no references.
struct BlockReader {
    private static let names = NameTable(KnownNames.all.map(\.name))
    private static let known = KnownNames.all.map(\.field)

    let parser: RecordParser
    let batch: RecordBatch
    private let block: UnsafePointer<UInt8>
    private let names: NameTable
    private let known: [KnownField]
    let keys: UnsafeMutablePointer<PlainBuffer<KeySpan>>
    private let blockPositions: UnsafePointer<UInt32>?
    private let positionCount: Int
    let responseTags: FieldTags
    private let required: FieldTags
    private let textTags: UnsafeMutablePointer<FieldTags>
    private let hasPointers: Bool
    private let shapes: UnsafeMutablePointer<RecordShapes>?
    private var nextToken = 0
    var recordStart = 0
    var firstField = 0
    // Of the record's fields so far.
    var seenTags: FieldTags = []
    var walker: JSONWalker

    init(_ parser: RecordParser, _ text: UnsafePointer<UInt8>, _ count: Int, _ batch: RecordBatch) {
        self.parser = parser
        self.batch = batch
        block = text
        names = BlockReader.names
        known = BlockReader.known
        keys = parser.keys
        var positions: UnsafePointer<UInt32>?
        var found = 0
        let status = undertone_json_index_text(parser.index, text, count, &positions, &found)
        // A block that can't be indexed as a whole is indexed record by record, so that one spoils no other.
        blockPositions = status == UNDERTONE_JSON_OK ? positions : nil
        positionCount = found
        responseTags = BlockReader.tags(of: .response, parser.plan)
        let ruleTags = parser.plan.ruleTags
        required = ruleTags.contains(.response) || ruleTags.isEmpty ? .response : .any
        textTags = parser.textTags
        hasPointers = !parser.pointers.isEmpty
        shapes = parser.shapeStore
        walker = JSONWalker(
            text: text, positions: blockPositions ?? UnsafePointer(BlockReader.noPositions), end: 0,
            depthLimit: parser.limits.depth,
            decoded: parser.decoded, brackets: parser.brackets, token: 0)
    }

    private nonisolated(unsafe) static let noPositions: UnsafeMutablePointer<UInt32> = {
        let memory = UnsafeMutablePointer<UInt32>.allocate(capacity: 4)
        memory.initialize(repeating: 0, count: 4)
        return memory
    }()

    /// Reads one record; `false` where the range holds white space only.
    @inline(__always)
    mutating func read(_ start: Int, _ end: Int, line: Int) -> Bool {
        var record = Record(start: start, count: end &- start, line: line, firstField: batch.fields.count)
        guard let blockPositions else { return readAlone(&record) }
        while nextToken < positionCount, Int(blockPositions[nextToken]) < start { nextToken &+= 1 }
        guard nextToken < positionCount, Int(blockPositions[nextToken]) < end else { return false }
        walker.end = end
        walker.token = nextToken
        readRecord(&record, base: start)
        nextToken = walker.token
        batch.records.append(record)
        return true
    }

    private mutating func readAlone(_ record: inout Record) -> Bool {
        let base = block + record.start
        var positions: UnsafePointer<UInt32>?
        var found = 0
        // A line as long as the limit is read as a chunk of its own, so the index never grows beyond it.
        switch undertone_json_index_text(parser.index, base, record.count, &positions, &found) {
        case UNDERTONE_JSON_OK:
            guard let positions else { return false }
            walker.text = base
            walker.positions = positions
            walker.end = record.count
            walker.token = 0
            readRecord(&record, base: 0)
        case UNDERTONE_JSON_EMPTY:
            return false
        case UNDERTONE_JSON_INVALID_UTF8:
            refuse(&record, .invalidUTF8, at: firstInvalidUTF8(base, record.count))
        case UNDERTONE_JSON_NO_MEMORY:
            refuse(&record, .tooLong, at: 0)
        default:
            // A control character inside a string, or a string without an end.
            refuse(&record, .invalidJSON, at: endOfSoundStrings(base, record.count))
        }
        batch.records.append(record)
        return true
    }

    private mutating func refuse(_ record: inout Record, _ why: Malformation, at offset: Int) {
        batch.fields.truncate(to: record.firstField)
        record.fieldCount = 0
        record.malformed = why.rawValue
        record.malformedAt = max(0, offset)
    }

    // MARK: One record

    @inline(__always)
    private mutating func readRecord(_ record: inout Record, base: Int) {
        let firstToken = walker.token
        recordStart = base
        firstField = record.firstField
        seenTags = []
        walker.problem = nil
        shapes?.pointee.begin()
        let opening = walker.current
        var isSound: Bool
        switch opening {
        case UInt8(ascii: "{"): isSound = readTopObject()
        case UInt8(ascii: "["):
            isSound = readTexts(responseTags, path: .max, isResponse: true, isStrict: true, depth: 0)
        case UInt8(ascii: "\""): isSound = addText(responseTags, FieldPath(name: .max))
        default: isSound = walker.skipScalar()
        }
        if isSound, walker.current != 0 || walker.offset < walker.end { isSound = walker.fail(.invalidJSON) }
        let stoppedAt = walker.offset - base
        if isSound, hasPointers { isSound = readPointers(from: firstToken) }
        guard isSound else {
            return refuse(&record, walker.problem ?? .invalidJSON, at: stoppedAt)
        }
        record.fieldCount = batch.fields.count &- record.firstField
        if seenTags.isDisjoint(with: required) { return refuse(&record, .missingField, at: 0) }
        if let shapes { endShape(shapes, record, opening) }
    }

    // A record over the limit will be refused, whatever it holds.
    private func endShape(_ shapes: UnsafeMutablePointer<RecordShapes>, _ record: Record, _ opening: UInt8) {
        guard record.count <= parser.limits.bytes else { return }
        switch opening {
        case UInt8(ascii: "{"): shapes.pointee.end()
        case UInt8(ascii: "["): shapes.pointee.end(as: "[]")
        default: shapes.pointee.end(as: "\"\"")
        }
    }

    @inline(__always)
    private mutating func readTopObject() -> Bool {
        keys.pointee.removeAll()
        walker.token &+= 1
        if walker.current == UInt8(ascii: "}") {
            walker.token &+= 1
            return true
        }
        var seenNames: UInt64 = 0
        while true {
            guard let raw = walker.key() else { return false }
            // A known name has no escape, and a bit remembers it.
            let found = names.find(walker.text + raw.lowerBound, count: raw.upperBound &- raw.lowerBound)
            guard let name = found ?? readUnknownKey(raw) else { return false }
            if let shapes { addMember(shapes, raw, isKnown: found != nil) }
            if name >= 0 {
                let bit = 1 &<< UInt64(truncatingIfNeeded: name)
                guard seenNames & bit == 0 else { return walker.fail(.duplicateKey) }
                seenNames |= bit
                guard readKnown(name) else { return false }
            } else {
                guard walker.skipValue(depth: 1) else { return false }
            }
            if walker.current == UInt8(ascii: ",") {
                walker.token &+= 1
                continue
            }
            guard walker.current == UInt8(ascii: "}") else { return walker.fail(.invalidJSON) }
            return closeObject(since: 0)
        }
    }

    @inline(__always)
    private func addMember(_ shapes: UnsafeMutablePointer<RecordShapes>, _ raw: Range<Int>, isKnown: Bool) {
        if isKnown {
            shapes.pointee.add(walker.text + raw.lowerBound, raw.upperBound &- raw.lowerBound, walker.current)
        } else if keys.pointee.count > 0 {
            // It was decoded a moment ago.
            let key = keys.pointee.base[keys.pointee.count &- 1]
            shapes.pointee.add(key.start, key.count, walker.current)
        }
    }

    // A key that is no known name as it stands: -1, or the known name that it spells with escapes.
    private mutating func readUnknownKey(_ raw: Range<Int>) -> Int? {
        guard let key = addKey(raw, since: 0) else { return nil }
        return names.find(key.start, count: key.count) ?? -1
    }

    // Reads a key and its colon. The keys of the object are those from `first` on; none may come twice.
    @inline(__always)
    mutating func readKey(since first: Int) -> KeySpan? {
        guard let raw = walker.key() else { return nil }
        return addKey(raw, since: first)
    }

    @inline(__always)
    private mutating func addKey(_ raw: Range<Int>, since first: Int) -> KeySpan? {
        guard let name = walker.decode(raw), let start = name.baseAddress else { return nil }
        let key = KeySpan(start: start, count: name.count)
        let seen = keys.pointee.count
        if seen &- first < BlockReader.fewKeys {
            for index in first..<seen where BlockReader.isSame(keys.pointee.base[index], key) {
                _ = walker.fail(.duplicateKey)
                return nil
            }
        }
        keys.pointee.append(key)
        return key
    }

    // Up to this many keys of an object are compared one by one; beyond, they are sorted when the object ends.
    private static let fewKeys = 32

    // The object whose keys are those from `first` on has ended.
    @inline(__always)
    mutating func closeObject(since first: Int) -> Bool {
        walker.token &+= 1
        let count = keys.pointee.count &- first
        let isSound = count <= BlockReader.fewKeys || hasNoTwins(since: first, count: count)
        keys.pointee.truncate(to: first)
        return isSound
    }

    private mutating func hasNoTwins(since first: Int, count: Int) -> Bool {
        var own = UnsafeMutableBufferPointer(start: keys.pointee.base + first, count: count)
        own.sort { left, right in
            if left.count != right.count { return left.count < right.count }
            return memcmp(left.start, right.start, left.count) < 0
        }
        for index in 1..<count where BlockReader.isSame(own[index - 1], own[index]) {
            return walker.fail(.duplicateKey)
        }
        return true
    }

    @inline(__always)
    private static func isSame(_ left: KeySpan, _ right: KeySpan) -> Bool {
        left.count == right.count && memcmp(left.start, right.start, left.count) == 0
    }

    // MARK: Known fields

    @inline(__always)
    private mutating func readKnown(_ name: Int) -> Bool {
        let tags = textTags[name]
        guard walker.current == UInt8(ascii: "\""), !tags.isEmpty else { return readOther(name) }
        return addText(tags, FieldPath(name: UInt16(truncatingIfNeeded: name)))
    }

    /// What a string under a known name is; nothing for chats, where each turn says it.
    static func tags(of field: KnownField, _ plan: FieldPlan) -> FieldTags {
        switch field {
        case .response, .preference: plan.overrides.isEmpty ? [.response, .any] : .any
        case .prompt: [.prompt, .any]
        case .system: [.system, .any]
        case .chat: []
        }
    }

    /// Tags of the fields that are worth extracting.
    static func wanted(_ plan: FieldPlan) -> FieldTags {
        plan.wantsAllFields || plan.ruleTags.isEmpty ? .any : plan.ruleTags
    }

    // A known name with something else than a string under it, or with a string that no rule looks at.
    @inline(never)
    private mutating func readOther(_ name: Int) -> Bool {
        if known[name] == .chat { return readChat(name, default: responseTags) }
        let tags = BlockReader.tags(of: known[name], parser.plan)
        if walker.current == UInt8(ascii: "\"") {
            seenTags.formUnion(tags)
            return walker.skipString()
        }
        let isForced = known[name] == .response
        let isAnswer = isForced || known[name] == .preference
        switch walker.current {
        case UInt8(ascii: "["):
            return readTexts(tags, path: UInt16(name), isResponse: isForced, isStrict: isAnswer, depth: 1)
        case UInt8(ascii: "{") where isAnswer:
            return readMessage(UInt16(name), item: .max, default: tags, isResponse: isForced, depth: 1)
        default:
            // An empty prompt may be null; an answer that is no text is an answer that nobody looked at.
            guard !isAnswer || !parser.plan.overrides.isEmpty else { return walker.fail(.wrongType) }
            return walker.skipValue(depth: 1)
        }
    }

    private mutating func readChat(_ name: Int, default tags: FieldTags) -> Bool {
        guard walker.current == UInt8(ascii: "[") else { return walker.fail(.wrongType) }
        return readTexts(tags, path: UInt16(name), isResponse: false, isStrict: true, depth: 1)
    }
}
