// A line on the terminal that says how far a training or a sample is.

import Glibc
import Synchronization
import UndertoneText
import UndertoneTraining

/// Shows steps or records, the loss, their rate and the time left while work takes more than a second.
final class TrainingBar: Sendable {
    private struct State: Sendable {
        var last: TrainingEvent?
        // What was done, and when, as the first event came: what an earlier command did says nothing about the rate.
        var first: (done: Int, at: ContinuousClock.Instant)?
    }

    private let noun: String
    private let state = Mutex(State())
    private let isShown: Bool
    private let bar = Mutex<ProgressBar?>(nil)

    /// - Parameters:
    ///   - isShown: false for none.
    ///   - noun: what is counted: `step`, `record`.
    init(isShown: Bool, _ noun: String) {
        self.noun = noun
        self.isShown = isShown
        if isShown { bar.withLock { $0 = ProgressBar { [self] _ in line } } }
    }

    /// Takes in how far the work is.
    func see(_ event: TrainingEvent) {
        guard isShown else { return }
        state.withLock { state in
            state.last = event
            if state.first == nil { state.first = (event.done, ContinuousClock().now) }
        }
    }

    /// Takes the line away.
    func stop() {
        bar.withLock { bar in
            bar?.stop()
            bar = nil
        }
    }

    private var line: String {
        let state = state.withLock { $0 }
        guard let last = state.last, let first = state.first, last.total > 0 else { return "\(noun)s: beginning" }
        let seconds = first.at.duration(to: ContinuousClock().now) / .seconds(1)
        let rate = seconds > 0 ? Double(last.done - first.done) / seconds : 0
        return TrainingBar.line(
            noun, done: last.done, of: last.total, loss: last.step?.loss, rate: rate, width: Terminal.progressWidth)
    }

    /// The line for a terminal of that many columns; on a narrow one the bar is shorter or left out.
    ///
    /// - Parameter rate: of `noun`s in a second; 0 where it is not known yet.
    static func line(_ noun: String, done: Int, of total: Int, loss: Double?, rate: Double, width: Int) -> String {
        let share = min(1, Double(done) / Double(max(total, 1)))
        var parts = ["\(noun) \(grouped(done)) of \(grouped(total))"]
        if let loss { parts.append("loss \(fixed(loss, decimals: 3))") }
        if rate > 0 {
            parts.append("\(rate < 10 ? fixed(rate, decimals: 1) : grouped(Int(rate.rounded()))) \(noun)s/s")
            // A rate near 0 would make it a time that no number holds.
            let left = Int(min((Double(total - done) / rate).rounded(.up), 1e9))
            parts.append(left < 60 ? "\(left) s left" : "\(grouped(left / 60)) min \(left % 60) s left")
        }
        let text = parts.joined(separator: "  ")
        // Columns that stay free: a terminal may wrap behind the last, and Ctrl-C shows as ^C.
        let free = 4
        let room = min(24, width - free - text.count - 7)
        guard room >= 6 else { return String(text.prefix(width - free)) }
        let filled = Int(share * Double(room))
        let blocks = String(repeating: "█", count: filled) + String(repeating: "░", count: room - filled)
        return "\(blocks) \(Int(share * 100)) %  \(text)"
    }
}
