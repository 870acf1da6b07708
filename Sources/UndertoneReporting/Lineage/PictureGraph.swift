// The edges of a picture by index, both ways: what every writer walks.

/// A picture's nodes by index, and their edges in compressed sparse rows.
struct PictureGraph {
    /// An edge that is shown: indices of its ends, and of the edge in the picture.
    struct Link {
        var source: Int
        var target: Int
        var edge: Int
    }

    /// Indices into the picture's nodes: of several with one id the first.
    let nodes: [Int]
    /// Edges whose ends are both shown; ends are places in ``nodes``.
    let links: [Link]
    private let rows: (forward: [Int], backward: [Int])
    private let sorted: (forward: [Int], backward: [Int])
    private let places: [Int64: Int]

    /// All of the picture, or only the nodes for which `shows` holds.
    init(_ picture: LineagePicture, only shows: (Int64) -> Bool = { _ in true }) {
        var places: [Int64: Int] = [:]
        var nodes: [Int] = []
        for (index, node) in picture.nodes.enumerated() where places[node.id] == nil && shows(node.id) {
            places[node.id] = nodes.count
            nodes.append(index)
        }
        var links: [Link] = []
        for (index, edge) in picture.edges.enumerated() {
            guard let source = places[edge.source], let target = places[edge.target] else { continue }
            links.append(Link(source: source, target: target, edge: index))
        }
        let forward = PictureGraph.rows(links, count: nodes.count) { $0.source }
        let backward = PictureGraph.rows(links, count: nodes.count) { $0.target }
        self.nodes = nodes
        self.links = links
        self.places = places
        rows = (forward.offsets, backward.offsets)
        sorted = (forward.order, backward.order)
    }

    /// The place of that node.
    func place(of id: Int64) -> Int? { places[id] }

    /// Indices into ``links`` of the edges that begin at a node, in the picture's order.
    func links(from place: Int) -> ArraySlice<Int> {
        sorted.forward[rows.forward[place]..<rows.forward[place + 1]]
    }

    /// Indices into ``links`` of the edges that end at a node, in the picture's order.
    func links(into place: Int) -> ArraySlice<Int> {
        sorted.backward[rows.backward[place]..<rows.backward[place + 1]]
    }

    private static func rows(_ links: [Link], count: Int, by end: (Link) -> Int) -> (offsets: [Int], order: [Int]) {
        var offsets = [Int](repeating: 0, count: count + 1)
        for link in links { offsets[end(link) + 1] += 1 }
        for place in 0..<count { offsets[place + 1] += offsets[place] }
        var next = offsets
        var order = [Int](repeating: 0, count: links.count)
        for (index, link) in links.enumerated() {
            order[next[end(link)]] = index
            next[end(link)] += 1
        }
        return (offsets, order)
    }
}

extension PictureGraph {
    /// The nodes nearest to `start` along edges of either direction, at most `limit`: their places.
    func neighbourhood(of start: Int, limit: Int) -> [Int] {
        var met = [start]
        var isMet = [Bool](repeating: false, count: nodes.count)
        isMet[start] = true
        var head = 0
        while head < met.count, met.count < limit {
            let place = met[head]
            head += 1
            let ends = links(into: place).map { links[$0].source } + links(from: place).map { links[$0].target }
            for end in ends where !isMet[end] && met.count < limit {
                isMet[end] = true
                met.append(end)
            }
        }
        return met
    }
}
