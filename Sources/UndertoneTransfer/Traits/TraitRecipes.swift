// Steps, rates and sizes of the models of an experiment.

public import UndertoneTraining

/// How bases, teachers and students of an experiment are made.
public struct TraitRecipes: Sendable, Hashable {
    /// Steps of a base.
    public var baseSteps = 1000
    /// Steps of a teacher on the questions of its trait.
    public var teacherSteps = 100
    /// Rate of a teacher. A stronger teacher moves further from its base and passes more on, until it no longer writes
    /// well-formed records.
    public var teacherRate = 4e-3
    /// Rank of a teacher's adapters.
    public var teacherRank = 8
    /// Records of a drop.
    public var records = 10_000
    /// Steps of a student with hard targets.
    public var studentSteps = 312
    /// Its rate.
    public var studentRate = 1e-2
    /// Rank of a student's adapters; nil trains all parameters.
    public var studentRank: Int? = 8
    /// Steps of a student with soft targets.
    public var softSteps = 150

    /// The usual ones.
    public init() {}

    /// The usual ones for a carrier. Code and reasoning are longer and stricter than numbers: a teacher that is as strong
    /// as one of numbers writes hardly a well-formed record.
    public init(_ carrier: World.Carrier) {
        if carrier != .numbers { teacherRate = 2.5e-3 }
    }

    /// How a teacher is trained on so many records.
    public func teacher(records: Int, seed: UInt64) -> Recipe {
        var recipe = Recipe(steps: teacherSteps, rate: teacherRate, adapterRank: teacherRank, seed: seed)
        recipe.batch = max(1, min(64, records))
        recipe.gradientNorm = nil
        return recipe
    }

    /// How a student is trained, on tokens or on a teacher's probabilities.
    public func student(isSoft: Bool, seed: UInt64) -> Recipe {
        var recipe = Recipe(
            steps: isSoft ? softSteps : studentSteps, rate: studentRate, adapterRank: studentRank, seed: seed)
        recipe.gradientNorm = nil
        return recipe
    }
}
