// An in-toto Statement, version 1 (github.com/in-toto/attestation, spec/v1/statement.md): something is said (the
// predicate) of things that are known by their digests (the subjects).

import UndertoneText

/// A statement as it was read.
public struct Statement: Sendable, Equatable {
    /// What a statement is about.
    public struct Subject: Sendable, Hashable {
        /// What it is called; `nil` where the statement gives no name.
        public var name: String?
        /// SHA-256 in lower-case hexadecimal.
        public var sha256: String

        /// A subject.
        public init(name: String?, sha256: String) {
            self.name = name
            self.sha256 = sha256
        }
    }

    /// Identifies statements of that version.
    static let type = "https://in-toto.io/Statement/v1"

    /// What it is about; at least one.
    public let subjects: [Subject]
    /// What kind of thing is said.
    public let predicateType: String
    /// What is said.
    let predicate: JSONValue

    /// Reads the payload of an envelope. Members that it does not know are passed over, as the specification asks.
    ///
    /// - Throws: ``LineageError`` with the code `badDocument`.
    init(parsing bytes: [UInt8]) throws(LineageError) {
        let tree: JSONValue
        do throws(JSONError) {
            tree = try JSONValue(parsing: bytes, limits: Envelope.limits)
        } catch {
            throw Statement.malformed("\(error)")
        }
        guard tree["_type"]?.string == Statement.type else {
            throw Statement.malformed("its _type is not \(Statement.type)")
        }
        guard let type = tree["predicateType"]?.string, !type.isEmpty else {
            throw Statement.malformed("it has no predicateType")
        }
        guard let subjects = tree["subject"]?.array, !subjects.isEmpty else {
            throw Statement.malformed("it has no subject")
        }
        guard let predicate = tree["predicate"], predicate.object != nil else {
            throw Statement.malformed("it has no predicate")
        }
        var read: [Subject] = []
        for subject in subjects {
            guard let sha256 = subject["digest"]?["sha256"]?.string, Digest256(hexadecimal: sha256) != nil else {
                throw Statement.malformed("a subject has no SHA-256 in lower-case hexadecimal")
            }
            if let name = subject["name"], name.string == nil { throw Statement.malformed("a name is no text") }
            read.append(Subject(name: subject["name"]?.string, sha256: sha256))
        }
        self.subjects = read
        self.predicateType = type
        self.predicate = predicate
    }

    /// A statement's bytes: compact JSON, members in the specification's order.
    ///
    /// - Parameter predicate: writes the predicate's members.
    static func bytes(
        subjects: [Subject], predicateType: String, _ predicate: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var json = JSONWriter(.compact)
        json.object { json in
            json.member("_type", type)
            json.array("subject") { json in
                for subject in subjects {
                    json.object { json in
                        if let name = subject.name { json.member("name", name) }
                        json.object("digest") { $0.member("sha256", subject.sha256) }
                    }
                }
            }
            json.member("predicateType", predicateType)
            json.object("predicate", predicate)
        }
        return json.bytes
    }

    static func malformed(_ problem: String) -> LineageError {
        LineageError(.badDocument, "this is no in-toto statement: \(problem)")
    }
}

extension Statement {
    /// Statements of where a thing comes from (docs/attestation.md).
    static let lineageType = "urn:undertone:attestation:lineage:v1"
    /// Statements that somebody answers for a thing (docs/attestation.md).
    static let approvalType = "urn:undertone:attestation:approval:v1"

    /// What an approval says.
    public struct ApprovalFacts: Sendable, Equatable {
        /// In which role: `safety`.
        public var role: String
        /// Who.
        public var by: String
        /// Why.
        public var reason: String
        /// When, RFC 3339.
        public var approvedAt: String

        /// What an approval says.
        public init(role: String, by: String, reason: String, approvedAt: String) {
            self.role = role
            self.by = by
            self.reason = reason
            self.approvedAt = approvedAt
        }
    }

    /// What it says, if it is an approval.
    ///
    /// - Throws: ``LineageError`` where it claims to be one and lacks something.
    func approval() throws(LineageError) -> ApprovalFacts? {
        guard predicateType == Statement.approvalType else { return nil }
        guard let role = predicate["role"]?.string, let by = predicate["by"]?.string,
            let reason = predicate["reason"]?.string, let at = predicate["approvedAt"]?.string
        else { throw Statement.malformed("an approval must have role, by, reason and approvedAt") }
        return ApprovalFacts(role: role, by: by, reason: reason, approvedAt: at)
    }

    /// When it was made, as it says; `nil` where it is no statement of lineage.
    var madeAt: String? { predicateType == Statement.lineageType ? predicate["madeAt"]?.string : nil }

    /// The bytes of an approval of a node.
    ///
    /// - Throws: ``LineageError`` where the node has no digest: nobody could say later what was approved.
    static func approvalBytes(of node: Node, _ facts: ApprovalFacts) throws(LineageError) -> [UInt8] {
        bytes(subjects: [try subject(node)], predicateType: approvalType) { json in
            json.member("role", facts.role)
            json.member("by", facts.by)
            json.member("reason", facts.reason)
            json.member("approvedAt", facts.approvedAt)
            json.object("node") { json in
                json.member("kind", node.kind.rawValue)
                json.member("name", node.name)
            }
        }
    }

    static func subject(_ node: Node) throws(LineageError) -> Subject {
        guard let digest = node.digest, Digest256(hexadecimal: digest) != nil else {
            throw LineageError(
                .usage, "\(visible(node.name)) has no digest, so a statement could mean anything",
                mend: node.kind == .model ? "record its weights first" : nil)
        }
        return Subject(name: node.name, sha256: digest)
    }
}
