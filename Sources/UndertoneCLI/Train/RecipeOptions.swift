// The options that say how a model is trained.

import ArgumentParser
import UndertoneScanning
import UndertoneText
import UndertoneTraining

/// The settings of a recipe; each command has defaults of its own.
struct RecipeOptions: ParsableArguments {
    @Option(name: .long, help: "Steps of the optimiser.")
    var steps: Int?

    @Option(name: .long, help: "Records of a step.")
    var batch: Int?

    @Option(name: .long, help: "The learning rate at its highest.")
    var rate: Double?

    @Option(name: .long, help: "How the rate changes: constant, linear (down to 0) or cosine.")
    var schedule: String?

    @Option(name: .long, help: "First steps in which the rate goes up to its highest.")
    var warmUp: Int?

    @Option(name: .long, help: "Gradients that are longer get this norm (default: 1 for a base, else none).")
    var gradientNorm: Double?

    @Option(name: .long, help: "Seed of everything that is drawn.")
    var seed: UInt64 = 1

    /// The usual recipe of a command with what was given in its place.
    ///
    /// - Throws: wrong usage, for what no recipe can have.
    func applied(to usual: Recipe) throws -> Recipe {
        var recipe = usual
        recipe.steps = steps ?? recipe.steps
        recipe.batch = batch ?? recipe.batch
        recipe.rate = rate ?? recipe.rate
        recipe.gradientNorm = gradientNorm ?? recipe.gradientNorm
        recipe.schedule = try applied(to: recipe.schedule)
        if let problem = recipe.problem { throw TrainingError(.usage, problem, mend: "change the recipe") }
        return recipe
    }

    private func applied(to usual: Schedule) throws -> Schedule {
        let (name, usualWarmUp) =
            switch usual {
            case .constant: ("constant", 0)
            case .linear(let warmUp): ("linear", warmUp)
            case .cosine(let warmUp): ("cosine", warmUp)
            }
        let steps = warmUp ?? (schedule == nil ? usualWarmUp : 0)
        guard steps >= 0 else { throw ScanError(.usage, "--warm-up \(steps) is below 0", mend: "write 0 or more") }
        switch schedule ?? name {
        case "constant" where steps == 0: return .constant
        case "constant":
            throw ScanError(
                .usage, "a constant rate has no warm-up, and --warm-up is \(steps)",
                mend: "add --schedule linear or --schedule cosine, or leave --warm-up out")
        case "linear": return .linear(warmUp: steps)
        case "cosine": return .cosine(warmUp: steps)
        case let other:
            throw ScanError(
                .usage, "--schedule \(visible(other)) is none of its values", mend: "write constant, linear or cosine")
        }
    }
}

/// Whether all parameters are trained, or adapters only.
struct AdapterOptions: ParsableArguments {
    @Option(name: .long, help: "Rank of the adapters of the linear layers, LoRA (default: 8).")
    var rank: Int?

    @Option(name: .long, help: "Alpha of the adapters (default: as much as the rank).")
    var alpha: Double?

    @Flag(name: .long, help: "Train all parameters, without adapters.")
    var full = false

    /// The recipe with these adapters, or with none.
    func applied(to recipe: Recipe) throws -> Recipe {
        if full, alpha != nil {
            throw ScanError(.usage, "--full trains without adapters, so --alpha says nothing", mend: "give one of them")
        }
        var recipe = recipe
        recipe.adapterRank = full ? nil : rank ?? recipe.adapterRank
        recipe.adapterAlpha = full ? nil : alpha
        return recipe
    }
}
