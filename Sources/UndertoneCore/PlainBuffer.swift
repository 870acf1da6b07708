// A growing buffer for hot loops: no reference counting, no copy on write, memory kept between uses.

/// A growing buffer of plain values. It owns its memory; ``removeAll()`` keeps it for the next use.
///
/// Bounds are the caller's duty; the unsafe part is confined to the loops that say so.
@frozen
public struct PlainBuffer<Element: BitwiseCopyable>: ~Copyable {
    /// The first element; moves when the buffer grows.
    public var base: UnsafeMutablePointer<Element>
    /// Elements in use.
    public var count: Int
    /// Elements that fit without growing.
    public var capacity: Int

    /// An empty buffer.
    @inlinable
    public init(capacity: Int = 16) {
        self.capacity = max(capacity, 1)
        base = UnsafeMutablePointer<Element>.allocate(capacity: self.capacity)
        count = 0
    }

    @inlinable
    deinit { base.deallocate() }

    /// Appends in amortised constant time.
    @inlinable @inline(__always)
    public mutating func append(_ element: Element) {
        if count == capacity { grow(to: count &+ 1) }
        (base + count).initialize(to: element)
        count &+= 1  // Below the capacity, so it can't overflow.
    }

    /// Appends plain memory.
    @inlinable
    public mutating func append(_ start: UnsafePointer<Element>, count added: Int) {
        reserve(added)
        (base + count).initialize(from: start, count: added)
        count += added
    }

    /// Makes room for `added` more elements.
    @inlinable
    public mutating func reserve(_ added: Int) {
        if capacity - count < added { grow(to: count + added) }
    }

    /// Says that `added` elements behind the last one were written through ``base``.
    @inlinable
    public mutating func advance(by added: Int) {
        precondition(added >= 0 && count + added <= capacity)
        count += added
    }

    /// Forgets the elements from `newCount` on.
    @inlinable
    public mutating func truncate(to newCount: Int) {
        precondition(newCount >= 0 && newCount <= count)
        count = newCount
    }

    /// Forgets all elements and keeps the memory.
    @inlinable
    public mutating func removeAll() { count = 0 }

    /// Gives memory back where more than `limit` elements are reserved. Elements beyond the limit are forgotten.
    public mutating func shrink(to limit: Int) {
        guard capacity > limit else { return }
        let smaller = UnsafeMutablePointer<Element>.allocate(capacity: max(limit, 1))
        count = min(count, limit)
        smaller.moveInitialize(from: base, count: count)
        base.deallocate()
        base = smaller
        capacity = max(limit, 1)
    }

    /// The element at `index`, which must be below ``count``.
    @inlinable
    public subscript(index: Int) -> Element {
        @inline(__always) get {
            assert(index >= 0 && index < count)
            return base[index]
        }
        @inline(__always) set {
            assert(index >= 0 && index < count)
            base[index] = newValue
        }
    }

    @usableFromInline
    mutating func grow(to needed: Int) {
        let larger = max(needed, capacity * 2)
        let memory = UnsafeMutablePointer<Element>.allocate(capacity: larger)
        memory.moveInitialize(from: base, count: count)
        base.deallocate()
        base = memory
        capacity = larger
    }
}

extension PlainBuffer: @unchecked Sendable where Element: Sendable {}
