// What one block gives to the catalogue, made ready by the thread that scanned it.

import CUndertone
import UndertoneCore
import UndertoneLineage
import UndertoneRecords
import UndertoneRules

/// Verdicts and checksums of the records of one block.
final class BlockVerdicts {
    @exclusivity(unchecked) var marks = VerdictMarks()
    @exclusivity(unchecked) var checksums = PlainBuffer<UInt32>(capacity: 1 << 12)
    private let reasonStarts: [Int]
    private let wantsChecksums: Bool

    init(_ rules: RuleSet, wantsChecksums: Bool) {
        reasonStarts = Tally.reasonStarts(rules)
        self.wantsChecksums = wantsChecksums
    }

    /// Takes in the records of a block with their verdicts.
    func read(_ block: Block, _ scanner: BlockScanner) {
        marks.removeAll()
        checksums.removeAll()
        checksums.shrink(to: 1 << 16)
        var line = 0
        let verdicts = scanner.findings.verdicts.base
        for index in 0..<scanner.findings.verdicts.count {
            let record = scanner.batch.records[index]
            if wantsChecksums { checksums.append(undertone_checksum_of(block.bytes + record.start, record.count)) }
            while line + 1 < record.line {
                line += 1
                marks.addBlank(line: line)
            }
            line = record.line
            let verdict = verdicts[index]
            guard verdict.findingCount > 0 else { continue }
            marks.begin(line: line, verdict.verdict)
            for found in verdict.firstFinding..<verdict.firstFinding + verdict.findingCount {
                marks.add(reason: number(of: scanner.findings.findings[found]))
            }
        }
        while line < scanner.lines {
            line += 1
            marks.addBlank(line: line)
        }
    }

    /// Takes in that the record which begins here is over the limit.
    func readTooLong() {
        marks.removeAll()
        checksums.removeAll()
        marks.begin(line: 1, .reject)
        marks.add(reason: reasonStarts[reasonStarts.count - 1] + Int(Malformation.tooLong.rawValue) - 1)
    }

    // Reasons count over all rules; those of malformed records come last.
    private func number(of finding: Finding) -> Int {
        finding.rule == RuleSet.malformedRule
            ? reasonStarts[reasonStarts.count - 1] + Int(finding.reason) - 1
            : reasonStarts[Int(finding.rule)] + Int(finding.reason)
    }
}
