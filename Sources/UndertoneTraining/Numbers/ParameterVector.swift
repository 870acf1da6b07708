// All parameters of a model as one vector, and what lies where in it.

import CNumerics

/// The named tensors of a model, one behind the other in one vector.
public struct ParameterLayout: Sendable, Equatable {
    /// A tensor.
    public struct Tensor: Sendable, Equatable {
        /// Its name: `blocks.0.attention.qkv.weight`.
        public var name: String
        /// Its sizes, the slowest first.
        public var shape: [Int]
        /// Where its first element is in the vector.
        public var offset: Int

        /// Elements.
        public var count: Int { shape.reduce(1, *) }
        /// Its place in the vector.
        public var range: Range<Int> { offset..<offset + count }
    }

    /// In the order of the vector.
    public private(set) var tensors: [Tensor] = []
    /// Elements of all tensors.
    public private(set) var count = 0

    /// No tensors.
    public init() {}

    /// Adds a tensor behind the others.
    ///
    /// - Returns: where its first element is.
    @discardableResult
    public mutating func add(_ name: String, _ shape: Int...) -> Int {
        precondition(!tensors.contains { $0.name == name }, "two tensors of one name")
        let tensor = Tensor(name: name, shape: shape, offset: count)
        tensors.append(tensor)
        count += tensor.count
        return tensor.offset
    }

    /// The tensor of that name.
    public subscript(name: String) -> Tensor? { tensors.first { $0.name == name } }
}

/// A vector of plain numbers, aligned for vector instructions: parameters, gradients, states of optimisers.
///
/// A class, because vectors are large and passed between stages; one thread at a time may write.
public final class Vector<Number: Scalar>: @unchecked Sendable {
    /// The first element.
    public let base: UnsafeMutablePointer<Number>
    /// Elements.
    public let count: Int

    /// A vector of zeros.
    public init(count: Int) {
        self.count = count
        let bytes = UnsafeMutableRawPointer.allocate(
            byteCount: max(count, 1) * MemoryLayout<Number>.stride, alignment: 64)
        base = bytes.bindMemory(to: Number.self, capacity: max(count, 1))
        base.initialize(repeating: 0, count: max(count, 1))
    }

    /// A copy of another vector.
    public convenience init(_ other: Vector) {
        self.init(count: other.count)
        base.update(from: other.base, count: count)
    }

    deinit { base.deallocate() }

    /// The element at a place, which must be in the vector.
    public subscript(place: Int) -> Number {
        get {
            precondition(place >= 0 && place < count)
            return base[place]
        }
        set {
            precondition(place >= 0 && place < count)
            base[place] = newValue
        }
    }

    /// All elements.
    public var elements: UnsafeMutableBufferPointer<Number> { UnsafeMutableBufferPointer(start: base, count: count) }

    /// Sets all elements to 0.
    public func clear() { base.update(repeating: 0, count: count) }

    /// Adds another vector of the same length, times a factor.
    public func add(_ other: Vector, times factor: Double) {
        precondition(other.count == count, "vectors of different lengths")
        Number.loops.pointee.add(count, factor, other.base, base)
    }

    /// The inner product with a vector of the same length, summed in double precision, in an order that is the same on all
    /// machines.
    public func dot(_ other: Vector) -> Double {
        precondition(other.count == count, "vectors of different lengths")
        return Number.loops.pointee.dot(count, base, other.base)
    }

    /// The Euclidean norm.
    public var norm: Double { dot(self).squareRoot() }
}
