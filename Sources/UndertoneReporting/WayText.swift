// How a way through a lineage is written: names and relations in turn, with arrows from what was there before.

import UndertoneText

/// A stop of a way in pieces that should stay on one line: `← trained`, `← training 14`; only its name for the first one.
/// Safe to show.
///
/// - Parameters:
///   - relation: how the stop hangs together with the one that is written before it.
///   - arrow: `→` where the way is written from what was there before, `←` where it is written back to it.
func wayPieces(_ name: String, _ relation: String?, arrow: String) -> [String] {
    let name = visible(name, limit: 200)
    return relation.map { ["\(arrow) \(visible($0, limit: 40))", "\(arrow) \(name)"] } ?? [name]
}
