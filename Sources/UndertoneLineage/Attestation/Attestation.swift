// Statements made, signed and checked: what the commands call.

import UndertoneText

/// Makes and checks attestations: signed statements in an envelope.
public enum Attestation {
    /// A statement of where `focus` comes from, signed.
    ///
    /// - Parameters:
    ///   - snapshot: holds at least the ancestors of `focus`, and scans and measurements of them.
    ///   - time: now, RFC 3339.
    /// - Throws: ``LineageError`` where `focus` has no digest, or has too many ancestors for an envelope.
    public static func lineage(
        of focus: NodeID, in snapshot: LineageSnapshot, at time: String, key: SigningKey
    ) throws(LineageError) -> Envelope {
        try signed(try Statement.lineageBytes(of: focus, in: snapshot, at: time), key)
    }

    /// An approval of a node, signed.
    ///
    /// - Throws: ``LineageError`` where the node has no digest.
    public static func approval(
        of node: Node, _ facts: Statement.ApprovalFacts, key: SigningKey
    ) throws(LineageError) -> Envelope {
        try signed(try Statement.approvalBytes(of: node, facts), key)
    }

    /// Checks an attestation from anywhere: only public keys are needed and, to tie it to a file, the file's digest.
    ///
    /// - Parameters:
    ///   - bytes: the envelope.
    ///   - keys: who is trusted; one of them must have signed it.
    ///   - fileDigest: SHA-256 of the file that it should be about, in lower-case hexadecimal; `nil` if none is at hand.
    public static func check(
        _ bytes: [UInt8], signedBy keys: [VerifyingKey], fileDigest: String? = nil
    ) -> AttestationCheck {
        AttestationCheck(bytes, keys, fileDigest)
    }

    /// Whether an approval's envelope says what the approval says (role, person, reason, moment), of the content that the
    /// node has, and is signed by `key`.
    public static func isSigned(_ approval: Approval, of node: Node, by key: VerifyingKey) -> Bool {
        guard let envelope = approval.envelope, let digest = node.digest else { return false }
        let check = check(Array(envelope.utf8), signedBy: [key], fileDigest: digest)
        guard check.isValid, let statement = check.statement, let facts = try? statement.approval() else {
            return false
        }
        return facts
            == Statement.ApprovalFacts(
                role: approval.role, by: approval.by, reason: approval.reason, approvedAt: approval.at)
    }

    private static func signed(_ payload: [UInt8], _ key: SigningKey) throws(LineageError) -> Envelope {
        let envelope = try Envelope(signing: payload, by: [key])
        do throws(LineageError) {
            // What nobody could check must not be signed.
            _ = try Statement(parsing: try Envelope(parsing: Array(envelope.text.utf8)).payload)
        } catch {
            throw LineageError(.usage, "the statement can't be signed: \(error.problem)", mend: error.mend)
        }
        return envelope
    }
}

/// What is to be thought of an attestation, question by question.
public struct AttestationCheck: Sendable {
    /// One question and its answer.
    public struct Clause: Sendable, Equatable {
        /// `signature`, `statement` or `subject`.
        public var name: String
        /// Whether it is as it must be; `nil` where that was not asked, or can't be known since an earlier clause failed.
        public var passed: Bool?
        /// Why, as a clause that is safe to show.
        public var reason: String
    }

    /// Always `signature`, `statement` and `subject`, in this order.
    public let clauses: [Clause]
    /// Which of the trusted keys signed it.
    public let signers: [VerifyingKey]
    /// What it says; `nil` unless signature and form are good.
    public let statement: Statement?

    /// Whether nothing that was asked failed.
    public var isValid: Bool { clauses[0].passed == true && clauses.allSatisfy { $0.passed != false } }

    fileprivate init(_ bytes: [UInt8], _ keys: [VerifyingKey], _ fileDigest: String?) {
        var signers: [VerifyingKey] = []
        var statement: Statement?
        var clauses: [Clause] = []
        do throws(LineageError) {
            let envelope = try Envelope(parsing: bytes)
            signers = try envelope.signers(among: keys)
            let names = signers.map { $0.id.prefix(16) + "…" }.joined(separator: ", ")
            clauses.append(Clause(name: "signature", passed: true, reason: "signed by \(names)"))
            let read = try Statement(parsing: envelope.payload)
            _ = try read.approval()
            statement = read
            clauses.append(
                Clause(name: "statement", passed: true, reason: visible(read.predicateType, limit: 200)))
            clauses.append(AttestationCheck.subject(of: read, fileDigest))
        } catch {
            let name = clauses.isEmpty ? "signature" : "statement"
            clauses.append(Clause(name: name, passed: false, reason: error.description))
            if clauses.count == 1 {
                clauses.append(Clause(name: "statement", passed: nil, reason: "not looked at"))
            }
            clauses.append(Clause(name: "subject", passed: nil, reason: "not looked at"))
        }
        self.clauses = clauses
        self.signers = signers
        self.statement = statement
    }

    private static func subject(of statement: Statement, _ fileDigest: String?) -> Clause {
        func shown(_ subject: Statement.Subject) -> String {
            (subject.name.map { visible($0, limit: 100) + " " } ?? "") + subject.sha256
        }
        guard let fileDigest else {
            let list = statement.subjects.prefix(3).map(shown).joined(separator: ", ")
            let more = statement.subjects.count > 3 ? " and \(statement.subjects.count - 3) more" : ""
            return Clause(name: "subject", passed: nil, reason: "not compared with a file; it is \(list)\(more)")
        }
        if let subject = statement.subjects.first(where: { $0.sha256 == fileDigest }) {
            return Clause(name: "subject", passed: true, reason: "the file is \(shown(subject))")
        }
        return Clause(
            name: "subject", passed: false,
            reason: "the file's SHA-256 is \(visible(fileDigest, limit: 64)), and the statement is about something else"
        )
    }
}
