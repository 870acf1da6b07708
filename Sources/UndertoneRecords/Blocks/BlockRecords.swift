// The records of a block.

package import UndertoneCore

/// What one thread needs to read the records of blocks.
package final class BlockRecords {
    /// Finds fields in records.
    package let parser: RecordParser
    /// The records of the block that was read last.
    package let batch = RecordBatch()
    /// Lines of that block.
    package private(set) var lines = 0
    /// Those of them that are blank.
    package private(set) var blankLines = 0

    /// - Parameters:
    ///   - plan: which fields are wanted.
    ///   - keepsShapes: whether the parser tells the shapes of records.
    package init(_ plan: FieldPlan, _ limits: RecordLimits, keepsShapes: Bool = false) {
        parser = RecordParser(plan: plan, limits: limits, keepsShapes: keepsShapes)
    }

    /// Gives back memory that a large block needed.
    package func trim() {
        parser.trim()
        batch.removeAll()
        batch.records.shrink(to: 1024)
        batch.fields.shrink(to: 2048)
    }

    /// Reads the records of a block; their lines count from 1.
    package func read(_ block: Block) {
        // Not every block is parsed.
        parser.forgetShapes()
        switch (block.kind, block.framing) {
        case (.records, .jsonLines):
            (lines, blankLines) = parser.readJSONLines(block.bytes, count: block.count, firstLine: 1, into: batch)
        case (.records, .text):
            (lines, blankLines) = parser.readTextLines(block.bytes, count: block.count, firstLine: 1, into: batch)
        case (.records, .jsonArray):
            parser.readJSONValues(
                block.bytes, count: block.count, ranges: block.elements, firstLine: 1, into: batch)
            (lines, blankLines) = (block.elements.count, 0)
        case (.truncated, _):
            batch.removeAll()
            var record = Record(start: 0, count: block.count, line: 1, firstField: 0)
            record.malformed = Malformation.truncated.rawValue
            record.malformedAt = max(0, block.count - 1)
            batch.records.append(record)
            (lines, blankLines) = (1, 0)
        case (.tooLong(_, let isLast), _):
            batch.removeAll()
            (lines, blankLines) = (isLast ? 1 : 0, 0)
        case (.end, _):
            batch.removeAll()
            (lines, blankLines) = (0, 0)
        }
        refuseLongRecords(of: block)
    }

    // A record over the limit is too long even where it fits a block, so that verdicts don't depend on where blocks end.
    private func refuseLongRecords(of block: Block) {
        guard block.count > parser.limits.bytes || !block.oversized.isEmpty else { return }
        let records = batch.records.base
        func refuse(_ index: Int) {
            records[index].malformed = Malformation.tooLong.rawValue
            records[index].malformedAt = 0
            records[index].fieldCount = 0
        }
        for index in 0..<batch.records.count where records[index].count > parser.limits.bytes { refuse(index) }
        for index in block.oversized where index < batch.records.count { refuse(index) }
    }
}
