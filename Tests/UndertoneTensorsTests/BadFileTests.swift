// Every way in which a safetensors file can lie, and what is said about it.

import Glibc
import Testing
import UndertoneTensors

@Suite struct BadFileTests {
    struct Lie: Sendable, CustomTestStringConvertible {
        var name: String
        var bytes: [UInt8]
        var code: TensorFileError.Code
        var testDescription: String { name }

        init(_ name: String, _ code: TensorFileError.Code, _ bytes: [UInt8]) {
            (self.name, self.code, self.bytes) = (name, code, bytes)
        }

        init(_ name: String, _ code: TensorFileError.Code, _ header: String, data: Int = 4) {
            self.init(name, code, tensorBytes(header, data: data))
        }
    }

    static func tensor(_ shape: String, _ offsets: String, type: String = "F32", name: String = "a") -> String {
        #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
    }

    static let deep = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)

    static let lies: [Lie] = [
        Lie("nothing", .headerTooSmall, []), Lie("seven bytes", .headerTooSmall, [1, 0, 0, 0, 0, 0, 0]),
        Lie("a header of 100,000,001 bytes", .headerTooLarge, tensorBytes("{}", length: 100_000_001)),
        Lie("a header of 2^64 - 1 bytes", .headerTooLarge, tensorBytes("{}", length: .max)),
        Lie("a header longer than the file", .headerTruncated, tensorBytes("{}", length: 3)),
        Lie("an empty header", .headerStart, tensorBytes("")), Lie("a list", .headerStart, "[]", data: 0),
        Lie("a space in front", .headerStart, " {}", data: 0), Lie("half an object", .headerSyntax, "{", data: 0),
        Lie("two objects", .headerSyntax, "{}{}", data: 0),
        Lie("a comma at the end", .headerSyntax, #"{"__metadata__":{},}"#, data: 0),
        Lie("NUL behind the object", .headerSyntax, "{}\0", data: 0),
        Lie("a control character in a name", .headerSyntax, "{\"a\u{1}\":{}}", data: 0),
        Lie("half a surrogate pair", .headerSyntax, #"{"\ud800":{}}"#, data: 0),
        Lie("lists in lists", .headerSyntax, #"{"a":{"x":\#(deep)}}"#, data: 0),
        Lie(
            "no UTF-8", .headerNotUTF8,
            tensorBytes("{\"ab\":1}").map { $0 == UInt8(ascii: "b") ? 0xFF : $0 }),
        Lie("one name twice", .duplicateName, "{\(tensor("[1]", "[0,4]")),\(tensor("[1]", "[0,4]"))}"),
        Lie("one name twice, spelled otherwise", .duplicateName, #"{"a":\#(value),"\u0061":\#(value)}"#),
        Lie("metadata twice", .duplicateName, #"{"__metadata__":{},"__metadata__":{}}"#, data: 0),
        Lie("a member twice", .duplicateName, #"{"a":{"dtype":"F32","dtype":"F32"}}"#),
        Lie("metadata that is a string", .badMetadata, #"{"__metadata__":"x"}"#, data: 0),
        Lie("metadata with a number", .badMetadata, #"{"__metadata__":{"x":1}}"#, data: 0),
        Lie("a tensor that is a number", .badTensor, #"{"a":1}"#),
        Lie("a tensor without a type", .badTensor, #"{"a":{"shape":[1],"data_offsets":[0,4]}}"#),
        Lie("a tensor without offsets", .badTensor, #"{"a":{"shape":[1],"dtype":"F32"}}"#),
        Lie("one offset", .badTensor, "{\(tensor("[1]", "[4]"))}"),
        Lie("three offsets", .badTensor, "{\(tensor("[1]", "[0,4,4]"))}"),
        Lie("a negative size", .badTensor, "{\(tensor("[-1]", "[0,4]"))}"),
        Lie("a size with a fraction", .badTensor, "{\(tensor("[1.0]", "[0,4]"))}"),
        Lie("a size of 2^64", .badTensor, "{\(tensor("[18446744073709551616]", "[0,4]"))}"),
        Lie("a size that is a string", .badTensor, #"{\#(tensor(#"["1"]"#, "[0,4]"))}"#),
        Lie("a type that is a number", .badTensor, #"{"a":{"dtype":1,"shape":[1],"data_offsets":[0,4]}}"#),
        Lie("a type of nobody", .unknownType, "{\(tensor("[1]", "[0,4]", type: "F31"))}"),
        Lie("a type in small letters", .unknownType, "{\(tensor("[1]", "[0,4]", type: "f32"))}"),
        Lie("more elements than can be counted", .overflow, "{\(tensor("[4294967296,4294967296]", "[0,4]"))}"),
        Lie("more bytes than can be counted", .overflow, "{\(tensor("[9223372036854775807]", "[0,4]"))}"),
        Lie("offsets in reverse", .reversedOffsets, "{\(tensor("[1]", "[4,0]"))}"),
        Lie("a hole in front", .gap, "{\(tensor("[1]", "[4,8]"))}", data: 8),
        Lie(
            "a hole between", .gap, "{\(tensor("[1]", "[0,4]")),\(tensor("[1]", "[8,12]", name: "b"))}", data: 12),
        Lie(
            "shared bytes", .overlap, "{\(tensor("[2]", "[0,8]")),\(tensor("[1]", "[4,8]", name: "b"))}", data: 8),
        Lie("the same bytes", .overlap, "{\(tensor("[1]", "[0,4]")),\(tensor("[1]", "[0,4]", name: "b"))}"),
        Lie("a shape that is too large", .sizeMismatch, "{\(tensor("[2]", "[0,4]"))}"),
        Lie("a shape that is too small", .sizeMismatch, "{\(tensor("[0]", "[0,4]"))}"),
        Lie("data behind the file", .beyondFile, "{\(tensor("[2]", "[0,8]"))}"),
        Lie("bytes behind the data", .trailingBytes, "{\(tensor("[1]", "[0,4]"))}", data: 5),
        Lie("bytes and no tensor", .trailingBytes, "{}"),
        Lie("half a byte", .partialByte, "{\(tensor("[1]", "[0,1]", type: "F4"))}", data: 1),
    ]

    static let value = #"{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#

    @Test("is refused", arguments: lies)
    func refused(lie: Lie) throws {
        let folder = Folder()
        let path = try folder.file(lie.bytes)
        let error = try #require(tensorError { _ = try TensorFile(path: path) }, "it was read")
        #expect(error.code == lie.code, "\(error)")
        #expect(error.description.hasPrefix(path))
    }

    @Test func `what is true is read`() throws {
        let folder = Folder()
        for (header, data) in [
            ("{}", 0), ("{\(BadFileTests.tensor("[1]", "[0,4]"))}", 4),
            ("{\(BadFileTests.tensor("[1]", "[0,4]"))}   ", 4),
            ("{\(BadFileTests.tensor("[]", "[0,4]"))}", 4), ("{\(BadFileTests.tensor("[0,7]", "[0,0]"))}", 0),
            ("{\(BadFileTests.tensor("[2]", "[0,1]", type: "F4"))}", 1),
            (#"{"a":{"x":[null,{"y":-1.5e+3}],"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4),
        ] {
            let path = try folder.file(tensorBytes(header, data: data))
            #expect(tensorError { _ = try TensorFile(path: path) } == nil, "\(header)")
        }
    }

    @Test func `names are shown without what a terminal acts upon`() throws {
        let folder = Folder()
        let header = "{\(BadFileTests.tensor("[2]", "[0,4]", name: #"\u001b[31mred\u202e"#))}"
        let path = try folder.file(tensorBytes(header, data: 4))
        let error = try #require(tensorError { _ = try TensorFile(path: path) })
        #expect(!error.description.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
    }

    @Test func `what is no file is refused`() throws {
        let folder = Folder()
        #expect(tensorError { _ = try TensorFile(path: "\(folder.path)/nothing") }?.code == .unreadable)
        #expect(tensorError { _ = try TensorFile(path: folder.path) }?.code == .unreadable)
        #expect(tensorError { _ = try TensorFile(path: "/dev/zero") }?.code == .unreadable)
    }

    @Test("no change of a byte makes the reader crash, or see a tensor outside of the file", arguments: 0..<8)
    func mutations(seed: UInt64) throws {
        let folder = Folder()
        let good = tensorBytes(
            "{\(BadFileTests.tensor("[1]", "[0,4]")),\(BadFileTests.tensor("[2,2]", "[4,12]", type: "BF16", name: "b"))}",
            data: 12)
        var state = seed &+ 1
        func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        for _ in 0..<250 {
            var bad = good
            for _ in 0...below(3) {
                switch below(3) {
                case 0: bad[below(bad.count)] = UInt8(below(256))
                case 1: bad.remove(at: below(bad.count))
                default: bad.insert(UInt8(below(128)), at: below(bad.count))
                }
            }
            let path = try folder.file(bad)
            guard let file = try? TensorFile(path: path) else { continue }
            for tensor in file.tensors {
                #expect(tensor.offset >= 8 && tensor.offset + tensor.byteCount <= bad.count)
                #expect(tensor.elementCount * tensor.type.bits == tensor.byteCount * 8)
            }
        }
    }
}
