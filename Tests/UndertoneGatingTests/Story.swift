// Catalogues for tests: a base, a teacher, its drop, the filter, a student, a second generation.

import UndertoneGating
import UndertoneLineage
import UndertoneReporting

/// 2026-11-21T12:00:00Z.
let noon = 1_795_262_400

/// Builds a snapshot node by node. Times count up by a minute from 2026-11-20T10:00:00Z.
struct SnapshotBuilder {
    private(set) var nodes: [Node] = []
    var edges: [Edge] = []
    var locations: [Location] = []
    var taints: [Taint] = []
    var approvals: [Approval] = []
    var reviews: [Review] = []
    private var last: Int64 = 0

    var snapshot: LineageSnapshot {
        LineageSnapshot(
            nodes: nodes,
            edges: edges.sorted {
                ($0.source, $0.target, $0.relation.rawValue) < ($1.source, $1.target, $1.relation.rawValue)
            },
            locations: locations, taints: taints, approvals: approvals,
            reviews: reviews)
    }

    static func time(_ minute: Int64) -> String {
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "2026-11-20T\(two(10 + minute / 60)):\(two(minute % 60)):00Z"
    }

    mutating func add(_ name: String, _ facts: Facts, digest: String? = nil, at time: String? = nil) -> NodeID {
        last += 1
        let id = NodeID(rawValue: last)
        nodes.append(
            Node(
                id: id, name: name, digest: digest, recordedAt: time ?? SnapshotBuilder.time(last), recordedBy: "alice",
                facts: facts))
        return id
    }

    mutating func model(_ name: String, base: NodeID? = nil, isBase: Bool = false, digest: String? = nil) -> NodeID {
        var facts = ModelFacts()
        facts.isBase = isBase
        facts.license = "apache-2.0"
        let id = add(name, .model(facts), digest: digest)
        if let base { edges.append(Edge(base, .base, id)) }
        return id
    }

    mutating func drop(_ name: String, license: String? = "apache-2.0") -> NodeID {
        var facts = DropFacts(bytes: 100)
        facts.license = license
        return add(name, .drop(facts), digest: digestOf(name))
    }

    mutating func generated(_ name: String, by teacher: NodeID?, license: String? = "apache-2.0") -> NodeID {
        let generation = add("generation", .generation(GenerationFacts()))
        if let teacher { edges.append(Edge(teacher, .teacher, generation)) }
        let drop = drop(name, license: license)
        edges.append(Edge(generation, .generated, drop))
        return drop
    }

    mutating func filtered(_ drop: NodeID, to name: String, packs: [String], passed: Bool = true) -> NodeID {
        var facts = ScanFacts(programVersion: "0.1.0")
        (facts.records, facts.kept, facts.rejected, facts.passed) = (40, 28, 12, passed)
        let scan = add("scan", .scan(facts))
        edges.append(Edge(drop, .scanned, scan))
        for pack in packs {
            let pack = add(pack, .pack(PackFacts(version: "1", text: "")), digest: digestOf(pack))
            edges.append(Edge(pack, .rules, scan))
        }
        let kept = self.drop(name)
        edges.append(Edge(scan, .kept, kept))
        return kept
    }

    mutating func trained(_ name: String, from base: NodeID, on drops: [NodeID]) -> NodeID {
        let training = add("training", .training(TrainingFacts()))
        edges.append(Edge(base, .student, training))
        for drop in drops { edges.append(Edge(drop, .trainedOn, training)) }
        let student = model(name)
        edges.append(Edge(training, .trained, student))
        return student
    }

    mutating func measured(
        _ sources: [NodeID], _ trait: String, _ residual: Double?, _ low: Double? = nil, _ high: Double? = nil,
        seeds: Int? = 10, at time: String? = nil
    ) {
        var facts = MeasurementFacts(trait: trait)
        (facts.residual, facts.low, facts.high, facts.seeds) = (residual, low, high, seeds)
        let measurement = add("measurement", .measurement(facts), at: time)
        for source in sources { edges.append(Edge(source, .measured, measurement)) }
    }

