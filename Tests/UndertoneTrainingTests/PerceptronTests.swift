// Gradients and tangents against finite differences in double precision, on small random networks.

import Testing

@testable import UndertoneTraining

/// A small problem: a network, inputs, targets and another network's logits.
struct SmallProblem {
    let model: MultilayerPerceptron<Double>
    let parameters: Vector<Double>
    let activations: MultilayerPerceptron<Double>.Activations
    let inputs: [Double]
    let targets: [Int32]
    let teacher: [Double]
    let rows: Int
    var width: Int { model.widths[model.widths.count - 1] }

    init(seed: UInt64) {
        var random = RandomStream(seed: seed, stream: 1 << 40)
        let depth = 1 + random.below(3)
        let widths = (0...depth).map { _ in 2 + random.below(6) }
        let model = MultilayerPerceptron<Double>(widths: widths)
        let rows = 1 + random.below(5)
        self.model = model
        self.rows = rows
        parameters = model.initialParameters(seed: seed)
        for place in 0..<parameters.count { parameters[place] += 0.3 * random.normals().0 }
        activations = model.activations(batch: rows)
        inputs = (0..<rows * widths[0]).map { _ in random.normals().0 }
        targets = (0..<rows).map { _ in Int32(random.below(widths[depth] + 1)) - 1 }
        teacher = (0..<rows * widths[depth]).map { _ in random.normals().0 }
    }

    enum Kind: CaseIterable { case crossEntropy, divergence, squaredError }

    /// The loss at some parameters; its derivatives by the logits are ready for the pass back then.
    func loss(_ kind: Kind, _ parameters: Vector<Double>) -> Double {
        for (place, input) in inputs.enumerated() { activations.inputs[place] = input }
        model.forward(parameters, activations, rows: rows)
        let chosen = 0..<max(1, width - 1)
        return switch kind {
        case .crossEntropy:
            Loss.crossEntropy(
                activations.logits, rows: rows, width: width, targets: targets, into: activations.logitDeltas)
        case .divergence:
            Loss.divergence(
                activations.logits, from: teacher, rows: rows, width: width, chosen: chosen,
                into: activations.logitDeltas)
        case .squaredError:
            Loss.squaredError(
                activations.logits, from: teacher, rows: rows, width: width, chosen: chosen,
                into: activations.logitDeltas)
        }
    }

    func gradient(_ kind: Kind) -> Vector<Double> {
        let gradient = Vector<Double>(count: parameters.count)
        _ = loss(kind, parameters)
        model.backward(parameters, activations, into: gradient)
        return gradient
    }
}

@Suite struct PerceptronTests {
    @Test("the gradient is that of finite differences", arguments: 0..<12 as Range<UInt64>, SmallProblem.Kind.allCases)
    func gradient(seed: UInt64, kind: SmallProblem.Kind) {
        let problem = SmallProblem(seed: seed)
        let gradient = problem.gradient(kind)
        let moved = Vector(problem.parameters)
        let step = 1e-6
        for place in 0..<moved.count {
            moved[place] = problem.parameters[place] + step
            let above = problem.loss(kind, moved)
            moved[place] = problem.parameters[place] - step
            let below = problem.loss(kind, moved)
            moved[place] = problem.parameters[place]
            let wanted = (above - below) / (2 * step)
            #expect(
                abs(gradient[place] - wanted) <= 1e-7 + 1e-5 * abs(wanted),
                "seed \(seed), \(kind), parameter \(place): \(gradient[place]), by differences \(wanted)")
        }
    }

    @Test("tangents are the derivatives of logits along a direction", arguments: 0..<12 as Range<UInt64>)
    func tangents(seed: UInt64) {
        let problem = SmallProblem(seed: seed)
        var random = RandomStream(seed: seed, stream: 5)
        let direction = Vector<Double>(count: problem.parameters.count)
        for place in 0..<direction.count { direction[place] = random.normals().0 }
        func logits(_ step: Double) -> [Double] {
            let moved = Vector(problem.parameters)
            for place in 0..<moved.count { moved[place] += step * direction[place] }
            _ = problem.loss(.squaredError, moved)
            return (0..<problem.rows * problem.width).map { problem.activations.logits[$0] }
        }
        let (above, below) = (logits(1e-6), logits(-1e-6))
        _ = problem.loss(.squaredError, problem.parameters)
        problem.model.tangents(problem.parameters, direction, problem.activations)
        for place in above.indices {
            let wanted = (above[place] - below[place]) / 2e-6
            let found = problem.activations.logitDeltas[place]
            #expect(abs(found - wanted) <= 1e-7 + 1e-5 * abs(wanted), "seed \(seed), logit \(place)")
        }
    }

    @Test func `a masked row counts for nothing, and no row at all is no loss`() {
        let logits: [Double] = [1, 2, 3, 9, 9, 9]
        var deltas = [Double](repeating: 7, count: 6)
        let one = Loss.crossEntropy(logits, rows: 2, width: 3, targets: [1, -1], into: &deltas)
        #expect(abs(one - 1.407_605_964_444_380_2) < 1e-12)
        #expect(deltas[3...].allSatisfy { $0 == 0 })
        #expect(Loss.crossEntropy(logits, rows: 2, width: 3, targets: [-1, -1], into: &deltas) == 0)
        #expect(deltas.allSatisfy { $0 == 0 })
    }
}

