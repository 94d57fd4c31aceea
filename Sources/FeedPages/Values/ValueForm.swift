public import EventModel

/// How a value travels in documents; decided once, whatever the form of the document.
public enum ValueForm: Hashable, Sendable {
    /// As characters.
    case text
    /// As base64.
    case base64
    /// Not in the document: there stand its address, length and digest.
    case outOfLine

    /// Decides how a value travels.
    ///
    /// Text is what is JSON, XML or `text/*` in UTF-8 and has only characters that XML 1.0 can
    /// carry. Out of line is what would have more than ``WireLimits/inlineBytes`` encoded bytes.
    ///
    /// - Parameter value: Data or metadata.
    /// - Complexity: Linear in the value's bytes.
    public init(of value: Payload) { fatalError("soon") }
}
