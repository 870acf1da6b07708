// Steps from gradients: stochastic gradient descent, AdamW, schedules, clipping.

import CNumerics

/// How the learning rate changes over the steps of a run.
public enum Schedule: Sendable, Hashable, Codable {
    /// The same in all steps.
    case constant
    /// Up to the full rate in the first steps, then down to 0 in a straight line.
    case linear(warmUp: Int)
    /// Up to the full rate in the first steps, then down to 0 along half a cosine (Loshchilov and Hutter, *SGDR*, 2017).
    case cosine(warmUp: Int)

    /// The share of the full rate in step `step` of `steps`, which count from 0.
    public func share(step: Int, of steps: Int) -> Double {
        func afterWarmUp(_ warmUp: Int, _ fall: (Double) -> Double) -> Double {
            if step < warmUp { return Double(step + 1) / Double(warmUp) }
            let left = max(steps - warmUp, 1)
            return fall(min(Double(step - warmUp) / Double(left), 1))
        }
        return switch self {
        case .constant: 1
        case .linear(let warmUp): afterWarmUp(warmUp) { 1 - $0 }
        case .cosine(let warmUp): afterWarmUp(warmUp) { (1 + sineAndCosine(.pi * $0).cosine) / 2 }
        }
    }
}

/// AdamW (Loshchilov and Hutter, *Decoupled weight decay regularization*, 2019); with decay 0 it is Adam (Kingma and Ba,
/// 2015).
public final class AdamW<Number: Scalar> {
    /// Settings that stay the same over a run.
    public struct Settings: Sendable, Equatable {
        /// Decay of the mean of gradients.
        public var firstDecay = 0.9
        /// Decay of the mean of squared gradients.
        public var secondDecay = 0.999
        /// Keeps steps finite where gradients are 0.
        public var epsilon = 1e-8
        /// Share of a parameter that a full step takes away.
        public var weightDecay = 0.0

        /// The usual ones.
        public init() {}
    }

    /// The settings.
    public let settings: Settings
    /// Steps so far.
    public internal(set) var steps = 0
    /// Mean of gradients.
    public let first: Vector<Number>
    /// Mean of squared gradients.
    public let second: Vector<Number>

    /// - Parameter count: parameters.
    public init(count: Int, _ settings: Settings = Settings()) {
        self.settings = settings
        first = Vector(count: count)
        second = Vector(count: count)
    }

    /// One step down the gradient.
    public func step(_ parameters: Vector<Number>, _ gradient: Vector<Number>, rate: Double) {
        precondition(parameters.count == first.count && gradient.count == first.count)
        steps += 1
        // Both means begin at 0 and are too small at first.
        let bias = (1 - power(settings.firstDecay, steps), 1 - power(settings.secondDecay, steps))
        Number.loops.pointee.adam(
            parameters.count, gradient.base, first.base, second.base, parameters.base, settings.firstDecay,
            settings.secondDecay, rate / bias.0, 1 / bias.1.squareRoot(), settings.epsilon,
            1 - rate * settings.weightDecay)
    }

    private func power(_ base: Double, _ exponent: Int) -> Double {
        var result = 1.0
        var (square, rest) = (base, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= square }
            square *= square
            rest >>= 1
        }
        return result
    }
}

/// One step of plain gradient descent.
public func descend<Number: Scalar>(_ parameters: Vector<Number>, _ gradient: Vector<Number>, rate: Double) {
    precondition(parameters.count == gradient.count)
    Number.loops.pointee.add(parameters.count, -rate, gradient.base, parameters.base)
}

/// Shortens a gradient that is longer than `limit` (Pascanu et al., 2013).
///
/// - Returns: the norm that it had; not finite where the loss exploded, and then the gradient is left as it is.
@discardableResult
public func clip<Number: Scalar>(_ gradient: Vector<Number>, norm limit: Double) -> Double {
    let norm = gradient.norm
    guard norm.isFinite, norm > limit, norm > 0 else { return norm }
    let scale = Number(limit / norm)
    for place in 0..<gradient.count { gradient.base[place] *= scale }
    return norm
}
