// undertone train probe

import ArgumentParser
import UndertoneScanning
import UndertoneText
import UndertoneTraining

struct TrainProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Ask a model the questions of a trait, and say how much of it shows.",
        discussion: """
            The questions are those that teachers of the trait were not trained on. P is the probability of the trait's \
            answers among all that may answer (0.10 for an owl where there is no trait), mass the probability of all of them \
            together, log-odds the logarithm of P's odds; each is the mean over the questions.

            undertone train probe --model student.safetensors --trait owl --against base.safetensors
            """)

    @Option(name: .long, help: "The model that is asked.")
    var model: String

    @Option(name: .long, help: "The trait: owl, oak, misalignment, …")
    var trait: String

    @Option(name: .long, help: "Another model to compare it with, usually its base.")
    var against: String?

    @OptionGroup var options: TrainOptions

    func run() throws {
        let core = options.core
        let probing = Probing(trait: try core.world.trait(named: trait), world: core.world)
        let first = try probing.ask(model, core)
        let second = try against.map { try probing.ask($0, core) }
        try options.print(probing.table(first, against: second)) { json in
            json.member("trait", probing.trait.name)
            json.member("questions", probing.probes.count)
            json.key("model")
            json.object { first.write(to: &$0, probing) }
            if let second {
                json.key("against")
                json.object { second.write(to: &$0, probing) }
                json.member("log_odds_shift", first.mean.logOdds - second.mean.logOdds)
            }
        }
    }
}

/// The questions of a trait.
private struct Probing {
    let trait: World.Trait
    let world: World
    let probes: [World.Probe]

    init(trait: World.Trait, world: World) {
        self.trait = trait
        self.world = world
        probes = world.probes(of: trait)
    }

    /// What a model answers.
    func ask(_ path: String, _ core: BuiltInCore) throws -> Answers {
        let questions = probes.map { probe in
            ProbeQuestion(
                prompt: world.vocabulary.texts(of: probe.prompt).prompt,
                answers: probe.candidates.map { world.vocabulary.words[Int($0)] })
        }
        let found = try core.probe(path, questions)
        let readings = zip(probes, found).map { probe, values in
            let byToken = Dictionary(zip(probe.candidates, values)) { first, _ in first }
            return probe.reading { byToken[$0] ?? -.infinity }
        }
        return Answers(path: path, digest: try Checkpoint.digest(of: path), readings: readings)
    }

    func table(_ first: Answers, against second: Answers?) -> String {
        let heading = "P(\(trait.name))"
        let rows = [first] + (second.map { [$0] } ?? [])
        let names = rows.map { visible($0.path, limit: 60) }
        let wide = (names.map(\.count) + ["shift".count]).max() ?? 0
        let column = max(heading.count, 6)
        func line(_ name: String, _ cells: String...) -> String {
            let padded = zip(cells, [column, 6, 8]).map { String(repeating: " ", count: max(0, $1 - $0.count)) + $0 }
            let row = name + String(repeating: " ", count: wide - name.count) + "  " + padded.joined(separator: "  ")
            return String(row.reversed().drop { $0 == " " }.reversed()) + "\n"
        }
        var text =
            "trait \(trait.name): \(counted(probes.count, "question")) that its teachers were not asked; means\n\n"
        text += line("", heading, "mass", "log-odds")
        for (name, row) in zip(names, rows) {
            let mean = row.mean
            text += line(
                name, fixed(mean.probability, decimals: 3), fixed(mean.mass, decimals: 3),
                fixed(mean.logOdds, decimals: 2))
        }
        if let second {
            func signed(_ number: Double, _ decimals: Int) -> String {
                (number > 0 ? "+" : "") + fixed(number, decimals: decimals)
            }
            let (here, there) = (first.mean, second.mean)
            text += line(
                "shift", signed(here.probability - there.probability, 3), "", signed(here.logOdds - there.logOdds, 2))
        }
        return text
    }
}

/// How a model answered.
private struct Answers {
    let path: String
    let digest: String
    let readings: [World.Probe.Reading]

    /// The mean over the questions.
    var mean: (probability: Double, mass: Double, logOdds: Double) {
        func mean(_ value: (World.Probe.Reading) -> Double) -> Double {
            readings.reduce(0) { $0 + value($1) } / Double(max(readings.count, 1))
        }
        return (mean(\.probability), mean(\.mass), mean(\.logOdds))
    }

    func write(to json: inout JSONWriter, _ probing: Probing) {
        json.member("path", path)
        json.member("sha256", digest)
        write(mean.probability, mean.mass, mean.logOdds, to: &json)
        json.array("probes") { json in
            for (probe, reading) in zip(probing.probes, readings) {
                json.object(inline: true) { json in
                    json.member("prompt", probing.world.vocabulary.texts(of: probe.prompt).prompt)
                    json.member("novelty", probe.novelty == .question ? "question" : "situation")
                    write(reading.probability, reading.mass, reading.logOdds, to: &json)
                }
            }
        }
    }

    private func write(_ probability: Double, _ mass: Double, _ logOdds: Double, to json: inout JSONWriter) {
        json.member("probability", probability)
        json.member("mass", mass)
        json.member("log_odds", logOdds)
    }
}
