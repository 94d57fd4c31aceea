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

extension WireEvent {
    /// The type of the event that ends a stream for ever.
    static let tombstoneType = "$streamDeleted"

    /// Says an event of the store in the words of the product.
    init(_ event: RecordedEvent) {
        let type = event.type.text
        streamID = event.stream.text
        number =
            type == Self.tombstoneType
            ? Self.tombstoneNumber : event.version.rawValue - 1
        self.type = type
        id = event.givenID ?? event.id
        recordedAt = event.recordedAt
        data = event.data.bytes
        metadata = event.metadata?.bytes ?? []
        isJSON = event.data.mediaType.isMarkedJSON || event.metadata?.mediaType.isMarkedJSON == true
    }
}

extension MediaType {
    /// ``isJSON``, without the work of taking a text apart where the type is the usual one.
    fileprivate var isMarkedJSON: Bool { self == .json || isJSON }
}
