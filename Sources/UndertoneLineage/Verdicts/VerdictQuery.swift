// Why was line 4,711 rejected, and by which version of which rule?

import Foundation
import GRDB

/// What one scan decided about one line of a drop.
public struct LineDecision: Sendable, Equatable {
    /// What became of the line.
    public enum Outcome: String, Sendable {
        /// White space alone: no record.
        case blank
        /// Kept, and no rule met it.
        case kept
        /// Kept, with findings.
        case flagged
        /// Rejected.
        case rejected
        /// The drop has no such line.
        case absent
    }

    /// A reason that one version of a rule gave.
    public struct Reason: Sendable, Equatable {
        /// `pack/name`.
        public var rule: String
        /// SHA-256 of the rule's canonical form: its version. Empty for records that no rule could look at.
        public var digest: String
        /// `flag`, `reject` or `fail`.
        public var action: String
        /// One of the rule's reasons.
        public var reason: String
    }

    /// The scan.
    public var scan: Node
    /// The line as the scan counted it: from 1; an element where the drop is one JSON array.
    public var line: Int
    /// What became of the line.
    public var outcome: Outcome
    /// Why.
    public var reasons: [Reason]
    /// The rule packs of the scan.
    public var packs: [Node]
}

extension Catalogue {
    /// What every scan of a drop decided about one of its lines, the latest scan first.
    ///
    /// - Complexity: O(scans of the drop); one chunk of at most some 32 KB is decoded for each.
    public func decisions(of drop: NodeID, line: Int) throws(LineageError) -> [LineDecision] {
        try read { database in
            let inputs = try Row.fetchAll(
                database, sql: "SELECT scan, position FROM scan_input WHERE data_drop = ? ORDER BY scan DESC",
                arguments: [drop])
            return try inputs.compactMap { input in
                try LineDecision.read(
                    database, scan: NodeID(rawValue: input.get(at: 0)), input: input.get(at: 1), line: line)
            }
        }
    }
}

extension LineDecision {
    // `nil` where the verdicts of the scan were cleared away.
    fileprivate static func read(
        _ database: Database, scan: NodeID, input: Int, line: Int
    ) throws -> LineDecision? {
        guard let node = try Node.read(database, scan) else { return nil }
        let packs = try NodeID.fetchAll(
            database, sql: "SELECT source FROM edge WHERE target = ? AND relation = 'rules' ORDER BY source",
            arguments: [scan])
        var decision = LineDecision(
            scan: node, line: line, outcome: .absent, reasons: [],
            packs: try packs.compactMap { try Node.read(database, $0) })
        let chunk = try Row.fetchOne(
            database,
            sql: """
                SELECT first_line, lines, data FROM verdicts WHERE scan = ? AND input = ? AND first_line <= ?
                ORDER BY first_line DESC LIMIT 1
                """, arguments: [scan, input, line])
        guard let chunk else {
            let isKept = try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM verdicts WHERE scan = ? AND input = ?)",
                arguments: [scan, input])
            return isKept == true || line < 1 ? decision : nil
        }
        let first: Int = try chunk.get(at: 0)
        guard first > 0 else { throw LineageError.wrongValue }
        // Not where the chunk ends, which may be beyond all numbers in tables that somebody changed.
        guard try line - first < chunk.get(at: 1) else { return decision }
        decision.outcome = .kept
        var reader = VerdictReader([UInt8](try chunk.get(at: 2) as Data), firstLine: first)
        while let entry = try reader.next(), entry.line <= line {
            guard entry.line == line else { continue }
            switch entry.verdict {
            case .blank: decision.outcome = .blank
            case .kept: break
            case .flagged(let pairs):
                decision.outcome = .flagged
                decision.reasons = try reasons(database, scan, pairs)
            case .rejected(let pairs):
                decision.outcome = .rejected
                decision.reasons = try reasons(database, scan, pairs)
            }
        }
        return decision
    }

    private static func reasons(_ database: Database, _ scan: NodeID, _ pairs: [Int]) throws -> [Reason] {
        var found: [Reason] = []
        var start = 0
        let rules = try Row.fetchCursor(
            database,
            sql: """
                SELECT name, digest, reasons, action FROM scan_rule JOIN rule ON rule.id = scan_rule.rule
                WHERE scan = ? ORDER BY position
                """, arguments: [scan])
        while let rule = try rules.next() {
            let names = (try rule.get("reasons") as String).split(separator: " ")
            for pair in pairs where pair >= start && pair < start + names.count {
                found.append(
                    try Reason(
                        rule: rule.get("name"), digest: rule.get("digest"), action: rule.get("action"),
                        reason: String(names[pair - start])))
            }
            start += names.count
        }
        return found
    }
}
