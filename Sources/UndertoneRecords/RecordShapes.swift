// Which members records have, and of which types: for whoever describes a drop as a whole.

import CUndertone
import Glibc
package import UndertoneCore

/// The top-level members of the records of one block, in runs of records that look alike.
///
/// A shape is a text such as `prompt:string, completion:string`, in the order of the record; `[]` and `""` stand for records
/// that are a list or a text. Names are cut behind ``longestName`` bytes and members behind ``mostMembers``, with `…`. Records
/// that are malformed have none.
package struct RecordShapes: ~Copyable {
    package static let longestName = 48
    package static let mostMembers = 32

    /// Records in a row of the same shape.
    package struct Run: BitwiseCopyable {
        /// Where the shape stands in ``text``.
        package var start: Int
        package var count: Int
        package var records: Int
    }

    /// Shapes, one behind the other.
    package private(set) var text = PlainBuffer<UInt8>(capacity: 1 << 10)
    package private(set) var runs = PlainBuffer<Run>(capacity: 64)
    // Where the shape of the current record begins.
    private var start = 0
    private var members = 0

    mutating func removeAll() {
        text.removeAll()
        runs.removeAll()
        begin()
    }

    @inline(__always)
    mutating func begin() {
        start = text.count
        members = 0
    }

    /// Adds a member by its decoded name and the first byte of its value.
    @inline(__always)
    mutating func add(_ name: UnsafePointer<UInt8>, _ count: Int, _ value: UInt8) {
        members &+= 1
        guard members <= RecordShapes.mostMembers else {
            if members == RecordShapes.mostMembers + 1 { append(", …") }
            return
        }
        if members > 1 { append(", ") }
        var length = count
        if count > RecordShapes.longestName {
            length = RecordShapes.longestName
            while length > 0, name[length] & 0xC0 == 0x80 { length &-= 1 }
        }
        text.append(name, count: length)
        if length < count { append("…") }
        switch value {
        case UInt8(ascii: "\""): append(":string")
        case UInt8(ascii: "["): append(":list")
        case UInt8(ascii: "{"): append(":object")
        case UInt8(ascii: "t"), UInt8(ascii: "f"): append(":boolean")
        case UInt8(ascii: "n"): append(":null")
        default: append(":number")
        }
    }

    /// Ends a record that is sound and no object.
    mutating func end(as whole: StaticString) {
        append(whole)
        end()
    }

    /// Ends a record that is sound.
    @inline(__always)
    mutating func end() {
        let count = text.count &- start
        let last = runs.count &- 1
        if last >= 0, runs.base[last].count == count,
            memcmp(text.base + runs.base[last].start, text.base + start, count) == 0
        {
            runs.base[last].records &+= 1
            drop()
        } else {
            runs.append(Run(start: start, count: count, records: 1))
            start = text.count
        }
    }

    /// Forgets the current record.
    mutating func drop() { text.truncate(to: start) }

    private mutating func append(_ part: StaticString) { text.append(part.utf8Start, count: part.utf8CodeUnitCount) }
}
