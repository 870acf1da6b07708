// A line on the terminal that says how far something is.

import Glibc
import UndertoneScanning
import UndertoneText

/// Shows a line that changes while work takes more than a second.
final class ProgressBar: @unchecked Sendable {
    private let line: @Sendable (_ seconds: Double) -> String
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private var isRunning = true
    private var hasShown = false
    private var thread = pthread_t()

    /// - Parameter line: asked ten times a second, from a thread of the bar's own.
    init(line: @escaping @Sendable (_ seconds: Double) -> String) {
        self.line = line
        pthread_mutex_init(lock, nil)
        let box = Unmanaged.passRetained(self)
        let result = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<ProgressBar>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, box.toOpaque())
        if result != 0 { box.release() }
    }

    /// Takes the line away.
    func stop() {
        pthread_mutex_lock(lock)
        isRunning = false
        if hasShown { Terminal.showProgress("\r\u{1B}[K") }
        pthread_mutex_unlock(lock)
    }

    private func run() {
        let clock = ContinuousClock()
        let start = clock.now
        while true {
            usleep(100_000)
            pthread_mutex_lock(lock)
            defer { pthread_mutex_unlock(lock) }
            guard isRunning else { return }
            let seconds = start.duration(to: clock.now) / .seconds(1)
            if seconds >= 1 {
                hasShown = true
                Terminal.showProgress("\r\u{1B}[K" + line(seconds))
            }
        }
    }

}

extension ProgressBar {
    /// Bytes, records, rate and the time left of a scan; while a judge is asked, how far that is.
    convenience init(_ progress: ScanProgress, _ judges: JudgeActivity? = nil) {
        self.init { judges?.text.map { clipped($0, to: Terminal.progressWidth - 1) } ?? ProgressBar.line(progress, $0) }
    }

    private static func line(_ progress: ScanProgress, _ seconds: Double) -> String {
        let bytes = progress.bytes
        let total = progress.totalBytes
        var parts: [String] = []
        if total > 0 {
            let share = min(1, Double(bytes) / Double(total))
            let filled = Int(share * 24)
            parts.append(
                String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
                    + " \(Int(share * 100)) %")
        }
        parts.append(ProgressBar.size(bytes) + (total > 0 ? " of " + ProgressBar.size(total) : ""))
        parts.append("\(progress.records) records, \(progress.rejected) rejected")
        parts.append(ProgressBar.size(Int(Double(bytes) / seconds)) + "/s")
        if total > 0, bytes > 0 {
            let left = Int((Double(total - bytes) / Double(bytes) * seconds).rounded(.up))
            parts.append(left < 60 ? "\(max(0, left)) s left" : "\(left / 60) min \(left % 60) s left")
        }
        return parts.joined(separator: "  ")
    }

    private static func size(_ bytes: Int) -> String {
        let units = ["B", "kB", "MB", "GB", "TB"]
        var value = Double(bytes)
        var unit = 0
        while value >= 1000, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        let tenths = Int((value * 10).rounded())
        return unit == 0 || tenths >= 1000
            ? "\(tenths / 10) \(units[unit])" : "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
