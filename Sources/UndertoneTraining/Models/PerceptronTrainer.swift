// A perceptron in single precision and what its training needs: steps on labels, steps that imitate another model.

/// What a student takes for its distance from a teacher.
public enum Imitation: String, Sendable, Hashable, CaseIterable {
    /// KL(teacher ‖ student) of the softmax over the chosen logits.
    case divergence = "kl"
    /// The mean squared difference of the chosen logits.
    case squaredError = "mse"
}

/// A perceptron in training by Adam; one thread at a time.
///
/// Every step is a function of the parameters, the inputs and the steps before alone.
public final class PerceptronTrainer {
    /// The shape.
    public let model: MultilayerPerceptron<Float>
    /// What is trained.
    public let parameters: Vector<Float>
    private let gradient: Vector<Float>
    private let adam: AdamW<Float>

    /// - Parameter start: the first parameters, which are copied.
    public init(_ model: MultilayerPerceptron<Float>, start: Vector<Float>) {
        precondition(start.count == model.layout.count, "parameters of another model")
        self.model = model
        parameters = Vector(start)
        gradient = Vector(count: start.count)
        adam = AdamW(count: start.count)
    }

    /// Logits of the first `rows` inputs in `activations`, which hold them then.
    public func forward(_ activations: MultilayerPerceptron<Float>.Activations, rows: Int) {
        model.forward(parameters, activations, rows: rows)
    }

    /// One step on labelled inputs.
    ///
    /// - Parameters:
    ///   - activations: the inputs stand in it.
    ///   - labels: one for each row.
    ///   - classes: the logits before this number take part.
    /// - Returns: the cross-entropy before the step; not finite where training exploded.
    public func learn(
        _ activations: MultilayerPerceptron<Float>.Activations, labels: [Int32], classes: Int, rate: Double
    ) -> Double {
        forward(activations, rows: labels.count)
        let loss = Loss.crossEntropy(
            activations.logits, rows: labels.count, width: width, classes: classes, targets: labels,
            into: activations.logitDeltas)
        step(activations, rate)
        return loss
    }

    /// One step towards another model's logits on the same inputs.
    ///
    /// - Parameters:
    ///   - activations: the inputs stand in it.
    ///   - teacher: (rows, logits).
    ///   - chosen: the logits that take part.
    /// - Returns: the loss before the step; not finite where training exploded.
    public func imitate(
        _ teacher: Vector<Float>, _ activations: MultilayerPerceptron<Float>.Activations, rows: Int,
        chosen: Range<Int>, by kind: Imitation, rate: Double
    ) -> Double {
        precondition(teacher.count >= rows * width && chosen.lowerBound >= 0 && chosen.upperBound <= width)
        forward(activations, rows: rows)
        let loss =
            switch kind {
            case .divergence:
                Loss.divergence(
                    activations.logits, from: teacher.base, rows: rows, width: width, chosen: chosen,
                    into: activations.logitDeltas)
            case .squaredError:
                Loss.squaredError(
                    activations.logits, from: teacher.base, rows: rows, width: width, chosen: chosen,
                    into: activations.logitDeltas)
            }
        step(activations, rate)
        return loss
    }

    private var width: Int { model.widths[model.widths.count - 1] }

    private func step(_ activations: MultilayerPerceptron<Float>.Activations, _ rate: Double) {
        gradient.clear()
        model.backward(parameters, activations, into: gradient)
        adam.step(parameters, gradient, rate: rate)
    }
}
