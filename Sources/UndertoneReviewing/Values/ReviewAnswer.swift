// What a reviewer says of an item, and who keeps it.

/// What a reviewer decides about an item.
public enum ReviewDecision: String, Sendable, CaseIterable {
    /// It may stay.
    case fine
    /// Records like this are to go: this very output, or this very term.
    case reject
    /// Records that a pattern of the reviewer meets are to go.
    case rule
}

/// A decision with what was said about it.
public struct ReviewAnswer: Sendable, Hashable {
    /// What is decided.
    public var decision: ReviewDecision
    /// A phrase that the new rule looks for, where one is to be made; matched as it is, not as a regular expression.
    public var phrase: String?
    /// Anything the reviewer wants to say.
    public var note: String

    /// A decision.
    public init(_ decision: ReviewDecision, phrase: String? = nil, note: String = "") {
        self.decision = decision
        self.phrase = phrase
        self.note = note
    }
}

/// Keeps what a reviewer says, at once: what was decided survives a crash of whatever shows the items.
public protocol ReviewRecord: Sendable {
    /// Answers that the reviewer has given already, by the item's index in the sheet.
    var answers: [Int: ReviewAnswer] { get }

    /// Keeps an answer; a later one about the same item takes its place.
    func keep(_ answer: ReviewAnswer, about item: Int) throws

    /// Takes the answer about an item back.
    func withdraw(about item: Int) throws

    /// The reviewer is done, and says something about the drop as a whole. Nothing can be changed behind this.
    func finish(note: String) throws
}
