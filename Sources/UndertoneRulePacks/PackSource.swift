// Where the text of a pack comes from: the program itself, or a file.

import UndertoneCore
import UndertoneSettings

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where a pack's text comes from.
enum PackSource {
    case shipped(String)
    /// A path as the user or the including pack wrote it.
    case file(String)

    /// One name for one text: a file that is reached by two paths is one file.
    var identity: String {
        switch self {
        case .shipped(let name): return "shipped:\(name)"
        case .file(let path):
            guard let resolved = realpath(path, nil) else { return "file:\(path)" }
            defer { free(resolved) }
            return "file:" + String(cString: resolved)
        }
    }

    /// The file that places name.
    var file: String {
        switch self {
        case .shipped(let name): "rules/\(name).yaml"
        case .file(let path): path
        }
    }

    var path: String? {
        if case .file(let path) = self { path } else { nil }
    }

    /// The whole text.
    ///
    /// - Throws: ``SettingsError`` where the file can't be read, is too large, or is not UTF-8.
    func text(for asked: SourceLocation?) throws(SettingsError) -> String {
        switch self {
        case .shipped(let name):
            guard let text = ShippedPacks.text(name) else {
                throw SettingsError(.unknownPack, at: asked, "no pack \"\(name)\" ships with this program")
            }
            return text
        case .file(let path):
            return try SettingsFile.text(of: path, for: asked)
        }
    }
}
