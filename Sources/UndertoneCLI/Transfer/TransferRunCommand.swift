// undertone transfer run, plan and report

import ArgumentParser
import Foundation
import UndertoneCore
import UndertoneLineage
import UndertoneScanning
import UndertoneText
import UndertoneTraining
import UndertoneTransfer

struct TransferRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Train students on a drop, with filters and controls, and say how much of a trait is left.",
        discussion: """
            The experiment is a file (docs/transfer.md); a drop, a base and a trait are enough. What is finished is kept in \
            the folder of the run: the same command goes on where it ended, and trains no finished arm again.

            undertone transfer run experiment.yaml
            undertone transfer run experiment.yaml --out run --report html=transfer.html --lineage lineage.db
            """)

    @Argument(help: "The experiment file.")
    var experiment: String

    @Option(name: .long, help: "The folder of the run (default: the experiment's name, in the current folder).")
    var out: String?

    @OptionGroup var work: TransferOptions

    @Option(
        name: .long, help: "Record trainings and measurements in this catalogue, which is made where there is none.")
    var lineage: String?

    @OptionGroup var author: AuthorOptions

    func run() throws {
        let reports = try work.reports()
        let plan = try ExperimentPlan(experiment, work)
        let folder = out ?? plan.experiment.name
        try makeFolder(folder, mend: "name another folder with --out")
        EndRequest.watch()
        let bar = WorkBar(isShown: work.showsProgress)
        defer { bar.stop() }
        let run = try plan.run(folder: folder, progress: bar.see)
        let report: TransferReport
        let evidence: [RunEvidence]
        do {
            (report, evidence) = try run()
        } catch let error as TrainingError where error.code == .cancelled {
            throw TrainingError(
                .cancelled, "the experiment was ended early", mend: "the same command goes on where this one ended")
        }
        bar.stop()
        let stored = "\(folder)/\(storedReport)"
        try writeFile(stored, Data(TransferReportFormat.json.render(report).utf8))
        if let lineage {
            let (catalogue, wasCreated) = try Catalogue.openOrCreate(lineage)
            if wasCreated, !work.quiet { Terminal.printError("undertone: made the catalogue \(visible(lineage))") }
            var record = TransferLineage(catalogue, by: author.author, experiment: plan.experiment.name)
            try record.record(evidence, report, in: stored)
        }
        for request in reports { try request.write { request.format.render(report, style: $0) } }
    }
}

/// The file of a run's folder that holds its report.
private let storedReport = "report.json"

struct TransferPlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "What an experiment will cost and what it will be able to show, before anything is trained.",
        discussion: """
            Power is that of the paired t-test at 5 %. What is assumed is measured for number sequences of the built-in core; \
            give what you know of your own models.

            undertone transfer plan experiment.yaml
            undertone transfer plan experiment.yaml --effect 2 --deviation 0.8
            """)

    @Argument(help: "The experiment file.")
    var experiment: String

    @Option(name: .long, help: "The shift of log-odds that the raw drop is expected to bring.")
    var effect = 4.5

    @Option(name: .long, help: "The standard deviation of paired differences between runs, in log-odds.")
    var deviation = 1.5

    @OptionGroup var options: TrainOptions

    func run() throws {
        guard effect.isFinite, effect > 0, deviation.isFinite, deviation > 0 else {
            throw ScanError(.usage, "--effect and --deviation must be above 0", mend: "write log-odds, such as 1.5")
        }
        let experiment = try TransferExperiment(contentsOf: experiment)
        let core = options.core
        let rank = experiment.recipes.studentRank
        let rate = try SpeedMeasure.stepsPerSecond(width: 64, batch: 64, adapterRank: rank, threads: 1, seconds: 1)
        let plan = TransferPlan(
            experiment, deviation: deviation, effect: effect,
            secondsOfStudent: Double(experiment.recipes.studentSteps) / rate, threads: core.workers.count)
        switch options.report {
        case "json":
            var json = JSONWriter()
            plan.write(to: &json)
            try Terminal.print(json.text)
        default: try Terminal.print(plan.text)
        }
    }
}

struct TransferReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "The report of a finished run once more, as text, JSON or an HTML page with plots.",
        discussion: """
            undertone transfer report run --report html=transfer.html
            """)

    @Argument(help: "The folder of a run, or the JSON of its report.")
    var folder: String

    @Option(name: .long, help: "text, json or html, to standard output or as FORMAT=FILE. Repeatable. (default: text)")
    var report: [String] = []

    func run() throws {
        let requests = try FormatRequest<TransferReportFormat>.parse(report, isQuiet: false, isOutputTaken: false)
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder)
        let path = isFolder.boolValue ? folder + "/" + storedReport : folder
        guard isThere, let data = FileManager.default.contents(atPath: path) else {
            throw ScanError(
                .input, "\(visible(path, limit: 200)) can't be read",
                mend: "name the folder of a run that was finished: undertone transfer run EXPERIMENT --out FOLDER")
        }
        let report = try TransferReport(json: [UInt8](data))
        for request in requests { try request.write { request.format.render(report, style: $0) } }
    }
}

extension TransferReportFormat: ReportFormats {}

/// What commands of `undertone transfer` that train many models take.
struct TransferOptions: ParsableArguments {
    @Option(
        name: .long, help: "Threads that work on arms; the results don't depend on them (default: one for each core).")
    var threads: Int?

    @Option(
        name: .long,
        help:
            "A folder in which bases and own teachers are kept (default: $XDG_CACHE_HOME/undertone or ~/.cache/undertone)."
    )
    var cache: String?

    @Option(name: .long, help: "text, json or html, to standard output or as FORMAT=FILE. Repeatable. (default: text)")
    var report: [String] = []

    @Flag(name: .shortAndLong, help: "No report and no progress bar on the terminal.")
    var quiet = false

    func validate() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ScanError(.usage, "--threads \(threads) is out of range", mend: "write 1 to 1024")
        }
    }

    var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }
    var showsProgress: Bool { Terminal.canShowProgress && !quiet }

    func reports() throws -> [FormatRequest<TransferReportFormat>] {
        try FormatRequest<TransferReportFormat>.parse(report, isQuiet: quiet, isOutputTaken: false)
    }
}
