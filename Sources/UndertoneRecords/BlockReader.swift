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

    private let parser: RecordParser
    private let batch: RecordBatch
    private let block: UnsafePointer<UInt8>
    private let names: NameTable
    private let known: [KnownField]
    private let keys: UnsafeMutablePointer<PlainBuffer<KeySpan>>
    private let blockPositions: UnsafePointer<UInt32>?
    private let positionCount: Int
    private let responseTags: FieldTags
    private let required: FieldTags
    private let textTags: UnsafeMutablePointer<FieldTags>
    private let hasPointers: Bool
    private var nextToken = 0
    private var recordStart = 0
    private var firstField = 0
    // Of the record's fields so far.
    private var seenTags: FieldTags = []
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
        var isSound: Bool
        switch walker.current {
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
        if seenTags.isDisjoint(with: required) { refuse(&record, .missingField, at: 0) }
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

    // A key that is no known name as it stands: -1, or the known name that it spells with escapes.
    private mutating func readUnknownKey(_ raw: Range<Int>) -> Int? {
        guard let key = addKey(raw, since: 0) else { return nil }
        return names.find(key.start, count: key.count) ?? -1
    }

    // Reads a key and its colon. The keys of the object are those from `first` on; none may come twice.
    @inline(__always)
    private mutating func readKey(since first: Int) -> KeySpan? {
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
    private mutating func closeObject(since first: Int) -> Bool {
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

    // A list of texts, of messages, or of lists of them. In a strict list anything else but null is no text, and a record
    // that holds it is not let pass unseen.
    private mutating func readTexts(
        _ tags: FieldTags, path: UInt16, isResponse: Bool, isStrict: Bool, depth: Int
    ) -> Bool {
        guard depth < parser.limits.depth else { return walker.fail(.tooDeep) }
        walker.token &+= 1
        if walker.current == UInt8(ascii: "]") {
            walker.token &+= 1
            return true
        }
        var item: UInt32 = 0
        while true {
            switch walker.current {
            case UInt8(ascii: "\""):
                guard addText(tags, FieldPath(name: path, item: item)) else { return false }
            case UInt8(ascii: "{"):
                guard readMessage(path, item: item, default: tags, isResponse: isResponse, depth: depth &+ 1) else {
                    return false
                }
            case UInt8(ascii: "["):
                guard
                    readTexts(tags, path: path, isResponse: isResponse, isStrict: isStrict, depth: depth &+ 1)
                else { return false }
            default:
                guard skipScalar(isStrict: isStrict) else { return false }
            }
            item &+= 1
            if walker.current == UInt8(ascii: ",") {
                walker.token &+= 1
                continue
            }
            guard walker.current == UInt8(ascii: "]") else { return walker.fail(.invalidJSON) }
            walker.token &+= 1
            return true
        }
    }

    // A chat message. Its role may come behind its text, so the tags are set when the object ends.
    private mutating func readMessage(
        _ path: UInt16, item: UInt32, default tags: FieldTags, isResponse: Bool, depth: Int
    ) -> Bool {
        guard depth < parser.limits.depth else { return walker.fail(.tooDeep) }
        let firstKey = keys.pointee.count
        let firstField = batch.fields.count
        let tagsBefore = seenTags
        var roleTags: FieldTags?
        walker.token &+= 1
        if walker.current == UInt8(ascii: "}") {
            walker.token &+= 1
            return true
        }
        while true {
            guard let key = readKey(since: firstKey) else { return false }
            if Roles.isRole(key) {
                if walker.current == UInt8(ascii: "\"") {
                    guard let raw = walker.rawString(), let name = walker.decode(raw) else {
                        return walker.fail(.invalidJSON)
                    }
                    // A message with a role under both names is what either says.
                    roleTags = Roles.tags(of: name, plan: parser.plan, response: responseTags).union(roleTags ?? [])
                    walker.token &+= 1
                } else {
                    guard walker.skipValue(depth: depth &+ 1) else { return false }
                }
            } else if let member = Roles.members.find(key.start, count: key.count) {
                let name = KnownNames.messagePath(path == .max ? 0xFF : Int(path), member)
                let isTree = member >= KnownNames.messageTexts.count
                guard readContent(FieldPath(name: name, item: item), tags, isTree: isTree, depth: depth &+ 1) else {
                    return false
                }
            } else {
                guard walker.skipValue(depth: depth &+ 1) else { return false }
            }
            if walker.current == UInt8(ascii: ",") {
                walker.token &+= 1
                continue
            }
            guard walker.current == UInt8(ascii: "}") else { return walker.fail(.invalidJSON) }
            guard closeObject(since: firstKey) else { return false }
            break
        }
        // Under "completion" every turn is what is trained on, whatever role it claims.
        if var roleTags {
            if isResponse { roleTags.formUnion(responseTags) }
            seenTags = batch.fields.count > firstField ? tagsBefore.union(roleTags) : tagsBefore
            for index in firstField..<batch.fields.count { batch.fields.base[index].tags = roleTags }
        }
        return true
    }

    private mutating func readContent(_ path: FieldPath, _ tags: FieldTags, isTree: Bool, depth: Int) -> Bool {
        if walker.current == UInt8(ascii: "\"") { return addText(tags, path) }
        if isTree || walker.current == UInt8(ascii: "[") || walker.current == UInt8(ascii: "{") {
            var path = path
            path.part = 0
            return collectStrings(&path, tags, depth: depth)
        }
        return skipScalar(isStrict: true)
    }

    // Where text should stand: null is as good as nothing, a number or a Boolean is not.
    private mutating func skipScalar(isStrict: Bool) -> Bool {
        let isNull = walker.current == UInt8(ascii: "n")
        guard walker.skipScalar() else { return false }
        return isNull || !isStrict || walker.fail(.wrongType)
    }

    // Every string at or below the current value is a field, and every number as it is written; those under labels are
    // left out.
    private mutating func collectStrings(_ path: inout FieldPath, _ tags: FieldTags, depth: Int) -> Bool {
        switch walker.current {
        case UInt8(ascii: "\""):
            guard addText(tags, path) else { return false }
            if path.part < .max - 1 { path.part &+= 1 }
            return true
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard depth < parser.limits.depth else { return walker.fail(.tooDeep) }
            let isObject = walker.current == UInt8(ascii: "{")
            let bracket = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
            let firstKey = keys.pointee.count
            walker.token &+= 1
            if walker.current == bracket {
                walker.token &+= 1
                return true
            }
            while true {
                if isObject {
                    guard let key = readKey(since: firstKey) else { return false }
                    if Roles.labels.find(key.start, count: key.count) != nil {
                        guard walker.skipValue(depth: depth &+ 1) else { return false }
                    } else {
                        guard collectStrings(&path, tags, depth: depth &+ 1) else { return false }
                    }
                } else {
                    guard collectStrings(&path, tags, depth: depth &+ 1) else { return false }
                }
                if walker.current == UInt8(ascii: ",") {
                    walker.token &+= 1
                    continue
                }
                guard walker.current == bracket else { return walker.fail(.invalidJSON) }
                return closeObject(since: firstKey)
            }
        default: return addNumber(&path, tags)
        }
    }

    // A number as it is written; true, false and null are passed over.
    private mutating func addNumber(_ path: inout FieldPath, _ tags: FieldTags) -> Bool {
        let first = walker.current
        let raw = walker.rawToken
        guard walker.skipScalar() else { return false }
        guard first == UInt8(ascii: "-") || first &- 0x30 < 10 else { return true }
        guard batch.fields.count &- firstField < RecordLimits.fields else { return walker.fail(.tooLong) }
        seenTags.formUnion(tags)
        batch.fields.append(
            Field(
                start: walker.text + raw.lowerBound, count: raw.count, tags: tags, path: path,
                source: raw.lowerBound &- recordStart))
        if path.part < .max - 1 { path.part &+= 1 }
        return true
    }

    @inline(__always)
    private mutating func addText(_ tags: FieldTags, _ path: FieldPath) -> Bool {
        guard let raw = walker.rawString() else { return walker.fail(.invalidJSON) }
        guard let text = walker.decode(raw), let start = text.baseAddress else { return false }
        guard batch.fields.count &- firstField < RecordLimits.fields else { return walker.fail(.tooLong) }
        seenTags.formUnion(tags)
        batch.fields.append(
            Field(start: start, count: text.count, tags: tags, path: path, source: raw.lowerBound &- recordStart))
        walker.token &+= 1
        return true
    }

    // MARK: JSON Pointers

    private mutating func readPointers(from firstToken: Int) -> Bool {
        let stoppedAt = walker.token
        for index in parser.pointers.indices {
            walker.token = firstToken
            guard readPointer(index) else { return false }
        }
        walker.token = stoppedAt
        return true
    }

    private mutating func readPointer(_ index: Int) -> Bool {
        let pointer = parser.pointers[index]
        var depth = 0
        for reference in pointer.references {
            depth += 1
            switch walker.current {
            case UInt8(ascii: "{"):
                guard let isThere = stepIntoObject(reference, depth) else { return false }
                if !isThere { return true }
            case UInt8(ascii: "["):
                guard let isThere = stepIntoArray(reference, depth) else { return false }
                if !isThere { return true }
            default: return true
            }
        }
        var path = FieldPath(name: UInt16(KnownNames.firstPointer + index))
        let before = batch.fields.count
        let isString = walker.current == UInt8(ascii: "\"")
        let isTree = walker.current == UInt8(ascii: "{") || walker.current == UInt8(ascii: "[")
        if !isString, !isTree { return pointer.tags == .response ? walker.fail(.wrongType) : walker.skipScalar() }
        if isTree { path.part = 0 }
        guard collectStrings(&path, [pointer.tags, .any], depth: depth) else { return false }
        if !isString, batch.fields.count == before, pointer.tags == .response { return walker.fail(.wrongType) }
        return true
    }

    private mutating func stepIntoObject(_ name: [UInt8], _ depth: Int) -> Bool? {
        let firstKey = keys.pointee.count
        walker.token += 1
        // The whole object is walked, since a second member of that name would make the first a guess.
        var found: Int?
        var behind = walker.current == UInt8(ascii: "}")
        while !behind {
            guard let key = readKey(since: firstKey) else { return nil }
            if UnsafeBufferPointer(start: key.start, count: key.count).elementsEqual(name) {
                found = walker.token
            }
            guard walker.skipValue(depth: depth) else { return nil }
            behind = walker.current == UInt8(ascii: "}")
            if !behind {
                guard walker.current == UInt8(ascii: ",") else { return nil }
                walker.token += 1
            }
        }
        guard closeObject(since: firstKey) else { return nil }
        guard let found else { return false }
        walker.token = found
        return true
    }

    private mutating func stepIntoArray(_ name: [UInt8], _ depth: Int) -> Bool? {
        // RFC 6901, section 4: digits without leading zeros.
        guard name.allSatisfy({ $0 &- 0x30 < 10 }), name.count == 1 || name.first != 0x30,
            let wanted = Int(String(decoding: name, as: UTF8.self))
        else { return false }
        walker.token += 1
        if walker.current == UInt8(ascii: "]") { return false }
        for _ in 0..<wanted {
            guard walker.skipValue(depth: depth) else { return nil }
            guard walker.current == UInt8(ascii: ",") else { return false }
            walker.token += 1
        }
        return true
    }
}

/// The members of chat messages.
enum Roles {
    static let members = NameTable(KnownNames.messageTexts + KnownNames.messageTrees)
    static let labels = NameTable(KnownNames.labels)

    static func isRole(_ key: KeySpan) -> Bool {
        key.count == 4 && (memcmp(key.start, "role", 4) == 0 || memcmp(key.start, "from", 4) == 0)
    }

    static func tags(of name: UnsafeBufferPointer<UInt8>, plan: FieldPlan, response: FieldTags) -> FieldTags {
        // Roles are short; a long one is no known role.
        let role = String(decoding: name.prefix(64), as: UTF8.self)
        let lowered = role.lowercased()
        var tags: FieldTags
        if KnownNames.promptRoles.contains(lowered) {
            tags = [.prompt, .any]
        } else if KnownNames.systemRoles.contains(lowered) {
            tags = [.system, .any]
        } else if KnownNames.otherRoles.contains(lowered) {
            tags = [.other, .any]
        } else {
            tags = response
        }
        for known in plan.roles where name.elementsEqual(known.name.utf8) { tags.formUnion(known.tag) }
        return tags
    }
}

/// A JSON Pointer (RFC 6901), split into its reference tokens.
struct Pointer: Sendable {
    let references: [[UInt8]]
    let tags: FieldTags

    init(_ text: String, tags: FieldTags) {
        self.tags = tags
        references = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst().map {
            token in
            var bytes: [UInt8] = []
            var isTilde = false
            for byte in token {
                if isTilde {
                    bytes.append(byte == UInt8(ascii: "1") ? UInt8(ascii: "/") : UInt8(ascii: "~"))
                    isTilde = false
                } else if byte == UInt8(ascii: "~") {
                    isTilde = true
                } else {
                    bytes.append(byte)
                }
            }
            return bytes
        }
    }
}
