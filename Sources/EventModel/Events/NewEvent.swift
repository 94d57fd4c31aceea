/// A fact to be appended; it has no number and no version yet.
public struct NewEvent: Hashable, Sendable {
    /// The identity, unique in the whole store.
    ///
    /// Repeating it with the same content is harmless.
    public let id: EventID
    /// The stream that the event belongs to.
    public let stream: StreamName
    /// What kind of event it is.
    public let type: EventType
    /// What happened.
    public let data: Payload
    /// What is known about the event itself; through our own interface a JSON object, or nothing.
    ///
    /// Fixed keys: `$correlationId`, `$causationId`, `schemaVersion`, `tags`, `actor`.
    public let metadata: Payload?

    /// Describes an event.
    ///
    /// - Parameters:
    ///   - id: The identity; a new time-ordered one where none is given. Keep it in order to
    ///     repeat the append safely.
    ///   - stream: The stream that the event belongs to.
    ///   - type: What kind of event it is.
    ///   - data: What happened.
    ///   - metadata: What is known about the event itself.
    public init(
        id: EventID = .timeOrdered(),
        stream: StreamName,
        type: EventType,
        data: Payload,
        metadata: Payload? = nil
    ) {
        self.id = id
        self.stream = stream
        self.type = type
        self.data = data
        self.metadata = metadata
    }

    /// Bytes of data and metadata together.
    public var byteCount: Int { data.bytes.count + (metadata?.bytes.count ?? 0) }
}
