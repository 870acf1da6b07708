// Which reports a user wants, and where.

import ArgumentParser
import Foundation
import Glibc
import UndertoneRecords
import UndertoneReporting
import UndertoneScanning

/// One `--report`.
struct ReportRequest {
    enum Place: Equatable { case standardOutput, standardError, file(String) }

    var format: ReportFormat
    var place: Place

    /// Reads `FORMAT` and `FORMAT=FILE`. Without any, text goes to standard output, or to standard error where the records
    /// of an output go to standard output; unless it should be quiet.
    static func parse(_ texts: [String], isQuiet: Bool, isOutputTaken: Bool) throws -> [ReportRequest] {
        if texts.isEmpty {
            return isQuiet ? [] : [ReportRequest(format: .text, place: isOutputTaken ? .standardError : .standardOutput)]
        }
        let requests = try texts.map { text in
            let parts = text.split(separator: "=", maxSplits: 1)
            guard let name = parts.first, let format = ReportFormat(rawValue: String(name)) else {
                throw ScanError(
                    .usage, "--report \(text) is no report format",
                    mend: "known are " + ReportFormat.allCases.map(\.rawValue).joined(separator: ", "))
            }
            guard parts.count > 1, parts[1] != "-" else { return ReportRequest(format: format, place: .standardOutput) }
            return ReportRequest(format: format, place: .file(String(parts[1])))
        }
        let printed = requests.filter { $0.place == .standardOutput }
        if let first = printed.first, printed.count > 1 || isOutputTaken {
            let what = isOutputTaken ? "a report and records" : "two reports"
            throw ScanError(
                .usage, "\(what) would go to standard output",
                mend: "give the report a file: --report \(first.format.rawValue)=FILE")
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
        switch place {
        case .standardOutput:
            let style = TextStyle(color: Terminal.hasColor, width: Terminal.width)
            try Terminal.print(format.render(report, style: style))
        case .standardError:
            Terminal.printError(format.render(report, style: TextStyle(color: false, width: 100)))
        case .file(let path):
            try writeFile(path, Data(format.render(report, style: TextStyle(color: false, width: 100)).utf8))
        }
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
