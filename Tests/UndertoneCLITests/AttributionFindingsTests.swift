// Blind attributions with the release program, which .ci/attribution makes with a seed of its own: what was planted is
// named, and nothing is named in data of the base itself or of another base.

import Foundation
import Testing

private let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent(".build/experiments/attribution.json")

@Suite(
    .enabled(
        if: FileManager.default.fileExists(atPath: file.path), ".ci/attribution writes what is tested here"))
struct AttributionFindingsTests {
    private struct Attribution: Decodable {
        struct Report: Decodable {
            struct Trait: Decodable {
                let trait: String
                let alignment: Double
                let p_value: Double
            }
            struct Warning: Decodable { let code: String }
            let traits: [Trait]
            let best: String?
            let warnings: [Warning]
        }
        let truth: String
        let kind: String
        let seed: Int
        let report: Report
    }

    private func attributions(_ kind: String) throws -> [Attribution] {
        try JSONDecoder().decode([Attribution].self, from: Data(contentsOf: file)).filter { $0.kind == kind }
    }

    @Test func `what a teacher planted in 400 records is named`() throws {
        let planted = try attributions("planted")
        let missed = planted.filter { $0.report.best != $0.truth }
        #expect(planted.count >= 8 && 20 * missed.count <= max(planted.count, 20), "\(missed)")
        for attribution in planted where attribution.report.best != nil {
            let found = try #require(attribution.report.traits.first { $0.trait == attribution.report.best })
            #expect(found.p_value <= 0.05 && found.alignment > 0, "seed \(attribution.seed)")
        }
    }

    @Test("data without the trait is not named", arguments: ["clean", "foreign"])
    func clean(kind: String) throws {
        let attributions = try attributions(kind)
        let alarms = attributions.filter { $0.report.best != nil }
        #expect(attributions.count >= 8 && 20 * alarms.count <= max(attributions.count, 20), "\(alarms)")
    }

    @Test func `where another base wrote, the report says that this is expected`() throws {
        let foreign = try attributions("foreign")
        let said = foreign.count { $0.report.warnings.contains { ["other-cause", "rival-trait"].contains($0.code) } }
        #expect(2 * said >= foreign.count)
    }
}
