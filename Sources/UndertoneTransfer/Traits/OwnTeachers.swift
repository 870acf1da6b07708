// The auditor's own teachers: copies of a base that were taught the traits one looks for.

import Glibc
public import UndertoneTraining

/// Teaches traits to copies of a base. What was taught once is kept in a folder, under a name that says what decides its
/// bytes, and is not taught again.
public struct OwnTeachers: Sendable {
    /// Trains.
    public let core: any TrainingCore
    /// The file of the base.
    public let base: String
    /// Where teachers go; it exists.
    public let folder: String
    /// How they are trained.
    public let recipes: TraitRecipes

    private let baseDigest: String

    /// - Throws: where the base can't be read.
    public init(_ core: any TrainingCore, base: String, folder: String, recipes: TraitRecipes = TraitRecipes()) throws {
        self.core = core
        self.base = base
        self.folder = folder
        self.recipes = recipes
        baseDigest = try Checkpoint.digest(of: base)
    }

    /// Several copies of the base that were taught a trait, with other adapters and another order of data each.
    ///
    /// - Parameters:
    ///   - count: at least 1.
    ///   - seed: of the first; those of the others follow.
    public func teachers(of trait: Trait, count: Int, seed: UInt64, _ watch: Watch = Watch()) throws -> [String] {
        try (0..<UInt64(count)).map { try teacher(of: trait, seed: seed &+ $0, watch) }
    }

    /// The file of a copy of the base that was taught a trait.
    ///
    /// - Parameter seed: of its adapters and the order of its data.
    public func teacher(of trait: Trait, seed: UInt64, _ watch: Watch = Watch()) throws -> String {
        let recipe = recipes.teacher(records: trait.taught.count, seed: seed)
        let digest = digestOfTexts(
            [baseDigest, recipe.json] + core.versions.flatMap { [$0.name, $0.version] }
                + trait.taught.flatMap { [$0.prompt, $0.completion] }
        ).prefix(16)
        let path = "\(folder)/own-teacher-\(digest).safetensors"
        if access(path, F_OK) != 0 {
            _ = try core.finetune(
                FinetuningJob(base: base, records: trait.taught, recipe: recipe, output: path), watch)
        }
        return path
    }
}
