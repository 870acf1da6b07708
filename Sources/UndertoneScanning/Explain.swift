// What every rule sees in one record.

import UndertoneCore
import UndertoneRecords
public import UndertoneReporting
import UndertoneRules

/// Shows what every rule sees in the record on a line of the first input.
///
/// Rules over the whole drop say only what they compare, and rules that need a model that they do: one record alone can't
/// show more.
///
/// - Throws: ``ScanError`` where the input can't be read or has no such line.
public func explain(line: Int, _ configuration: ScanConfiguration) throws(ScanError) -> RecordExplanation {
    let list = InputList(arguments: configuration.inputs)
    if let error = list.errors.first { throw ScanError(.input, error.description) }
    guard let input = list.inputs.first, list.inputs.count == 1 else {
        throw ScanError(.usage, "--explain looks at one input", mend: "name the file that holds the line")
    }
    let source = BlockSource(
        [input], framing: configuration.framing, limits: configuration.limits,
        maxDecodedBytes: configuration.maxDecodedBytes, pool: nil, progress: ScanProgress())
    let scanner = BlockScanner(configuration.rules, configuration.limits, showsAllFields: true)
    let block = Block()
    var before = 0
    while source.fill(block) {
        scanner.read(block)
        defer { before += scanner.lines }
        guard line > before, line <= before + scanner.lines else { continue }
        for index in 0..<scanner.batch.records.count where scanner.batch.records[index].line == line - before {
            return explanation(of: index, line: line, input.path, scanner)
        }
        throw ScanError(.input, "\(input.path): line \(line) is blank or over the limit; there is nothing to explain")
    }
    if let problem = source.state(of: 0).problem { throw ScanError(.input, problem) }
    throw ScanError(.usage, "\(input.path) has \(before) lines, so no line \(line)", mend: "lines count from 1")
}

private func explanation(
    of index: Int, line: Int, _ path: String, _ scanner: BlockScanner
) -> RecordExplanation {
    let rules = scanner.rules
    scanner.findings.removeAll()
    rules.evaluate(scanner.batch, scratch: scanner.scratch, into: scanner.findings)
    let record = scanner.batch.records[index]
    let verdict = scanner.findings.verdicts[index]
    let found = (verdict.firstFinding..<verdict.firstFinding + verdict.findingCount).map {
        scanner.findings.findings[$0]
    }
    let fields = (0..<record.fieldCount).map { scanner.batch.fields[record.firstField + $0] }
    var views: [RecordExplanation.View] = []
    for (rule, definition) in rules.definitions.enumerated() where record.malformed == 0 {
        guard !rules.kinds[rule].needsModel else {
            views.append(
                .undecided(
                    rule: definition.id.description, action: definition.action.name,
                    saw: rules.kinds[rule] == .judge
                        ? "asks a judge" : "asks a model about prompt and completion, against the rest of the drop"))
            continue
        }
        var isAsked = false
        for (offset, field) in fields.enumerated() {
            guard let saw = rules.explanation(of: rule, field) else { continue }
            isAsked = true
            views.append(
                RecordExplanation.View(
                    rule: definition.id.description, action: definition.action.name,
                    field: scanner.parser.pointer(of: field), saw: saw,
                    findings: found.filter { $0.rule == UInt16(rule) && $0.field == UInt32(offset) }.map {
                        (rules.names(of: $0).reason, Int($0.start)..<Int($0.end))
                    }))
        }
        if !isAsked {
            views.append(
                RecordExplanation.View(
                    rule: definition.id.description, action: definition.action.name, field: nil,
                    saw: "the record has no field that is \(definition.field)", findings: []))
        }
    }
    return RecordExplanation(
        path: path, line: line, verdict: verdict.verdict.name, malformed: record.malformation?.explanation,
        fields: fields.map { field in
            (
                scanner.parser.pointer(of: field), field.tags.kindName,
                String(decoding: UnsafeBufferPointer(rebasing: field.bytes.prefix(400)), as: UTF8.self)
            )
        },
        views: views)
}

extension FieldTags {
    fileprivate var kindName: String {
        if contains(.response) { return "response" }
        if contains(.prompt) { return "prompt" }
        if contains(.system) { return "system" }
        return "other"
    }
}
