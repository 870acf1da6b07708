// A folder that goes away, and bytes that print short.

import Glibc
import Testing

/// A folder of its own under /tmp, removed with its files.
final class Folder {
    let path: String

    init() {
        var template = Array("/tmp/undertone-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? "/nonexistent"
        }
    }

    deinit {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in
                    String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
                }
                unlink("\(path)/\(name)")
            }
            closedir(folder)
        }
        rmdir(path)
    }

    /// Writes a file and returns its path.
    func file(_ bytes: [UInt8], _ name: String = "drop") throws -> String {
        let path = "\(path)/\(name)"
        let file = try #require(fopen(path, "wb"))
        defer { fclose(file) }
        let count = bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
        try #require(count == bytes.count)
        return path
    }
}

/// Bytes that a failed test doesn't print by the hundred thousand.
struct Bytes: Equatable, CustomStringConvertible, CustomTestStringConvertible {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var description: String {
        "\(bytes.count) bytes (\(String(decoding: bytes.prefix(40), as: UTF8.self).debugDescription)…)"
    }
    var testDescription: String { description }
}

/// Numbers that depend on their seed alone (SplitMix64).
struct Numbers {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// The next one, from 0 to below a bound above 0.
    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }

    mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }
}
