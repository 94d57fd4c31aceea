public import EventModel

/// Where a subscription keeps its checkpoint, and what could not be applied.
///
/// ## For implementers
/// One owner at a time: an open store excludes every other, in this process and in others. A
/// checkpoint that was written is never taken back but by the loss of power, and then only to one
/// that was written before.
public protocol CheckpointStore: Sendable {
    /// Takes note of what is followed, and tells how far that got.
    ///
    /// Terms that come for the first time are kept.
    ///
    /// - Parameter terms: What the subscription follows.
    /// - Returns: The checkpoint, or nil where nothing was applied yet.
    /// - Throws: ``CheckpointStoreError``, with code `filterChanged` where the filter is not the
    ///   one that the checkpoint was made with, and `modelChanged` where a read model is not.
    func begin(_ terms: SubscriptionTerms) async throws -> Checkpoint?

    /// Replaces the checkpoint, if it still is what the caller believes.
    ///
    /// It is not cut short by cancellation: what was done before it must not be forgotten.
    ///
    /// - Parameters:
    ///   - old: The checkpoint that must be there; nil where there must be none.
    ///   - new: The checkpoint to keep.
    /// - Throws: ``CheckpointStoreError``, with code `conflict` where another one is there, and
    ///   then nothing has changed.
    func advance(from old: Checkpoint?, to new: Checkpoint) async throws

    /// Tells how far the history was applied.
    ///
    /// - Returns: The checkpoint, or nil where nothing was applied yet.
    /// - Throws: ``CheckpointStoreError``.
    func checkpoint() async throws -> Checkpoint?

    /// Counts a try of a delivery, durably, before it is made.
    ///
    /// A batch and a single event are counted apart, so that going through a batch event by event
    /// does not forget why.
    ///
    /// - Parameter delivery: What is to be tried; it has events.
    /// - Returns: How often these events were tried.
    /// - Throws: ``CheckpointStoreError``.
    func beginTry(of delivery: Delivery) async throws -> Tries

    /// Notes that a try ended in an orderly way without success.
    ///
    /// - Parameters:
    ///   - delivery: What was tried.
    ///   - reason: Why it did not succeed.
    /// - Throws: ``CheckpointStoreError``.
    func failTry(of delivery: Delivery, reason: String) async throws

    /// Forgets the tries that never ended, so that the next start begins with a try.
    ///
    /// - Throws: ``CheckpointStoreError``.
    func forgetTries() async throws

    /// Sets all events of a delivery aside and moves the checkpoint, in one transaction.
    ///
    /// - Parameters:
    ///   - delivery: What cannot be applied.
    ///   - reason: Why; nil where the events wait behind an earlier one of their stream.
    /// - Returns: What was set aside.
    /// - Throws: ``CheckpointStoreError``, with code `parkFull` where there is no room for it.
    func park(_ delivery: Delivery, reason: String?) async throws -> [ParkedEvent]

    /// Whether events of a stream are set aside, so that a later one has to wait behind them.
    ///
    /// - Parameter stream: The stream.
    /// - Returns: True if there is at least one.
    /// - Throws: ``CheckpointStoreError``.
    func isParked(_ stream: StreamName) async throws -> Bool

    /// Counts parked events.
    ///
    /// - Parameter selection: Which events; of one event's number, its whole stream.
    /// - Returns: How many there are.
    /// - Throws: ``CheckpointStoreError``.
    func parkedCount(_ selection: ParkedSelection) async throws -> Int64

    /// Finds the streams that have parked events.
    ///
    /// - Parameter selection: Which events are meant.
    /// - Returns: Their names, those of the oldest events first.
    /// - Throws: ``CheckpointStoreError``.
    func parkedStreams(_ selection: ParkedSelection) async throws -> [StreamName]

    /// Finds the oldest parked event of a stream.
    ///
    /// - Parameter stream: The stream.
    /// - Returns: The event; nil where none is parked.
    /// - Throws: ``CheckpointStoreError``.
    func oldestParked(of stream: StreamName) async throws -> ParkedEvent?

    /// Takes an event out of those that are parked, since it is applied now.
    ///
    /// - Parameter number: The event's number.
    /// - Throws: ``CheckpointStoreError``.
    func unpark(_ number: EventNumber) async throws

    /// Counts a try of a parked event, durably, before it is made.
    ///
    /// - Parameter number: The event's number.
    /// - Throws: ``CheckpointStoreError``.
    func tryParked(_ number: EventNumber) async throws

    /// Notes why a parked event failed once more.
    ///
    /// - Parameters:
    ///   - number: The event's number.
    ///   - reason: Why.
    /// - Throws: ``CheckpointStoreError``.
    func failParked(_ number: EventNumber, reason: String) async throws

    /// Gives parked events up for good, and keeps a record of each.
    ///
    /// - Parameter selection: Which events.
    /// - Returns: How many.
    /// - Throws: ``CheckpointStoreError``.
    func discardParked(_ selection: ParkedSelection) async throws -> Int64

    /// Looks once whether somebody wants something of the store's owner, and does it.
    ///
    /// - Parameter retry: Tries parked events again.
    /// - Returns: True if somebody wants to take the store over: the owner ends as soon as it can.
    /// - Throws: ``CheckpointStoreError``.
    func attend(
        _ retry: @Sendable (ParkedSelection) async throws -> RetryReport
    ) async throws -> Bool

    /// Keeps what a subscription tells about itself, for whoever looks at the store.
    ///
    /// - Parameter condition: How the subscription stands.
    /// - Throws: ``CheckpointStoreError``; what was kept before stays then.
    func keep(_ condition: SubscriptionCondition) async throws
}

/// Where the rows of read models live, together with the checkpoint that says what is in them.
public protocol ReadModelStore<Transaction>: CheckpointStore {
    /// What a read model writes its rows through; valid only inside the closure that it is given
    /// to.
    associatedtype Transaction

    /// Applies a delivery to read models and moves the checkpoint, in one transaction.
    ///
    /// At the very first delivery the read models are prepared in the same transaction. Events of
    /// streams that have parked events are set aside behind those. If the process dies before
    /// this returns, all of it happened or nothing did; the checkpoint says which. Cancellation
    /// does not cut it short.
    ///
    /// - Parameters:
    ///   - delivery: The events and both checkpoints.
    ///   - models: What to apply them to, in order; each event to all of them.
    ///   - parksFailures: Whether an event that cannot be applied is taken back alone and set
    ///     aside; otherwise the first one takes everything back.
    /// - Returns: The events that were set aside.
    /// - Throws: ``ApplyError`` that names the event; ``CheckpointStoreError``, with code
    ///   `conflict` where another checkpoint is there and `parkFull` where there is no room; in
    ///   all these cases nothing has changed.
    func apply(
        _ delivery: Delivery,
        to models: [any ReadModel<Transaction>],
        parksFailures: Bool
    ) async throws -> [ParkedEvent]

    /// Tries parked events again, each stream in order and up to its first failure.
    ///
    /// An event that is applied is unparked in the same transaction, one for each stream.
    ///
    /// - Parameters:
    ///   - selection: Which events; of one event's number, its whole stream.
    ///   - models: What to apply them to.
    /// - Returns: What became of them.
    /// - Throws: ``CheckpointStoreError``.
    func retryParked(_ selection: ParkedSelection, with models: [any ReadModel<Transaction>])
        async throws -> RetryReport
}
