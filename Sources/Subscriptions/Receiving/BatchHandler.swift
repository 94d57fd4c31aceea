public import EventModel

/// Something that is done for each batch of events outside the checkpoint's transaction: a command
/// run, a message sent.
///
/// It happens at least once: the handler runs, then the checkpoint moves. If the process dies
/// between the two, the same events come again, possibly cut into other batches. Whoever needs
/// once and only once keeps the number of the last event with what it writes, or writes a
/// ``ReadModel``.
public protocol BatchHandler: Sendable {
    /// Does what the events ask for.
    ///
    /// A delivery without events is not handed over.
    ///
    /// - Parameter delivery: One event or more, with what is known of their place in the history.
    /// - Returns: What became of it.
    /// - Throws: ``HandlerError`` or anything else: the subscription ends, the checkpoint stays.
    ///   `CancellationError` where the task was cancelled; the checkpoint stays as well.
    func handle(_ delivery: Delivery) async throws -> DeliveryOutcome
}

/// A handler failed in a way that repeating does not mend; the checkpoint has not moved.
public struct HandlerError: Error, Sendable, CustomStringConvertible {
    /// The number of the first event that it was given.
    public let first: EventNumber
    /// The number of the last event that it was given.
    public let last: EventNumber
    /// One sentence for people: what the handler did.
    public let message: String
    /// The error underneath, for logs.
    public let cause: (any Error)?

    /// States that a handler failed.
    ///
    /// - Parameters:
    ///   - delivery: What it was given.
    ///   - message: What the handler did.
    ///   - cause: The error underneath.
    public init(_ delivery: Delivery, _ message: String, cause: (any Error)? = nil) {
        first = delivery.events.first?.number ?? delivery.after
        last = delivery.events.last?.number ?? delivery.to.number
        self.message = message
        self.cause = cause
    }

    /// One sentence that names events and failure.
    public var description: String { "handler failed at events \(first) to \(last): \(message)" }
}
