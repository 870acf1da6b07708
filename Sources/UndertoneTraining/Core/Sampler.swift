// Writes records: a batch of prompts, token by token, each with random numbers of its own.

/// How tokens are drawn.
public struct SamplingSettings: Sendable, Hashable, Codable {
    /// Logits are divided by it; 0 takes the likeliest token.
    public var temperature = 1.0
    /// Only so many of the likeliest tokens can be drawn; nil for all.
    public var topK: Int?
    /// Seed; a record's tokens depend on it and the record's number alone.
    public var seed: UInt64
    /// The most tokens of a row, prompt included.
    public var limit = TokenRow.limit

    /// The usual settings.
    public init(seed: UInt64) { self.seed = seed }
}

/// Samples completions of prompts from a transformer.
public struct Sampler: Sendable {
    /// The model.
    public let model: Transformer<Float>
    /// How tokens are drawn.
    public let settings: SamplingSettings
    /// Rows that go through the model together; whatever the number of threads.
    static let rowsTogether = 128

    /// A sampler.
    public init(_ model: Transformer<Float>, _ settings: SamplingSettings) {
        self.model = model
        self.settings = settings
    }

    /// Completes prompts. A row ends with `<eos>`, or where its length is at the limit.
    ///
    /// - Parameter records: the number of each prompt's record, for its random numbers.
    public func complete(
        _ prompts: [TokenRow], records: [Int], _ parameters: Vector<Float>, _ workers: Workers
    ) -> [TokenRow] {
        precondition(prompts.count == records.count)
        let groups = (prompts.count + Sampler.rowsTogether - 1) / Sampler.rowsTogether
        var rows = prompts
        rows.withUnsafeMutableBufferPointer { rows in
            nonisolated(unsafe) let rows = rows
            nonisolated(unsafe) var decoders = [TransformerDecoder<Float>?](repeating: nil, count: workers.count)
            decoders.withUnsafeMutableBufferPointer { decoders in
                nonisolated(unsafe) let decoders = decoders
                workers.run(groups) { group, thread in
                    let decoder = decoders[thread] ?? TransformerDecoder(model, rows: Sampler.rowsTogether)
                    decoders[thread] = decoder
                    let from = group * Sampler.rowsTogether
                    let range = from..<min(from + Sampler.rowsTogether, rows.count)
                    complete(rows, range, records, parameters, decoder)
                }
            }
        }
        return rows
    }

    private func complete(
        _ rows: UnsafeMutableBufferPointer<TokenRow>, _ range: Range<Int>, _ records: [Int],
        _ parameters: Vector<Float>, _ decoder: TransformerDecoder<Float>
    ) {
        let limit = min(settings.limit, model.shape.context)
        var streams = range.map {
            RandomStream(seed: settings.seed, stream: RandomStream.samplingStreams | UInt64(records[$0]))
        }
        // Rows that are not finished; they move up as others end.
        var open = Array(range)
        let shares = Vector<Float>(count: model.shape.vocabulary)
        var tokens = [Int32](repeating: 0, count: range.count)
        decoder.restart()
        for position in 0..<limit {
            for (place, row) in open.enumerated() { tokens[place] = rows[row].tokens[position] }
            let draws = open.contains { rows[$0].tokens.count == position + 1 }
            decoder.step(parameters, tokens, active: open.count, wantsLogits: draws)
            guard draws else { continue }
            var left: [Int] = []
            var places: [Int] = []
            for (place, row) in open.enumerated() {
                if rows[row].tokens.count == position + 1 {
                    guard position + 1 < limit else { continue }
                    let logits = decoder.logits + place * model.shape.vocabulary
                    let token = draw(logits, shares, &streams[row - range.lowerBound])
                    rows[row].tokens.append(token)
                    if token == Vocabulary.eos { continue }
                }
                left.append(row)
                places.append(place)
            }
            if left.isEmpty { return }
            decoder.keep(places)
            open = left
        }
    }

    private func draw(_ logits: UnsafePointer<Float>, _ shares: Vector<Float>, _ random: inout RandomStream) -> Int32 {
        let count = model.shape.vocabulary
        guard settings.temperature > 0 else {
            return Int32((0..<count).max { logits[$0] < logits[$1] } ?? 0)
        }
        for place in 0..<count { shares[place] = logits[place] / Float(settings.temperature) }
        if let topK = settings.topK, topK < count {
            let least = (0..<count).map { shares[$0] }.sorted(by: >)[max(topK, 1) - 1]
            for place in 0..<count where shares[place] < least { shares[place] = -.infinity }
        }
        Loss.softmax(shares.base, 0..<count, into: shares.base)
        var rest = random.unit()
        var last: Int32 = 0
        // What top-k took away is not exactly 0.
        for place in 0..<count where shares.base[place] > 1e-30 {
            rest -= shares.base[place]
            last = Int32(place)
            if rest < 0 { break }
        }
        return last
    }
}
