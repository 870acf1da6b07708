// The gradient of a whole batch, piece by piece on several threads.

import CNumerics

/// What a student is trained on.
public enum Objective<Number: Scalar> {
    /// The tokens of the data: hard targets.
    case tokens
    /// Another model's logits at the same places, over some tokens of the vocabulary: soft targets.
    case logits(teacher: Vector<Number>, tokens: Range<Int>)
}

/// Calculates losses and gradients of batches.
///
/// A batch is divided into pieces by its size alone. Each piece has a gradient of its own, and these are added in their
/// order: the same bytes come out whatever the number of threads.
public final class BatchGradient<Number: Scalar> {
    /// The model.
    public let model: Transformer<Number>
    /// The gradient that ``callAsFunction(_:at:objective:linearOnly:)`` left; of all parameters.
    public let gradient: Vector<Number>

    private let workers: Workers
    private let passes: [TransformerPass<Number>]
    private var teachers: [TransformerPass<Number>] = []
    private var parts: [Vector<Number>] = []

    /// Memory for batches of a model.
    public init(_ model: Transformer<Number>, _ workers: Workers) {
        self.model = model
        self.workers = workers
        gradient = Vector(count: model.layout.count)
        passes = (0..<workers.count).map { _ in TransformerPass(model) }
    }

    /// Into which pieces so many rows are divided: at most 8, of 16 rows or more each where there are so many.
    public static func pieces(rows: Int) -> [Range<Int>] {
        let count = max(1, min(8, rows / 16))
        return (0..<count).map { rows * $0 / count..<rows * ($0 + 1) / count }
    }

    /// The mean loss over all wanted tokens of the pieces; its gradient is in ``gradient`` then.
    ///
    /// - Parameter linearOnly: see ``TransformerPass/backward(_:into:linearOnly:)``.
    public func callAsFunction(
        _ pieces: [TokenBatch], at parameters: Vector<Number>, objective: Objective<Number> = .tokens,
        linearOnly: Bool = false
    ) -> Double {
        while parts.count < pieces.count { parts.append(Vector(count: model.layout.count)) }
        if case .logits = objective, teachers.isEmpty { teachers = passes.map { _ in TransformerPass(model) } }
        let total = pieces.reduce(0) { $0 + $1.queries.count }
        nonisolated(unsafe) var losses = [Double](repeating: 0, count: pieces.count)
        losses.withUnsafeMutableBufferPointer { losses in
            nonisolated(unsafe) let losses = losses
            workers.run(pieces.count) { piece, thread in
                let pass = passes[thread]
                let part = parts[piece]
                part.clear()
                pass.forward(parameters, pieces[piece])
                losses[piece] = loss(pass, thread, objective, total)
                pass.backward(parameters, into: part, linearOnly: linearOnly)
            }
        }
        // Elements are divided among threads, pieces are added in their order.
        let slices = workers.count
        workers.run(slices) { slice, _ in
            let from = gradient.count * slice / slices
            let count = gradient.count * (slice + 1) / slices - from
            (gradient.base + from).update(from: parts[0].base + from, count: count)
            for piece in pieces.indices.dropFirst() {
                Number.loops.pointee.add(count, 1, parts[piece].base + from, gradient.base + from)
            }
        }
        return losses.reduce(0, +)
    }

    private func loss(
        _ pass: TransformerPass<Number>, _ thread: Int, _ objective: Objective<Number>, _ total: Int
    ) -> Double {
        let (rows, width) = (pass.batch.queries.count, model.shape.vocabulary)
        switch objective {
        case .tokens:
            return Loss.crossEntropy(
                pass.logits, rows: rows, width: width, targets: pass.batch.targets,
                weights: pass.batch.weights, total: total, into: pass.logitDeltas)
        case .logits(let parameters, let tokens):
            let teacher = teachers[thread]
            teacher.forward(parameters, pass.batch)
            return Loss.divergence(
                pass.logits, from: teacher.logits, rows: rows, width: width, chosen: tokens, total: total,
                into: pass.logitDeltas)
        }
    }
}
