public import EventModel

/// Events that were checked against the checkpoint, on their way to whoever applies them.
public struct Delivery: Hashable, Sendable {
    /// The checkpoint before; nil at the very first batch.
    public let from: Checkpoint?
    /// The checkpoint once the events are applied.
    public let to: Checkpoint
    /// The number that the events come after.
    public let after: EventNumber
    /// The events, oldest first, none twice; may be empty, where a filter matched none.
    public let events: [RecordedEvent]
    /// The highest number in the history, as far as is known.
    public let head: EventNumber
    /// 1, and one more each time the same place is delivered again by this process.
    public let attempt: Int

    /// States what is delivered.
    ///
    /// - Parameters:
    ///   - from: The checkpoint before; nil where there is none.
    ///   - to: The checkpoint once the events are applied.
    ///   - batch: The batch that was checked, without what was applied before.
    ///   - head: The highest number in the history.
    ///   - attempt: 1, and one more at each repetition.
    public init(
        from: Checkpoint?,
        to: Checkpoint,
        batch: EventBatch,
        head: EventNumber,
        attempt: Int
    ) {
        self.from = from
        self.to = to
        after = batch.after
        events = batch.events
        self.head = head
        self.attempt = attempt
    }
}

extension Delivery {
    private init(again delivery: Delivery) {
        from = delivery.from
        to = delivery.to
        after = delivery.after
        events = delivery.events
        head = delivery.head
        attempt = delivery.attempt + 1
    }

    /// The same delivery once more.
    func again() -> Delivery { Delivery(again: self) }
}

/// What became of a delivery.
public enum DeliveryOutcome: Hashable, Sendable {
    /// The events are applied and the checkpoint has moved.
    case applied
    /// Nothing was applied, for this reason: the same events again, with back-off.
    case tryAgainLater(reason: String)
}

/// Who applies events and keeps the checkpoint: a ``Projector`` or a ``HandlerRunner``.
public protocol BatchReceiver: Sendable {
    /// Gets ready, and tells how far the history was applied.
    ///
    /// - Parameter terms: What the subscription follows.
    /// - Returns: The checkpoint, or nil where nothing was applied yet.
    /// - Throws: ``CheckpointStoreError``; what the receiver itself throws; `CancellationError`.
    func begin(_ terms: SubscriptionTerms) async throws -> Checkpoint?

    /// Applies events and moves the checkpoint.
    ///
    /// - Parameter delivery: The events and both checkpoints.
    /// - Returns: Whether they were applied.
    /// - Throws: ``ApplyError``, ``HandlerError``, ``CheckpointStoreError``: the subscription ends.
    ///   `CancellationError`, and the checkpoint is then right for what was applied.
    func receive(_ delivery: Delivery) async throws -> DeliveryOutcome
}

/// The receiver wants the same events later, and nobody waits for that.
public struct DeliveryPostponed: Error, Sendable, CustomStringConvertible {
    /// What was delivered.
    public let delivery: Delivery
    /// One sentence for people: why it was not applied.
    public let reason: String

    /// States that a delivery has to come again later.
    ///
    /// - Parameters:
    ///   - delivery: What was delivered.
    ///   - reason: Why it was not applied.
    public init(_ delivery: Delivery, reason: String) {
        self.delivery = delivery
        self.reason = reason
    }

    /// One sentence that names the events.
    public var description: String {
        "events \(delivery.after) to \(delivery.to.number) have to come again: \(reason)"
    }
}
