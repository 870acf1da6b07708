// What a model would have said in the place of each token.

extension BuiltInCore {
    /// For each token of the completions the one that the model finds likeliest at its place, as its number in the
    /// vocabulary; the lowest of equals.
    public func likeliest(_ model: String, _ records: [TrainingRecord]) throws -> [[Int]] {
        let (checkpoint, transformer) = try load(model)
        let rows = try records.map { try example($0).row }
        let width = transformer.shape.vocabulary
        return try batched(rows.indices, transformer) { range, pass in
            let batch = TokenBatch(rows[range])
            pass.forward(checkpoint.parameters, batch)
            return batch.queriesOfSequences.map { queries in
                queries.map { query in
                    let logits = UnsafeBufferPointer(start: pass.logits + query * width, count: width)
                    return logits.indices.max { logits[$0] < logits[$1] || (logits[$0] == logits[$1] && $0 > $1) } ?? 0
                }
            }
        }
    }
}
