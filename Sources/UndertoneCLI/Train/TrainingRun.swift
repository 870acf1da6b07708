// A run of training as the command line sees it: places are checked, progress is shown, the end is asked for, a report.

import ArgumentParser
import Foundation
import Glibc
import UndertoneRecords
import UndertoneScanning
import UndertoneText
import UndertoneTraining

/// Where a trained model goes, and what is said on the way.
struct RunOptions: ParsableArguments {
    @Option(name: .long, help: "Where the model goes; it appears whole or not at all.")
    var out: String

    @Option(name: .long, help: "A file for a line of JSON for each step: step, loss, gradient_norm, rate, seconds.")
    var metrics: String?

    /// The file from which an interrupted run goes on.
    var state: String { out + ".state" }

    /// Looks at what would be overwritten or can't be written before hours of work go into it.
    func checkPlaces(reading inputs: [(name: String, path: String)]) throws {
        let places = [("--out", out), ("its state", state)] + (metrics.map { [("--metrics", $0)] } ?? [])
        let read = inputs.map { Input(path: $0.path) }
        for (index, (name, path)) in places.enumerated() {
            if let input = OutputFile.wouldOverwrite(path, read) {
                let option = inputs.first { $0.path == input.path }?.name ?? "an input"
                throw ScanError(
                    .usage, "\(name) \(visible(path, limit: 200)) is \(option)", mend: "name another file")
            }
            let place = URL(fileURLWithPath: path).standardizedFileURL.path
            if places[..<index].contains(where: { URL(fileURLWithPath: $0.1).standardizedFileURL.path == place }) {
                throw ScanError(
                    .usage, "\(name) \(visible(path, limit: 200)) is also the name of another output",
                    mend: "name two different files")
            }
        }
        let output = try OutputFile(path: out)
        output.abort()
        guard output.isAtomic else {
            throw ScanError(
                .usage, "--out \(visible(out, limit: 200)) is no regular file, and a model is one",
                mend: "name a file such as model.safetensors")
        }
    }
}

/// Runs one training and watches it.
final class TrainingRun: @unchecked Sendable {
    /// What the last step did; nil before the first.
    private(set) var last: TrainingEvent?
    /// Steps that an earlier command took.
    private(set) var stepsBefore = 0
    /// Seconds of work.
    private(set) var seconds = 0.0

    private let run: RunOptions
    private let options: TrainOptions
    private let metrics: MetricsFile?
    private let clock = ContinuousClock()
    // Why the metrics can't be written; the run ends then.
    private var metricsProblem: ScanError?

    /// - Throws: where something that is to be written can't be.
    init(_ run: RunOptions, _ options: TrainOptions, reading inputs: [(name: String, path: String)]) throws {
        try run.checkPlaces(reading: inputs)
        self.run = run
        self.options = options
        metrics = try run.metrics.map { path throws(ScanError) in try MetricsFile(path: path) }
    }

    /// Trains; a run that can't go on says how it may.
    func train(_ body: (Watch) throws -> ModelFile) throws -> ModelFile {
        EndRequest.watch()
        let start = clock.now
        let bar = TrainingBar(isShown: options.showsProgress, "step")
        defer { bar.stop() }
        let watch = Watch(
            progress: { event in
                self.see(event, after: start.duration(to: self.clock.now) / .seconds(1))
                bar.see(event)
            },
            isCancelled: { EndRequest.isMade || self.metricsProblem != nil })
        do {
            let model = try body(watch)
            seconds = start.duration(to: clock.now) / .seconds(1)
            return model
        } catch let error as TrainingError where error.code == .cancelled {
            if let metricsProblem { throw metricsProblem }
            throw TrainingError(
                .cancelled, error.problem,
                mend: "the same command goes on from there (its state is \(visible(run.state, limit: 200)))")
        } catch let error as TrainingError where error.code == .diverged {
            // The same settings would come to the same end from there.
            unlink(run.state)
            throw error
        } catch let error as CheckpointError where error.code == .notFinite && last != nil {
            // Parameters that are no finite numbers, after the last step whose loss was one.
            unlink(run.state)
            throw TrainingError(
                .diverged, "the run diverged at its end: \(error.problem)", mend: "lower the rate")
        } catch var error as CheckpointError where error.path == run.state && error.code != .unwritable {
            let problem = error.code == .otherRun ? "give the settings and data of that run again" : "it can't be used"
            error.mend = "\(problem), or begin anew: rm \(visible(run.state, limit: 200))"
            throw error
        }
    }

    private func see(_ event: TrainingEvent, after seconds: Double) {
        if last == nil, let step = event.step?.step, step > 0 {
            stepsBefore = step
            if !options.quiet {
                Terminal.printError(
                    "undertone: going on after step \(grouped(step)) of \(grouped(event.total)), from "
                        + visible(run.state, limit: 200))
            }
        }
        last = event
        guard metricsProblem == nil, let step = event.step else { return }
        do { try metrics?.add(step, seconds: seconds) } catch { metricsProblem = error }
    }

    // MARK: Report

    /// Says what was made: `what` in words, and what to do with it next.
    func report(_ model: ModelFile, what: String, next: String, json: (inout JSONWriter) -> Void) throws {
        let loss = last?.step?.loss
        let name = visible(model.path, limit: 200)
        let steps = (last?.done ?? 0) - stepsBefore
        var text = "\(name)  \(what)\n"
        text += "  \(counted(steps, "step")) in \(duration(seconds))"
        if stepsBefore > 0 { text += ", after \(grouped(stepsBefore)) before" }
        if let loss { text += "; loss \(fixed(loss, decimals: 3)) nats per token in the last" }
        text += "\n  sha256 \(model.digest)\nnext: \(next)\n"
        try options.print(text) { writer in
            writer.member("model", model.path)
            writer.member("sha256", model.digest)
            json(&writer)
            writer.member("steps", last?.done ?? 0)
            if let loss { writer.member("loss", loss) }
            writer.member("seconds", seconds)
        }
    }
}
