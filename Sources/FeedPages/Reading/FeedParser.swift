import EventModel
public import HTTPTypes

extension ParsedFeed {
    /// Reads a feed document and checks it whole: facts, numbers, entries, values.
    ///
    /// - Parameters:
    ///   - bytes: The whole body, uncompressed.
    ///   - form: Its form, from the media type.
    ///   - fields: The answer's header fields: in NDJSON the facts stand there alone, and in the
    ///     other forms they are not looked at.
    /// - Returns: The document.
    /// - Throws: ``FeedFormatError`` for everything that a reader must refuse.
    /// - Complexity: Linear in the bytes.
    public static func parse(_ bytes: [UInt8], _ form: FeedForm, fields: HTTPFields = [:])
        throws(FeedFormatError) -> ParsedFeed
    {
        fatalError("soon")
    }

    /// Reads an NDJSON document whose facts come from elsewhere, as in a folder.
    ///
    /// - Parameters:
    ///   - lines: The whole document.
    ///   - facts: What the document would state about itself.
    /// - Returns: The document, without links.
    /// - Throws: ``FeedFormatError`` for everything that a reader must refuse.
    public static func parse(lines: [UInt8], facts: FeedFacts) throws(FeedFormatError)
        -> ParsedFeed
    {
        fatalError("soon")
    }
}

/// The document of a single event as a reader takes it in.
public struct ParsedEvent: Hashable, Sendable {
    /// What the document states about itself.
    public let facts: FeedFacts
    /// The event.
    public let entry: ParsedEntry

    /// Reads the document of one event.
    ///
    /// - Parameters:
    ///   - bytes: The whole body, uncompressed.
    ///   - form: Its form, from the media type.
    ///   - fields: The answer's header fields, where the facts stand in JSON.
    /// - Returns: The document.
    /// - Throws: ``FeedFormatError`` for everything that a reader must refuse.
    public static func parse(_ bytes: [UInt8], _ form: FeedForm, fields: HTTPFields = [:])
        throws(FeedFormatError) -> ParsedEvent
    {
        fatalError("soon")
    }
}

extension FeedFacts {
    /// Reads the facts from response headers.
    ///
    /// - Parameter fields: The header fields of an answer.
    /// - Throws: ``FeedFormatError``: `notAnEventFeed` where `EventFeed-Epoch` is missing.
    public init(fields: HTTPFields) throws(FeedFormatError) {
        fatalError("soon")
    }
}
