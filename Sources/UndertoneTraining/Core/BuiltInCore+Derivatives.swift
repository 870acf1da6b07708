// How probabilities of records change along directions: forward mode for one direction, token by token; one pass back for
// many directions, group by group.

import CNumerics

extension BuiltInCore {
    /// Groups of records whose gradients one thread adds up; whatever the number of threads.
    private static let rowsOfPiece = 256

    /// The derivative of each token's log-probability along a direction: one pass forward, and one of its derivatives,
    /// which takes as long as two.
    ///
    /// - Throws: ``CheckpointError`` for a direction of another shape; ``WorldError`` for words that are not in the
    ///   vocabulary.
    public func derivatives(
        of records: [TrainingRecord], at model: String, along direction: Direction
    ) throws -> [[Double]] {
        let (checkpoint, transformer) = try load(model)
        let along = try vector(of: direction, expecting: checkpoint.shape)
        let width = transformer.shape.vocabulary
        return try batched(records.indices, transformer) { range, pass in
            var batch = TokenBatch()
            for record in records[range] {
                let row = try example(record).row
                batch.append(row.tokens, promptCount: row.promptCount)
            }
            pass.forward(checkpoint.parameters, batch)
            pass.tangents(checkpoint.parameters, along)
            let shares = Vector<Float>(count: width)
            return batch.queriesOfSequences.map { queries in
                queries.map { query in
                    Loss.softmax(pass.logits + query * width, 0..<width, into: shares.base)
                    let tangent = pass.logitDeltas + query * width
                    let mean = Float.loops.pointee.dot(width, shares.base, tangent)
                    return Double(tangent[Int(batch.targets[query])]) - mean
                }
            }
        }
    }

    /// One pass back over a stream of records. Its memory does not grow with their number.
    ///
    /// - Throws: `noData` where no token counts; ``CheckpointError``, ``WorldError``; what the stream throws.
    public func gradient(_ job: GradientJob) throws -> GradientSummary {
        let (checkpoint, transformer) = try load(job.model)
        let walk = GradientWalk(
            model: transformer, parameters: checkpoint.parameters,
            directions: try job.directions.map { try vector(of: $0, expecting: checkpoint.shape) },
            sum: job.output == nil ? nil : Vector<Float>(count: transformer.layout.count),
            passes: (0..<workers.count).map { _ in TransformerPass(transformer) },
            slopes: (0..<workers.count).map { _ in Vector<Float>(count: transformer.layout.count) })
        let size = max(1, job.recordsOfGroup)
        let piece = max(1, BuiltInCore.rowsOfPiece / size) * size
        var waiting: [TrainingRecord] = []
        var summary = GradientSummary()
        func take(_ count: Int) throws {
            let groups = try groups(waiting[..<count], size: size, piece: piece, walk)
            waiting.removeFirst(count)
            for group in groups {
                summary.records += group.records
                summary.tokens += group.tokens
                summary.loss -= group.logProbability
                try job.group(group)
            }
        }
        while true {
            let more = try job.next()
            waiting += more
            // Whole pieces, so that neither groups nor sums depend on how the stream is divided.
            while waiting.count >= 8 * piece { try take(8 * piece) }
            if more.isEmpty { break }
        }
        try take(waiting.count)
        guard summary.records > 0 else {
            throw TrainingError(.noData, "there is no record to differentiate", mend: "give at least one record")
        }
        guard summary.tokens > 0 else {
            throw TrainingError(.noData, "no token of the records counts", mend: "leave at least one unmasked")
        }
        summary.loss /= Double(summary.tokens)
        if let output = job.output, let sum = walk.sum {
            let mean = Vector<Float>(count: sum.count)
            mean.add(sum, times: 1 / Double(summary.tokens))
            let provenance = Provenance(
                seed: 0, base: try Checkpoint.digest(of: job.model), recipe: "\"gradient\"", versions: environment)
            try Checkpoint(checkpoint.shape, mean, vocabulary: world.vocabulary.digest, provenance: provenance)
                .save(to: output)
        }
        return summary
    }

    /// The inner products of directions with one another.
    ///
    /// - Throws: ``CheckpointError`` for one of another shape than the model's.
    public func products(of directions: [Direction], at model: String) throws -> [[Double]] {
        let shape = try load(model).checkpoint.shape
        let vectors = try directions.map { try vector(of: $0, expecting: shape) }
        return vectors.map { first in vectors.map { first.dot($0) } }
    }

    private func vector(of direction: Direction, expecting shape: ModelShape) throws -> Vector<Float> {
        switch direction {
        case .file(let path): return try Checkpoint(path: path, expecting: shape).parameters
        case .update(let from, let to):
            let start = try Checkpoint(path: from, expecting: shape).parameters
            let along = Vector<Float>(count: start.count)
            for path in to {
                along.add(try Checkpoint(path: path, expecting: shape).parameters, times: 1 / Double(to.count))
            }
            along.add(start, times: -1)
            return along
        }
    }

    // The groups of some records, on all threads: each piece adds up a gradient of its own, and these are added in their
    // order.
    private func groups(
        _ records: ArraySlice<TrainingRecord>, size: Int, piece: Int, _ walk: GradientWalk
    ) throws -> [RecordGroup] {
        let records = Array(records)
        let pieces = (records.count + piece - 1) / piece
        let sums = (0..<(walk.sum == nil ? 0 : pieces)).map { _ in Vector<Float>(count: walk.parameters.count) }
        var results = [Result<[RecordGroup], any Error>](repeating: .success([]), count: pieces)
        results.withUnsafeMutableBufferPointer { results in
            nonisolated(unsafe) let results = results
            workers.run(pieces) { place, thread in
                let range = place * piece..<min((place + 1) * piece, records.count)
                results[place] = Result {
                    try stride(from: range.lowerBound, to: range.upperBound, by: size).map { from in
                        let group = records[from..<min(from + size, range.upperBound)]
                        return try walk.group(
                            group.map(example), thread: thread, addingTo: sums.isEmpty ? nil : sums[place])
                    }
                }
            }
        }
        let groups = try results.flatMap { try $0.get() }
        for sum in sums { walk.sum?.add(sum, times: 1) }
        return groups
    }
}

/// What a walk over a stream of records needs: a model, directions, memory for each thread.
private struct GradientWalk {
    let model: Transformer<Float>
    let parameters: Vector<Float>
    let directions: [Vector<Float>]
    /// The gradient of the summed loss; nil where nobody wants it.
    let sum: Vector<Float>?
    let passes: [TransformerPass<Float>]
    let slopes: [Vector<Float>]

    /// One group: forward, back, a product with each direction.
    func group(_ examples: [TrainingExample], thread: Int, addingTo sum: Vector<Float>?) throws -> RecordGroup {
        var batch = TokenBatch()
        for example in examples {
            batch.append(example.row.tokens, promptCount: example.row.promptCount, weights: example.weights)
        }
        let (pass, slopes) = (passes[thread], slopes[thread])
        let tokens = batch.queries.count
        pass.forward(parameters, batch)
        // The loss summed over tokens, not its mean.
        let loss = Loss.crossEntropy(
            pass.logits, rows: tokens, width: model.shape.vocabulary, targets: batch.targets, total: 1,
            into: pass.logitDeltas)
        slopes.clear()
        pass.backward(parameters, into: slopes)
        sum?.add(slopes, times: 1)
        return RecordGroup(
            records: examples.count, tokens: tokens, logProbability: -loss,
            derivatives: directions.map { -slopes.dot($0) })
    }
}
