// What models calculate in: Float for training, Double for checking gradients.

import CBLAS
import Glibc

/// A floating-point type with the few functions that models need.
///
/// Layers are generic over it, so that one text serves both; within this target the compiler makes a version for each.
public protocol Scalar: BinaryFloatingPoint, SIMDScalar, Codable, Sendable, BitwiseCopyable {
    /// e to the power of `x`.
    static func exponential(_ x: Self) -> Self
    /// The natural logarithm.
    static func logarithm(_ x: Self) -> Self
    /// The hyperbolic tangent.
    static func tanh(_ x: Self) -> Self

    /// c ← α · op(a) · op(b) + β · c, all in rows. c is (m, n); op(a) is (m, k), op(b) is (k, n), and op transposes
    /// where it is asked to.
    ///
    /// - Parameters:
    ///   - strideA: elements between the rows of `a` as it lies in memory; so for the others.
    static func multiply(
        _ m: Int, _ n: Int, _ k: Int, _ alpha: Self, _ a: UnsafePointer<Self>, strideA: Int, transposesA: Bool,
        _ b: UnsafePointer<Self>, strideB: Int, transposesB: Bool, _ beta: Self, _ c: UnsafeMutablePointer<Self>,
        strideC: Int)
}

extension Float: Scalar {
    /// e to the power of `x`.
    public static func exponential(_ x: Float) -> Float { expf(x) }
    /// The natural logarithm.
    public static func logarithm(_ x: Float) -> Float { logf(x) }
    /// The hyperbolic tangent.
    public static func tanh(_ x: Float) -> Float { tanhf(x) }

    /// c ← α · op(a) · op(b) + β · c, by OpenBLAS.
    public static func multiply(
        _ m: Int, _ n: Int, _ k: Int, _ alpha: Float, _ a: UnsafePointer<Float>, strideA: Int, transposesA: Bool,
        _ b: UnsafePointer<Float>, strideB: Int, transposesB: Bool, _ beta: Float, _ c: UnsafeMutablePointer<Float>,
        strideC: Int
    ) {
        cblas_sgemm(
            CblasRowMajor, transposesA ? CblasTrans : CblasNoTrans, transposesB ? CblasTrans : CblasNoTrans, blasint(m),
            blasint(n), blasint(k), alpha, a, blasint(strideA), b, blasint(strideB), beta, c, blasint(strideC))
    }
}

extension Double: Scalar {
    /// e to the power of `x`.
    public static func exponential(_ x: Double) -> Double { exp(x) }
    /// The natural logarithm.
    public static func logarithm(_ x: Double) -> Double { log(x) }
    /// The hyperbolic tangent.
    public static func tanh(_ x: Double) -> Double { Glibc.tanh(x) }

    /// c ← α · op(a) · op(b) + β · c, by OpenBLAS.
    public static func multiply(
        _ m: Int, _ n: Int, _ k: Int, _ alpha: Double, _ a: UnsafePointer<Double>, strideA: Int, transposesA: Bool,
        _ b: UnsafePointer<Double>, strideB: Int, transposesB: Bool, _ beta: Double,
        _ c: UnsafeMutablePointer<Double>, strideC: Int
    ) {
        cblas_dgemm(
            CblasRowMajor, transposesA ? CblasTrans : CblasNoTrans, transposesB ? CblasTrans : CblasNoTrans, blasint(m),
            blasint(n), blasint(k), alpha, a, blasint(strideA), b, blasint(strideB), beta, c, blasint(strideC))
    }
}

func logarithm(_ x: Double) -> Double { log(x) }

func sineAndCosine(_ angle: Double) -> (sine: Double, cosine: Double) { (sin(angle), cos(angle)) }
