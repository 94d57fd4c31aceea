/// What a store takes at the most; everything that comes in is held against these numbers.
///
/// The numbers of a running server may be set lower, never higher, and are shown in its service
/// document.
public struct Limits: Hashable, Sendable {
    /// Bytes of UTF-8 in the name of a stream or an event type: 512.
    public static let nameBytes = 512
    /// Bytes in a media type: 255.
    public static let mediaTypeBytes = 255
    /// Nesting depth of JSON that counts as JSON: 128.
    public static let jsonDepth = 128
    /// The page sizes that a store may be created with: 10 to 500 events.
    public static let pageSizes = 10...500
    /// The highest `limit` of one read of the whole history, and over HTTP: 1,000 events.
    public static let readEvents = 1_000
    /// The highest `limit` of one read of a stream: 4,096 events.
    public static let streamReadEvents = 4_096
    /// Numbers that one filtered read looks at: 20,000.
    public static let scannedNumbers = 20_000

    /// Bytes in the data of one event.
    public var dataBytes: Int
    /// Bytes in the metadata of one event.
    public var metadataBytes: Int
    /// Events in one append.
    public var eventsPerAppend: Int
    /// Bytes of data and metadata in one append, all events together.
    public var bytesPerAppend: Int

    /// The highest values: 4 MiB of data, 64 KiB of metadata, 10,000 events and 16 MiB an append.
    public static let standard = Limits(
        dataBytes: 4 << 20,
        metadataBytes: 64 << 10,
        eventsPerAppend: 10_000,
        bytesPerAppend: 16 << 20
    )

    /// Sets limits, each cut to the range from 1 to the standard value.
    ///
    /// - Parameters:
    ///   - dataBytes: Bytes in the data of one event.
    ///   - metadataBytes: Bytes in the metadata of one event.
    ///   - eventsPerAppend: Events in one append.
    ///   - bytesPerAppend: Bytes of data and metadata in one append.
    public init(dataBytes: Int, metadataBytes: Int, eventsPerAppend: Int, bytesPerAppend: Int) {
        self.dataBytes = min(max(1, dataBytes), 4 << 20)
        self.metadataBytes = min(max(1, metadataBytes), 64 << 10)
        self.eventsPerAppend = min(max(1, eventsPerAppend), 10_000)
        self.bytesPerAppend = min(max(1, bytesPerAppend), 16 << 20)
    }
}

/// Something was larger than its limit.
public struct LimitExceeded: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was measured, in the words of a message: `data`, `metadata`, `append`, `events`, ….
    public let field: String
    /// The highest value allowed, in `unit`.
    public let limit: Int
    /// The value found, in `unit`; the least it can be where measuring stopped at the limit.
    public let actual: Int
    /// `bytes`, `events` or another count.
    public let unit: String
    /// The place of the event in its append, from 0, where one event is at fault.
    public let eventIndex: Int?

    /// Names what was too large.
    ///
    /// - Parameters:
    ///   - field: What was measured.
    ///   - limit: The highest value allowed.
    ///   - actual: The value found.
    ///   - unit: What both count.
    ///   - eventIndex: The place of the event in its append, from 0.
    public init(
        field: String,
        limit: Int,
        actual: Int,
        unit: String = "bytes",
        eventIndex: Int? = nil
    ) {
        self.field = field
        self.limit = limit
        self.actual = actual
        self.unit = unit
        self.eventIndex = eventIndex
    }

    /// One sentence with both numbers.
    public var description: String {
        let place = eventIndex.map { " of event \($0 + 1)" } ?? ""
        return "\(field)\(place) has \(actual) \(unit), the limit is \(limit)"
    }
}
