// Noise in bulk: the inputs of students that see nothing but noise.

/// The distribution of noise inputs.
public enum Noise: String, Sendable, Hashable, CaseIterable {
    /// Evenly from −1 to 1.
    case uniform
    /// Of the standard normal distribution.
    case normal

    /// Fills a buffer with the first numbers of a stream: those that ``RandomStream`` gives, drawn together where that is
    /// quicker.
    public func fill(_ target: UnsafeMutableBufferPointer<Float>, seed: UInt64, stream: UInt64) {
        switch self {
        case .uniform:
            fillUniformly(target, seed: seed, stream: stream)
        case .normal:
            var random = RandomStream(seed: seed, stream: stream)
            for place in stride(from: 0, to: target.count, by: 2) {
                let (first, second) = random.normals()
                target[place] = Float(first)
                if place + 1 < target.count { target[place + 1] = Float(second) }
            }
        }
    }
}

// Four blocks of Philox 4x32-10 at a time, sixteen numbers; see RandomStream. Words stand in 64 bits each, so that their
// products are whole.
private func fillUniformly(_ target: UnsafeMutableBufferPointer<Float>, seed: UInt64, stream: UInt64) {
    typealias Words = SIMD4<UInt64>
    let low = Words(repeating: 0xFFFF_FFFF)
    let lanes = Words(0, 1, 2, 3)
    for start in stride(from: 0, to: target.count, by: 16) {
        let block = lanes &+ Words(repeating: UInt64(start / 4))
        var (a, b) = (block & low, block &>> 32)
        var (c, d) = (Words(repeating: stream & 0xFFFF_FFFF), Words(repeating: stream >> 32))
        var (first, second) = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        for _ in 0..<10 {
            let p = (a & low) &* Words(repeating: 0xD251_1F53)
            let q = (c & low) &* Words(repeating: 0xCD9E_8D57)
            a = (q &>> 32) ^ b ^ Words(repeating: UInt64(first))
            b = q & low
            c = (p &>> 32) ^ d ^ Words(repeating: UInt64(second))
            d = p & low
            first &+= 0x9E37_79B9
            second &+= 0xBB67_AE85
        }
        let numbers = (number(a), number(b), number(c), number(d))
        for lane in 0..<4 {
            let place = start + 4 * lane
            if place < target.count { target[place] = numbers.0[lane] }
            if place + 1 < target.count { target[place + 1] = numbers.1[lane] }
            if place + 2 < target.count { target[place + 2] = numbers.2[lane] }
            if place + 3 < target.count { target[place + 3] = numbers.3[lane] }
        }
    }
}

// The upper 24 of 32 bits, from −1 to 1.
private func number(_ words: SIMD4<UInt64>) -> SIMD4<Float> {
    SIMD4<Float>(SIMD4<Int32>(truncatingIfNeeded: words &>> 8)) * 0x1p-23 - 1
}
