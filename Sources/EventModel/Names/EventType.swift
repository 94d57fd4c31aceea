/// The name of a kind of event on the wire, such as `TabOpened`; never the name of a Swift type.
///
/// A name is 1 to 512 bytes of UTF-8 without control characters, leading or trailing space.
public struct EventType: ByteComparedText {
    /// The name as it was given.
    public let text: String

    /// Checks a name that came from outside.
    ///
    /// - Parameter text: The whole name.
    /// - Throws: ``InvalidName`` that says which rule the text breaks.
    public init(_ text: String) throws(InvalidName) {
        try NameRules.check(text, .type)
        self.text = text
    }

    /// What is said about a stream, in its metadata stream: `$metadata`.
    public static let streamMetadata = EventType(stored: "$metadata")

    /// The end of a stream for ever: `$streamDeleted`.
    public static let streamDeleted = EventType(stored: "$streamDeleted")

    /// A reference to an event of another stream: `$>`, with data `VERSION@STREAM`.
    public static let link = EventType(stored: "$>")

    /// Takes a name that was checked before it was stored.
    package init(stored text: String) {
        self.text = text
    }
}
