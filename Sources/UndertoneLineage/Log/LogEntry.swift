// One entry of the log: what was changed, by whom, and the digest of the entry before. Its canonical bytes are what the
// next entry's digest and the tree's leaf are made of.

import UndertoneText

/// One entry of the log.
///
/// The canonical form is JSON without white space, with members in the order `seq`, `previous`, `at`, `actor`, `action`,
/// `subject`, `changes`, and of a change `table`, `key`, `row`. In strings `"` and `\` stand behind a `\`, and all that is
/// not visible ASCII or a space is `\uXXXX` with lower-case digits.
public struct LogEntry: Sendable, Equatable {
    /// One row of one table that this entry changed.
    public struct Change: Sendable, Hashable {
        /// The table.
        public var table: String
        /// The row's primary key as text, the same for the same row at all times.
        public var key: String
        /// What the row is now (``RowDigest``); `nil` where it was removed.
        public var row: Digest256?

        /// A change of one row.
        public init(table: String, key: String, row: Digest256?) {
            self.table = table
            self.key = key
            self.row = row
        }
    }

    /// Its number: 1 for the first. It is leaf `seq` - 1 of the tree.
    public var seq: Int
    /// SHA-256 of the canonical bytes of the entry before; ``Digest256/zero`` in the first one.
    public var previous: Digest256
    /// When, RFC 3339.
    public var at: String
    /// Who, as they say.
    public var actor: String
    /// What was done: `add model`.
    public var action: String
    /// To what.
    public var subject: String
    /// Rows that it changed, each once.
    public var changes: [Change]

    /// An entry.
    public init(
        seq: Int, previous: Digest256, at: String, actor: String, action: String, subject: String, changes: [Change]
    ) {
        self.seq = seq
        self.previous = previous
        self.at = at
        self.actor = actor
        self.action = action
        self.subject = subject
        self.changes = changes
    }

    /// The canonical form.
    public var bytes: [UInt8] {
        var json = JSONWriter(.compact)
        json.object { json in
            json.member("seq", seq)
            json.member("previous", previous.hexadecimal)
            json.canonical("at", at)
            json.canonical("actor", actor)
            json.canonical("action", action)
            json.canonical("subject", subject)
            json.array("changes") { json in
                for change in changes {
                    json.object { json in
                        json.canonical("table", change.table)
                        json.canonical("key", change.key)
                        json.member("row", change.row?.hexadecimal)
                    }
                }
            }
        }
        return json.bytes
    }

    /// Reads the canonical form and nothing else: bytes that would be written in another way are refused.
    ///
    /// - Throws: ``LineageError`` with the code `corrupt`.
    public init(parsing bytes: [UInt8]) throws(LineageError) {
        // A change takes four values, and no entry of ours has a million of them.
        let limits = JSONValue.Limits(bytes: 1 << 30, depth: 8, values: 8_000_000)
        let tree: JSONValue
        do throws(JSONError) {
            tree = try JSONValue(parsing: bytes, limits: limits)
        } catch {
            throw LineageError(.corrupt, "a log entry is no JSON: \(error)")
        }
        guard let seq = tree["seq"]?.integer, let previous = tree["previous"]?.string.flatMap(Digest256.init),
            let at = tree["at"]?.string, let actor = tree["actor"]?.string, let action = tree["action"]?.string,
            let subject = tree["subject"]?.string, let changes = tree["changes"]?.array?.map(Change.init),
            !changes.contains(nil)
        else { throw LineageError(.corrupt, "a log entry lacks a member, or one has the wrong type") }
        self.init(
            seq: seq, previous: previous, at: at, actor: actor, action: action, subject: subject,
            changes: changes.compactMap { $0 })
        guard self.bytes == bytes else {
            throw LineageError(.corrupt, "log entry \(seq) is not in the form in which entries are written")
        }
    }
}

extension LogEntry.Change {
    fileprivate init?(_ tree: JSONValue) {
        guard let table = tree["table"]?.string, let key = tree["key"]?.string, let row = tree["row"] else {
            return nil
        }
        switch row {
        case .null: self.init(table: table, key: key, row: nil)
        case .string(let text):
            guard let digest = Digest256(hexadecimal: text) else { return nil }
            self.init(table: table, key: key, row: digest)
        default: return nil
        }
    }
}

extension JSONWriter {
    // Not the writer's own escapes: which characters are invisible changes with the version of Unicode, and an entry
    // must be written in the same way for ever.
    fileprivate mutating func canonical(_ name: String, _ text: String) {
        let digits = Array("0123456789abcdef".utf8)
        var bytes = [UInt8(ascii: "\"")]
        for unit in text.utf16 {
            switch unit {
            case 0x22, 0x5C: bytes += [UInt8(ascii: "\\"), UInt8(unit)]
            case 0x20...0x7E: bytes.append(UInt8(unit))
            default:
                bytes += [UInt8(ascii: "\\"), UInt8(ascii: "u")]
                for shift in [UInt16(12), 8, 4, 0] { bytes.append(digits[Int(unit >> shift & 0xF)]) }
            }
        }
        bytes.append(UInt8(ascii: "\""))
        key(name)
        value(raw: bytes)
    }
}
