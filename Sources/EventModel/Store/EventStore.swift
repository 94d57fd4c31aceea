/// The history of a system: events in streams, each with the next global number.
///
/// Numbers are 1, 2, 3, … without a hole. If a number can be read, so can all below it, from every
/// process and for ever. An append is recorded whole or not at all, and once it returned it
/// survives the death of the process and the loss of power (as far as the implementation has a
/// disk). History never changes.
///
/// ## For implementers
/// Head, chain and versions are read in the transaction that appends; nothing may assume that one
/// process does all appending. A read must never return an event while a lower number can still
/// appear. `EventStoreContract` in `EventTesting` is the executable form of these sentences: a
/// store is one when it passes.
public protocol EventStore: Sendable {
    /// What was fixed when the store was created.
    var identity: StoreIdentity { get }

    /// What the store takes at the most.
    var limits: Limits { get }

    /// Records all events of a batch at the end of the history, or none.
    ///
    /// Numbers follow the order of the events, without a hole. When this returns, the events are
    /// durable and every reader sees them. Recorded-at never goes backwards, whatever the clock
    /// does. Known ids are looked at before expectations: repeating an append records nothing and
    /// returns the first result, whatever is expected; ``IDScope/stream`` has rules of its own.
    ///
    /// An append to a deleted stream opens it again: the store records one more event after those
    /// of the batch, in the stream's metadata stream, which keeps the events from before hidden.
    ///
    /// If the process dies before this returns, the append happened whole or not at all, and
    /// repeating it says which.
    ///
    /// - Parameter batch: The events and what is expected of their streams.
    /// - Returns: The numbers and versions given, or those of the append that this one repeats.
    /// - Throws: ``VersionConflict``, ``StreamDeleted``, ``DuplicateEvent``, ``PartlyRecorded``,
    ///   ``LimitExceeded``; ``EventStoreError`` (`storageFull`, `unavailable`, `closed`,
    ///   `readOnly`, `io`, and `unsupported` where the store has no way to do it);
    ///   `CancellationError`, only if the batch was not yet given to the writer.
    @discardableResult
    func append(_ batch: AppendBatch) async throws -> AppendResult

    /// Tells where the history ends now.
    ///
    /// - Returns: A head at least as high as that of every append that returned before.
    /// - Throws: ``EventStoreError``; `CancellationError`.
    func head() async throws -> Head

    /// Reads consecutive events of the whole history, oldest first.
    ///
    /// Without a filter the batch has every event from `after` + 1 on, up to the limit. With one
    /// it looks at ``Limits/scannedNumbers`` numbers at most.
    ///
    /// - Parameters:
    ///   - after: The number before the first event wanted; 0 reads from the beginning.
    ///   - limit: How much to return at the most.
    ///   - filter: Which events are wanted.
    /// - Returns: The events, how far the store looked, and the chain at both ends.
    /// - Throws: ``AfterHead`` where `after` is beyond the head; ``EventStoreError``;
    ///   `CancellationError`.
    func read(after: EventNumber, limit: ReadLimit, matching filter: EventFilter) async throws
        -> EventBatch

    /// Reads consecutive events of one stream, as far as what is said about it lets them be read.
    ///
    /// A stream is read without the events that ``StreamMetadata`` hides, and without any where it
    /// was deleted or has a tombstone. ``read(after:limit:matching:)`` and ``event(_:)`` return all
    /// of them for ever.
    ///
    /// - Parameters:
    ///   - stream: The stream; one that nobody ever wrote to has version 0 and no events.
    ///   - range: Where to start and in which direction to go, by version.
    ///   - limit: How much to return at the most.
    /// - Returns: The events, what holds of the stream, and the head, all of one instant.
    /// - Throws: ``EventStoreError``; `CancellationError`.
    func readStream(_ stream: StreamName, _ range: StreamRange, limit: ReadLimit) async throws
        -> StreamSlice

    /// Tells what holds of a stream now.
    ///
    /// - Parameter stream: The stream; one that nobody ever wrote to is open and has version 0.
    /// - Returns: A state at least as new as every append that returned before.
    /// - Throws: ``EventStoreError``; `CancellationError`.
    func streamState(_ stream: StreamName) async throws -> StreamState

    /// Looks one event up.
    ///
    /// - Parameter number: The number of an event.
    /// - Returns: The event, or nil where the number is 0 or beyond the head.
    /// - Throws: ``EventStoreError``; `CancellationError`.
    func event(_ number: EventNumber) async throws -> RecordedEvent?

    /// Finds the last event that was recorded before an instant.
    ///
    /// - Parameter instant: The instant; an event recorded exactly then is not before it.
    /// - Returns: The number, 0 where nothing was recorded before.
    /// - Throws: ``EventStoreError``; `CancellationError`.
    func lastNumber(recordedBefore instant: Timestamp) async throws -> EventNumber

    /// Waits until the head is beyond a number.
    ///
    /// - Parameter number: Returns at once where the head is higher already.
    /// - Returns: The head that ended the waiting.
    /// - Throws: ``EventStoreError`` (`closed`) when the store closes; `CancellationError`.
    func waitForHead(beyond number: EventNumber) async throws -> Head
}

extension EventStore {
    /// Reads consecutive events of the whole history, oldest first.
    ///
    /// - Parameters:
    ///   - after: The number before the first event wanted.
    ///   - limit: Events to return at the most.
    /// - Returns: The events, how far the store looked, and the chain at both ends.
    /// - Throws: As ``read(after:limit:matching:)``.
    public func read(after: EventNumber, limit: Int) async throws -> EventBatch {
        try await read(after: after, limit: ReadLimit(events: limit), matching: .everything)
    }

    /// Records events with one expectation for the stream that all of them belong to.
    ///
    /// - Parameters:
    ///   - events: The events, all of one stream.
    ///   - expected: What must hold of the stream.
    /// - Returns: The numbers and versions given.
    /// - Throws: As ``append(_:)`` and the initializer of ``AppendBatch``.
    @discardableResult
    public func append(_ events: [NewEvent], expecting expected: ExpectedVersion = .any)
        async throws -> AppendResult
    {
        var expectations: [StreamName: ExpectedVersion] = [:]
        for event in events { expectations[event.stream] = expected }
        return try await append(
            AppendBatch(events, expecting: expectations, limits: limits)
        )
    }
}
