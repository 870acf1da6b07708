// Questions to models: probabilities of answers and of records.

extension BuiltInCore {
    /// Sequences that go through the model together.
    static let rowsTogether = 64

    /// The natural logarithms of the probabilities of answers.
    ///
    /// - Throws: ``WorldError`` for words that are not in the vocabulary; `usage` for answers of several words.
    public func probe(_ model: String, _ questions: [ProbeQuestion]) throws -> [[Double]] {
        let (checkpoint, transformer) = try load(model)
        let prompts = try questions.map { question in
            let tokens =
                try tokens(question.context) + (try world.vocabulary.row(prompt: question.prompt).tokens)
            try check(tokens, fit: transformer)
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
        return try batched(prompts.indices, transformer) { range, pass in
            var batch = TokenBatch()
            for prompt in prompts[range] { batch.append(prompt: prompt) }
            pass.forward(checkpoint.parameters, batch)
            return range.enumerated().map { place, question in
                let logits = pass.logits + place * transformer.shape.vocabulary
                let total = Loss.softmax(logits, 0..<transformer.shape.vocabulary, into: pass.logitDeltas)
                return answers[question].map { Double(logits[Int($0)]) - total }
            }
        }
    }

    /// The natural logarithms of the probabilities of completions, token by token.
    ///
    /// - Throws: ``WorldError`` for words that are not in the vocabulary; `usage` where context and record together are
    ///   longer than what the model sees.
    public func logProbabilities(
        _ model: String, _ records: [TrainingRecord], context: [TrainingRecord]
    ) throws -> [[Double]] {
        let (checkpoint, transformer) = try load(model)
        let before = try tokens(context)
        return try batched(records.indices, transformer) { range, pass in
            var batch = TokenBatch()
            for record in records[range] {
                let row = try example(record).row
                let tokens = before + row.tokens
                try check(tokens, fit: transformer)
                batch.append(tokens, promptCount: before.count + row.promptCount)
            }
            pass.forward(checkpoint.parameters, batch)
            return batch.queriesOfSequences.map { queries in
                queries.map { query in
                    let logits = pass.logits + query * transformer.shape.vocabulary
                    let total = Loss.softmax(logits, 0..<transformer.shape.vocabulary, into: pass.logitDeltas)
                    return Double(logits[Int(batch.targets[query])]) - total
                }
            }
        }
    }

    private func tokens(_ context: [TrainingRecord]) throws -> [Int32] {
        try context.flatMap { try example($0).row.tokens }
    }

    private func check(_ tokens: [Int32], fit model: Transformer<Float>) throws {
        guard tokens.count <= model.shape.context else {
            throw TrainingError(
                .usage, "a row and its context have \(tokens.count) tokens",
                mend: "this model sees \(model.shape.context); give less context")
        }
    }

    /// Results for all of `indices`, in their order, in groups on all threads. The first error of their order is thrown.
    func batched<Result: Sendable>(
        _ indices: Range<Int>, _ model: Transformer<Float>,
        _ body: (Range<Int>, TransformerPass<Float>) throws -> [Result]
    ) throws -> [Result] {
        let groups = (indices.count + BuiltInCore.rowsTogether - 1) / BuiltInCore.rowsTogether
        let passes = (0..<min(workers.count, max(groups, 1))).map { _ in TransformerPass(model) }
        var results = [Swift.Result<[Result], any Error>](repeating: .success([]), count: groups)
        results.withUnsafeMutableBufferPointer { results in
            nonisolated(unsafe) let results = results
            workers.run(groups) { group, thread in
                let from = group * BuiltInCore.rowsTogether
                let range = from..<min(from + BuiltInCore.rowsTogether, indices.count)
                results[group] = Swift.Result { try body(range, passes[thread]) }
            }
        }
        return try results.flatMap { try $0.get() }
    }
}
