import EventModel

/// A recorded event in the words of the Event Store product: numbers of a stream count from 0, and
/// that of a tombstone is the highest there is.
struct WireEvent: Hashable, Sendable {
    /// The number that the product shows for a tombstone.
    static let tombstoneNumber = Int64.max

    /// The stream's name.
    let streamID: String
    /// The event's place in its stream, from 0.
    let number: Int64
    /// The event's type.
    let type: String
    /// The id that the client gave.
    let id: EventID
    /// When the event was recorded.
    let recordedAt: Timestamp
    /// The bytes of the data.
    let data: [UInt8]
    /// The bytes of the metadata; none where there is none.
    let metadata: [UInt8]
    /// Whether data or metadata were written as JSON.
    let isJSON: Bool
}
