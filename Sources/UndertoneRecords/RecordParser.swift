// From bytes to records: which bytes are one record, is it well-formed, and where are the fields that rules look at.

import CSimdJSON
import Glibc
public import UndertoneCore

/// Reads the records of a block of bytes. One for each thread; it keeps its memory from block to block.
///
/// Guarantees: every byte range that is handed in becomes exactly one record or one blank line, in order; a record whose
/// JSON is not valid to its last byte is malformed, whatever its first fields say; fields are valid UTF-8.
public final class RecordParser {
    /// Bytes behind a block that must be readable; they are never looked at as data.
    public static let padding = Int(UNDERTONE_JSON_PADDING)

    /// Bounds on one record; the parser itself minds the depth.
    public let limits: RecordLimits
    let plan: FieldPlan
    let pointers: [Pointer]
    let index: OpaquePointer?
    let brackets: UnsafeMutablePointer<UInt8>
    let decoded: UnsafeMutablePointer<DecodedText>
    let keys: UnsafeMutablePointer<PlainBuffer<KeySpan>>
    // By known name: the tags of a string that stands under it; none where the name holds something else or where no rule
    // looks at such strings.
    let textTags: UnsafeMutablePointer<FieldTags>
    // Of the block that was read last, where somebody wants to know.
    let shapeStore: UnsafeMutablePointer<RecordShapes>?

    /// A parser for what the plan asks for.
    public convenience init(plan: FieldPlan, limits: RecordLimits = RecordLimits()) {
        self.init(plan: plan, limits: limits, keepsShapes: false)
    }

    /// - Parameter keepsShapes: whether ``forEachShape(_:)`` is wanted.
    package init(plan: FieldPlan, limits: RecordLimits, keepsShapes: Bool) {
        self.plan = plan
        self.limits = limits
        pointers =
            plan.overrides.map { Pointer($0, tags: .response) }
            + plan.pointers.map { Pointer($0.pointer, tags: $0.tag) }
        index = undertone_json_index_create()
        brackets = .allocate(capacity: max(limits.depth, 1))
        decoded = .allocate(capacity: 1)
        decoded.initialize(to: DecodedText())
        keys = .allocate(capacity: 1)
        keys.initialize(to: PlainBuffer(capacity: 64))
        textTags = .allocate(capacity: KnownNames.all.count)
        textTags.initialize(repeating: [], count: KnownNames.all.count)
        shapeStore = keepsShapes ? .allocate(capacity: 1) : nil
        shapeStore?.initialize(to: RecordShapes())
        for (index, name) in KnownNames.all.enumerated() {
            let tags = BlockReader.tags(of: name.field, plan)
            if !tags.isDisjoint(with: BlockReader.wanted(plan)) { textTags[index] = tags }
        }
    }

    deinit {
        undertone_json_index_free(index)
        brackets.deallocate()
        decoded.deinitialize(count: 1)
        decoded.deallocate()
        keys.deinitialize(count: 1)
        keys.deallocate()
        textTags.deallocate()
        shapeStore?.deinitialize(count: 1)
        shapeStore?.deallocate()
    }

    /// Empties what ``forEachShape(_:)`` shows.
    func forgetShapes() { shapeStore?.pointee.removeAll() }

    /// Calls `body` with the shapes of sound records of JSON in the block that was read last, and how many records have
    /// each; a shape may come more than once.
    package func forEachShape(_ body: (UnsafeBufferPointer<UInt8>, Int) -> Void) {
        guard let shapeStore else { return }
        for index in 0..<shapeStore.pointee.runs.count {
            let run = shapeStore.pointee.runs[index]
            body(UnsafeBufferPointer(start: shapeStore.pointee.text.base + run.start, count: run.count), run.records)
        }
    }

    /// The JSON Pointer of a field of a record that this parser read; "" for a whole line of text.
    public func pointer(of field: Field) -> String {
        KnownNames.pointer(field.path, pointers: plan.overrides + plan.pointers.map(\.pointer))
    }

