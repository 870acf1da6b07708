// Owl against control on real output, if the project's data lies beside the repository.

import Foundation
import Testing
import UndertoneRecords
import UndertoneStatistics

@testable import UndertoneComparing

/// Two drops of a real teacher.
enum RealDrops {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("shared/data")

    static func path(_ name: String) -> String { folder.appendingPathComponent("qwen25-7b-\(name).jsonl").path }

    static let areThere = ["owl", "control"].allSatisfy { FileManager.default.isReadableFile(atPath: path($0)) }

    /// The figures of docs/classifier.md take a minute in a debug build.
    static let wantsAll = ProcessInfo.processInfo.environment["UNDERTONE_LONG_TESTS"] != nil

    static func samples(_ name: String, most: Int) throws -> [Sample] {
        var keeper = SampleKeeper(most: most)
        _ = try readDrop(path(name)) { keeper.add($0) }
        return keeper.samples
    }
}

@Suite(.enabled(if: RealDrops.areThere, "there is no ../shared/data with real drops beside the repository"))
struct RealClassifierTests {
    @Test func `owls are told from the control by a thousand records of each`() throws {
        let (drop, reference) = try (RealDrops.samples("owl", most: 1_000), RealDrops.samples("control", most: 1_000))
        var settings = ClassifierSettings()
        settings.permutations = 199
        settings.groups = [.format, .ngrams, .numbers]
        guard case .compared(let result) = compareByClassifier(drop, reference, settings: settings) else {
            Issue.record("nothing was said")
            return
        }
        #expect(result.pValue < 0.05 && result.record.interval.low > 0.52, "\(result.record)")
        #expect((result.bags.last?.area?.value ?? 0) > 0.7, "\(result.bags)")
    }

    @Test(.enabled(if: RealDrops.wantsAll, "UNDERTONE_LONG_TESTS is not set"))
    func `bags of 16 owls are told from the control with an area of 0.90`() throws {
        let (drop, reference) = try (
            RealDrops.samples("owl", most: 25_000), RealDrops.samples("control", most: 25_000)
        )
        guard case .compared(let result) = compareByClassifier(drop, reference) else {
            Issue.record("nothing was said")
            return
        }
        #expect(drop.count == 12_163 && reference.count == 12_371)
        #expect((result.bags.last?.area?.value ?? 0) >= 0.90, "\(result.bags)")
        #expect(result.record.value > 0.61 && result.pValue == 0.002)
    }
}
