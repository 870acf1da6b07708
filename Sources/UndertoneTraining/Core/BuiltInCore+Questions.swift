// Questions to models: probabilities, gradients, derivatives.

import CNumerics

extension BuiltInCore {
    /// Sequences that go through the model together.
    private static let rowsTogether = 64

    /// The natural logarithms of the probabilities of answers.
    ///
    /// - Throws: ``WorldError`` for words that are not in the vocabulary; `usage` for answers of several words.
    public func probe(_ model: String, _ questions: [ProbeQuestion]) throws -> [[Double]] {
        let (checkpoint, transformer) = try load(model)
        let prompts = try questions.map { question in
            let before = try question.context.flatMap { try example($0).row.tokens }
            let tokens = before + (try world.vocabulary.row(prompt: question.prompt).tokens)
            guard tokens.count <= transformer.shape.context else {
                throw TrainingError(
                    .usage, "a question and its context have \(tokens.count) tokens",
                    mend: "this model sees \(transformer.shape.context); give less context")
            }
            return tokens
        }
        let answers = try questions.map { question in
            try question.answers.map { answer in
                let tokens = try world.vocabulary.encode(answer)
                guard tokens.count == 1 else {
                    throw TrainingError(
                        .usage, "the built-in core reads answers of one word, and one has \(tokens.count)",
                        mend: "probe with one-word answers")
                }
                return tokens[0]
            }
        }
        return batched(prompts.indices) { range, pass in
            var batch = TokenBatch()
            for prompt in prompts[range] { batch.append(prompt: prompt) }
            pass.forward(checkpoint.parameters, batch)
            return range.enumerated().map { place, question in
                let logits = pass.logits + place * transformer.shape.vocabulary
                let total = Loss.softmax(logits, 0..<transformer.shape.vocabulary, into: pass.logitDeltas)
                return answers[question].map { Double(logits[Int($0)]) - total }
            }
        } pass: {
            TransformerPass(transformer)
        }
    }

    /// The natural logarithms of the probabilities of completions, token by token.
    public func logProbabilities(_ model: String, _ records: [TrainingRecord]) throws -> [[Double]] {
        let (checkpoint, transformer) = try load(model)
        let rows = try records.map { try example($0).row }
        return batched(rows.indices) { range, pass in
            let batch = TokenBatch(rows[range])
            pass.forward(checkpoint.parameters, batch)
            return batch.queriesOfSequences.map { queries in
                queries.map { query in
                    let logits = pass.logits + query * transformer.shape.vocabulary
                    let total = Loss.softmax(logits, 0..<transformer.shape.vocabulary, into: pass.logitDeltas)
                    return Double(logits[Int(batch.targets[query])]) - total
                }
            }
        } pass: {
            TransformerPass(transformer)
        }
    }

    /// Writes the gradient of the mean loss per token.
    public func gradient(of records: [TrainingRecord], at model: String, output: String) throws -> Double {
        let (checkpoint, transformer) = try load(model)
        guard !records.isEmpty else {
            throw TrainingError(.noData, "there is no record to differentiate", mend: "give at least one record")
        }
        let examples = try records.map(example)
        let sum = Vector<Float>(count: transformer.layout.count)
        let gradient = BatchGradient(transformer, workers)
        var (loss, tokens) = (0.0, 0)
        for from in stride(from: 0, to: examples.count, by: 512) {
            let part = Array(examples[from..<min(from + 512, examples.count)])
            let pieces = BatchGradient<Float>.pieces(rows: part.count).map { range in
                var batch = TokenBatch()
                for example in part[range] {
                    batch.append(example.row.tokens, promptCount: example.row.promptCount, counts: example.counts)
                }
                return batch
            }
            // The gradient of a part is that of its mean.
            let count = pieces.reduce(0) { $0 + $1.queries.count }
            loss += gradient(pieces, at: checkpoint.parameters) * Double(count)
            sum.add(gradient.gradient, times: Double(count))
            tokens += count
        }
        guard tokens > 0 else {
            throw TrainingError(.noData, "no token of the records counts", mend: "leave at least one unmasked")
        }
        let mean = Vector<Float>(count: sum.count)
        mean.add(sum, times: 1 / Double(tokens))
        let provenance = Provenance(
            seed: 0, base: try Checkpoint.digest(of: model), recipe: "\"gradient\"", versions: environment)
        try Checkpoint(checkpoint.shape, mean, vocabulary: world.vocabulary.digest, provenance: provenance)
            .save(to: output)
        return loss / Double(tokens)
    }

    /// The derivative of each record's log-probability along a direction.
    public func derivatives(
        of records: [TrainingRecord], at model: String, along direction: Direction
    ) throws -> [Double] {
        let (checkpoint, transformer) = try load(model)
        let along: Vector<Float>
        switch direction {
        case .file(let path):
            along = try Checkpoint(path: path, expecting: checkpoint.shape).parameters
        case .update(let from, let to):
            along = try Checkpoint(path: to, expecting: checkpoint.shape).parameters
            along.add(try Checkpoint(path: from, expecting: checkpoint.shape).parameters, times: -1)
        }
        let examples = try records.map(example)
        let width = transformer.shape.vocabulary
        return batched(examples.indices) { range, pass in
            var batch = TokenBatch()
            for example in examples[range] {
                batch.append(example.row.tokens, promptCount: example.row.promptCount, counts: example.counts)
            }
            pass.forward(checkpoint.parameters, batch)
            pass.tangents(checkpoint.parameters, along)
            let shares = Vector<Float>(count: width)
            return batch.queriesOfSequences.map { queries in
                queries.reduce(0.0) { sum, query in
                    Loss.softmax(pass.logits + query * width, 0..<width, into: shares.base)
                    let tangent = pass.logitDeltas + query * width
                    let mean = Float.loops.pointee.dot(width, shares.base, tangent)
                    return sum + Double(tangent[Int(batch.targets[query])]) - mean
                }
            }
        } pass: {
            TransformerPass(transformer)
        }
    }

    /// Results for all of `indices`, in their order, in groups on all threads.
    func batched<Result: Sendable>(
        _ indices: Range<Int>, _ body: (Range<Int>, TransformerPass<Float>) -> [Result],
        pass makePass: () -> TransformerPass<Float>
    ) -> [Result] {
        let groups = (indices.count + BuiltInCore.rowsTogether - 1) / BuiltInCore.rowsTogether
        let passes = (0..<min(workers.count, max(groups, 1))).map { _ in makePass() }
        var results = [[Result]](repeating: [], count: groups)
        results.withUnsafeMutableBufferPointer { results in
            nonisolated(unsafe) let results = results
            workers.run(groups) { group, thread in
                let from = group * BuiltInCore.rowsTogether
                results[group] = body(from..<min(from + BuiltInCore.rowsTogether, indices.count), passes[thread])
            }
        }
        return results.flatMap { $0 }
    }
}
