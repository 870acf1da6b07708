// Noise in bulk: the inputs of students that see nothing but noise.

/// The distribution of noise inputs.
public enum Noise: String, Sendable, Hashable, CaseIterable {
    /// Evenly from −1 to 1.
    case uniform
    /// Of the standard normal distribution.
    case normal
}

extension RandomStream {
    /// Fills a buffer with the next numbers of a distribution.
    public mutating func fill(_ target: UnsafeMutableBufferPointer<Float>, with noise: Noise) {
        switch noise {
        case .uniform:
            for place in target.indices { target[place] = unit() * 2 - 1 }
        case .normal:
            for place in stride(from: 0, to: target.count, by: 2) {
                let (first, second) = normals()
                target[place] = Float(first)
                if place + 1 < target.count { target[place + 1] = Float(second) }
            }
        }
    }
}
