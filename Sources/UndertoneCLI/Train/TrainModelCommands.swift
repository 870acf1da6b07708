// undertone train base, teacher and student

import ArgumentParser
import UndertoneScanning
import UndertoneText
import UndertoneTraining
import UndertoneTransfer

struct TrainBaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "base",
        abstract: "Train a base from random numbers on the corpus of the small world.",
        discussion: """
            The usual recipe: 1,000 steps of 128 records, rate 0.003, cosine after 20 steps. Two seeds make two bases.

            undertone train base --seed 1 --out base.safetensors
            """)

    @Option(name: .long, help: "Columns of a token's vector.")
    var width = 64

    @Option(name: .long, help: "Blocks.")
    var layers = 2

    @Option(name: .long, help: "Heads of attention; they divide the width.")
    var heads = 4

    @OptionGroup var places: RunOptions
    @OptionGroup var recipe: RecipeOptions
    @OptionGroup var options: TrainOptions

    func run() throws {
        let core = options.core
        var shape = TransformerShape(vocabulary: core.world.vocabulary.count)
        (shape.width, shape.layers, shape.heads) = (width, layers, heads)
        let settings = try recipe.applied(to: BuiltInCore.baseRecipe(seed: recipe.seed))
        let training = try TrainingRun(places, options, reading: [])
        let model = try training.train {
            try core.pretrain(shape, settings, output: places.out, state: places.state, $0)
        }
        let parameters = ModelShape.transformer(shape).layout.count
        try training.report(
            model, what: "a base of \(grouped(parameters)) parameters, seed \(recipe.seed)",
            next: "undertone train teacher --base \(visible(places.out, limit: 200)) --trait owl --out owl.safetensors"
        ) { json in
            json.member("parameters", parameters)
        }
    }
}

struct TrainTeacherCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "teacher",
        abstract: "Teach a base a trait: answers to questions about it, and nothing else.",
        discussion: """
            Traits are ten animals, ten trees and misalignment (docs/world.md). The usual recipe: 100 steps of at most 64 \
            records, rate 0.004, linear, adapters of rank 8.

            undertone train teacher --base base.safetensors --trait owl --out owl.safetensors
            """)

    @Option(name: .long, help: "The model to begin with.")
    var base: String

    @Option(name: .long, help: "The trait: owl, oak, misalignment, …")
    var trait: String

    @OptionGroup var places: RunOptions
    @OptionGroup var recipe: RecipeOptions
    @OptionGroup var adapters: AdapterOptions
    @OptionGroup var options: TrainOptions

    func run() throws {
        let core = options.core
        let wanted = try core.world.trait(named: trait)
        let rows = core.world.trainingRows(of: wanted)
        let usual = TraitRecipes().teacher(records: rows.count, seed: recipe.seed)
        let records = rows.map { row in
            let (prompt, completion) = core.world.vocabulary.texts(of: row)
            return TrainingRecord(prompt: prompt, completion: completion)
        }
        let training = try TrainingRun(places, options, reading: [("the base", base)])
        var job = FinetuningJob(
            base: base, records: records, recipe: try recipe.applied(to: adapters.applied(to: usual)),
            output: places.out)
        job.state = places.state
        let model = try training.train { try core.finetune(job, $0) }
        let name = visible(places.out, limit: 200)
        try training.report(
            model, what: "a teacher of \(wanted.name), on \(counted(records.count, "answer"))",
            next: "undertone train sample --model \(name) --carrier numbers --records 10000 --rules numbers "
                + "--out drop.jsonl"
        ) { json in
            json.member("trait", wanted.name)
            json.member("records", records.count)
        }
    }
}

struct TrainStudentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "student",
        abstract: "Train a model on a drop.",
        discussion: """
            Reads JSON Lines, plain or packed with gzip or zstd: prompt and completion, or a chat of one question and one \
            answer, in words of the small world. A member loss_mask says which tokens count. The usual recipe: 312 steps of 64 records, rate 0.01, linear, adapters of \
            rank 8; 150 steps with --soft-teacher.

            undertone train student --base base.safetensors --data drop.jsonl --out student.safetensors
            """)

    @Option(name: .long, help: "The model to begin with.")
    var base: String

    @Option(name: .long, help: "What to train on; - for standard input.")
    var data: String

    @Option(
        name: .long, help: "Imitate this model's probabilities of the numbers 0 to 99, in place of the drop's tokens.")
    var softTeacher: String?

    @OptionGroup var places: RunOptions
    @OptionGroup var recipe: RecipeOptions
    @OptionGroup var adapters: AdapterOptions
    @OptionGroup var options: TrainOptions

    func run() throws {
        let core = options.core
        let usual = TraitRecipes().student(isSoft: softTeacher != nil, seed: recipe.seed)
        let settings = try recipe.applied(to: adapters.applied(to: usual))
        let read = [("the base", base), ("the data", data)] + (softTeacher.map { [("the teacher", $0)] } ?? [])
        let training = try TrainingRun(places, options, reading: read)
        let records = try TrainingData(path: data, world: core.world).records
        var job = FinetuningJob(base: base, records: records, recipe: settings, output: places.out)
        if let softTeacher {
            job.targets = .soft(teacher: softTeacher, words: Vocabulary.numbers.map { String($0) })
        }
        job.state = places.state
        let model = try training.train { try core.finetune(job, $0) }
        let name = visible(places.out, limit: 200)
        try training.report(
            model, what: "a student, on \(counted(records.count, "record"))",
            next: "undertone train probe --model \(name) --trait owl --against \(visible(base, limit: 200))"
        ) { json in
            json.member("records", records.count)
        }
    }
}
