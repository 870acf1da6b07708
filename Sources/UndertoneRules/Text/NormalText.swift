// The form in which contents are compared when only what a reader sees should count.

import UndertoneCore

/// Brings a text into normal form: ``TextFold/fold``, every run of white space as one space, none at the ends.
struct NormalText: ~Copyable {
    private var buffer = PlainBuffer<UInt8>(capacity: 4096)

    /// The normal form of a field; valid until the next call.
    mutating func form(of field: Field) -> UnsafeBufferPointer<UInt8> {
        buffer.removeAll()
        buffer.shrink(to: 1 << 20)
        buffer.reserve(field.count + 1)
        let end = endOfASCII(field.start, from: 0, end: field.count)
        for index in 0..<end { add(TextFold.fold.ascii(field.start[index])) }
        if end < field.count {
            // What one scalar becomes does not depend on its neighbours, so the rest can be folded by itself.
            for byte in TextFold.fold.form(of: UnsafeBufferPointer(rebasing: field.bytes[end...])) { add(byte) }
        }
        if buffer.count > 0, buffer[buffer.count - 1] == 0x20 { buffer.truncate(to: buffer.count - 1) }
        return UnsafeBufferPointer(start: buffer.base, count: buffer.count)
    }

    @inline(__always)
    private mutating func add(_ byte: UInt8) {
        if byte == 0x20, buffer.count == 0 || buffer[buffer.count &- 1] == 0x20 { return }
        buffer.append(byte)
    }
}
