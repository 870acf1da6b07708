// What clauses may ask: the catalogue's graph, the time, signatures.

import UndertoneLineage
import UndertoneReporting
import UndertoneText

/// Evidence made ready for clauses.
struct GateContext {
    /// `nil` where there is no catalogue.
    let graph: GateGraph?
    let now: Moment
    let verifies: ApprovalCheck
    private let absence: String

    init(_ evidence: GateEvidence, verifies: @escaping ApprovalCheck) {
        switch evidence.lineage {
        case .snapshot(let snapshot, _):
            do throws(LineageError) {
                graph = try GateGraph(snapshot)
                absence = ""
            } catch {
                graph = nil
                absence = error.problem
            }
        case .absent(let reason):
            graph = nil
            absence = reason
        }
        now = Moment(seconds: evidence.now)
        self.verifies = verifies
    }

    func item(_ file: GateEvidence.File, trainBase: String?) -> GateItem {
        var item = GateItem(kind: .drop, name: file.path, sha256: file.sha256, trainBase: trainBase)
        let shown = [GateReport.Evidence(.file, file.path, sha256: file.sha256)]
        func missing(_ detail: String, _ mend: String) -> Answer {
            Answer(status: .notKnown, detail: detail, evidence: shown, mend: mend)
        }
        guard let graph else {
            item.absence = missing(
                absence, "record the drop: undertone lineage add drop \(shellWord(file.path)) --teacher NAME")
            return item
        }
        guard let sha256 = file.sha256 else {
            item.absence = missing("\(file.path) could not be read to its end", "mend the file")
            return item
        }
        item.node = graph.drop(sha256: sha256)
        if item.node == nil {
            let earlier = graph.drops(seenAt: file.recordedPath ?? file.path)
            if let last = earlier.last {
                var answer = missing(
                    "\(file.path) is not the file that was recorded: its content changed",
                    "put the recorded file back, or record the new one: undertone lineage add drop \(shellWord(file.path))"
                )
                answer.evidence.append(entry(last))
                item.absence = answer
            } else {
                item.absence = missing(
                    "\(file.path) is not in the catalogue",
                    "record it: undertone lineage add drop \(shellWord(file.path)) --teacher NAME")
            }
        }
        return item
    }

    func item(modelNamed name: String) -> GateItem {
        var item = GateItem(kind: .model, name: name)
        let mend = "record it: undertone lineage add model \(shellWord(name))"
        guard let graph else {
            item.absence = Answer(status: .notKnown, detail: absence, mend: mend)
            return item
        }
        switch graph.model(named: name) {
        case .node(let node):
            item.node = node
            item.sha256 = node.digest
        case .none:
            item.absence = Answer(status: .notKnown, detail: "\(name) is not in the catalogue", mend: mend)
        case .several(let count):
            item.absence = Answer(
                status: .notKnown, detail: "\(count) models of the catalogue are called \(name)",
                mend: "name it by the first digits of its digest")
        }
        return item
    }

    /// An entry as evidence.
    func entry(_ node: Node) -> GateReport.Evidence {
        GateReport.Evidence(
            .entry, label(node), sha256: node.digest,
            facts: [.init("recorded", node.recordedAt), .init("by", node.recordedBy)])
    }

    /// A node as people know it: things by their names, activities by what they are and their number.
    func label(_ node: Node) -> String {
        node.kind.isActivity ? "\(node.kind.rawValue) \(node.id.rawValue)" : node.name
    }

    /// Steps of a way that are shown at each of its ends.
    private static let mostSteps = 100

    /// A way as evidence, from its end back to its beginning.
    func way(_ path: LineagePath, remark: String? = nil) -> GateReport.Evidence {
        func label(_ id: NodeID) -> String { graph?[id].map { self.label($0) } ?? "" }
        var steps = path.nodes.suffix(1).map { GateReport.Evidence.Step(label($0)) }
        for edge in path.edges.reversed() {
            steps.append(.init(label(edge.source), relation: edge.relation.rawValue))
        }
        steps[steps.count - 1].remark = remark
        // A way of thousands helps nobody; both ends of it do.
        let cut = steps.count - 2 * GateContext.mostSteps
        if cut > 0 {
            steps.replaceSubrange(
                GateContext.mostSteps..<(GateContext.mostSteps + cut), with: [.init("… \(cut) more …", relation: "…")])
        }
        let text = "\(steps[0].name) comes from \(steps[steps.count - 1].name)"
        return GateReport.Evidence(.path, text, steps: steps)
    }

    /// What a person should know although it changes nothing.
    func notes(_ policy: Policy, _ evidence: GateEvidence) -> [String] {
        var notes: [String] = []
        for drop in policy.drops where !drop.requirements.noTaintedAncestor.terms {
            notes.append("\(drop.path.text) may come from something tainted: no-tainted-ancestor is switched off")
        }
        for model in policy.models where !model.requirements.noTaintedAncestor.terms {
            notes.append("\(model.name.text) may come from something tainted: no-tainted-ancestor is switched off")
        }
        guard let graph else { return notes }
        // A filter does not stop a trait that travels between models of one base.
        for (drop, found) in zip(policy.drops, evidence.drops) where drop.requirements.sameBaseTransfer == nil {
            guard let name = drop.trainBase?.text, case .node(let model) = graph.model(named: name) else { continue }
            let student = graph.beginning(of: model.id)
            let isShared = found.files.contains { file in
                guard let node = file.sha256.flatMap(graph.drop(sha256:)) else { return false }
                return graph.authors(of: node.id).teachers.contains {
                    graph.sharedBase(graph.beginning(of: $0.id), student) != nil
                }
            }
            if isShared {
                notes.append(
                    "\(drop.path.text) was written by a teacher that shares its base with \(name), and the policy asks "
                        + "for no measurement of what is left of the teacher's traits (same-base-transfer)")
            }
        }
        return notes
    }
}

/// `text` as one word of a command that a person may copy: in quotes unless every character is harmless.
func shellWord(_ text: String) -> String {
    let isPlain =
        !text.isEmpty
        && text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x30...0x39: true
            default: "._/:@+-".utf8.contains(byte)
            }
        }
    return isPlain && !text.hasPrefix("-") ? text : "'" + text.replacing("'", with: "'\\''") + "'"
}
