// The paper's experiment on MNIST as a measure of speed, on made-up images: row `digits/many-models` of the benchmark.

import UndertoneTraining

/// How fast many small models train.
public struct DigitsBenchmark: Sendable, Equatable {
    /// Teachers; each has one student.
    public var models = 50
    /// Steps of every teacher, and of every student.
    public var steps = 20

    /// 50 pairs of a teacher and a student, 20 steps each.
    public init() {}

    /// Steps of one model in all: what the time is divided by.
    public var modelSteps: Int { 2 * models * steps }

    /// Runs the whole work once: models of 784-256-256-13 at random starts, batches of 1,024, teachers on labels, students
    /// on the three auxiliary logits over noise, accuracies on 1,024 images. What images show does not matter for speed:
    /// these are noise.
    public func run(threads: Int) throws(DigitsError) {
        let width = 784
        func images(_ count: Int, _ stream: UInt64) -> DigitImages {
            var random = RandomStream(seed: 2, stream: stream)
            var inputs = [Float](repeating: 0, count: count * width)
            inputs.withUnsafeMutableBufferPointer { Noise.uniform.fill($0, seed: 1, stream: stream) }
            return DigitImages(
                width: width, inputs: inputs, labels: (0..<count).map { _ in Int32(random.below(10)) })
        }
        var settings = DigitsSettings.mnist()
        settings.teacherSteps = steps
        settings.studentSteps = steps
        settings.seeds = Array(1...UInt64(max(models, 1)))
        settings.arms = [.teacher, .sameBaseAuxiliary]
        let data = try DigitData(name: "made-up", training: images(8_192, 0), test: images(1_024, 1))
        _ = try runDigits(data, settings, threads: threads)
    }
}