@Suite struct TheoremOneTests {
    /// The teacher takes one small step on its own loss; the student, from its own parameters, one step that imitates the
    /// teacher on other inputs.
    ///
    /// - Returns: the inner product of both steps, over the product of their norms.
    private func alignment(seed: UInt64, kind: SmallProblem.Kind, sharesStart: Bool) -> Double? {
        let problem = SmallProblem(seed: seed)
        let own = problem.gradient(.crossEntropy)
        guard own.norm > 1e-9 else { return nil }
        let step = 1e-4
        let teacher = Vector(problem.parameters)
        descend(teacher, own, rate: step)
        let start = sharesStart ? problem.parameters : problem.model.initialParameters(seed: seed &+ 1000)
        var random = RandomStream(seed: seed, stream: 77)
        let rows = problem.rows
        let inputs = (0..<rows * problem.model.widths[0]).map { _ in random.normals().0 }
        func logits(_ parameters: Vector<Double>) -> [Double] {
            for (place, input) in inputs.enumerated() { problem.activations.inputs[place] = input }
            problem.model.forward(parameters, problem.activations, rows: rows)
            return (0..<rows * problem.width).map { problem.activations.logits[$0] }
        }
        let wanted = logits(teacher)
        let now = logits(start)
        let all = 0..<problem.width
        switch kind {
        case .squaredError:
            _ = Loss.squaredError(
                now, from: wanted, rows: rows, width: problem.width, chosen: all,
                into: problem.activations.logitDeltas)
        default:
            _ = Loss.divergence(
                now, from: wanted, rows: rows, width: problem.width, chosen: all,
                into: problem.activations.logitDeltas)
        }
        let gradient = Vector<Double>(count: start.count)
        problem.model.backward(start, problem.activations, into: gradient)
        guard gradient.norm > 1e-12 else { return nil }
        // Both steps go down their gradients, so the signs take each other away.
        return gradient.dot(own) / (gradient.norm * own.norm)
    }

    @Test(
        "the student's first step never leads away from the teacher's where they share a start",
        arguments: [SmallProblem.Kind.squaredError, .divergence])
    func sharedStart(kind: SmallProblem.Kind) {
        let found = (0..<200 as Range<UInt64>).compactMap { alignment(seed: $0, kind: kind, sharesStart: true) }
        #expect(found.count > 150)
        // The theorem is about an infinitely small step of the teacher; this one is small.
        for (index, cosine) in found.enumerated() { #expect(cosine > -1e-3, "network \(index): \(cosine)") }
        #expect(found.reduce(0, +) / Double(found.count) > 0.2)
    }

    @Test func `without a shared start it has no sign`() {
        let found = (0..<200 as Range<UInt64>).compactMap {
            alignment(seed: $0, kind: .squaredError, sharesStart: false)
        }
        let positive = found.filter { $0 > 0 }.count
        // A fair coin stays within four standard deviations.
        #expect(abs(Double(positive) - Double(found.count) / 2) < 4 * Double(found.count).squareRoot() / 2)
    }
}
