public import EventModel

/// Events for tests that care about few of their fields.
public enum Sample {
    /// An event with a new id.
    ///
    /// - Parameters:
    ///   - stream: The stream's name.
    ///   - type: The type's name.
    ///   - json: The data, of media type `application/json`.
    /// - Returns: The event, without metadata.
    /// - Throws: `InvalidName` for a name that is none.
    public static func event(
        _ stream: String = "sample-1",
        type: String = "Happened",
        json: String = "{}"
    ) throws -> NewEvent {
        NewEvent(stream: try StreamName(stream), type: try EventType(type), data: .json(json))
    }

    /// Events of one stream, numbered in their data: `{"n":1}`, `{"n":2}`, ….
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - stream: The stream's name.
    ///   - type: The type's name.
    /// - Returns: The events, with new ids.
    /// - Throws: `InvalidName` for a name that is none.
    public static func events(
        _ count: Int,
        of stream: String = "sample-1",
        type: String = "Happened"
    ) throws -> [NewEvent] {
        try (0..<count).map { try event(stream, type: type, json: "{\"n\":\($0 + 1)}") }
    }

    /// Data of one media type in all the forms that are easily damaged on the way.
    public static let awkwardPayloads: [Payload] = [
        Payload([], mediaType: .octetStream),
        Payload([], mediaType: .json),
        Payload([0], mediaType: .octetStream),
        Payload(Array(0...255), mediaType: .octetStream),
        Payload([0xC3, 0x28, 0xFF, 0xFE], mediaType: .plainText),
        Payload([0xEF, 0xBB, 0xBF, 0x7B, 0x7D], mediaType: .json),
        Payload(Array("a\u{0}b".utf8), mediaType: .plainText),
        Payload(Array("one\r\ntwo\rthree\nfour\r".utf8), mediaType: .plainText),
        Payload(Array(" \t leading and trailing white space \n\n".utf8), mediaType: .plainText),
        Payload(Array("]]> <![CDATA[ & &amp; &#0; <a b='\"'/>".utf8), mediaType: .plainText),
        Payload(
            Array("{\"e\": 1e400, \"e\": 1.0, \"\\u0000\": \"\\ud800\"}".utf8),
            mediaType: .json
        ),
        Payload(
            Array("👩‍👩‍👧‍👦 e\u{301} \u{E9} \u{202E}mirror\u{202C} \u{FFFE}\u{1FFFF}".utf8),
            mediaType: .json
        ),
        Payload(
            Array("\u{7F}\u{80}\u{85}\u{A0}\u{2028}\u{2029}\u{FEFF}\u{10FFFF}".utf8),
            mediaType: .plainText
        ),
        Payload(
            Array("<?xml version=\"1.0\"?><a/>".utf8),
            mediaType: MediaType(stored: "application/atom+xml")
        ),
        Payload(Array("x".utf8), mediaType: MediaType(stored: "TEXT/Plain; Charset=\"UTF-8\"")),
    ]
}
