// When an entry, or anything that it comes from, last changed: what people said before that was said of something else.

import UndertoneLineage
import UndertoneText

extension GateGraph {
    /// What was recorded last of a node and all that it comes from: answering for it is answering for all of that. `nil`
    /// where one of the times can't be read.
    func lastChange(of node: NodeID) -> (at: Moment, what: String)? {
        let ancestors = Set(lineage.ancestors(of: node).map(\.id)).union([node])
        var last = (at: Moment(seconds: .min), what: "")
        func note(_ time: String, _ what: String) -> Bool {
            guard let at = Moment(time) else { return false }
            if at > last.at { last = (at, what + ", \(time)") }
            return true
        }
        for id in ancestors.sorted() {
            guard let ancestor = self[id] else { continue }
            let name = ancestor.kind.isActivity ? "\(ancestor.kind.rawValue) \(id.rawValue)" : ancestor.name
            guard note(ancestor.recordedAt, "\(name) was recorded") else { return nil }
        }
        for taint in snapshot.taints where ancestors.contains(taint.node) {
            let name = self[taint.node]?.name ?? ""
            guard note(taint.at, "\(name) was tainted") else { return nil }
            if let lifted = taint.lifted, !note(lifted.at, "a taint of \(name) was lifted") { return nil }
        }
        return last
    }
}

/// One person is not two by writing the name in capitals, or with a space.
func person(_ name: String) -> String { name.lowercased().filter { !$0.isWhitespace } }
