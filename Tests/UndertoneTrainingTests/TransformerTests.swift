// Gradients and tangents of small transformers against finite differences in double precision.

import Testing

@testable import UndertoneTraining

/// A small transformer and a batch of sequences of different lengths.
struct SmallTransformer {
    let model: Transformer<Double>
    let parameters: Vector<Double>
    let teacher: Vector<Double>
    var batch = TokenBatch()
    let pass: TransformerPass<Double>

    init(seed: UInt64) {
        var random = RandomStream(seed: seed, stream: 1 << 40)
        var shape = TransformerShape(vocabulary: 5 + random.below(6))
        shape.context = 9
        shape.heads = 1 + random.below(3)
        shape.width = shape.heads * (2 + random.below(3))
        shape.layers = 1 + random.below(3)
        shape.tiesEmbeddings = seed % 2 == 0
        model = Transformer(shape)
        parameters = model.initialParameters(seed: seed, embeddingScale: 0.5)
        teacher = model.initialParameters(seed: seed + 1, embeddingScale: 0.5)
        // Gains and biases are not left at 1 and 0, where mistakes hide.
        for place in 0..<parameters.count { parameters[place] += 0.2 * random.normals().0 }
        for _ in 0..<1 + random.below(4) {
            let row = (0..<2 + random.below(8)).map { _ in Int32(random.below(shape.vocabulary)) }
            let promptCount = 1 + random.below(row.count - 1)
            let weights: [Float] = (promptCount..<row.count).map { _ in random.below(4) > 0 ? 1 : 0 }
            batch.append(row, promptCount: promptCount, weights: weights)
        }
        batch.append([1, 2, 3], promptCount: 2)
        pass = TransformerPass(model)
    }

    func loss(_ parameters: Vector<Double>, soft: Bool) -> Double {
        pass.forward(parameters, batch)
        let (rows, width) = (batch.queries.count, model.shape.vocabulary)
        guard soft else {
            return Loss.crossEntropy(
                pass.logits, rows: rows, width: width, targets: batch.targets, into: pass.logitDeltas)
        }
        let other = TransformerPass(model)
        other.forward(teacher, batch)
        return Loss.divergence(
            pass.logits, from: other.logits, rows: rows, width: width, chosen: 1..<width, into: pass.logitDeltas)
    }
}

