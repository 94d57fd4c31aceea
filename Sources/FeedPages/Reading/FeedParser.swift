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
    /// - Returns: The document; one of NDJSON has no links, since nothing depends on them.
    /// - Throws: ``FeedFormatError`` for everything that a reader must refuse.
    /// - Complexity: Linear in the bytes.
    public static func parse(_ bytes: [UInt8], _ form: FeedForm, fields: HTTPFields = [:])
        throws(FeedFormatError) -> ParsedFeed
    {
        switch form {
        case .atom:
            return try AtomReading.feed(bytes)
        case .json:
            var reading = JSONReading(bytes)
            return try reading.feed()
        case .ndjson:
            return try JSONReading.lines(bytes, FeedFacts(fields: fields), links: [])
        }
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
        try JSONReading.lines(lines, facts, links: [])
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
        let event: ParsedEvent
        if form == .atom {
            event = try AtomReading.event(bytes)
        } else {
            let facts = try FeedFacts(fields: fields, ofOneEvent: true)
            var reading = JSONReading(bytes)
            event = ParsedEvent(facts: facts, entry: try reading.onlyEvent())
        }
        guard event.entry.number == event.facts.scannedTo else {
            throw FeedFormatError(
                .invalidValue,
                field: "number",
                number: event.entry.number.rawValue,
                found: (event.entry.number.description, event.facts.scannedTo.description)
            )
        }
        return event
    }
}
