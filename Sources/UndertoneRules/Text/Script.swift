// Scripts whose letters can pass for one another, from a generated table.

import CUndertone

/// A script whose letters look like another's, or one that is written without spaces between words.
enum Script: UInt8 {
    case none = 0
    case latin, greek, cyrillic, armenian, cherokee, coptic, lisu
    /// Han, kana, Thai, Lao, Khmer, Myanmar.
    case unspaced = 15

    /// Whether its letters can pass for those of another script.
    var hasLookAlikes: Bool { self != .none && self != .unspaced }

    /// The script of a letter; ``none`` for everything else.
    ///
    /// - Complexity: O(log of some 200 ranges).
    init(of value: UInt32) {
        if value < 0x80 {
            self = (value | 0x20) &- 0x61 < 26 ? .latin : .none
            return
        }
        // Most Han letters, without a search.
        self = value &- 0x4E00 < 0x5200 ? .unspaced : Script.table.script(of: value)
    }

    private static let table = ScriptTable()
}

private struct ScriptTable: Sendable {
    private nonisolated(unsafe) let ranges: UnsafePointer<undertone_script_range>?
    private let count: Int

    init() {
        var count = 0
        ranges = undertone_scripts(&count)
        self.count = count
    }

    func script(of value: UInt32) -> Script {
        guard let ranges else { return .none }
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].last < value { low = middle + 1 } else { high = middle }
        }
        guard low < count, ranges[low].first <= value else { return .none }
        return Script(rawValue: ranges[low].script) ?? .none
    }
}
