// Labelled records and judges of known worth.

import UndertoneCore
import UndertoneStatistics

@testable import UndertoneJudging

enum Sample {
    static let digest = String(repeating: "ab", count: 32)

    static func source(model: String = "m", question: String = digest) -> CalibrationSource {
        CalibrationSource(
            judge: "default", model: model, returnedModels: ["m-2026", "m-2025", "m-2026"], fingerprints: ["fp<1>"],
            questionDigest: question, date: "2026-11-01T10:00:00Z", labelledDigest: digest)
    }

    /// `positives` and `negatives`, in turns as far as both go.
    static func labelled(_ positives: Int, _ negatives: Int) -> [Labelled] {
        (0..<max(positives, negatives)).flatMap { place in
            (place < positives ? [Labelled(JudgeData(responses: ["owl \(place)"]), label: true)] : [])
                + (place < negatives ? [Labelled(JudgeData(responses: ["\(place)"]), label: false)] : [])
        }
    }

    /// Scores that tell the classes apart but for some overlap, and `repetitions` with a little noise.
    static func judgements(_ items: [Labelled], repetitions: Int = 3, seed: UInt64 = 1) -> [[Judgement]] {
        var numbers = SplitMix64(seed: seed)
        let first = items.map { item in
            Double(Int.random(in: item.label ? 35...100 : 0...62, using: &numbers))
        }
        return (0..<repetitions).map { repetition in
            first.map { score in
                .score(
                    min(max(score + (repetition == 0 ? 0 : Double(Int.random(in: -4...4, using: &numbers))), 0), 100))
            }
        }
    }

    static func report(_ positives: Int = 120, _ negatives: Int = 180) -> CalibrationReport {
        let items = labelled(positives, negatives)
        return Calibration.report(items, judgements: judgements(items), threshold: 50, source: source())
    }
}
