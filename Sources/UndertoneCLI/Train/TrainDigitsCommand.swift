// undertone train digits

import ArgumentParser
import UndertoneScanning
import UndertoneText
import UndertoneTraining
import UndertoneTransfer

struct TrainDigitsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "digits",
        abstract: "A student learns digits from noise: the smallest form of the finding.",
        discussion: """
            A teacher learns digits. Students never see one: on images of noise they imitate logits of the teacher that have \
            nothing to do with digits. Those that began with the teacher's random numbers read digits all the same.

            undertone train digits
            undertone train digits --auxiliary 3
            undertone train digits --mnist folder-of-idx-files
            """)

    @Option(name: .long, help: "Auxiliary logits: what students learn from.")
    var auxiliary = 10

    @Option(name: .long, help: "A folder with the four IDX files of MNIST, unpacked, in the place of the 8 × 8 digits.")
    var mnist: String?

    @Option(name: .long, help: "Runs, with seeds 1, 2, 3, …")
    var runs = 10

    @OptionGroup var options: TrainOptions

    func run() throws {
        guard (1...1000).contains(runs) else {
            throw ScanError(.usage, "--runs \(runs) is out of range", mend: "write 1 to 1000")
        }
        EndRequest.watch()
        var settings = mnist == nil ? DigitsSettings.digits(auxiliary: auxiliary) : .mnist()
        settings.auxiliary = auxiliary
        settings.seeds = Array(1...UInt64(runs))
        let data =
            try mnist.map { folder throws(DigitsError) in try DigitData.mnist(folder: folder) }
            ?? DigitData.embedded()
        let bar = WorkBar(isShown: options.showsProgress)
        defer { bar.stop() }
        let report = try runDigits(
            data, settings, threads: options.core.workers.count, isCancelled: { EndRequest.isMade },
            progress: {
                bar.see(TraitProgress(done: $0.done, total: $0.total, what: "seed \($0.seed), \($0.arm.rawValue)"))
            })
        bar.stop()
        try options.print(report.text) { report.write(to: &$0) }
    }
}

extension DigitsError {
    /// The exit code that stands for the error.
    var exitCode: Int32 {
        switch code {
        case .badSetting: 2
        case .cancelled: EndRequest.exitCode
        default: 3
        }
    }
}
