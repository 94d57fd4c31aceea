/// The identity of an event: unique in the whole store, for ever.
///
/// Whoever writes an event chooses its id, so that an append whose answer was lost can be repeated
/// without recording anything twice.
public struct EventID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The 16 bytes.
    public let uuid: UUIDBytes

    /// Wraps a UUID of any version.
    ///
    /// - Parameter uuid: Any 16 bytes.
    public init(_ uuid: UUIDBytes) {
        self.uuid = uuid
    }

    /// Reads the form with dashes, in either case.
    ///
    /// - Parameter text: 36 characters; returns nil for anything else.
    public init?(_ text: some StringProtocol) {
        guard let uuid = UUIDBytes(text) else { return nil }
        self.uuid = uuid
    }

    /// Makes an id that sorts by time (UUID version 7), the right kind for events that we name:
    /// neighbours in time are neighbours in the store's index.
    ///
    /// - Parameter instant: The time that the id begins with.
    /// - Returns: A new id; two calls never return the same one.
    public static func timeOrdered(at instant: Timestamp = .now()) -> EventID {
        EventID(.timeOrdered(at: instant))
    }

    /// Derives the id that belongs to a name (UUID version 5): the same for the same arguments.
    ///
    /// - Parameters:
    ///   - name: The bytes that name the event within the namespace.
    ///   - namespace: What the name is unique in.
    /// - Returns: The id.
    public static func derived(from name: some Sequence<UInt8>, in namespace: UUIDBytes) -> EventID
    {
        EventID(.named(name, in: namespace))
    }

    /// The lower-case form with dashes.
    public var description: String { uuid.description }

    /// Orders by bytes.
    public static func < (lhs: EventID, rhs: EventID) -> Bool { lhs.uuid < rhs.uuid }
}
