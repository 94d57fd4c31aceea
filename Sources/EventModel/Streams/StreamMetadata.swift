/// What is said about a stream: the newest event of its metadata stream, as far as it has a meaning
/// here.
///
/// It changes what reads of the one stream return, never the history: the global feed keeps every
/// event. Its text is a JSON object that may hold anything else besides; what is said in here
/// stands under the names of the Event Store product, which wrote such objects first.
public struct StreamMetadata: Hashable, Sendable {
    /// Only so many of the newest events are read, at least 1; `$maxCount`.
    public var maximumCount: Int64?
    /// Events that are older are not read, at least one second; `$maxAge`, in seconds.
    public var maximumAge: Duration?
    /// Events up to and with this version are not read; `$tb`.
    public var truncatedThrough: StreamVersion?
    /// For how many seconds answers about the newest events may be cached, at least 1;
    /// `$cacheControl`.
    public var cacheSeconds: Int64?
    /// Who may do what; `$acl`.
    public var accessList: StreamAccessList?

    /// Says nothing about a stream.
    public init() {}

    /// Whether the stream counts as deleted: no event of it is read until somebody appends.
    public var isDeleted: Bool { truncatedThrough == Self.everything }

    /// The value of ``truncatedThrough`` that deletes a stream: 9223372036854775807.
    public static let everything = StreamVersion(.max)
}
