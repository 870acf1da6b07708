// Where models are kept that can be made again.

import Foundation
import UndertoneScanning
import UndertoneText

enum CacheFolder {
    /// The folder, made where it is missing.
    ///
    /// - Parameter named: nil for `$XDG_CACHE_HOME/undertone` or `~/.cache/undertone`.
    static func make(_ named: String? = nil) throws(ScanError) -> String {
        let home =
            ProcessInfo.processInfo.environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
            ?? NSHomeDirectory() + "/.cache"
        let folder = named ?? home + "/undertone"
        try makeFolder(folder, mend: "name another folder with --cache, or set XDG_CACHE_HOME")
        return folder
    }
}

/// Makes a folder where it is missing.
func makeFolder(_ path: String, mend: String) throws(ScanError) {
    do {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
        throw ScanError(
            .output, "\(visible(path, limit: 200)) can't be made: \(error.localizedDescription)", mend: mend)
    }
}
