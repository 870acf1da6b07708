// Records as views on bytes: what a reader fills and rules look at.

/// What a field is, as a set of bits; a rule meets a field where its own bits and the field's overlap.
@frozen
public struct FieldTags: OptionSet, Sendable, Hashable {
    /// The bits; the five lowest are named here, the others belong to the roles and pointers of a ``FieldPlan``.
    public let rawValue: UInt64

    /// The set of these bits.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// What the model wrote.
    @inlinable public static var response: FieldTags { FieldTags(rawValue: 1) }
    /// What the model was asked.
    @inlinable public static var prompt: FieldTags { FieldTags(rawValue: 2) }
    /// What the model was told beforehand, by a system or developer turn.
    @inlinable public static var system: FieldTags { FieldTags(rawValue: 4) }
    /// A known field that is none of the three above.
    @inlinable public static var other: FieldTags { FieldTags(rawValue: 8) }
    /// Set on every field.
    @inlinable public static var any: FieldTags { FieldTags(rawValue: 16) }
}

/// Which bits stand for the roles and pointers that a rule set asks for.
public struct FieldPlan: Sendable {
    /// At most this many roles and pointers together.
    public static let limit = 58

    /// Roles, compared byte by byte with the data's.
    public private(set) var roles: [(name: String, tag: FieldTags)] = []
    /// JSON Pointers (RFC 6901).
    public private(set) var pointers: [(pointer: String, tag: FieldTags)] = []
    /// Tags of the fields that rules look at. Where responses are among them, a record without one is malformed.
    public var ruleTags: FieldTags = []
    /// Whether fields that no rule looks at are wanted all the same, for people to see.
    public var wantsAllFields = false
    /// Pointers that the user gave in place of looking for known fields; their strings are responses.
    public var overrides: [String] = []

    /// A plan that asks for no role and no pointer.
    public init() {}

    /// The bits of a selector, made up where it is new; `nil` where there is no bit left.
    public mutating func tags(for selector: FieldSelector) -> FieldTags? {
        switch selector {
        case .response: return .response
        case .prompt: return .prompt
        case .system: return .system
        case .any: return .any
        case .role(let name):
            if let known = roles.first(where: { $0.name == name }) { return known.tag }
            guard let tag = nextTag() else { return nil }
            roles.append((name, tag))
            return tag
        case .pointer(let pointer):
            if let known = pointers.first(where: { $0.pointer == pointer }) { return known.tag }
            guard let tag = nextTag() else { return nil }
            pointers.append((pointer, tag))
            return tag
        }
    }

    private func nextTag() -> FieldTags? {
        let used = roles.count + pointers.count
        return used < FieldPlan.limit ? FieldTags(rawValue: 1 << UInt64(used + 5)) : nil
    }
}

/// Where in its record a field stands, in eight bytes; a reader turns it into a JSON Pointer.
@frozen
public struct FieldPath: Sendable, Hashable {
    /// Which known name or pointer, by the reader's own table.
    public var name: UInt16
    /// The message of a chat, from 0.
    public var item: UInt32
    /// The part of a message, from 0; `UInt16.max` where there are no parts.
    public var part: UInt16

    /// A place; items and parts that are not given do not apply.
    @inlinable
    public init(name: UInt16, item: UInt32 = .max, part: UInt16 = .max) {
        self.name = name
        self.item = item
        self.part = part
    }
}

/// A decoded string of a record: valid UTF-8, with no escapes left.
@frozen
public struct Field: BitwiseCopyable, @unchecked Sendable {
    /// The first byte; at least 16 bytes behind the last one may be read.
    public var start: UnsafePointer<UInt8>
    /// Bytes.
    public var count: Int
    /// What the field is.
    public var tags: FieldTags
    /// Where in its record the field stands.
    public var path: FieldPath
    /// Where the field's first byte stands in the record's bytes, before any escape was decoded.
    public var source: Int

    /// A field of `count` bytes from `start` on.
    @inlinable
    public init(start: UnsafePointer<UInt8>, count: Int, tags: FieldTags, path: FieldPath, source: Int = 0) {
        self.source = source
        self.start = start
        self.count = count
        self.tags = tags
        self.path = path
    }

    /// The bytes.
    @inlinable
    public var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }
}

/// A record: where its bytes are and which fields it has.
@frozen
public struct Record: BitwiseCopyable, Sendable {
    /// Offset of the first byte in the batch's bytes.
    public var start: Int
    /// Bytes, without the line feed that ends it.
    public var count: Int
    /// The record's line, from 1; in a JSON array its element, from 1.
    public var line: Int
    /// Index of the first field in the batch's fields.
    public var firstField: Int
    /// Fields of the record, one behind the other from ``firstField`` on.
    public var fieldCount: Int
    /// Offset in the record of what makes it malformed.
    public var malformedAt: Int
    /// 0, or the raw value of a ``Malformation``.
    public var malformed: UInt8

    /// A well-formed record without fields, to be filled by a reader.
    @inlinable
    public init(start: Int, count: Int, line: Int, firstField: Int) {
        self.start = start
        self.count = count
        self.line = line
        self.firstField = firstField
        fieldCount = 0
        malformedAt = 0
        malformed = 0
    }

    /// Why the record can't be looked at, if it can't.
    @inlinable
    public var malformation: Malformation? { Malformation(rawValue: malformed) }
}

/// Records and their fields. Views are valid until the owner of the bytes reads on. Used by one thread at a time.
public final class RecordBatch {
    // Behind pointers, since stored properties of a class cost a call to the runtime for every access from elsewhere.
    @usableFromInline let recordStore: UnsafeMutablePointer<PlainBuffer<Record>>
    @usableFromInline let fieldStore: UnsafeMutablePointer<PlainBuffer<Field>>

    /// The records, in the order of the input.
    @inlinable
    public var records: PlainBuffer<Record> {
        @inline(__always) _read { yield recordStore.pointee }
        @inline(__always) _modify { yield &recordStore.pointee }
    }

    /// The fields of all records, one record's behind the other's.
    @inlinable
    public var fields: PlainBuffer<Field> {
        @inline(__always) _read { yield fieldStore.pointee }
        @inline(__always) _modify { yield &fieldStore.pointee }
    }

    /// An empty batch.
    public init() {
        recordStore = .allocate(capacity: 1)
        recordStore.initialize(to: PlainBuffer(capacity: 1024))
        fieldStore = .allocate(capacity: 1)
        fieldStore.initialize(to: PlainBuffer(capacity: 2048))
    }

    deinit {
        recordStore.deinitialize(count: 1)
        recordStore.deallocate()
        fieldStore.deinitialize(count: 1)
        fieldStore.deallocate()
    }

    /// Forgets all records and keeps the memory.
    public func removeAll() {
        records.removeAll()
        fields.removeAll()
    }
}
