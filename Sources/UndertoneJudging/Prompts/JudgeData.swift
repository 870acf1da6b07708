// What of a record a judge is shown.

/// The texts of one record, by who wrote them, in their order.
public struct JudgeData: Sendable, Hashable {
    /// What the user said.
    public var prompts: [String]
    /// What the model wrote.
    public var responses: [String]
    /// What the model was told beforehand.
    public var systems: [String]

    /// The texts of a record.
    public init(prompts: [String] = [], responses: [String] = [], systems: [String] = []) {
        self.prompts = prompts
        self.responses = responses
        self.systems = systems
    }

    /// Bytes of all texts together.
    public var bytes: Int { (prompts + responses + systems).reduce(0) { $0 + $1.utf8.count } }
}
