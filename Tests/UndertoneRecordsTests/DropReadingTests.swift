import Foundation
import Testing
import UndertoneCore

@testable import UndertoneRecords

@Suite struct DropReadingTests {
    private let file = FileManager.default.temporaryDirectory.appendingPathComponent("drop-\(UUID().uuidString)")

    private func read(
        _ text: String, limits: RecordLimits = RecordLimits()
    ) throws -> (reading: DropReading, lines: [Int], outputs: [String]) {
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        var lines: [Int] = []
        var outputs: [String] = []
        let reading = try readDrop(file.path, limits: limits) { record in
            lines.append(record.line)
            record.forEachCompletion { number, bytes in
                outputs.append("\(number) " + String(decoding: bytes, as: UTF8.self))
            }
        }
        return (reading, lines, outputs)
    }

    @Test func `records come in order with their lines, and what can't be read is counted`() throws {
        let text = """
            {"prompt":"q","completion":"a"}

            {"completion":
            {"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"b"},{"role":"assistant","content":"c"}]}
            {"completion":"d"}
            """
        let (reading, lines, outputs) = try read(text)
        #expect(lines == [1, 4, 5] && outputs == ["0 a", "0 b", "1 c", "0 d"])
        #expect(reading.records == 3 && reading.malformed == 1 && reading.storedBytes == text.utf8.count)
        #expect(reading.framing == .jsonLines && reading.compression == .none)
    }

    @Test func `the digest is that of the file, as sha256sum prints it`() throws {
        #expect(
            try read("").reading.digest == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            try read("abc").reading.digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test(
        "a record over the limit is one malformed record, also where it fills many blocks", arguments: [2000, 900_000])
    func long(bytes: Int) throws {
        let long = #"{"completion":"\#(String(repeating: "x", count: bytes))"}"#
        let short = #"{"completion":"y"}"#
        let (reading, lines, _) = try read(
            [short, long, short].joined(separator: "\n"), limits: RecordLimits(bytes: 1000))
        #expect(lines == [1, 3] && reading.records == 2 && reading.malformed == 1)
    }

    @Test func `many blocks are one reading`() throws {
        let text = (1...20_000).map { #"{"completion":"number \#($0) of very many records"}"# }.joined(separator: "\n")
        let (reading, lines, outputs) = try read(text)
        #expect(reading.records == 20_000 && lines == Array(1...20_000))
        #expect(outputs.last == "0 number 20000 of very many records")
    }

    @Test func `what is no file, or can't be read to its end, is an error`() throws {
        #expect(throws: InputError.self) { try readDrop("/dev/null") { _ in } }
        #expect(throws: InputError.self) { try readDrop("-") { _ in } }
        let error = #expect(throws: InputError.self) { try read("[{\"completion\":\"a\"}, {\"comp") }
        // The path once.
        #expect(error?.description.components(separatedBy: file.path).count == 2)
    }
}
