// The program: commands are read, called and printed here, and nothing else.

import ArgumentParser
import Glibc
import UndertoneCore
import UndertoneJudging
import UndertoneLineage
import UndertoneRecords
import UndertoneReviewing
import UndertoneScanning
import UndertoneTensors
import UndertoneText
import UndertoneTransfer
import UndertoneTraining

@main
struct Undertone: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undertone",
        abstract: "Gates model-generated data before it trains another model.",
        discussion: """
            Exit codes: 0 passed · 1 the gate says no · 2 wrong usage, rule pack or policy · 3 input or output failed.

            undertone scan drop.jsonl --rules numbers --kept kept.jsonl --rejected rejected.jsonl
            """,
        version: undertoneVersion,
        subcommands: [
            ScanCommand.self, RestoreCommand.self, RulesCommand.self, LineageCommand.self, GateCommand.self,
            StatsCommand.self, CompareCommand.self, JudgeCommand.self, ReviewCommand.self, KeysCommand.self,
            TrainCommand.self, TransferCommand.self,
        ])

    static func main() {
        signal(SIGPIPE, SIG_IGN)
        // A file that reaches the size that files may have is then an error like a full device.
        signal(SIGXFSZ, SIG_IGN)
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            exit(with: error)
        }
    }

    private static func exit(with error: any Error) -> Never {
        switch error {
        case let code as ExitCode: Glibc.exit(code.rawValue)
        case let error as ScanError: fail(error.description, error.exitCode)
        case let error as SettingsError: fail(error.description, 2)
        case let error as InputError: fail(error.description, 3)
        case let error as OutputError: fail(error.description, error.code == .brokenPipe ? 0 : 3)
        case let error as LineageError: fail(error.description, error.exitCode)
        case let error as DigitsError: fail(error.description, error.exitCode)
        case let error as TensorFileError: fail(error.description, 3)
        case let error as TrainingError: fail(error.description, error.exitCode)
        case let error as CheckpointError: fail(error.description, error.exitCode)
        case let error as WorldError: fail(error.description, 2)
        case let error as TransferReportError: fail(error.description, 3)
        case let error as JudgeError: fail(error.description, error.exitCode)
        case let error as ReviewError: fail(error.description, error.exitCode)
        default:
            let code = exitCode(for: error)
            let message = fullMessage(for: error)
            if code == .success {
                do { try Terminal.print(message) } catch { fail(error.description, error.exitCode) }
                Glibc.exit(0)
            }
            // Arguments are quoted in it, and its lines are its own.
            let lines = message.split(separator: "\n", omittingEmptySubsequences: false)
            Terminal.printError(lines.map { visible(String($0), limit: 4000) }.joined(separator: "\n"))
            Glibc.exit(2)
        }
    }

    private static func fail(_ message: String, _ code: Int32) -> Never {
        // Messages quote arguments, which a shell's pattern may have made of names in a drop's folder.
        if code != 0 { Terminal.printError("undertone: " + visible(message, limit: 4000)) }
        Glibc.exit(code)
    }
}

extension ScanError {
    /// The exit code that stands for the error.
    var exitCode: Int32 {
        switch code {
        case .usage: 2
        case .cancelled: 130
        default: 3
        }
    }
}

extension LineageError {
    /// The exit code that stands for the error.
    var exitCode: Int32 {
        switch code {
        case .badSignature: 1
        case .usage, .notFound, .ambiguous, .duplicate: 2
        default: 3
        }
    }
}
