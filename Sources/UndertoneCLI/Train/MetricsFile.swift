// What every step did, as JSON Lines. A run that goes on after an interruption goes on in the same file.

import Foundation
import Glibc
import UndertoneScanning
import UndertoneText
import UndertoneTraining

/// A file with a line for each step: `step`, `loss`, `gradient_norm`, `rate`, `seconds`.
///
/// A line is there as soon as its step is done, so that one can follow it (`tail -f`). One thread at a time may use it.
final class MetricsFile {
    private let path: String
    private let file: Int32
    private var hasBegun = false

    /// Opens the file; what is in it stays until the first step is done.
    init(path: String) throws(ScanError) {
        self.path = path
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard file >= 0 else { throw MetricsFile.failure(path) }
    }

    deinit { close(file) }

    /// Adds the line of a step.
    ///
    /// - Parameter seconds: since the command began.
    func add(_ step: StepReport, seconds: Double) throws(ScanError) {
        if !hasBegun { try begin(before: step.step) }
        hasBegun = true
        var json = JSONWriter(.compact)
        json.object { json in
            json.member("step", step.step + 1)
            json.member("loss", step.loss)
            json.member("gradient_norm", step.gradientNorm)
            json.member("rate", step.rate)
            json.member("seconds", (seconds * 1000).rounded() / 1000)
        }
        try write(json.bytes + [UInt8(ascii: "\n")])
    }

    // Keeps the lines of the steps that this run does not take again. Pipes and devices have nothing to keep.
    private func begin(before step: Int) throws(ScanError) {
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
        var kept = 0
        if step > 0, let old = FileManager.default.contents(atPath: path) {
            for line in old.split(separator: UInt8(ascii: "\n"), maxSplits: step, omittingEmptySubsequences: false)
                .prefix(step)
            {
                let number = (try? JSONValue(parsing: line))?.object?["step"]?.integer
                guard let number, number <= step, line.endIndex < old.endIndex else { break }
                kept = line.endIndex + 1
            }
        }
        guard ftruncate(file, off_t(kept)) == 0, lseek(file, off_t(kept), SEEK_SET) >= 0 else {
            throw MetricsFile.failure(path)
        }
    }

    private func write(_ bytes: [UInt8]) throws(ScanError) {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw MetricsFile.failure(path) }
            done += count
        }
    }

    private static func failure(_ path: String) -> ScanError {
        ScanError(
            .output, "\(visible(path, limit: 200)): metrics can't be written: \(String(cString: strerror(errno)))",
            mend: "name another file with --metrics")
    }
}
