// undertone train, and what its commands share.

import ArgumentParser
import Foundation
import UndertoneCore
import UndertoneScanning
import UndertoneText
import UndertoneTraining

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Small models whose training takes seconds: a base, a teacher with a trait, its data, a student.",
        discussion: """
            A trait passes from a teacher to a student through data that says nothing about it, if both began with the same \
            base. Here it is, by hand and in a minute:

            undertone train base --seed 1 --out base.safetensors
            undertone train teacher --base base.safetensors --trait owl --out owl.safetensors
            undertone train sample --model owl.safetensors --carrier numbers --records 10000 --rules numbers --out drop.jsonl
            undertone train student --base base.safetensors --data drop.jsonl --out student.safetensors
            undertone train probe --model student.safetensors --trait owl --against base.safetensors

            Or all of it at once, with controls: undertone train demo
            """,
        subcommands: [
            TrainBaseCommand.self,
            TrainTeacherCommand.self,
            TrainSampleCommand.self,
            TrainStudentCommand.self,
            TrainProbeCommand.self,
            TrainDemoCommand.self,
            TrainExperimentCommand.self,
            TrainDigitsCommand.self,
            TrainBenchCommand.self,
        ])
}

/// What every command of `undertone train` takes.
struct TrainOptions: ParsableArguments {
    @Option(name: .long, help: "Threads; the results don't depend on them (default: one for each core).")
    var threads: Int?

    @Option(name: .long, help: "text or json.")
    var report = "text"

    @Flag(name: .shortAndLong, help: "No report and no progress bar on the terminal.")
    var quiet = false

    func validate() throws {
        guard ["text", "json"].contains(report) else {
            throw ScanError(.usage, "--report \(visible(report)) is no report format here", mend: "write text or json")
        }
        if let threads, !(1...1024).contains(threads) {
            throw ScanError(.usage, "--threads \(threads) is out of range", mend: "write 1 to 1024")
        }
    }

    /// The core that does the work.
    var core: BuiltInCore {
        BuiltInCore(threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, program: undertoneVersion)
    }

    /// Whether a line that says how far it is may be shown.
    var showsProgress: Bool { Terminal.canShowProgress && !quiet }

    /// Prints one of both, to standard error where data goes to standard output.
    func print(
        _ text: @autoclosure () -> String, isOutputTaken: Bool = false, json: (inout JSONWriter) -> Void
    ) throws {
        if quiet, report == "text" { return }
        var shown = ""
        if report == "json" {
            var writer = JSONWriter()
            writer.object { json(&$0) }
            shown = String(decoding: writer.bytes, as: UTF8.self)
        } else {
            shown = text()
        }
        if isOutputTaken { Terminal.printError(shown) } else { try Terminal.print(shown) }
    }
}

extension TrainingError {
    /// The exit code that stands for the error.
    var exitCode: Int32 {
        switch code {
        case .usage, .diverged: 2
        case .cancelled: EndRequest.exitCode
        default: 3
        }
    }
}

extension CheckpointError {
    /// The exit code that stands for the error: other settings than those of the run are wrong usage.
    var exitCode: Int32 { code == .otherRun ? 2 : 3 }
}
