// Which reports a user wants, and where.

import ArgumentParser
import Foundation
import Glibc
import UndertoneRecords
import UndertoneReporting
import UndertoneScanning

/// One `--report` of `undertone scan`.
typealias ReportRequest = FormatRequest<ReportFormat>

/// The formats of one command.
protocol ReportFormats: RawRepresentable<String>, CaseIterable {
    /// What is written where nothing was asked for.
    static var text: Self { get }
}

extension ReportFormat: ReportFormats {}
extension GateReportFormat: ReportFormats {}

/// One `--report`: a format, and where it goes.
struct FormatRequest<Format: ReportFormats> {
    enum Place: Equatable { case standardOutput, standardError, file(String) }

    var format: Format
    var place: Place

    /// Reads `FORMAT` and `FORMAT=FILE`. Without any, text goes to standard output, or to standard error where the records
    /// of an output go to standard output; unless it should be quiet.
    static func parse(_ texts: [String], isQuiet: Bool, isOutputTaken: Bool) throws -> [FormatRequest] {
        if texts.isEmpty {
            return isQuiet
                ? [] : [FormatRequest(format: .text, place: isOutputTaken ? .standardError : .standardOutput)]
        }
        let requests = try texts.map { text in
            let parts = text.split(separator: "=", maxSplits: 1)
            guard let name = parts.first, let format = Format(rawValue: String(name)) else {
                throw ScanError(
                    .usage, "--report \(text) is no report format",
                    mend: "known are " + Format.allCases.map(\.rawValue).joined(separator: ", "))
            }
            guard parts.count > 1, parts[1] != "-" else { return FormatRequest(format: format, place: .standardOutput) }
            return FormatRequest(format: format, place: .file(String(parts[1])))
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

    /// Writes what `render` makes of the style of the place.
    func write(_ render: (TextStyle) -> String) throws {
        let plain = TextStyle(color: false, width: 100)
        switch place {
        case .standardOutput: try Terminal.print(render(TextStyle(color: Terminal.hasColor, width: Terminal.width)))
        case .standardError: Terminal.printError(render(plain))
        case .file(let path): try writeFile(path, Data(render(plain).utf8))
        }
    }
}

extension FormatRequest<ReportFormat> {
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

    func write(_ report: ScanReport) throws { try write { format.render(report, style: $0) } }
}

/// Writes a file whole or not at all.
func writeFile(_ path: String, _ data: Data) throws {
    let file = try OutputFile(path: path, compression: .none)
    try data.withUnsafeBytes { try file.write($0) }
    try file.commit()
}

/// Ctrl-C and the like.
enum Interrupts {
    /// From now on a signal that ends the program takes half-written outputs away first. One that is ignored, as `nohup`
    /// does, stays so.
    static func removeTemporaries() {
        OutputFile.prepareForSignals()
        for number in [SIGINT, SIGTERM, SIGHUP] {
            var old = sigaction()
            sigaction(number, nil, &old)
            let isIgnored = withUnsafeBytes(of: old.__sigaction_handler) { $0.load(as: Int.self) } == 1  // SIG_IGN
            if isIgnored { continue }
            signal(number) { number in
                OutputFile.removeTemporariesFromSignalHandler()
                _exit(128 + number)
            }
        }
    }
}
