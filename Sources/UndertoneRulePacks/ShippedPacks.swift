// The packs that are part of the program.

import CRulePacks

enum ShippedPacks {
    /// Their names, sorted.
    static let names: [String] = (0..<undertone_rule_pack_count()).compactMap { index in
        undertone_rule_pack_at(index).name.map { String(cString: $0) }
    }.sorted()

    /// The text of a pack, `nil` where none has that name.
    static func text(_ name: String) -> String? {
        for index in 0..<undertone_rule_pack_count() {
            let pack = undertone_rule_pack_at(index)
            guard let bytes = pack.text, let known = pack.name, String(cString: known) == name else { continue }
            return String(decoding: UnsafeBufferPointer(start: bytes, count: pack.count), as: UTF8.self)
        }
        return nil
    }
}
