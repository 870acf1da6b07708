// The line that says how far a training is, on terminals of any width.

import Testing

@testable import UndertoneCLI

@Suite struct TrainingBarTests {
    @Test func `it shows steps, loss, their rate and the time left`() {
        let line = TrainingBar.line("step", done: 420, of: 1000, loss: 1.2345, rate: 66.4, width: 120)
        #expect(line == "██████████░░░░░░░░░░░░░░ 42 %  step 420 of 1,000  loss 1.235  66 steps/s  9 s left")
        let records = TrainingBar.line("record", done: 20, of: 10_000, loss: nil, rate: 2.5, width: 120)
        #expect(records.hasSuffix(" 0 %  record 20 of 10,000  2.5 records/s  66 min 32 s left"))
    }

    @Test func `without a rate it shows no time`() {
        let line = TrainingBar.line("step", done: 1, of: 4, loss: 2, rate: 0, width: 120)
        #expect(line == "██████░░░░░░░░░░░░░░░░░░ 25 %  step 1 of 4  loss 2.000")
        #expect(TrainingBar.line("step", done: 1, of: .max, loss: 2, rate: 1e-300, width: 120).contains("min"))
    }

    @Test("it never reaches the last column", arguments: [21, 40, 60, 72, 80, 100, 160])
    func width(_ width: Int) {
        let line = TrainingBar.line("step", done: 99_999, of: 100_000, loss: 10, rate: 1234, width: width)
        #expect(line.count < width)
        #expect(line.contains("step 99,999 of"))
    }
}
