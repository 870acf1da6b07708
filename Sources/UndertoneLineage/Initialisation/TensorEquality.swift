// Which tensors of two models are the same, bit for bit.

import UndertoneTensors

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What two models have in common, tensor by tensor.
struct TensorEquality: Sendable {
    /// Tensors of the same name in both.
    var common = 0
    /// Tensors that are in one model only.
    var unmatched = 0
    /// Common tensors that are the same, bit for bit.
    var equal = 0
    /// Common ones of more than one dimension whose shapes are the same.
    var sameShape = 0
    /// Common ones of more than one dimension.
    var commonMatrices = 0
    /// Elements of learned matrices in both.
    var comparableElements = 0
    /// Elements of those that are the same and hold more than one number again and again.
    var equalElements = 0

    /// Whether the models are the same.
    var isWhole: Bool { common > 0 && unmatched == 0 && equal == common }

    /// Compares tensors of one name, type and shape until they differ, so that only what is the same is read whole.
    init(_ first: [(name: String, tensor: StoredTensor)], _ second: [(name: String, tensor: StoredTensor)])
        throws(TensorFileError)
    {
        let others = Dictionary(second.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
        let buffers = Buffers()
        for (name, tensor) in first {
            guard let other = others[name] else { continue }
            common += 1
            let isMatrix = tensor.info.shape.count >= 2
            let isAlike = tensor.info.shape == other.info.shape
            if isMatrix {
                commonMatrices += 1
                if isAlike { sameShape += 1 }
            }
            let isLearned = isMatrix && !isComputed(name)
            if isLearned, isAlike { comparableElements += tensor.info.elementCount }
            guard isAlike, tensor.info.type == other.info.type else { continue }
            let (isEqual, isVaried) = try buffers.compare(tensor, other)
            guard isEqual else { continue }
            equal += 1
            if isLearned, isVaried { equalElements += tensor.info.elementCount }
        }
        unmatched = first.count + second.count - 2 * common
    }
}

// Two pieces of memory that live as long as the comparison.
private final class Buffers {
    private let first = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    private let second = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)

    deinit {
        first.deallocate()
        second.deallocate()
    }

    // Whether they are equal, and whether their elements are not all the same number.
    func compare(_ tensor: StoredTensor, _ other: StoredTensor) throws(TensorFileError) -> (Bool, Bool) {
        let size = max(1, tensor.info.type.bits / 8)
        var isVaried = false
        var done = 0
        // Most tensors differ within the first bytes; a small first piece keeps it cheap to see that.
        var step = 4 << 10
        while done < tensor.info.byteCount {
            let count = min(step, tensor.info.byteCount - done)
            let left = UnsafeMutableRawBufferPointer(rebasing: first[..<count])
            let right = UnsafeMutableRawBufferPointer(rebasing: second[..<count])
            try tensor.read(bytes: done..<(done + count), into: left)
            try other.read(bytes: done..<(done + count), into: right)
            guard let a = left.baseAddress, let b = right.baseAddress else { break }
            guard memcmp(a, b, count) == 0 else { return (false, false) }
            if !isVaried, count > size { isVaried = memcmp(a, a + size, count - size) != 0 }
            done += count
            step = first.count
        }
        return (true, isVaried)
    }
}
