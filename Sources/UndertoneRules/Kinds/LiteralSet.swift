// Sets of folded literals of which at least one occurs.

extension Set<[UInt8]> {
    /// Every literal of this set with every one of another behind it; `nil` where they are too many or too long.
    func joined(with other: Set<[UInt8]>, most: Int) -> Set<[UInt8]>? {
        guard count * other.count <= most, !isEmpty, !other.isEmpty else { return nil }
        var joined: Set<[UInt8]> = []
        for first in self {
            for second in other {
                guard first.count + second.count <= 256 else { return nil }
                joined.insert(first + second)
            }
        }
        return joined
    }

    /// The set whose shortest literal is longer, and of two such the smaller.
    func better(than other: Set<[UInt8]>?) -> Set<[UInt8]> {
        guard let other else { return self }
        if shortest != other.shortest { return shortest > other.shortest ? self : other }
        return count <= other.count ? self : other
    }

    /// Whether to look for them is worth it: a single letter or digit is in nearly every text.
    var isUseful: Bool {
        allSatisfy { literal in
            literal.count > 1 || literal.first.map { !isWordScalar(UInt32($0)) && $0 > 0x20 } ?? false
        }
    }

    /// Their first `length` bytes, in order; a literal that holds a shorter one says nothing more and is left out.
    func shortened(to length: Int) -> [[UInt8]] {
        let cut = Set(map { Array($0.prefix(length)) })
        return cut.filter { long in !cut.contains { $0.count < long.count && holds(long, $0) } }
            .sorted { $0.lexicographicallyPrecedes($1) }
    }

    private var shortest: Int { self.map(\.count).min() ?? 0 }

    private func holds(_ long: [UInt8], _ short: [UInt8]) -> Bool {
        (0...(long.count - short.count)).contains { long[$0...].starts(with: short) }
    }
}
