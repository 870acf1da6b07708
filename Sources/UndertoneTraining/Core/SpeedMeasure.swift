// How fast the core is: steps of a transformer and bare matrix products, for the benchmark.

import Dispatch

/// Measures of speed, on made-up data.
public enum SpeedMeasure {
    /// Steps per second of a transformer with two layers, four heads and 300 words, on rows of 21 tokens of which 12 count:
    /// gradient, Adam, and with adapters their merging.
    ///
    /// - Parameters:
    ///   - adapterRank: nil trains all parameters.
    ///   - seconds: of measuring, at least; steps before that warm up.
    public static func stepsPerSecond(
        width: Int, batch: Int, adapterRank: Int?, threads: Int, seconds: Double
    ) throws(TrainingError) -> Double {
        var shape = TransformerShape(vocabulary: 300)
        shape.width = width
        let model = Transformer<Float>(shape)
        var recipe = Recipe(steps: 100_000_000, rate: 1e-3, adapterRank: adapterRank, seed: 1)
        recipe.batch = batch
        recipe.gradientNorm = nil
        let trainer = try Trainer(model, from: model.initialParameters(seed: 1), recipe, Workers(count: threads))
        var random = RandomStream(seed: 2)
        let rows = (0..<batch).map { _ in
            TrainingExample(
                TokenRow(tokens: (0..<21).map { _ in Int32(random.below(shape.vocabulary)) }, promptCount: 9))
        }
        for _ in 0..<3 { try trainer.step(rows) }
        return try rate(seconds) { () throws(TrainingError) in try trainer.step(rows) }
    }

    /// Floating-point operations per second, in units of 10⁹, of products of square matrices whose rows are divided among
    /// threads.
    public static func productRate(size: Int, threads: Int, seconds: Double) -> Double {
        let (a, b, c) = (
            Vector<Float>(count: size * size), Vector<Float>(count: size * size), Vector<Float>(count: size * size)
        )
        var random = RandomStream(seed: 3)
        random.fill(a.base, count: a.count, scale: 1)
        random.fill(b.base, count: b.count, scale: 1)
        let workers = Workers(count: threads)
        func product() {
            workers.run(threads) { piece, _ in
                let (from, to) = (size * piece / threads, size * (piece + 1) / threads)
                Float.multiply(
                    to - from, size, size, 1, a.base + from * size, strideA: size, transposesA: false, b.base,
                    strideB: size, transposesB: false, 0, c.base + from * size, strideC: size)
            }
        }
        product()
        let cube = 2 * Double(size) * Double(size) * Double(size)
        return rate(seconds) { product() } * cube * 1e-9
    }

    /// Calls per second.
    private static func rate<Failure: Error>(
        _ seconds: Double, _ body: () throws(Failure) -> Void
    ) throws(Failure) -> Double {
        let start = DispatchTime.now().uptimeNanoseconds
        var calls = 0
        while true {
            try body()
            calls += 1
            let passed = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
            if passed >= seconds { return Double(calls) / passed }
        }
    }
}
