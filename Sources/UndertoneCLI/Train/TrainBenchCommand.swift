// undertone train bench

import ArgumentParser
import UndertoneText
import UndertoneTraining
import UndertoneTransfer

struct TrainBenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "How fast the training core is on this machine.",
        discussion: """
            Rows are those of Benchmarks/training, which sets other programs beside them.

            undertone train bench --threads 2 --report json
            """)

    @Option(name: .long, help: "Seconds of each row.")
    var seconds = 2.0

    @Option(name: .long, help: "Only rows that begin with this text.")
    var only = ""

    @OptionGroup var options: TrainOptions

    func run() throws {
        let threads = options.core.workers.count
        var rows: [(name: String, rate: Double, unit: String)] = []
        func row(_ name: String, _ unit: String, _ measure: () throws -> Double) throws {
            if name.hasPrefix(only) { rows.append((name, try measure(), unit)) }
        }
        try row("sgemm", "gflops") { SpeedMeasure.productRate(size: 1024, threads: threads, seconds: seconds) }
        for width in [64, 128, 256] {
            for batch in [64, 128, 512] {
                for (name, rank) in [("full", nil), ("lora", 4)] {
                    try row("step/width=\(width)/batch=\(batch)/\(name)", "steps_per_second") {
                        try SpeedMeasure.stepsPerSecond(
                            width: width, batch: batch, adapterRank: rank, threads: threads, seconds: seconds)
                    }
                }
            }
        }
        try row("digits/many-models", "steps_per_second") {
            let benchmark = DigitsBenchmark()
            let clock = ContinuousClock()
            let start = clock.now
            try benchmark.run(threads: threads)
            return Double(benchmark.modelSteps) / (start.duration(to: clock.now) / .seconds(1))
        }
        let width = rows.map(\.name.count).max() ?? 0
        let lines = rows.map {
            $0.name + String(repeating: " ", count: width - $0.name.count)
                + "  \(($0.rate * 10).rounded() / 10) \($0.unit == "gflops" ? "GFLOP/s" : "steps/s")"
        }
        try options.print(lines.joined(separator: "\n")) { json in
            json.array("rows") { json in
                for row in rows {
                    json.object(inline: true) { json in
                        json.member("name", row.name)
                        json.member(row.unit, row.rate)
                    }
                }
            }
        }
    }
}
