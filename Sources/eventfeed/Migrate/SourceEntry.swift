import EventModel

/// An entry of a page of the product, as its JSON with `embed=body` or `tryharder` has it.
///
/// Numbers are the product's: a stream's first event has 0.
struct SourceEntry: Hashable, Sendable {
    /// The event's id; nil on an entry that stands for a link which leads nowhere.
    var id: EventID?
    var type: String?
    /// The stream and number of the event: of the target, where a link was followed.
    var stream: String?
    var number: Int64?
    /// The stream and number of the event that is recorded here.
    var placeStream: String?
    var placeNumber: Int64?
    /// The text of the data; nil where the page has none.
    var data: [UInt8]?
    /// The text of the metadata; empty where there is none.
    var metadata: [UInt8] = []
    /// The text of the metadata of the link that was followed.
    var linkMetadata: [UInt8] = []
    var isJSON = false
    /// `NUMBER@STREAM`, for messages.
    var title = ""
    /// The type of the event that is recorded here: `$>` where a link was followed.
    var summary = ""

    /// The number that the product gives to what ends a stream for ever.
    static let tombstoneNumber = Int64.max

    /// Whether the product followed a link, and shows where it leads instead of the link.
    var isFollowedLink: Bool { placeStream != stream || placeNumber != number }

    /// Whether this ends its stream for ever.
    var isTombstone: Bool {
        placeNumber == Self.tombstoneNumber && type == EventType.streamDeleted.text
    }
}

/// A page of events, oldest first.
struct SourcePage: Hashable, Sendable {
    var entries: [SourceEntry] = []
    /// Where the page after this one begins; nil at the end.
    var next: String?

    /// Reads a page that goes forward.
    ///
    /// - Parameter body: The document, `application/vnd.eventstore.atom+json`.
    /// - Returns: The page; members that are null count as absent.
    /// - Throws: `JSONError` where the document is none.
    static func parse(_ body: [UInt8]) throws(JSONError) -> SourcePage {
        var reader = JSONReader(body)
        var page = SourcePage()
        try reader.forEachMember { name, reader throws(JSONError) in
            switch name {
            case "entries":
                try reader.forEachElement { reader throws(JSONError) in
                    page.entries.append(try SourceEntry(&reader))
                }
            case "links":
                try reader.forEachElement { reader throws(JSONError) in
                    if let place = try Self.place(&reader) { page.next = place }
                }
            default:
                _ = try reader.value()
            }
        }
        try reader.endText()
        page.entries.reverse()
        return page
    }

    /// The place that a link names, where it is the one to newer events.
    private static func place(_ reader: inout JSONReader) throws(JSONError) -> String? {
        var uri = ""
        var relation = ""
        try reader.forEachMember { name, reader throws(JSONError) in
            switch name {
            case "uri": uri = try reader.stringOrNull() ?? ""
            case "relation": relation = try reader.stringOrNull() ?? ""
            default: _ = try reader.value()
            }
        }
        guard relation == "previous" else { return nil }
        // …/streams/%24all/PLACE/forward/COUNT; the server may name itself in ways of its own.
        let segments = uri.split(separator: "/")
        guard let direction = segments.lastIndex(of: "forward"), direction > 0 else { return nil }
        return String(segments[direction - 1])
    }
}

extension SourceEntry {
    /// Reads an entry of a page, or the document of one event.
    init(_ reader: inout JSONReader) throws(JSONError) {
        var entry = SourceEntry()
        try reader.forEachMember { name, reader throws(JSONError) in
            switch name {
            case "eventId": entry.id = try reader.stringOrNull().flatMap { EventID($0) }
            case "eventType": entry.type = try reader.stringOrNull()
            case "streamId": entry.stream = try reader.stringOrNull()
            case "eventNumber": entry.number = try reader.integerOrNull()
            case "positionStreamId": entry.placeStream = try reader.stringOrNull()
            case "positionEventNumber": entry.placeNumber = try reader.integerOrNull()
            case "data": entry.data = try reader.bytesOrNull()
            case "metaData": entry.metadata = try reader.bytesOrNull() ?? []
            case "linkMetaData": entry.linkMetadata = try reader.bytesOrNull() ?? []
            case "isJson": entry.isJSON = try reader.isTrue()
            case "title": entry.title = try reader.stringOrNull() ?? ""
            case "summary": entry.summary = try reader.stringOrNull() ?? ""
            default: _ = try reader.value()
            }
        }
        self = entry
    }

    /// Reads the document of one event.
    static func parse(_ body: [UInt8]) throws(JSONError) -> SourceEntry {
        var reader = JSONReader(body)
        let entry = try SourceEntry(&reader)
        try reader.endText()
        return entry
    }
}

extension JSONReader {
    /// Walks over the members of an object; `body` reads the value of each.
    fileprivate mutating func forEachMember(
        _ body: (_ name: String, _ reader: inout JSONReader) throws(JSONError) -> Void
    ) throws(JSONError) {
        try enterObject()
        var isFirst = true
        while let name = try nextName(isFirst: isFirst) {
            isFirst = false
            try body(try name.text(in: bytes), &self)
        }
    }

    /// Walks over the elements of an array; `body` reads each.
    fileprivate mutating func forEachElement(
        _ body: (_ reader: inout JSONReader) throws(JSONError) -> Void
    ) throws(JSONError) {
        try enterArray()
        var isFirst = true
        while try nextElement(isFirst: isFirst) {
            isFirst = false
            try body(&self)
        }
    }

    /// The bytes of a string; nil for anything else.
    fileprivate mutating func bytesOrNull() throws(JSONError) -> [UInt8]? {
        guard peek() == UInt8(ascii: "\"") else {
            _ = try value()
            return nil
        }
        return Array(try string().utf8(in: bytes))
    }

    fileprivate mutating func stringOrNull() throws(JSONError) -> String? {
        try bytesOrNull().map { String(decoding: $0, as: UTF8.self) }
    }

    fileprivate mutating func integerOrNull() throws(JSONError) -> Int64? {
        _ = peek()
        return Int64(String(decoding: bytes[try value()], as: UTF8.self))
    }

    fileprivate mutating func isTrue() throws(JSONError) -> Bool {
        _ = peek()
        return bytes[try value()].elementsEqual("true".utf8)
    }
}
