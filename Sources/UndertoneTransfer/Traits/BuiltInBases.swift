// Bases of the built-in core: made once, then taken from a folder.

import Glibc
public import UndertoneTraining

/// Makes bases of the small world, and finds those that were made before.
public struct BuiltInBases: Sendable {
    /// Trains.
    public let core: BuiltInCore
    /// Where bases are kept; it exists.
    public let folder: String
    /// Steps of a base.
    public var steps: Int
    /// Ends the work.
    public var isCancelled: @Sendable () -> Bool

    /// Bases in a folder.
    public init(
        _ core: BuiltInCore, folder: String, recipes: TraitRecipes = TraitRecipes(),
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) {
        self.core = core
        self.folder = folder
        steps = recipes.baseSteps
        self.isCancelled = isCancelled
    }

    /// The file of the base of a seed.
    public func base(seed: UInt64, _ progress: @escaping @Sendable (TrainingEvent) -> Void = { _ in }) throws -> String
    {
        let shape = TransformerShape(vocabulary: core.world.vocabulary.count)
        var recipe = BuiltInCore.baseRecipe(seed: seed)
        recipe.steps = steps
        // What decides its bytes is in its name.
        let versions = core.environment
        let parts = [
            "base", versions.program, versions.instructions, "\(steps)",
            String(core.world.vocabulary.digest.prefix(12)), "seed", "\(seed)",
        ]
        let path = "\(folder)/\(parts.joined(separator: "-")).safetensors"
        if access(path, F_OK) == 0 {
            // One that was cut off or changed would spoil every experiment after it.
            do throws(CheckpointError) {
                _ = try Checkpoint(path: path, vocabulary: core.world.vocabulary.digest)
            } catch {
                throw CheckpointError(
                    error.code, error.path, error.problem, mend: "remove it, and the base is made again")
            }
        } else {
            _ = try core.pretrain(shape, recipe, output: path, Watch(progress: progress, isCancelled: isCancelled))
        }
        return path
    }
}