@Suite struct TransformerTests {
    @Test("the gradient is that of finite differences", arguments: 0..<8 as Range<UInt64>, [false, true])
    func gradient(seed: UInt64, soft: Bool) {
        let problem = SmallTransformer(seed: seed)
        let gradient = Vector<Double>(count: problem.parameters.count)
        _ = problem.loss(problem.parameters, soft: soft)
        problem.pass.backward(problem.parameters, into: gradient)
        let moved = Vector(problem.parameters)
        var random = RandomStream(seed: seed, stream: 9)
        for tensor in problem.model.layout.tensors {
            for _ in 0..<6 {
                let place = tensor.offset + random.below(tensor.count)
                let step = 1e-6
                moved[place] = problem.parameters[place] + step
                let above = problem.loss(moved, soft: soft)
                moved[place] = problem.parameters[place] - step
                let below = problem.loss(moved, soft: soft)
                moved[place] = problem.parameters[place]
                let wanted = (above - below) / (2 * step)
                #expect(
                    abs(gradient[place] - wanted) <= 1e-7 + 1e-5 * abs(wanted),
                    "seed \(seed), \(tensor.name): \(gradient[place]), by differences \(wanted)")
            }
        }
    }

    @Test("tangents are the derivatives of logits along a direction", arguments: 0..<8 as Range<UInt64>)
    func tangents(seed: UInt64) {
        let problem = SmallTransformer(seed: seed)
        var random = RandomStream(seed: seed, stream: 5)
        let direction = Vector<Double>(count: problem.parameters.count)
        random.fill(direction.base, count: direction.count, scale: 1)
        func logits(_ step: Double) -> [Double] {
            let moved = Vector(problem.parameters)
            for place in 0..<moved.count { moved[place] += step * direction[place] }
            problem.pass.forward(moved, problem.batch)
            let count = problem.batch.queries.count * problem.model.shape.vocabulary
            return (0..<count).map { problem.pass.logits[$0] }
        }
        let (above, below) = (logits(1e-6), logits(-1e-6))
        problem.pass.forward(problem.parameters, problem.batch)
        problem.pass.tangents(problem.parameters, direction)
        for place in above.indices {
            let wanted = (above[place] - below[place]) / 2e-6
            let found = problem.pass.logitDeltas[place]
            #expect(abs(found - wanted) <= 1e-6 + 1e-5 * abs(wanted), "seed \(seed), logit \(place)")
        }
    }

    @Test("the cache of keys and values changes nothing", arguments: 0..<8 as Range<UInt64>)
    func decoding(seed: UInt64) {
        let problem = SmallTransformer(seed: seed)
        let vocabulary = problem.model.shape.vocabulary
        var random = RandomStream(seed: seed, stream: 6)
        let rows = (0..<3).map { _ in (0..<9).map { _ in Int32(random.below(vocabulary)) } }
        let decoder = TransformerDecoder(problem.model, rows: rows.count)
        for length in 1...9 {
            decoder.step(problem.parameters, rows.map { $0[length - 1] })
            var batch = TokenBatch()
            for row in rows { batch.append(prompt: Array(row[..<length])) }
            problem.pass.forward(problem.parameters, batch)
            for place in 0..<rows.count * vocabulary {
                #expect(abs(decoder.logits[place] - problem.pass.logits[place]) < 1e-12)
            }
        }
    }

    @Test("an adapter's gradient is that of finite differences", arguments: 0..<4 as Range<UInt64>)
    func adapter(seed: UInt64) {
        let problem = SmallTransformer(seed: seed)
        let adapter = LowRankAdapter(problem.model, rank: 2, alpha: 3)
        let own = adapter.initialParameters(seed: seed)
        var random = RandomStream(seed: seed, stream: 8)
        for place in 0..<own.count { own[place] += 0.3 * random.normals().0 }
        let merged = Vector(problem.parameters)
        func loss(_ own: Vector<Double>) -> Double {
            adapter.merge(own, base: problem.parameters, into: merged)
            return problem.loss(merged, soft: false)
        }
        _ = loss(own)
        let gradient = Vector<Double>(count: merged.count)
        problem.pass.backward(merged, into: gradient, linearOnly: true)
        let slopes = Vector<Double>(count: own.count)
        adapter.pullBack(gradient, own, into: slopes)
        let moved = Vector(own)
        for _ in 0..<60 {
            let place = random.below(own.count)
            moved[place] = own[place] + 1e-6
            let above = loss(moved)
            moved[place] = own[place] - 1e-6
            let below = loss(moved)
            moved[place] = own[place]
            let wanted = (above - below) / 2e-6
            #expect(abs(slopes[place] - wanted) <= 1e-7 + 1e-5 * abs(wanted), "\(slopes[place]), \(wanted)")
        }
    }

    @Test func `a student with a fresh adapter is its base`() {
        let problem = SmallTransformer(seed: 3)
        let adapter = LowRankAdapter(problem.model, rank: 2, alpha: 2)
        let merged = Vector<Double>(count: problem.parameters.count)
        adapter.merge(adapter.initialParameters(seed: 1), base: problem.parameters, into: merged)
        #expect((0..<merged.count).allSatisfy { merged[$0] == problem.parameters[$0] })
    }

    @Test("any number of threads gives the same bytes", arguments: [2, 3, 8])
    func threads(count: Int) {
        var shape = TransformerShape(vocabulary: 30)
        shape.width = 32
        let model = Transformer<Float>(shape)
        let parameters = model.initialParameters(seed: 1)
        var random = RandomStream(seed: 2)
        let rows = (0..<50).map { _ in (0..<5 + random.below(10)).map { _ in Int32(random.below(30)) } }
        let pieces = BatchGradient<Float>.pieces(rows: rows.count).map { range in
            var batch = TokenBatch()
            for row in rows[range] { batch.append(row, promptCount: 2) }
            return batch
        }
        let one = BatchGradient(model, Workers(count: 1))
        let many = BatchGradient(model, Workers(count: count))
        #expect(one(pieces, at: parameters) == many(pieces, at: parameters))
        #expect((0..<parameters.count).allSatisfy { one.gradient[$0] == many.gradient[$0] })
        #expect(one.gradient.norm > 0)
    }
}
