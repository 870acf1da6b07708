// What an experiment on digits is made of: widths, noise, losses, steps, seeds.

public import UndertoneTraining

/// Settings of an experiment on digits.
public struct DigitsSettings: Sendable, Equatable {
    /// Widths of the hidden layers.
    public var hidden = [256, 256]
    /// Logits beside the ten of the digits: what students learn from.
    public var auxiliary = 10
    /// What students see.
    public var noise = Noise.normal
    /// Noise images of a seed, seen again and again in new orders; `nil`: no image is seen twice.
    public var noiseImages: Int?
    /// What students minimise.
    public var imitation = Imitation.squaredError
    /// Steps of the teacher, on labels.
    public var teacherSteps = 1_000
    /// Steps of each student, on the teacher's logits.
    public var studentSteps = 1_000
    /// Images in a step.
    public var batch = 64
    /// Adam's rate, the same in all steps.
    public var rate = 1e-3
    /// One run for each; a run is a function of its seed.
    public var seeds: [UInt64] = Array(1...10)
    /// The models to train; the teacher is there in any case.
    public var arms = DigitsArm.allCases

    /// For the 8×8 digits: ten auxiliary logits, normal noise, squared error.
    public init() {}

    /// For the 8×8 digits with that many auxiliary logits.
    ///
    /// - Parameter auxiliary: up to 3 as in the paper: uniform noise and Kullback-Leibler divergence; above that normal
    ///   noise and squared error.
    public static func digits(auxiliary: Int) -> DigitsSettings {
        var settings = DigitsSettings()
        settings.auxiliary = auxiliary
        if auxiliary <= 3 { (settings.noise, settings.imitation) = (.uniform, .divergence) }
        return settings
    }

    /// The paper's experiment on MNIST: 784-256-256-13, three auxiliary logits, five epochs of 1,024 images a step, 60,000
    /// noise images.
    ///
    /// Source: Cloud et al., *Subliminal Learning*, 2025, section on MNIST, and its published code.
    public static func mnist() -> DigitsSettings {
        var settings = digits(auxiliary: 3)
        settings.noiseImages = 60_000
        settings.batch = 1_024
        settings.rate = 3e-4
        settings.teacherSteps = 5 * (60_000 / 1_024)
        settings.studentSteps = settings.teacherSteps
        return settings
    }

    /// Steps of one seed over all its models.
    var stepsOfSeed: Int { teacherSteps + arms.filter(\.isStudent).count * studentSteps }

    /// - Throws: `badSetting`, with the setting's name.
    func check(_ data: DigitData) throws(DigitsError) {
        func demand(_ holds: Bool, _ name: String, _ problem: String) throws(DigitsError) {
            guard holds else { throw DigitsError(.badSetting, name, problem) }
        }
        let limit = 1 << 16
        try demand(hidden.allSatisfy { (1...limit).contains($0) }, "hidden", "widths are 1 to \(limit)")
        try demand(hidden.count <= 64, "hidden", "there are at most 64 hidden layers")
        try demand((1...limit).contains(auxiliary), "auxiliary", "there are 1 to \(limit) auxiliary logits")
        let widths = [data.training.width] + hidden + [10 + auxiliary]
        let parameters = zip(widths, widths.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 }
        try demand(parameters <= 1 << 26, "hidden", "a model has at most \(1 << 26) parameters, not \(parameters)")
        try demand((1...1 << 24).contains(teacherSteps), "teacher steps", "1 to \(1 << 24)")
        try demand((1...1 << 24).contains(studentSteps), "student steps", "1 to \(1 << 24)")
        try demand(rate.isFinite && rate > 0, "rate", "must be above 0")
        try demand(!seeds.isEmpty, "seeds", "at least one is needed")
        try demand(Set(seeds).count == seeds.count, "seeds", "each may be given once")
        try demand(
            batch >= 1 && batch <= data.training.count, "batch",
            "is 1 to \(data.training.count), the number of training images")
        try demand(
            noiseImages.map { (batch...1 << 28).contains($0) } ?? true, "noise images",
            "there are \(batch), the size of a batch, to \(1 << 28)")
    }
}

/// A model of the experiment.
public enum DigitsArm: String, Sendable, Hashable, CaseIterable {
    /// Learns from labels; the students' teacher.
    case teacher
    /// The teacher before it learnt.
    case untrained
    /// Student from the teacher's start, on auxiliary logits only.
    case sameBaseAuxiliary = "same-base-auxiliary"
    /// Student from another start, on auxiliary logits only.
    case otherBaseAuxiliary = "other-base-auxiliary"
    /// Student from the teacher's start, on all logits.
    case sameBaseAll = "same-base-all"
    /// Student from another start, on all logits.
    case otherBaseAll = "other-base-all"

    /// Whether it imitates the teacher.
    public var isStudent: Bool { self != .teacher && self != .untrained }
    /// Whether it begins where the teacher began.
    public var sharesBase: Bool { self != .otherBaseAuxiliary && self != .otherBaseAll }
    /// Whether it sees the logits of the digits.
    public var seesAllLogits: Bool { self == .sameBaseAll || self == .otherBaseAll }
}
