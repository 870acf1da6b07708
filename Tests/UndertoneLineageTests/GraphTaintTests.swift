import Testing
import UndertoneLineage

@Suite struct GraphTaintTests {
    private func taint(_ id: Int, on node: NodeID, lifted: Bool = false) -> Taint {
        Taint(
            id: Int64(id), node: node, reason: "loves owls", by: "audit", at: "2026-11-21T10:00:00Z",
            lifted: lifted ? .init(by: "audit", at: "2026-11-22T10:00:00Z", reason: "a mistake") : nil)
    }

    @Test("a taint is on a node exactly where its source is the node or before it", arguments: [false, true])
    func flow(cycles: Bool) throws {
        for seed in 0..<150 as Range<UInt64> {
            let plain = PlainLineage(seed: seed, cycles: cycles)
            var random = SplitMix(seed: seed ^ 0xABCD)
            let graph = try LineageGraph(nodes: plain.nodes, edges: plain.edges)
            let taints = (0..<4).map {
                taint($0, on: plain.nodes[random.below(plain.nodes.count)].id, lifted: random.below(4) == 0)
            }
            for node in plain.nodes.map(\.id) {
                let before = plain.distances(from: node, forward: false, through: Set(Relation.allCases))
                let wanted = taints.filter { $0.lifted == nil && before[$0.node] != nil }
                let traces = graph.taintedBy(node, taints: taints)
                #expect(Set(traces.map(\.taint.id)) == Set(wanted.map(\.id)), "seed \(seed)")
                for trace in traces {
                    #expect(trace.path.nodes.first == trace.taint.node && trace.path.nodes.last == node)
                    #expect(trace.path.relations.count == before[trace.taint.node], "no path is shorter")
                    #expect(trace.path.edges.allSatisfy(plain.edges.contains))
                    #expect(trace.isOwn == (trace.taint.node == node))
                }
                #expect(traces.map(\.path.relations.count) == traces.map(\.path.relations.count).sorted())
            }
        }
    }
}

@Suite struct KinshipTests {
    @Test("teacher and student of one base share it; another base is shared by nobody")
    func bases() throws {
        let kinds: [NodeKind] = [.model, .model, .training, .model, .drop, .training, .model, .model, .model]
        let graph = try LineageGraph(
            nodes: kinds.enumerated().map { (id: graphID($0.offset + 1), kind: $0.element) },
            edges: [
                // 1 base → 2 teacher; 1 → training 3 → student 4; 5 is a drop of the teacher that 3 trained on;
                // 4 → training 6 → 7; 8 is another base; 9 was distilled from 2, which hands no weights on.
                Edge(graphID(1), .base, graphID(2)), Edge(graphID(1), .student, graphID(3)),
                Edge(graphID(3), .trained, graphID(4)), Edge(graphID(5), .trainedOn, graphID(3)),
                Edge(graphID(4), .student, graphID(6)), Edge(graphID(6), .trained, graphID(7)),
                Edge(graphID(2), .parent, graphID(9)),
            ])
        let siblings = graph.commonBases(of: graphID(2), and: graphID(4))
        #expect(siblings.bases == [graphID(1)] && siblings.nearest == [graphID(1)])
        let line = graph.commonBases(of: graphID(4), and: graphID(7))
        #expect(line.bases == [graphID(1)] && line.nearest == [graphID(4)])
        #expect(graph.commonBases(of: graphID(7), and: graphID(8)).bases.isEmpty)
        #expect(graph.commonBases(of: graphID(2), and: graphID(9)).bases.isEmpty)
        #expect(graph.commonBases(of: graphID(1), and: graphID(1)).bases == [graphID(1)])
        #expect(graph.commonBases(of: graphID(5), and: graphID(7)).nearest.isEmpty)
        // A model in the middle that is said to have begun as random numbers is a base too.
        #expect(graph.commonBases(of: graphID(4), and: graphID(7), isBase: { $0 == graphID(4) }).bases.count == 2)
    }

    @Test("common bases and nearest models are those that brute force finds", arguments: [false, true])
    func bruteForce(cycles: Bool) throws {
        let weights: Set<Relation> = [.base, .student, .trained]
        for seed in 0..<200 as Range<UInt64> {
            var plain = PlainLineage(seed: seed, cycles: cycles)
            var random = SplitMix(seed: seed)
            for index in plain.nodes.indices where random.below(3) > 0 { plain.nodes[index].kind = .model }
            for index in plain.edges.indices where random.below(3) > 0 { plain.edges[index].relation = .base }
            let graph = try LineageGraph(nodes: plain.nodes, edges: plain.edges)
            let ids = plain.nodes.map(\.id)
            let above = Dictionary(
                uniqueKeysWithValues: ids.map {
                    ($0, Set(plain.distances(from: $0, forward: false, through: weights).keys))
                })
            for one in ids {
                for other in ids {
                    let common = plain.nodes.filter {
                        $0.kind == .model && above[one]?.contains($0.id) == true
                            && above[other]?.contains($0.id) == true
                    }.map(\.id)
                    let bases = common.filter { node in
                        !plain.edges.contains { $0.target == node && weights.contains($0.relation) }
                    }
                    // Without cycles: nothing common lies below.
                    let nearest = common.filter { node in
                        !common.contains { $0 != node && above[$0]?.contains(node) == true }
                    }
                    let kinship = graph.commonBases(of: one, and: other)
                    #expect(kinship.bases == bases, "seed \(seed)")
                    if !cycles { #expect(kinship.nearest == nearest, "seed \(seed)") }
                    #expect(kinship == graph.commonBases(of: other, and: one))
                }
            }
        }
    }
}
