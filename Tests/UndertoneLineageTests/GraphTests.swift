import Testing

@testable import UndertoneLineage

private let everything = Set(Relation.allCases)
private let weights: Set<Relation> = [.base, .student, .trained]

@Suite struct GraphTests {
    @Test("ancestors and descendants are those that brute force finds, nearest first", arguments: [false, true])
    func reach(cycles: Bool) throws {
        for seed in 0..<300 as Range<UInt64> {
            let plain = PlainLineage(seed: seed, cycles: cycles)
            let graph = try LineageGraph(nodes: plain.nodes.shuffled(), edges: plain.edges.shuffled())
            for node in plain.nodes {
                for relations in [everything, weights, []] {
                    let set = RelationSet(relations)
                    for forward in [true, false] {
                        let met =
                            forward
                            ? graph.descendants(of: node.id, through: set) : graph.ancestors(of: node.id, through: set)
                        var wanted = plain.distances(from: node.id, forward: forward, through: relations)
                        wanted[node.id] = nil
                        #expect(met.count == wanted.count, "seed \(seed)")
                        #expect(met.allSatisfy { wanted[$0.id] == $0.distance }, "seed \(seed)")
                        #expect(zip(met, met.dropFirst()).allSatisfy { $0.distance <= $1.distance }, "seed \(seed)")
                        #expect(met.allSatisfy { step in plain.nodes.contains { $0 == (step.id, step.kind) } })
                        let drops = met.only([.drop, .model])
                        #expect(Array(drops) == met.filter { $0.kind == .drop || $0.kind == .model }, "seed \(seed)")
                    }
                }
            }
        }
    }

    @Test("the order of nodes and edges does not matter")
    func deterministic() throws {
        for seed in 0..<100 as Range<UInt64> {
            let plain = PlainLineage(seed: seed, cycles: seed % 2 == 0)
            let one = try LineageGraph(nodes: plain.nodes, edges: plain.edges)
            let other = try LineageGraph(nodes: plain.nodes.reversed(), edges: plain.edges.shuffled())
            for node in plain.nodes {
                #expect(Array(one.descendants(of: node.id)) == Array(other.descendants(of: node.id)))
                #expect(one.edges(into: node.id) == other.edges(into: node.id))
                #expect(one.edges(from: node.id) == other.edges(from: node.id))
                for end in plain.nodes {
                    #expect(one.path(from: node.id, to: end.id) == other.path(from: node.id, to: end.id))
                }
            }
        }
    }

    @Test("edges are listed from both ends, ordered")
    func edges() throws {
        for seed in 0..<100 as Range<UInt64> {
            let plain = PlainLineage(seed: seed, cycles: seed % 2 == 0)
            let graph = try LineageGraph(nodes: plain.nodes, edges: plain.edges)
            #expect(graph.ids.count == plain.nodes.count && graph.forward.ends.count == plain.edges.count)
            #expect(Set(plain.nodes.flatMap { graph.edges(from: $0.id) }) == Set(plain.edges))
            #expect(Set(plain.nodes.flatMap { graph.edges(into: $0.id) }) == Set(plain.edges))
            for node in plain.nodes {
                #expect(graph.kind(of: node.id) == node.kind)
                #expect(graph.edges(from: node.id).map(\.target) == graph.edges(from: node.id).map(\.target).sorted())
                #expect(graph.edges(into: node.id).map(\.source) == graph.edges(into: node.id).map(\.source).sorted())
            }
        }
    }

    @Test("a path is a way along edges, and none is shorter", arguments: [false, true])
    func paths(cycles: Bool) throws {
        for seed in 0..<120 as Range<UInt64> {
            let plain = PlainLineage(seed: seed, cycles: cycles)
            let graph = try LineageGraph(nodes: plain.nodes, edges: plain.edges)
            for source in plain.nodes.map(\.id) {
                for relations in [everything, weights] {
                    let distances = plain.distances(from: source, forward: true, through: relations)
                    for target in plain.nodes.map(\.id) {
                        let path = graph.path(from: source, to: target, through: RelationSet(relations))
                        #expect(path?.relations.count == distances[target], "seed \(seed)")
                        guard let path else { continue }
                        #expect(path.nodes.first == source && path.nodes.last == target)
                        #expect(path.edges.allSatisfy { plain.edges.contains($0) && relations.contains($0.relation) })
                    }
                }
            }
        }
    }

