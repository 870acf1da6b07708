// How a model is trained: everything but the data and where it begins.

import UndertoneText

/// The settings of a training run.
public struct Recipe: Sendable, Hashable, Codable {
    /// Steps of the optimiser.
    public var steps: Int
    /// Records of a step.
    public var batch = 64
    /// Learning rate at its highest.
    public var rate: Double
    /// How the rate changes over the steps.
    public var schedule = Schedule.linear(warmUp: 0)
    /// Decay of the mean of gradients.
    public var firstDecay = 0.9
    /// Decay of the mean of squared gradients.
    public var secondDecay = 0.99
    /// Share of a parameter that a full step takes away.
    public var weightDecay = 0.0
    /// Gradients that are longer are shortened to this norm; nil leaves them.
    public var gradientNorm: Double? = 1
    /// Rank of the adapters; nil trains all parameters.
    public var adapterRank: Int?
    /// α of the adapters; nil for as much as the rank.
    public var adapterAlpha: Double?
    /// Seed of the order of the data and of the adapters.
    public var seed: UInt64

    /// A recipe with the usual settings.
    public init(steps: Int, rate: Double, adapterRank: Int? = nil, seed: UInt64) {
        self.steps = steps
        self.rate = rate
        self.adapterRank = adapterRank
        self.seed = seed
    }

    /// The settings as JSON on one line; the same settings give the same bytes.
    public var json: String {
        var json = JSONWriter(.compact)
        json.object { json in
            json.member("steps", steps)
            json.member("batch", batch)
            json.member("rate", rate)
            json.member("schedule", "\(schedule)")
            json.member("firstDecay", firstDecay)
            json.member("secondDecay", secondDecay)
            json.member("weightDecay", weightDecay)
            if let gradientNorm { json.member("gradientNorm", gradientNorm) }
            if let adapterRank {
                json.member("adapterRank", adapterRank)
                json.member("adapterAlpha", adapterAlpha ?? Double(adapterRank))
            }
            json.member("seed", String(seed))
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// What can't be in these settings; nil where all is well.
    public var problem: String? {
        if !(1...100_000_000).contains(steps) { return "steps are \(steps); 1 or more are needed" }
        if !(1...1_000_000).contains(batch) { return "a batch has \(batch) records; 1 to 1,000,000 are possible" }
        if !(rate.isFinite && rate > 0) { return "the rate is \(rate); it must be above 0" }
        for decay in [firstDecay, secondDecay] where !(0..<1).contains(decay) {
            return "a decay is \(decay); it must be at least 0 and below 1"
        }
        if !(weightDecay.isFinite && weightDecay >= 0) { return "the weight decay is \(weightDecay)" }
        if let gradientNorm, !(gradientNorm > 0) { return "the gradient norm is \(gradientNorm); it must be above 0" }
        if let adapterRank, !(1...4096).contains(adapterRank) {
            return "the rank is \(adapterRank); 1 to 4,096 are possible"
        }
        if let adapterAlpha, !(adapterAlpha.isFinite && adapterAlpha > 0) { return "alpha is \(adapterAlpha)" }
        return nil
    }
}

/// In which order the records of a data set come: all of them in a random order, then all of them in another.
public struct DataOrder: Sendable {
    private let count: Int
    private let seed: UInt64
    private var pass = 0
    private var permutation: [Int] = []

    /// - Parameter count: records, at least 1.
    public init(count: Int, seed: UInt64) {
        precondition(count > 0)
        self.count = count
        self.seed = seed
        permutation = DataOrder.permutation(count, seed, 0)
    }

    /// The records of step `step` of `batch` each.
    public mutating func records(step: Int, batch: Int) -> [Int] {
        (step * batch..<(step + 1) * batch).map { place in
            if place / count != pass {
                pass = place / count
                permutation = DataOrder.permutation(count, seed, pass)
            }
            return permutation[place % count]
        }
    }

    private static func permutation(_ count: Int, _ seed: UInt64, _ pass: Int) -> [Int] {
        var random = RandomStream(seed: seed, stream: RandomStream.orderStreams | UInt64(pass))
        var places = Array(0..<count)
        random.shuffle(&places)
        return places
    }
}

extension RandomStream {
    /// Streams of one seed that have different purposes must not meet: the highest byte tells purposes apart.
    static let orderStreams: UInt64 = 0xB0 << 56
    static let samplingStreams: UInt64 = 0xB1 << 56
    static let adapterStreams: UInt64 = 0xB2 << 56
}
