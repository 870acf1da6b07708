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

    /// The same for what asks judges.
    var sources: JudgeSources {
        JudgeSources(judges: judges, cache: judgeCache, calibrations: calibration, refreshes: judgeRefresh)
    }
}

/// Where judges, their answers and what they have shown are.
struct JudgeSources {
    /// A file of judges.
    var judges: String?
    /// Where answers are kept.
    var cache = JudgeCache.defaultPath
    /// Files of calibrations.
    var calibrations: [String] = []
    /// Whether to ask anew, whatever is kept.
    var refreshes = false

    /// Whether anything is there that only rules with a judge need.
    var isGiven: Bool { judges != nil || !calibrations.isEmpty }

    /// The files that these are.
    var inputs: [(name: String, path: String)] {
        (judges.map { [("the file of judges", $0)] } ?? []) + calibrations.map { ("a calibration", $0) }
    }

    /// The file of judges.
    func file(_ asks: String) throws -> JudgeFile {
        guard let judges else {
            throw ScanError(
                .usage, "\(asks) asks a judge, and none is given",
                mend: "name a file of judges with --judges, or in a policy with judges:; docs/judges.md shows one")
        }
        return try JudgeFile(path: judges)
    }

    /// The cache; its folder is made where there is none.
    func openCache() throws -> JudgeCache {
        if let slash = cache.lastIndex(of: "/"), slash != cache.startIndex {
            try FileManager.default.createDirectory(atPath: String(cache[..<slash]), withIntermediateDirectories: true)
        }
        return try JudgeCache(cache)
    }

    /// What judges have shown.
    func records() throws -> [(path: String, record: CalibrationRecord)] {
        try calibrations.map { path in
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
    /// A judge as its settings describe it; the key comes out of the environment and goes nowhere but to the judge.
    static func make(_ settings: JudgeSettings, _ cache: JudgeCache) throws -> Judge {
        do throws(TransportError) {
            return Judge(settings, try settings.transport(), reading: ModelAnswers(), cache: cache)
        } catch {
            throw ScanError(.usage, "the judge \(settings.name): \(error.message)", mend: error.mend)
        }
    }
}

extension JudgeError {
    /// The exit code that stands for the error.
    var exitCode: Int32 { code == .settings ? 2 : code == .cancelled ? 130 : 3 }
}