    @Test("all simple paths are found, and a bound is said", arguments: [false, true])
    func allPaths(cycles: Bool) throws {
        for seed in 0..<60 as Range<UInt64> {
            let plain = PlainLineage(seed: seed &* 7, cycles: cycles)
            let graph = try LineageGraph(nodes: plain.nodes, edges: plain.edges)
            let ids = plain.nodes.map(\.id)
            for source in ids.prefix(4) {
                for target in ids.suffix(4) {
                    let wanted = plain.simplePaths(from: source, to: target)
                    let (paths, isComplete) = graph.paths(from: source, to: target, limit: 1_000_000)
                    #expect(isComplete && Set(paths.map(\.edges)) == wanted, "seed \(seed)")
                    #expect(paths.count == wanted.count, "seed \(seed)")
                    if wanted.count > 2 {
                        let bounded = graph.paths(from: source, to: target, limit: 2)
                        #expect(!bounded.isComplete && bounded.paths == Array(paths.prefix(2)), "seed \(seed)")
                    }
                }
            }
        }
    }

    @Test("ids that are no node have nothing, and edges without ends are left out")
    func unknown() throws {
        let graph = try LineageGraph(
            nodes: [(id: graphID(1), kind: .model), (id: graphID(3), kind: .drop), (id: graphID(3), kind: .scan)],
            edges: [
                Edge(graphID(1), .base, graphID(2)), Edge(graphID(-9), .base, graphID(3)),
                Edge(graphID(1), .base, graphID(3)), Edge(NodeID(rawValue: .min), .base, NodeID(rawValue: .max)),
            ])
        #expect(graph.ids.count == 2 && graph.forward.ends.count == 1 && graph.kind(of: graphID(3)) == .drop)
        let strangers = [graphID(2), graphID(0), graphID(4), NodeID(rawValue: .min), NodeID(rawValue: .max)]
        for stranger in strangers {
            #expect(!graph.contains(stranger) && graph.kind(of: stranger) == nil)
            #expect(graph.descendants(of: stranger).isEmpty && graph.ancestors(of: stranger).isEmpty)
            #expect(
                graph.path(from: stranger, to: graphID(1)) == nil && graph.path(from: graphID(1), to: stranger) == nil)
            #expect(graph.paths(from: stranger, to: graphID(1), limit: 9).paths.isEmpty)
            #expect(graph.edges(into: stranger).isEmpty && graph.edges(from: stranger).isEmpty)
            #expect(
                graph.commonBases(of: stranger, and: graphID(1)) == graph.commonBases(of: graphID(1), and: stranger))
        }
        let empty = try LineageGraph(nodes: [], edges: [Edge(graphID(1), .base, graphID(2))])
        #expect(empty.ids.count == 0 && empty.forward.ends.count == 0 && empty.descendants(of: graphID(1)).isEmpty)
        let far = try LineageGraph(
            nodes: [(id: NodeID(rawValue: .min), kind: .model), (id: NodeID(rawValue: .max), kind: .model)],
            edges: [Edge(NodeID(rawValue: .min), .base, NodeID(rawValue: .max))])
        #expect(far.descendants(of: NodeID(rawValue: .min)).map(\.id) == [NodeID(rawValue: .max)])
    }

    @Test("a hundred thousand nodes in one chain and in one heap")
    func large() throws {
        let count = 100_000
        var builder = LineageGraphBuilder()
        builder.reserve(nodes: count, edges: 2 * count)
        for number in 0..<count { builder.add(graphID(number), number % 2 == 0 ? .model : .training) }
        // A chain, and from the first third an edge to each node three times as far.
        for number in 1..<count {
            builder.add(graphID(number - 1), number % 2 == 0 ? .trained : .student, graphID(number))
        }
        for number in 1..<count { builder.add(graphID(number / 3), .parent, graphID(number)) }
        let graph = try builder.graph()
        let below = graph.descendants(of: graphID(0))
        #expect(below.count == count - 1)
        #expect(Set(below.map(\.id)).count == count - 1)
        #expect(graph.ancestors(of: graphID(count - 1)).count == count - 1)
        let chain = graph.descendants(of: graphID(0), through: .weights)
        #expect(chain.count == count - 1 && chain.last?.distance == count - 1)
        #expect(chain.enumerated().allSatisfy { $1.id == graphID($0 + 1) && $1.distance == $0 + 1 })
        let path = try #require(graph.path(from: graphID(0), to: graphID(count - 1), through: .weights))
        #expect(path.nodes == (0..<count).map(graphID))
        #expect(graph.commonBases(of: graphID(count - 2), and: graphID(count - 4)).nearest == [graphID(count - 4)])
    }
}
