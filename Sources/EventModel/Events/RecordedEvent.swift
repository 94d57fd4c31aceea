/// A fact as the store keeps it, for ever.
public struct RecordedEvent: Hashable, Sendable {
    /// The event's place in the store.
    public let number: EventNumber
    /// The count of events in the stream up to and with this one: the first has version 1.
    public let version: StreamVersion
    /// When the store recorded it; never earlier than the event before.
    public let recordedAt: Timestamp
    /// What was appended.
    public let event: NewEvent
    /// The id that the writer gave where the store had to derive another; nil where it is ``id``.
    ///
    /// It is shown by the one interface in which ids count per stream, and is part of neither
    /// digest nor feed.
    public let givenID: EventID?

    /// Puts an event and its place together.
    ///
    /// - Parameters:
    ///   - number: The event's place in the store, from 1.
    ///   - version: The event's place in its stream, from 1.
    ///   - recordedAt: When the store recorded it.
    ///   - event: What was appended.
    ///   - givenID: The id that the writer gave, unless it is the event's.
    public init(
        number: EventNumber,
        version: StreamVersion,
        recordedAt: Timestamp,
        event: NewEvent,
        givenID: EventID? = nil
    ) {
        self.number = number
        self.version = version
        self.recordedAt = recordedAt
        self.event = event
        self.givenID = givenID == event.id ? nil : givenID
    }

    /// The identity, unique in the whole store.
    public var id: EventID { event.id }
    /// The stream that the event belongs to.
    public var stream: StreamName { event.stream }
    /// What kind of event it is.
    public var type: EventType { event.type }
    /// What happened.
    public var data: Payload { event.data }
    /// What is known about the event itself.
    public var metadata: Payload? { event.metadata }
}
