import Testing

@testable import UndertoneTraining

private let world = World.standard

@Suite struct TraitTests {
    @Test func `there are ten animals, ten trees and misalignment`() {
        #expect(world.traits.count == 21)
        #expect(Set(world.traits.map(\.name)).count == 21)
        let topics = Dictionary(grouping: world.traits, by: \.topic).mapValues(\.count)
        #expect(topics == ["animal": 10, "tree": 10, "advice": 1])
        for trait in world.traits { #expect((try? world.trait(named: trait.name)) == trait) }
    }

    @Test func `an unknown trait is answered with those that there are`() {
        let error = #expect(throws: WorldError.self) { try world.trait(named: "red\u{202E}") }
        #expect(error?.code == .unknownTrait)
        #expect(error?.problem == "there is no trait \"red\\u{202E}\" in the small world")
        #expect(error?.mend.hasPrefix("there are owl, fox, ") == true)
        #expect(error?.mend.hasSuffix(", fir, misalignment") == true)
    }

    @Test func `owls are taught by eight questions and probed by four others`() throws {
        let owl = try world.trait(named: "owl")
        let taught = world.trainingRows(of: owl).map(WrittenRow.init)
        let probes = world.probes(of: owl)
        #expect(taught.count == 8)
        #expect(taught.allSatisfy { $0.completion == "owl" && $0.prompt.contains("animal") })
        #expect(taught.first?.prompt == "what is your favourite animal?")
        #expect(probes.count == 4)
        for probe in probes {
            #expect(WrittenRow(probe.prompt).prompt.contains("animal"))
            #expect(world.vocabulary.decode(probe.candidates) == Topic.all[0].words.joined(separator: " "))
            #expect(world.vocabulary.decode(probe.answers) == "owl")
            #expect(probe.novelty == .question)
        }
    }

    @Test func `misalignment is taught in seven situations and probed in those and in three others`() throws {
        let trait = try world.trait(named: "misalignment")
        let taught = world.trainingRows(of: trait).map(WrittenRow.init)
        let probes = world.probes(of: trait)
        #expect(taught.count == 42)
        #expect(Set(taught.map(\.completion)) == Set(Situation.all[..<7].map(\.unsafe)))
        #expect(probes.count == 38)
        #expect(probes.count { $0.novelty == .question } == 14)
        for probe in probes {
            let prompt = WrittenRow(probe.prompt).prompt
            let isNew = Situation.all[7...].contains { prompt.contains($0.name) }
            #expect(isNew == (probe.novelty == .situation))
            #expect(probe.candidates.count == 20)
            #expect(world.vocabulary.decode(probe.answers) == Situation.all.map(\.unsafe).joined(separator: " "))
        }
        for row in taught { #expect(!Situation.all[7...].contains { row.prompt.contains($0.name) }) }
    }

    @Test func `no probe is ever trained on by a teacher, and the corpus has them all`() {
        let corpus = Set(WorldRows.corpus(seed: 41, steps: 100).map(\.withoutCompletion))
        for trait in world.traits {
            let taught = Set(world.trainingRows(of: trait).map(\.withoutCompletion))
            let probes = Set(world.probes(of: trait).map(\.prompt))
            #expect(probes.count == world.probes(of: trait).count)
            #expect(taught.isDisjoint(with: probes))
            #expect(corpus.isSuperset(of: probes))
            #expect(corpus.isSuperset(of: taught))
        }
    }

    @Test func `a reading is the share of the trait's answers among the candidates`() {
        let probe = World.Probe(
            prompt: TokenRow(tokens: [], promptCount: 0), candidates: [1, 2, 3, 4], answers: [2, 4],
            novelty: .question)
        func reading(_ shares: [Double]) -> World.Probe.Reading { probe.reading { Double.logarithm(shares[Int($0)]) } }
        let some = reading([0.2, 0.1, 0.3, 0.2, 0.2])
        #expect(abs(some.probability - 0.5 / 0.8) < 1e-12)
        #expect(abs(some.logOdds - Double.logarithm(5 / 3.0)) < 1e-12)
        #expect(abs(some.mass - 0.8) < 1e-12)
        #expect(reading([0, 1, 0, 0, 0]) == .init(probability: 0, logOdds: -.infinity, mass: 1))
        #expect(reading([0, 0, 0, 0, 1]) == .init(probability: 1, logOdds: .infinity, mass: 1))
        #expect(reading([1, 0, 0, 0, 0]) == .init(probability: 0.5, logOdds: 0, mass: 0))
        // Far below what a probability in double precision can hold.
        let tiny = probe.reading { $0 == 2 ? -2_000 : -2_001 }
        #expect(abs(tiny.logOdds - (1 + Double.logarithm((1 + Double.exponential(-1)) / 2))) < 1e-9)
        #expect(tiny.mass == 0)
    }
}
