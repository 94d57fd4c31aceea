public import EventModel

/// The limits of the interface in one place, as the service document shows them.
///
/// A server may set them lower. What is fixed by the format (names, JSON depth, the size up to
/// which values are in line) has no property here.
public struct WireLimits: Hashable, Sendable {
    /// Encoded bytes up to which a value stands in the document itself: 65,536, fixed by the
    /// format.
    public static let inlineBytes = 65_536
    /// The most bytes that one entry or line can have: 327,680.
    public static let entryBytes = 327_680
    /// The most bytes that a document has besides its entries: 131,072.
    public static let frameBytes = 131_072

    /// What the store takes: data, metadata, events in an append.
    public var store: Limits
    /// Bytes in the header `Event-Metadata`: 8,192.
    public var metadataHeaderBytes: Int
    /// Bytes in the body of an append: 16,777,216.
    public var appendBytes: Int
    /// The highest `limit`: 1,000 events.
    public var answerEvents: Int
    /// Bytes of entries in an `after` or stream document: 8,388,608.
    public var answerBytes: Int
    /// Filter parameters in one query: 100.
    public var filterValues: Int
    /// The highest `wait`: 60 seconds.
    public var waitSeconds: Int
    /// Bytes of a request target: 16,384.
    public var addressBytes: Int
    /// Bytes of all headers of a request together: 32,768.
    public var headerBytes: Int
    /// Bytes of all request bodies in memory together: 67,108,864.
    public var bodiesBytes: Int

    /// The highest values.
    public static let standard = WireLimits()

    /// Sets limits; the standard value for each that is not named.
    ///
    /// - Parameter store: What the store takes.
    public init(store: Limits = .standard) {
        self.store = store
        metadataHeaderBytes = 8_192
        appendBytes = store.bytesPerAppend
        answerEvents = Limits.readEvents
        answerBytes = 8_388_608
        filterValues = 100
        waitSeconds = 60
        addressBytes = 16_384
        headerBytes = 32_768
        bodiesBytes = 67_108_864
    }

    /// The most bytes that a complete page or a head document can have, uncompressed.
    ///
    /// - Parameter pageSize: Events on a complete page.
    /// - Returns: Bytes; a reader takes at least as many.
    public static func pageBytes(pageSize: Int) -> Int {
        pageSize * entryBytes + frameBytes
    }

    /// The most bytes that an `after` or stream document can have, uncompressed: 8,847,360.
    public static let answerDocumentBytes = 8_388_608 + entryBytes + frameBytes
}
