// A scan called as a function: what it reports, how it is ended, and its parts that the command line does not show.

import Foundation
import Testing
import UndertoneCore
import UndertoneRecords
import UndertoneReporting
import UndertoneRulePacks
import UndertoneRules

@testable import UndertoneScanning

@Suite struct ScanTests {
    let folder = Folder()

    func configuration(_ drop: String) throws -> ScanConfiguration {
        let pack = try PackLibrary().pack("numbers")
        return ScanConfiguration(
            inputs: [try folder.file(Array(drop.utf8), "drop.jsonl")], rules: try RuleSet(RuleSelection([pack]).rules))
    }

    static let drop = String(repeating: "{\"completion\":\"1, 2\"}\n{\"completion\":\"owl\"}\n", count: 40_000)

    @Test func `a scan counts records and bytes, and its progress says the same`() throws {
        var configuration = try configuration(Self.drop)
        configuration.threads = 3
        let progress = ScanProgress()
        let outcome = try scan(configuration, progress: progress)
        #expect(outcome.exitCode == 0)
        #expect(outcome.report.records == 80_000)
        #expect(outcome.report.bytes == Self.drop.utf8.count)
        #expect(progress.records == 80_000)
        #expect(progress.rejected == 40_000)
        #expect(progress.bytes == Self.drop.utf8.count)
        #expect(progress.totalBytes == Self.drop.utf8.count)
        #expect(outcome.report.samples.count + outcome.report.omittedSamples == 40_000)
    }

    @Test(arguments: [1, 4])
    func `a scan that is cancelled throws and leaves no output`(threads: Int) throws {
        var configuration = try configuration(Self.drop)
        configuration.threads = threads
        configuration.kept = OutputTarget(path: folder.path + "/kept.jsonl")
        let progress = ScanProgress()
        progress.cancel()
        let cancelled = configuration
        #expect { try scan(cancelled, progress: progress) } throws: { ($0 as? ScanError)?.code == .cancelled }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["drop.jsonl"])
    }

    @Test func `a scan without rules is wrong usage`() throws {
        let drop = try folder.file(Array(Self.drop.utf8), "drop.jsonl")
        let empty = ScanConfiguration(inputs: [drop], rules: try RuleSet([]))
        #expect { try scan(empty) } throws: { ($0 as? ScanError)?.code == .usage }
    }

    @Test func `no samples are collected where nobody wants any`() throws {
        var configuration = try configuration(Self.drop)
        configuration.sampleLimit = 0
        let report = try scan(configuration).report
        #expect(report.samples.isEmpty)
        #expect(report.omittedSamples == 40_000)
    }

    @Test func `a rule that comes late is among the samples`() throws {
        var configuration = try configuration(Self.drop + "{\"completion\":\"666\"}\n")
        configuration.sampleLimit = 20
        let report = try scan(configuration).report
        #expect(report.samples.contains { report.rules[$0.rule].id == "numbers/taboo" })
        #expect(report.samples.count <= 30)
        #expect(report.samples.map(\.line) == report.samples.map(\.line).sorted())
    }
}

@Suite struct RuleSelectionTests {
    @Test func `a rule of two packs runs once and the stricter bound holds`() throws {
        let pack = try PackLibrary().pack("numbers")
        var (strict, lenient) = (pack, pack)
        strict.gate = GateThresholds(maxRejectRate: 0.1)
        lenient.gate = GateThresholds(maxRejectRate: 0.5, minKept: 3)
        let selection = RuleSelection([lenient, strict])
        #expect(selection.rules.count == pack.rules.count)
        #expect(selection.thresholds.maxRejectRate == 0.1)
        #expect(selection.thresholds.minKept == 3)
    }
}

@Suite struct Base64StreamTests {
    @Test(arguments: 0...40)
    func `pieces of any size give what the whole gives`(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 13) }
        for size in 1...7 {
            var stream = Base64Stream()
            var text = PlainBuffer<UInt8>(capacity: 16)
            for start in Swift.stride(from: 0, to: count, by: size) {
                bytes[start..<min(start + size, count)].withUnsafeBufferPointer { stream.add($0, to: &text) }
            }
            stream.finish(to: &text)
            let written = String(decoding: UnsafeBufferPointer(start: text.base, count: text.count), as: UTF8.self)
            #expect(written == Data(bytes).base64EncodedString(), "pieces of \(size)")
        }
    }
}
