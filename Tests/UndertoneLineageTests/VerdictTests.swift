import Foundation
import Testing
import UndertoneCore

@testable import UndertoneLineage

@Suite struct VerdictTests {
    /// What was said of lines, by a plain list.
    struct Plain {
        var verdicts: [LineVerdict] = []

        init(seed: UInt64, lines: Int) {
            var random = Splitter(state: seed)
            for _ in 0..<lines {
                switch random.below(10) {
                case 0: verdicts.append(.blank)
                case 1:
                    verdicts.append(.rejected(Set((0..<1 + random.below(6)).map { _ in random.below(400) }).sorted()))
                case 2: verdicts.append(.flagged([random.below(70_000)]))
                default: verdicts.append(.kept)
                }
            }
        }
    }

    struct Splitter {
        var state: UInt64
        mutating func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
    }

    @Test("what was written comes back, however lines are divided into blocks", arguments: 0..<20 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        let plain = Plain(seed: seed, lines: 60_000)
        var random = Splitter(state: seed &+ 99)
        let recorder = VerdictRecorder(spool: Spool(folder: NSTemporaryDirectory(), memoryLimit: 1 << 14))
        recorder.begin(input: 3)
        var marks = VerdictMarks()
        var line = 0
        while line < plain.verdicts.count {
            let count = min(1 + random.below(900), plain.verdicts.count - line)
            marks.removeAll()
            for (offset, verdict) in plain.verdicts[line..<line + count].enumerated() {
                switch verdict {
                case .blank: marks.addBlank(line: offset + 1)
                case .kept: break
                case .flagged(let reasons), .rejected(let reasons):
                    if case .flagged = verdict {
                        marks.begin(line: offset + 1, .flag)
                    } else {
                        marks.begin(line: offset + 1, .reject)
                    }
                    // In any order, and some twice.
                    for reason in reasons.reversed() + reasons { marks.add(reason: reason) }
                }
            }
            recorder.add(marks, linesBefore: line, lastLine: line + count)
            line += count
        }
        recorder.end(lastLine: line)
        #expect(recorder.failure == nil)
        var read: [LineVerdict] = []
        for chunk in recorder.verdicts {
            #expect(chunk.input == 3)
            try #require(chunk.first == read.count + 1)
            var part = [LineVerdict](repeating: .kept, count: chunk.count)
            var reader = VerdictReader(try recorder.spool.bytes(chunk.range), firstLine: chunk.first)
            while let entry = try reader.next() { part[entry.line - chunk.first] = entry.verdict }
            read += part
        }
        #expect(read == plain.verdicts, "seed \(seed)")
        #expect(recorder.verdicts.count > 1)
    }

    @Test("bytes that nobody wrote end in an error and not in a crash", arguments: 0..<300 as Range<UInt64>)
    func damaged(seed: UInt64) {
        var random = Splitter(state: seed)
        var bytes = (0..<random.below(60)).map { _ in UInt8(random.below(256)) }
        if seed % 3 == 0 { bytes = Array(repeating: 0xFF, count: random.below(30)) }
        var reader = VerdictReader(bytes, firstLine: 1)
        var last = 0
        do throws(LineageError) {
            while let entry = try reader.next() {
                #expect(entry.line > last)
                last = entry.line
            }
        } catch {
            #expect(error.code == .corrupt)
        }
    }

    @Test func `at fifteen percent rejected a record takes less than a byte`() throws {
        let recorder = VerdictRecorder(spool: Spool(folder: NSTemporaryDirectory()))
        recorder.begin(input: 0)
        var random = Splitter(state: 1)
        var marks = VerdictMarks()
        for line in 1...100_000 where random.below(100) < 15 {
            marks.begin(line: line, .reject)
            marks.add(reason: random.below(120))
        }
        recorder.add(marks, linesBefore: 0, lastLine: 100_000)
        recorder.end(lastLine: 100_000)
        #expect(recorder.verdicts.map(\.range.count).reduce(0, +) < 60_000)
    }

    @Test func `a spool gives back what went to its file, and leaves nothing behind`() throws {
        let folder = CatalogueFolder()
        do {
            let spool = Spool(folder: folder.path, memoryLimit: 1000)
            var ranges: [Range<Int>] = []
            for number in 0..<500 {
                let piece = [UInt8](repeating: UInt8(number & 255), count: number)
                ranges.append(try piece.withUnsafeBytes { try spool.append($0) })
            }
            for (number, range) in ranges.enumerated().reversed() {
                #expect(try spool.bytes(range) == [UInt8](repeating: UInt8(number & 255), count: number))
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        }
    }
}
