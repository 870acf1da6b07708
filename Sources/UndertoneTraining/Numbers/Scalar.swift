// What models calculate in: Float for training, Double for checking gradients.

import CNumerics
import Glibc

/// A floating-point type with the few functions that models need.
///
/// Layers are generic over it, so that one text serves both; within this target the compiler makes a version for each.
public protocol Scalar: BinaryFloatingPoint, SIMDScalar, Codable, Sendable, BitwiseCopyable {
    /// e to the power of `x`.
    static func exponential(_ x: Self) -> Self
    /// The natural logarithm.
    static func logarithm(_ x: Self) -> Self
}

extension Scalar {
    /// The inner loops in this precision, for the instructions that this machine has.
    static var loops: UnsafePointer<undertone_numerics> {
        self == Double.self ? undertone_numerics_f64() : undertone_numerics_f32()
    }

    /// c ← α · op(a) · op(b) + β · c, all in rows. c is (m, n); op(a) is (m, k), op(b) is (k, n), and op transposes
    /// where it is asked to.
    ///
    /// - Parameters:
    ///   - strideA: elements between the rows of `a` as it lies in memory; so for the others.
    ///   - beta: 0 or 1.
    static func multiply(
        _ m: Int, _ n: Int, _ k: Int, _ alpha: Self, _ a: UnsafePointer<Self>, strideA: Int, transposesA: Bool,
        _ b: UnsafePointer<Self>, strideB: Int, transposesB: Bool, _ beta: Self, _ c: UnsafeMutablePointer<Self>,
        strideC: Int
    ) {
        loops.pointee.multiply(
            m, n, k, Double(alpha), a, strideA, transposesA ? 1 : 0, b, strideB, transposesB ? 1 : 0,
            beta == 0 ? 0 : 1, c, strideC)
    }
}

extension Float: Scalar {
    /// e to the power of `x`.
    public static func exponential(_ x: Float) -> Float { expf(x) }
    /// The natural logarithm.
    public static func logarithm(_ x: Float) -> Float { logf(x) }
}

extension Double: Scalar {
    /// e to the power of `x`.
    public static func exponential(_ x: Double) -> Double { exp(x) }
    /// The natural logarithm.
    public static func logarithm(_ x: Double) -> Double { log(x) }
}

func logarithm(_ x: Double) -> Double { log(x) }

func sineAndCosine(_ angle: Double) -> (sine: Double, cosine: Double) { (sin(angle), cos(angle)) }
