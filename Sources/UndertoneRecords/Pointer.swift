// JSON Pointers: the fields that rules or users name by their place.

import UndertoneCore

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

extension BlockReader {
    mutating func readPointers(from firstToken: Int) -> Bool {
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
