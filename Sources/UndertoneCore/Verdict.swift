// What a rule may do, and what becomes of a record.

/// What a rule does to a record that it meets, from the mildest to the strongest.
public enum Action: UInt8, Sendable, CaseIterable, Comparable {
    /// The record is kept and the finding is reported.
    case flag
    /// The record goes to the rejected data.
    case reject
    /// The record is rejected and the gate says no.
    case fail

    /// The word that rule packs and reports use.
    public var name: String {
        switch self {
        case .flag: "flag"
        case .reject: "reject"
        case .fail: "fail"
        }
    }

    /// The action of that name.
    public init?(name: some StringProtocol) {
        guard let action = Action.allCases.first(where: { $0.name == name }) else { return nil }
        self = action
    }

    /// Whether the left action is milder than the right one.
    public static func < (left: Action, right: Action) -> Bool { left.rawValue < right.rawValue }
}

/// What becomes of a record.
@frozen
public enum Verdict: UInt8, Sendable, CaseIterable, BitwiseCopyable {
    case keep
    case flag
    case reject

    /// The word that reports use.
    public var name: String {
        switch self {
        case .keep: "keep"
        case .flag: "flag"
        case .reject: "reject"
        }
    }
}

/// Why a record could not be looked at. Such a record is always rejected.
public enum Malformation: UInt8, Sendable, CaseIterable {
    /// Not one JSON value by RFC 8259.
    case invalidJSON = 1
    case invalidUTF8
    /// An escape `\uD800` to `\uDFFF` without its other half: no text has such a code point.
    case loneSurrogate
    /// Two members of one object share a name: readers disagree on which one counts.
    case duplicateKey
    /// Nested deeper than ``RecordLimits/depth``.
    case tooDeep
    /// Longer than ``RecordLimits/bytes``.
    case tooLong
    /// A NUL byte in a text line.
    case nulByte
    /// Holds none of the fields that the rules look at.
    case missingField
    /// A field that should be text is something else.
    case wrongType
    /// The input broke off inside the record.
    case truncated

    /// The reason as reports and rejected data give it.
    public var reason: String {
        switch self {
        case .invalidJSON: "invalid-json"
        case .invalidUTF8: "invalid-utf8"
        case .loneSurrogate: "lone-surrogate"
        case .duplicateKey: "duplicate-key"
        case .tooDeep: "too-deep"
        case .tooLong: "too-long"
        case .nulByte: "nul-byte"
        case .missingField: "missing-field"
        case .wrongType: "wrong-type"
        case .truncated: "truncated"
        }
    }

    /// One sentence for people, with what to do where something can be done.
    public var explanation: String {
        switch self {
        case .invalidJSON: "The line is not one JSON value (RFC 8259)."
        case .invalidUTF8: "The bytes are not valid UTF-8."
        case .loneSurrogate: "An escape names half of a surrogate pair, so the string is no valid text."
        case .duplicateKey: "An object names a member twice, and readers disagree on which one counts."
        case .tooDeep: "Arrays and objects are nested deeper than the limit."
        case .tooLong: "The record is longer than the limit; --max-record-bytes raises it."
        case .nulByte: "The line holds a NUL byte; is this file text, and is it UTF-8?"
        case .missingField: "None of the fields that the rules look at is there; --field names another one."
        case .wrongType: "A field that should be text is a number, a Boolean, null or an object."
        case .truncated: "The input ends inside the record."
        }
    }
}

/// Bounds on one record; what exceeds them is malformed, whatever it holds.
public struct RecordLimits: Sendable {
    /// Bytes of one record, its line end not counted.
    public var bytes: Int
    /// Nested arrays and objects.
    public var depth: Int
    /// Strings of one record that can be looked at; a record with more is too long.
    public static let fields = 1 << 18

    /// Limits; 8 MiB and 512 levels unless said.
    public init(bytes: Int = 8 << 20, depth: Int = 512) {
        self.bytes = bytes
        self.depth = depth
    }
}
