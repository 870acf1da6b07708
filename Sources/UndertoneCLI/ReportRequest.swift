// Which reports a user wants, and where.

import ArgumentParser
import Foundation
import Glibc
import UndertoneRecords
import UndertoneReporting
import UndertoneScanning

/// One `--report`.
struct ReportRequest {
    var format: ReportFormat
    /// `nil`: standard output.
    var path: String?

    /// Reads `FORMAT` and `FORMAT=FILE`. Without any, text goes to standard output, unless it should be quiet.
    static func parse(_ texts: [String], isQuiet: Bool) throws -> [ReportRequest] {
        if texts.isEmpty { return isQuiet ? [] : [ReportRequest(format: .text, path: nil)] }
        let requests = try texts.map { text in
            let parts = text.split(separator: "=", maxSplits: 1)
            guard let name = parts.first, let format = ReportFormat(rawValue: String(name)) else {
                throw ScanError(
                    .usage, "--report \(text) is no report format",
                    mend: "known are " + ReportFormat.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return ReportRequest(format: format, path: parts.count > 1 ? String(parts[1]) : nil)
        }
        guard requests.count(where: { $0.path == nil }) <= 1 else {
            throw ScanError(
                .usage, "two reports would go to standard output", mend: "give one of them a file: --report json=report.json")
        }
        return requests
    }

    /// Findings that the format shows at most.
    var sampleLimit: Int {
        switch format {
        case .text: 50
        case .json: 200
        case .sarif: 5000
        case .junit: 100
        case .github: 200
        }
    }

    func write(_ report: ScanReport) throws {
        guard let path else {
            let style = TextStyle(color: Terminal.hasColor, width: Terminal.width)
            Terminal.print(format.render(report, style: style))
            return
        }
        try writeFile(path, Data(format.render(report, style: TextStyle(color: false, width: 100)).utf8))
    }
}

/// Writes a file whole or not at all.
func writeFile(_ path: String, _ data: Data) throws {
    let file = try OutputFile(path: path, compression: .none)
    try data.withUnsafeBytes { try file.write($0) }
    try file.commit()
}

/// Ctrl-C and the like.
enum Interrupts {
    /// From now on a signal that ends the program takes half-written outputs away first.
    static func removeTemporaries() {
        OutputFile.prepareForSignals()
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number) { number in
                OutputFile.removeTemporariesFromSignalHandler()
                _exit(128 + number)
            }
        }
    }
}
