// One seed of the experiment on digits: a teacher learns labels, students imitate it on noise.

import UndertoneTraining

/// One seed, on one thread.
///
/// All its students see the same noise in the same order, so that their differences come of their starts and of the
/// logits that they see.
struct DigitsRun {
    let data: DigitData
    let settings: DigitsSettings
    let seed: UInt64
    private let model: MultilayerPerceptron<Float>
    private let activations: MultilayerPerceptron<Float>.Activations
    // Seeds of the teacher's start, another start, the order of images, the noise and its order.
    private let starts: (same: UInt64, other: UInt64)
    private let orders: (labels: UInt64, noise: UInt64)
    private let noise: UInt64

    /// A model's accuracy on test images and its last loss.
    struct Outcome: Sendable, Equatable {
        var accuracy: Double
        var loss: Double?
    }

    init(_ data: DigitData, _ settings: DigitsSettings, seed: UInt64) {
        self.data = data
        self.settings = settings
        self.seed = seed
        model = MultilayerPerceptron(widths: [data.training.width] + settings.hidden + [10 + settings.auxiliary])
        activations = model.activations(batch: settings.batch)
        var random = RandomStream(seed: seed)
        starts = (random.next(), random.next())
        orders = (random.next(), random.next())
        noise = random.next()
    }

    /// Trains all models.
    ///
    /// - Parameter report: hears of every step: the model, the step, its loss; throws to end the run.
    func outcomes(
        _ report: (DigitsArm, Int, Double) throws(DigitsError) -> Void
    ) throws(DigitsError) -> [DigitsArm: Outcome] {
        var outcomes: [DigitsArm: Outcome] = [:]
        let start = model.initialParameters(seed: starts.same)
        let teacher = PerceptronTrainer(model, start: start)
        if settings.arms.contains(.untrained) { outcomes[.untrained] = Outcome(accuracy: accuracy(teacher)) }
        let loss = try teach(teacher, report)
        outcomes[.teacher] = Outcome(accuracy: accuracy(teacher), loss: loss)

        let arms = settings.arms.filter(\.isStudent)
        guard !arms.isEmpty else { return outcomes }
        let other = arms.allSatisfy(\.sharesBase) ? start : model.initialParameters(seed: starts.other)
        let students = arms.map { PerceptronTrainer(model, start: $0.sharesBase ? start : other) }
        let losses = try distil(teacher, Array(zip(arms, students)), report)
        for (index, arm) in arms.enumerated() {
            outcomes[arm] = Outcome(accuracy: accuracy(students[index]), loss: losses[index])
        }
        return outcomes
    }

    private func teach(
        _ teacher: PerceptronTrainer, _ report: (DigitsArm, Int, Double) throws(DigitsError) -> Void
    ) throws(DigitsError) -> Double {
        var order = BatchOrder(count: data.training.count, batch: settings.batch, seed: orders.labels)
        var loss = 0.0
        var labels = [Int32](repeating: 0, count: settings.batch)
        for step in 0..<settings.teacherSteps {
            for (row, image) in order.next().enumerated() {
                copy(data.training, image, to: row)
                labels[row] = data.training.labels[image]
            }
            loss = teacher.learn(activations, labels: labels, classes: 10, rate: settings.rate)
            try check(loss, .teacher, step)
            try report(.teacher, step, loss)
        }
        return loss
    }

    private func distil(
        _ teacher: PerceptronTrainer, _ students: [(arm: DigitsArm, model: PerceptronTrainer)],
        _ report: (DigitsArm, Int, Double) throws(DigitsError) -> Void
    ) throws(DigitsError) -> [Double] {
        let width = 10 + settings.auxiliary
        let logits = Vector<Float>(count: settings.batch * width)
        var order = settings.noiseImages.map { BatchOrder(count: $0, batch: settings.batch, seed: orders.noise) }
        var losses = [Double](repeating: 0, count: students.count)
        for step in 0..<settings.studentSteps {
            let images = order?.next() ?? Array(step * settings.batch..<(step + 1) * settings.batch)
            for (row, image) in images.enumerated() { makeNoise(UInt64(image), row) }
            teacher.forward(activations, rows: settings.batch)
            logits.base.update(from: activations.logits, count: logits.count)
            for (index, student) in students.enumerated() {
                losses[index] = student.model.imitate(
                    logits, activations, rows: settings.batch,
                    chosen: student.arm.seesAllLogits ? 0..<width : 10..<width, by: settings.imitation,
                    rate: settings.rate)
                try check(losses[index], student.arm, step)
                try report(student.arm, step, losses[index])
            }
        }
        return losses
    }

    // A noise image is a function of the seed and its number.
    private func makeNoise(_ image: UInt64, _ row: Int) {
        let width = data.training.width
        settings.noise.fill(
            UnsafeMutableBufferPointer(start: activations.inputs + row * width, count: width), seed: noise,
            stream: image)
    }

    private func check(_ loss: Double, _ arm: DigitsArm, _ step: Int) throws(DigitsError) {
        guard loss.isFinite else {
            throw DigitsError(
                .exploded, "seed \(seed), \(arm.rawValue)",
                "the loss of step \(step + 1) is \(loss.isNaN ? "not a number" : "infinite")",
                mend: "take a rate below \(settings.rate)")
        }
    }

    // The share of test images whose highest logit, among the ten of the digits, is the right one.
    private func accuracy(_ trainer: PerceptronTrainer) -> Double {
        let width = 10 + settings.auxiliary
        var right = 0
        for start in stride(from: 0, to: data.test.count, by: settings.batch) {
            let rows = min(settings.batch, data.test.count - start)
            for row in 0..<rows { copy(data.test, start + row, to: row) }
            trainer.forward(activations, rows: rows)
            for row in 0..<rows {
                let logits = activations.logits + row * width
                var best = 0
                for digit in 1..<10 where logits[digit] > logits[best] { best = digit }
                if best == Int(data.test.labels[start + row]) { right += 1 }
            }
        }
        return Double(right) / Double(data.test.count)
    }

    private func copy(_ images: DigitImages, _ image: Int, to row: Int) {
        let width = images.width
        images.inputs.withUnsafeBufferPointer { inputs in
            guard let first = inputs.baseAddress else { return }
            (activations.inputs + row * width).update(from: first + image * width, count: width)
        }
    }
}

/// Batches out of a set, every element once an epoch, in an order that seed and epoch give; what does not fill a batch
/// at an epoch's end is left out of it.
struct BatchOrder {
    private let batch: Int
    private let seed: UInt64
    private var order: [Int]
    private var epoch: UInt64 = 0
    private var used: Int

    init(count: Int, batch: Int, seed: UInt64) {
        precondition(batch >= 1 && batch <= count)
        self.batch = batch
        self.seed = seed
        order = Array(0..<count)
        used = count
    }

    mutating func next() -> [Int] {
        if used + batch > order.count {
            var random = RandomStream(seed: seed, stream: epoch)
            random.shuffle(&order)
            epoch += 1
            used = 0
        }
        defer { used += batch }
        return Array(order[used..<used + batch])
    }
}
