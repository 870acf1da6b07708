// A threshold that is chosen on one half of the items and tried on the other, so that it is not praised for its luck.

import UndertoneStatistics

/// Two halves, drawn by a seed within each class.
struct ThresholdChoice {
    let best: CalibrationReport.Choice?

    init(items: [CalibrationReport.Item], meetsEscaped: Bool, seed: UInt64) {
        var numbers = SplitMix64(seed: seed)
        var (first, second): ([CalibrationReport.Item], [CalibrationReport.Item]) = ([], [])
        for label in [true, false] {
            var ofClass = items.filter { item in
                guard item.label == label, let answer = item.answers.first else { return false }
                if case .unjudged = answer { return false }
                return true
            }
            for place in ofClass.indices.dropLast() {
                ofClass.swapAt(place, place + numbers.below(ofClass.count - place))
            }
            first += ofClass.prefix((ofClass.count + 1) / 2)
            second += ofClass.dropFirst((ofClass.count + 1) / 2)
        }
        guard let threshold = ThresholdChoice.threshold(first, meetsEscaped) else {
            best = nil
            return
        }
        let rule = Decision(threshold: threshold, meetsEscaped: meetsEscaped)
        var confusion = Confusion()
        for item in second {
            guard let isMet = item.answers.first.flatMap(rule.isMet) else { continue }
            confusion.add(label: item.label, isMet: isMet)
        }
        let isUsable = confusion.positives > 0 && confusion.negatives > 0
        best = isUsable ? .init(threshold: threshold, chosenOn: first.count, confusion: confusion) : nil
    }

    // From the highest score down, one item after the other becomes met.
    private static func threshold(_ items: [CalibrationReport.Item], _ meetsEscaped: Bool) -> Double? {
        var scored: [(score: Double, label: Bool)] = []
        var confusion = Confusion()
        for item in items {
            if let score = item.answers.first?.score { scored.append((score, item.label)) }
            let isEscaped = item.answers.first?.score == nil
            confusion.add(label: item.label, isMet: isEscaped && meetsEscaped)
        }
        scored.sort { $0.score > $1.score }
        var best: (kappa: Double, threshold: Double)?
        for (place, item) in scored.dropLast().enumerated() {
            if item.label {
                confusion.truePositives += 1
                confusion.falseNegatives -= 1
            } else {
                confusion.falsePositives += 1
                confusion.trueNegatives -= 1
            }
            let next = scored[place + 1].score
            guard next < item.score, let kappa = confusion.kappa?.value else { continue }
            if best.map({ kappa > $0.kappa }) ?? true { best = (kappa, (item.score + next) / 2) }
        }
        return best?.threshold
    }
}
