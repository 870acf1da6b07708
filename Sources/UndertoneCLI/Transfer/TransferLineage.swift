// A run in the catalogue: bases, teachers, drops, students, and how much of the trait was left.

import Foundation
import UndertoneCore
import UndertoneLineage
import UndertoneScanning
import UndertoneStatistics
import UndertoneText
import UndertoneTraining
import UndertoneTransfer

/// Tells a catalogue what a run made and found. Told twice, it is there once.
struct TransferLineage {
    let catalogue: Catalogue
    let author: Author
    let experiment: String
    private var models: [String: NodeID] = [:]
    private var drops: [String: NodeID] = [:]

    init(_ catalogue: Catalogue, by author: Author, experiment: String) {
        self.catalogue = catalogue
        self.author = author
        self.experiment = experiment
    }

    /// Records the runs and the measurements of their report.
    ///
    /// - Parameters:
    ///   - traits: what was looked for; several, one in each run, are one measurement of all.
    ///   - report: the file that figures are read from.
    mutating func record(_ runs: [RunEvidence], _ report: TransferReport, in file: String) throws {
        for run in runs { try record(run) }
        let digest = try contentDigest(of: file).digest
        let bases = Set(runs.map(\.base)).compactMap { models[$0] }
        func measure(_ residual: Estimate?, _ paths: [String]) throws {
            let subjects = Set(paths).compactMap { drops[$0] }
            guard !subjects.isEmpty else { return }
            var facts = MeasurementFacts(trait: report.traits.joined(separator: "+"))
            facts.residual = residual?.value
            facts.low = residual?.interval?.low
            facts.high = residual?.interval?.high
            facts.seeds = runs.count
            facts.report = digest
            try catalogue.add(facts, of: (subjects + bases).sorted { $0.rawValue < $1.rawValue }, by: author)
        }
        // Of the drop itself all is left, if anything can be measured.
        try measure(report.isMeasurable ? Estimate(1, .init(low: 1, high: 1)) : nil, runs.map(\.drop))
        for filter in report.filters {
            try measure(filter.residual, runs.flatMap { $0.kept.filter { $0.filter == filter.name }.map(\.path) })
        }
    }

    private mutating func record(_ run: RunEvidence) throws {
        let base = try model(run.base, isBase: run.isBaseBuiltIn, base: nil)
        let teacher = try run.teacher.map {
            try model($0, name: "\(experiment) teacher of \(run.trait), seed \(run.seed)", isBase: false, base: base)
        }
        let drop = try self.drop(run.drop, teacher: teacher)
        let control = try self.drop(run.control, teacher: run.isControlSampled ? base : nil)
        for (_, path) in run.kept { _ = try self.drop(path, derivedFrom: drop) }
        for (_, path) in run.keptControl { _ = try self.drop(path, derivedFrom: control) }
        for training in run.trainings {
            // The digest is part of the name: another student of the same arm is another model.
            var entry = ModelEntry(
                name: "\(experiment) \(training.arm), seed \(run.seed), \(training.model.prefix(8))")
            entry.base = try model(training.base, isBase: run.isBaseBuiltIn, base: nil)
            entry.trainedOn = try training.data.map { try self.drop($0) }
            entry.training.method = "lora"
            entry.training.recipe = [Setting("recipe", training.recipe)]
            entry.training.seed = Int(exactly: training.seed)
            entry.training.tool = "undertone"
            entry.training.toolVersion = undertoneVersion
            try catalogue.add(entry, by: author)
        }
    }

    private mutating func model(_ path: String, name: String? = nil, isBase: Bool, base: NodeID?) throws -> NodeID {
        if let known = models[path] { return known }
        let digest = try contentDigest(of: path).digest
        let id: NodeID
        if let known = try catalogue.nodes(.model).first(where: { $0.digest == digest }) {
            id = known.id
        } else {
            var entry = ModelEntry(name: name ?? URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent)
            entry.weights = SeenFile(path: path, digest: digest)
            entry.facts.isBase = isBase
            entry.base = base
            id = try catalogue.add(entry, by: author)
        }
        models[path] = id
        return id
    }

    private mutating func drop(_ path: String, teacher: NodeID? = nil, derivedFrom: NodeID? = nil) throws -> NodeID {
        if let known = drops[path] { return known }
        let found = try inspect(path)
        var entry = DropEntry(file: SeenFile(path: found.path, digest: found.digest), facts: found.facts)
        entry.teacher = teacher
        // A filter that took nothing away left the same drop.
        if let derivedFrom, try catalogue.node(derivedFrom)?.digest != found.digest {
            entry.derivedFrom = [derivedFrom]
        }
        if teacher != nil { entry.generation.tool = "undertone" }
        let id = try catalogue.add(entry, by: author)
        drops[path] = id
        return id
    }
}
