// Keys that must not be shown.

/// A text that no description, dump, error or log shows, such as the key to a server. It comes out in one place only: where
/// this target writes it into a request.
public struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    /// Hides `text`.
    public init(_ text: String) { self.text = text }

    /// `•••`, whatever it is.
    public var description: String { "•••" }

    /// `•••`, whatever it is.
    public var debugDescription: String { description }

    /// Nothing for a dump to look into.
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// Lends the text to `body`, which must not keep it.
    func reveal<Value>(_ body: (String) -> Value) -> Value { body(text) }
}
