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

    private struct Member: BitwiseCopyable {
        var name: UnsafePointer<UInt8>
        var count: Int
        var kind: Int
    }

    private static let kinds: [StaticString] = [":string", ":list", ":object", ":boolean", ":null", ":number"]

    /// Shapes, one behind the other.
    package private(set) var text = PlainBuffer<UInt8>(capacity: 1 << 10)
    package private(set) var runs = PlainBuffer<Run>(capacity: 64)
    // The current record. Most are like the one before, and of those only a hash is made.
    private var members = PlainBuffer<Member>(capacity: RecordShapes.mostMembers + 1)
    private var fingerprint: UInt64 = 0
    private var lastFingerprint: UInt64 = 0

    mutating func removeAll() {
        text.removeAll()
        runs.removeAll()
        begin()
    }

    @inline(__always)
    mutating func begin() {
        members.removeAll()
        fingerprint = 0
    }

    /// Adds a member by its decoded name and the first byte of its value. The name must stay until ``end()``, and 16 bytes behind
    /// it must be readable.
    @inline(__always)
    mutating func add(_ name: UnsafePointer<UInt8>, _ count: Int, _ value: UInt8) {
        guard members.count <= RecordShapes.mostMembers else { return }
        let kind: Int
        switch value {
        case UInt8(ascii: "\""): kind = 0
        case UInt8(ascii: "["): kind = 1
        case UInt8(ascii: "{"): kind = 2
        case UInt8(ascii: "t"), UInt8(ascii: "f"): kind = 3
        case UInt8(ascii: "n"): kind = 4
        default: kind = 5
        }
        members.append(Member(name: name, count: count, kind: kind))
        mix(UInt64(truncatingIfNeeded: count &* 8 &+ kind))
        var at = 0
        while at < count {
            var word = UnsafeRawPointer(name).loadUnaligned(fromByteOffset: at, as: UInt64.self).littleEndian
            if count &- at < 8 { word &= (1 &<< UInt64(truncatingIfNeeded: 8 &* (count &- at))) &- 1 }
            mix(word)
            at &+= 8
        }
    }

    @inline(__always)
    private mutating func mix(_ word: UInt64) {
        let product = (fingerprint ^ word ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
        fingerprint = product.high ^ product.low
    }

    /// Ends a record that is sound.
    ///
    /// - Parameter whole: what stands for a record that is no object.
    @inline(__always)
    mutating func end(as whole: StaticString? = nil) {
        if let whole { mix(UInt64(whole.utf8Start.pointee) &<< 32) }
        if runs.count > 0, fingerprint == lastFingerprint {
            runs.base[runs.count &- 1].records &+= 1
        } else {
            beginRun(whole)
        }
    }

    @inline(never)
    private mutating func beginRun(_ whole: StaticString?) {
        lastFingerprint = fingerprint
        let start = text.count
        if let whole { append(whole) }
        for index in 0..<members.count {
            if index > 0 { append(", ") }
            guard index < RecordShapes.mostMembers else {
                append("…")
                break
            }
            let member = members[index]
            var length = member.count
            if length > RecordShapes.longestName {
                length = RecordShapes.longestName
                while length > 0, member.name[length] & 0xC0 == 0x80 { length -= 1 }
            }
            text.append(member.name, count: length)
            if length < member.count { append("…") }
            append(RecordShapes.kinds[member.kind])
        }
        runs.append(Run(start: start, count: text.count - start, records: 1))
    }

    private mutating func append(_ part: StaticString) { text.append(part.utf8Start, count: part.utf8CodeUnitCount) }
}
