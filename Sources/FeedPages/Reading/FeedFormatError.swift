/// A document that a reader must refuse; nothing of it may be applied.
public struct FeedFormatError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of trouble it is.
    public enum Code: String, Hashable, Sendable {
        /// XML or JSON that is not well-formed, or not UTF-8.
        case malformed
        /// Well-formed, but beyond a limit of the specification.
        case tooLarge
        /// A document without `ef:feed`, or not a feed at all: this is no event feed.
        case notAnEventFeed
        /// A `format` that this software does not know.
        case unknownFormat
        /// A fact, attribute or member is missing.
        case missing
        /// A fact, attribute or member is there twice.
        case repeated
        /// A fact, attribute or member is not as the specification says.
        case invalidValue
        /// A number that must be there is not, or one is outside the document's bounds.
        case hole
        /// Two different events have one number, or one id.
        case conflictingEntries
        /// A value that was fetched does not have the length or digest that the entry says.
        case wrongDigest
    }

    /// What kind of trouble it is.
    public let code: Code
    /// What it is about: `ef:feed/@epoch`, `entry/content`, `dataBase64`, ….
    public let field: String?
    /// The line in the document, from 1.
    public let line: Int?
    /// The column in that line, from 1.
    public let column: Int?
    /// The event's number, where one entry is at fault and says which it is.
    public let number: Int64?
    /// What was found, shortened to 100 characters.
    public let actual: String?
    /// What the specification asks for, in the words of a message.
    public let expected: String?

    package init(
        _ code: Code,
        field: String? = nil,
        at place: (line: Int, column: Int?)? = nil,
        number: Int64? = nil,
        found: (actual: String?, expected: String?) = (nil, nil)
    ) {
        self.code = code
        self.field = field
        line = place?.line
        column = place?.column
        self.number = number
        actual = found.actual.map { String($0.prefix(100)) }
        expected = found.expected
    }

    /// One sentence with everything that is known.
    public var description: String {
        var text = "the document is refused (\(code.rawValue))"
        if let number { text += ", event \(number)" }
        if let line { text += ", line \(line)" }
        if let column { text += ", column \(column)" }
        if let field { text += ", \(field)" }
        if let expected { text += ": expected \(expected)" }
        if let actual { text += expected == nil ? ": \(actual)" : ", found \(actual)" }
        return text
    }
}
