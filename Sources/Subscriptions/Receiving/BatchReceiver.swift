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
    /// 1, and one more each time the same events are tried again: by this process or, where the
    /// tries are counted in a store, since it first was.
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
    private init(
        _ delivery: Delivery,
        after: EventNumber? = nil,
        events: [RecordedEvent],
        attempt: Int
    ) {
        from = delivery.from
        to = delivery.to
        self.after = after ?? delivery.after
        self.events = events
        head = delivery.head
        self.attempt = attempt
    }

    /// The same delivery once more.
    func again() -> Delivery { Delivery(self, events: events, attempt: attempt + 1) }

    /// What is left of the delivery without events up to a number, which were handled before.
    func dropping(through number: EventNumber) -> Delivery {
        guard let first = events.first, first.number <= number else { return self }
        return Delivery(
            self,
            after: min(max(after, number), to.number),
            events: events.filter { $0.number > number },
            attempt: attempt
        )
    }

    /// A parked event once more, alone.
    ///
    /// Its ``to`` is where the history was applied to meanwhile, so that whoever keeps that number
    /// never goes back.
    init?(again parked: ParkedEvent, at checkpoint: Checkpoint?) {
        guard let checkpoint else { return nil }
        from = checkpoint
        to = checkpoint
        after = EventNumber(parked.event.number.rawValue - 1)
        events = [parked.event]
        head = checkpoint.number
        attempt = Int(clamping: parked.tries) + 1
    }

    /// The same delivery with the count of tries that a store knows.
    func counted(_ tries: Tries) -> Delivery {
        Delivery(self, events: events, attempt: Int(clamping: tries.count))
    }
}

/// What became of a delivery.
public enum DeliveryOutcome: Hashable, Sendable {
    /// The events are applied and the checkpoint has moved.
    case applied
    /// The checkpoint has moved, and all events are applied but these, which are set aside.
    case appliedParking([ParkedEvent])
    /// Nothing was applied, for this reason: the same events again, with back-off.
    case tryAgainLater(reason: String)
    /// Nothing was applied: the same events again, one by one.
    case oneAtATime
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
    /// - Throws: ``ApplyError``, ``HandlerError``, ``CrashLoop``, ``CheckpointStoreError``: the
    ///   subscription ends. `CancellationError`, and the checkpoint is then right for what was
    ///   applied.
    func receive(_ delivery: Delivery) async throws -> DeliveryOutcome

    /// Looks once whether other processes want something of the store's owner, and does it.
    ///
    /// It is called before every request, and again and again while a subscription waits.
    ///
    /// - Returns: True if somebody wants to take the store over: the subscription ends.
    /// - Throws: ``CheckpointStoreError``: the subscription ends.
    func attend() async throws -> Bool

    /// Keeps what a subscription tells about itself.
    ///
    /// - Parameter condition: How the subscription stands.
    /// - Throws: Anything; it is logged and changes nothing.
    func keep(_ condition: SubscriptionCondition) async throws
}

extension BatchReceiver {
    /// Nobody can ask anything of a receiver without a store.
    ///
    /// - Returns: False.
    public func attend() async throws -> Bool { false }

    /// Keeps nothing.
    ///
    /// - Parameter condition: How the subscription stands.
    /// - Throws: Nothing.
    public func keep(_ condition: SubscriptionCondition) async throws {}
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