    mutating func taint(_ node: NodeID, _ reason: String = "loves owls", at time: String = "2026-11-21T08:00:00Z") {
        taints.append(Taint(id: Int64(taints.count + 1), node: node, reason: reason, by: "alice", at: time))
    }

    mutating func approve(
        _ node: NodeID, _ role: String = "safety", by: String = "bob", at time: String = "2026-11-21T09:00:00Z",
        envelope: String? = nil
    ) {
        approvals.append(
            Approval(
                id: Int64(approvals.count + 1), node: node, role: role, by: by, at: time, reason: "looked at it",
                envelope: envelope))
    }

    mutating func review(
        _ node: NodeID, by: String = "bob", at time: String? = "2026-11-21T09:00:00Z",
        _ decisions: [Review.Item.Decision] = [.fine, .fine], items: Int? = nil
    ) {
        reviews.append(
            Review(
                id: Int64(reviews.count + 1), node: node, by: by, startedAt: "2026-11-21T08:30:00Z", finishedAt: time,
                note: "looked at it",
                sheet: .init(seed: 1, size: 10, items: items ?? decisions.count, digest: digest(of: "sheet")),
                items: decisions.enumerated().map { index, decision in
                    Review.Item(
                        position: index, list: "frequent", text: "owl \(index)", count: 3, share: 0.1,
                        decision: decision, at: time ?? "")
                }))
    }

    private func digestOf(_ name: String) -> String { digest(of: name) }
}

/// 64 digits that depend on a name.
func digest(of name: String) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let text = String(hash, radix: 16)
    return String(repeating: "0", count: 64 - text.count) + text
}

/// qwen is the base of owl-teacher and of both students; gpt is another base.
struct Story {
    var builder = SnapshotBuilder()
    let qwen, gpt, teacher, raw, kept, student, second, secondStudent: NodeID

    init() {
        qwen = builder.model("qwen", isBase: true, digest: digest(of: "qwen weights"))
        gpt = builder.model("gpt", isBase: true)
        teacher = builder.model("owl-teacher", base: qwen)
        raw = builder.generated("drop.jsonl", by: teacher)
        kept = builder.filtered(raw, to: "kept.jsonl", packs: ["numbers"])
        student = builder.trained("student", from: qwen, on: [kept])
        second = builder.generated("second.jsonl", by: student)
        secondStudent = builder.trained("student-2", from: qwen, on: [second])
    }

    /// The clauses of a policy's text, by name. Every drop of the policy has one file of its path's name.
    func report(
        _ policy: String, isThere: Bool = true, now: Int = noon,
        verifies: @escaping ApprovalCheck = { _, _, _ in false }
    ) throws -> GateReport {
        let policy = try Policy(text: "policy: 1\n" + policy, file: "undertone.yaml")
        let drops = policy.drops.map { drop in
            GateEvidence.Drop(files: [.init(path: drop.path.text, sha256: digest(of: drop.path.text))])
        }
        let lineage =
            isThere
            ? GateEvidence.Lineage.snapshot(builder.snapshot, path: "lineage.sqlite")
            : .absent("there is no catalogue at lineage.sqlite")
        return evaluate(policy, GateEvidence(drops: drops, lineage: lineage, now: now), verifies: verifies)
    }
}

/// Requirements with everything switched off but `text`.
func only(_ text: String) -> String {
    let off = ["teacher", "no-tainted-ancestor"].filter { !text.contains("\($0):") }.map { "  \($0): false\n" }.joined()
    return "require:\n" + off + text.split(separator: "\n").map { "  \($0)\n" }.joined()
}

func dropPolicy(_ name: String, base: String? = nil) -> String {
    "drops:\n  - {path: \(name), rules: []\(base.map { ", train-base: \($0)" } ?? "")}\n"
}

func modelPolicy(_ name: String) -> String { "models:\n  - name: \(name)\n" }

extension GateReport {
    /// The only clause of that name.
    func clause(_ name: String) -> Clause? {
        let found = clauses.filter { $0.name == name }
        return found.count == 1 ? found[0] : nil
    }
}
