// Which judges a command may ask, and what is known of them.

import ArgumentParser
import Foundation
import UndertoneCore
import UndertoneJudging
import UndertoneScanning
import UndertoneText

/// Judges and their cache.
struct JudgeOptions: ParsableArguments {
    @Option(name: .long, help: "For rules that ask a judge: a file that says which models may be asked, and how.")
    var judges: String?

    @Option(name: .long, help: "Where answers of judges are kept, so that nothing is asked twice.")
    var judgeCache = JudgeCache.defaultPath

    @Option(name: .long, help: "What a judge has shown, as judge calibrate wrote it in JSON. Repeatable.")
    var calibration: [String] = []

    @Flag(name: .long, help: "Ask judges anew, whatever is kept.")
    var judgeRefresh = false

    /// The files that these options name.
    var inputs: [(name: String, path: String)] {
        (judges.map { [("the file of judges", $0)] } ?? []) + calibration.map { ("a calibration", $0) }
    }

    /// The file of judges.
    func file(_ asks: String) throws -> JudgeFile {
        guard let judges else {
            throw ScanError(
                .usage, "\(asks) asks a judge, and none is given",
                mend: "name a file of judges with --judges; docs/judges.md shows one")
        }
        return try JudgeFile(path: judges)
    }

    /// The cache; its folder is made where there is none.
    func openCache() throws -> JudgeCache {
        if let slash = judgeCache.lastIndex(of: "/"), slash != judgeCache.startIndex {
            try FileManager.default.createDirectory(
                atPath: String(judgeCache[..<slash]), withIntermediateDirectories: true)
        }
        return try JudgeCache(judgeCache)
    }

    /// What judges have shown.
    func calibrations() throws -> [(path: String, record: CalibrationRecord)] {
        try calibration.map { path in
            guard let data = FileManager.default.contents(atPath: path) else {
                throw ScanError(
                    .input, "\(path): this calibration can't be read",
                    mend: "write one with undertone judge calibrate … --report json=\(path)")
            }
            do {
                return (path, try CalibrationReport(json: Array(data)).record)
            } catch {
                throw ScanError(
                    .input, "\(path): \(error)", mend: "write it anew with undertone judge calibrate")
            }
        }
    }
}

extension Judge {
    /// A judge as its settings describe it; the key comes out of the environment and goes nowhere but to the server.
    static func make(_ settings: JudgeSettings, _ cache: JudgeCache) throws -> Judge {
        let transport: any JudgeTransport
        do {
            switch settings.door {
            case .endpoint(let base):
                transport = try HTTPTransport(
                    base: base, key: try key(settings), certificates: settings.certificates)
            case .command(let arguments):
                transport = try CommandTransport(arguments, environment: settings.environment)
            }
        } catch let error as TransportError {
            throw ScanError(.usage, "the judge \(settings.name): \(error.message)", mend: error.mend)
        }
        return Judge(settings, transport, reading: ModelAnswers(), cache: cache)
    }

    private static func key(_ settings: JudgeSettings) throws -> Secret? {
        guard let variable = settings.keyVariable else { return nil }
        guard let key = ProcessInfo.processInfo.environment[variable], !key.isEmpty else {
            throw ScanError(
                .usage, "the key of the judge \(settings.name) is to be in $\(variable), which is not set",
                mend: "set it: export \(variable)=…")
        }
        return Secret(key)
    }
}

extension JudgeError {
    /// The exit code that stands for the error.
    var exitCode: Int32 { code == .settings ? 2 : code == .cancelled ? 130 : 3 }
}
