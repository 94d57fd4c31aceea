public import EventModel

/// State made for queries, built from events and from nothing else.
///
/// ## For implementers
/// Everything is synchronous and happens in the transaction that moves the checkpoint: what is
/// written through it happens exactly once. Write nothing elsewhere, read no clock and no random
/// number, so that the same events always give the same rows.
public protocol ReadModel<Transaction>: Sendable {
    /// What rows are written through.
    associatedtype Transaction

    /// What the read model is called, in messages and in its bookkeeping.
    var name: String { get }

    /// Makes the tables that are not there yet; called at every start, before the first batch.
    ///
    /// - Parameter transaction: What to write through.
    /// - Throws: Anything; nothing of it remains then, and the subscription ends.
    func prepare(_ transaction: Transaction) throws

    /// Writes what one event means.
    ///
    /// - Parameters:
    ///   - event: The event that follows the one before; a filtered subscription skips some.
    ///   - transaction: What to write through.
    /// - Throws: Anything; nothing of the whole batch remains then, and the subscription ends with
    ///   an ``ApplyError`` that names the event.
    func apply(_ event: RecordedEvent, in transaction: Transaction) throws
}

/// One event could not be applied; nothing of its batch was.
public struct ApplyError: Error, CustomStringConvertible {
    /// The read model.
    public let model: String
    /// The number of the event.
    public let number: EventNumber
    /// The stream of the event.
    public let stream: StreamName
    /// The type of the event.
    public let type: EventType
    /// What the read model threw.
    public let cause: any Error

    /// States that an event could not be applied.
    ///
    /// - Parameters:
    ///   - model: The name of the read model.
    ///   - event: The event.
    ///   - cause: What the read model threw.
    public init(model: String, event: RecordedEvent, cause: any Error) {
        self.model = model
        number = event.number
        stream = event.stream
        type = event.type
        self.cause = cause
    }

    /// One sentence that names event and cause.
    public var description: String {
        "read model \(model) failed at event \(number) (\(type) in \(stream)): \(cause)"
    }
}
