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

/// What became of a delivery.
public enum DeliveryOutcome: Hashable, Sendable {
    /// The events are applied and the checkpoint has moved.
    case applied
    /// Nothing was applied: the same events again, with back-off.
    case tryAgainLater
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