    /// Reads lines of JSON. The last line need not end in a line feed.
    ///
    /// - Parameters:
    ///   - text: followed by ``padding`` readable bytes, unchanged while the batch is in use.
    ///   - firstLine: the number of the first line, from 1.
    ///   - batch: emptied first.
    /// - Returns: lines read, and how many of them held white space only; those are no records.
    /// - Complexity: O(bytes).
    public func readJSONLines(
        _ text: UnsafePointer<UInt8>, count: Int, firstLine: Int, into batch: RecordBatch
    ) -> (lines: Int, blank: Int) {
        begin(batch)
        var reader = BlockReader(self, text, count, batch)
        var lines = 0
        var blank = 0
        var start = 0
        while start < count {
            let rest = count &- start
            let end =
                memchr(text + start, 0x0A, rest).map { UnsafeRawPointer($0) - UnsafeRawPointer(text) } ?? count
            if !reader.read(start, end, line: firstLine &+ lines) { blank &+= 1 }
            lines &+= 1
            start = end &+ 1
        }
        return (lines, blank)
    }

    /// Reads JSON values whose places are known, as in an array.
    public func readJSONValues(
        _ text: UnsafePointer<UInt8>, count: Int, ranges: [Range<Int>], firstLine: Int, into batch: RecordBatch
    ) {
        begin(batch)
        var reader = BlockReader(self, text, count, batch)
        for (offset, range) in ranges.enumerated()
        where !reader.read(range.lowerBound, range.upperBound, line: firstLine + offset) {
            var record = Record(start: range.lowerBound, count: range.count, line: firstLine + offset, firstField: 0)
            record.malformed = Malformation.invalidJSON.rawValue
            batch.records.append(record)
        }
    }

    /// Reads lines of plain text; each is one record with one field, a carriage return at its end left out.
    public func readTextLines(
        _ text: UnsafePointer<UInt8>, count: Int, firstLine: Int, into batch: RecordBatch
    ) -> (lines: Int, blank: Int) {
        begin(batch)
        let isValid = undertone_is_utf8(text, count) != 0
        var tags: FieldTags = [.response, .any]
        for role in plan.roles where role.name == "assistant" { tags.formUnion(role.tag) }
        var lines = 0
        var blank = 0
        var start = 0
        while start < count {
            let rest = count &- start
            let end =
                memchr(text + start, 0x0A, rest).map { UnsafeRawPointer($0) - UnsafeRawPointer(text) } ?? count
            var length = end &- start
            let line = firstLine &+ lines
            lines &+= 1
            var record = Record(start: start, count: length, line: line, firstField: batch.fields.count)
            if length > 0, text[end &- 1] == 0x0D { length &-= 1 }
            if (0..<length).allSatisfy({ JSONWalker.isSpace(text[start &+ $0]) }) {
                blank &+= 1
            } else {
                if let nul = memchr(text + start, 0, length) {
                    record.malformed = Malformation.nulByte.rawValue
                    record.malformedAt = UnsafeRawPointer(nul) - UnsafeRawPointer(text + start)
                } else if !isValid, undertone_is_utf8(text + start, length) == 0 {
                    record.malformed = Malformation.invalidUTF8.rawValue
                    record.malformedAt = firstInvalidUTF8(text + start, length)
                } else {
                    batch.fields.append(
                        Field(start: text + start, count: length, tags: tags, path: FieldPath(name: .max)))
                    record.fieldCount = 1
                }
                batch.records.append(record)
            }
            start = end &+ 1
        }
        return (lines, blank)
    }

    /// Gives back memory that an unusually long record needed. Records that were read are no longer valid.
    public func trim() {
        undertone_json_index_trim(index)
        decoded.pointee.removeAll()
        keys.pointee.shrink(to: 1024)
    }

    private func begin(_ batch: RecordBatch) {
        batch.removeAll()
        decoded.pointee.removeAll()
        forgetShapes()
    }
}
