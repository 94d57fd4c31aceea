import Synchronization

/// A store that forgets everything when it goes: the reference for what a store does, and what
/// tests of applications use.
public final class InMemoryEventStore: EventStore {
    /// What was fixed when the store was created.
    public let identity: StoreIdentity
    /// What the store takes at the most.
    public let limits: Limits

    private let clock: RecordingClock
    private let state = Mutex(InMemoryHistory())
    private let signal = HeadSignal(.empty)

    /// Creates an empty store.
    ///
    /// - Parameters:
    ///   - creation: Page size, title and author.
    ///   - limits: What the store takes at the most.
    ///   - epoch: The identity of the history.
    ///   - now: The clock that recorded-at is read from.
    public init(
        _ creation: StoreCreation = .standard,
        limits: Limits = .standard,
        epoch: Epoch = .random(),
        now: @escaping @Sendable () -> Timestamp = { Timestamp.now() }
    ) {
        clock = RecordingClock(now: now)
        self.limits = limits
        identity = StoreIdentity(
            epoch: epoch,
            format: StoreIdentity.currentFormat,
            creation: creation,
            createdAt: clock.instant(after: nil)
        )
    }

    /// Records all events of a batch, or none.
    ///
    /// - Parameter batch: The events and what is expected of their streams.
    /// - Returns: The numbers and versions given.
    /// - Throws: ``VersionConflict``, ``StreamDeleted``, ``DuplicateEvent``, ``PartlyRecorded``,
    ///   ``LimitExceeded``; `CancellationError` if the task was cancelled before.
    @discardableResult
    public func append(_ batch: AppendBatch) async throws -> AppendResult {
        try Task.checkCancellation()
        try batch.check(against: limits)
        return try state.withLock { state in
            let recordedAt = clock.instant(after: state.events.last?.recordedAt)
            let plan: AppendPlan
            switch try AppendJudgement.of(batch, at: recordedAt, &state) {
            case .repetition(let result): return result
            case .record(let planned): plan = planned
            }
            let first = EventNumber(Int64(state.events.count)).next
            for event in plan.events { state.record(event, at: recordedAt) }
            // Inside the lock: heads are published in the order of their numbers.
            signal.publish(state.head)
            return plan.result(first: first)
        }
    }

    /// Tells where the history ends now.
    ///
    /// - Returns: The head.
    public func head() async -> Head { signal.head }

    /// Reads consecutive events of the whole history, oldest first.
    ///
    /// - Parameters:
    ///   - after: The number before the first event wanted.
    ///   - limit: How much to return at the most.
    ///   - filter: Which events are wanted.
    /// - Returns: The events, how far the store looked, and the chain at both ends.
    /// - Throws: ``AfterHead``.
    public func read(after: EventNumber, limit: ReadLimit, matching filter: EventFilter)
        async throws -> EventBatch
    {
        try state.withLock { state in
            let head = state.head.number
            guard after <= head else {
                throw AfterHead(after: after, head: head, epoch: identity.epoch)
            }
            var scan = ReadScan(after: after, head: head, limit: limit, filter: filter)
            for event in state.events[Int(after.rawValue)...] {
                guard scan.take(event) else { break }
            }
            let (events, scannedTo) = scan.finish()
            return EventBatch(
                epoch: identity.epoch,
                after: after,
                chainAfter: state.chain[Int(after.rawValue)],
                events: events,
                scannedTo: scannedTo,
                chain: state.chain[Int(scannedTo.rawValue)],
                head: head
            )
        }
    }

    /// Reads consecutive events of one stream, without those that what is said about it hides.
    ///
    /// - Parameters:
    ///   - stream: The stream.
    ///   - range: Where to start and in which direction to go.
    ///   - limit: How much to return at the most.
    /// - Returns: The events, what holds of the stream, and the head.
    public func readStream(_ stream: StreamName, _ range: StreamRange, limit: ReadLimit) async
        -> StreamSlice
    {
        let now = clock.reading()
        return state.withLock { state in
            let standing = state.state(of: stream)
            var budget = ReadBudget(limit)
            var events: [RecordedEvent] = []
            for event in state.live(of: stream, standing, range, at: now) {
                guard budget.take(event) else { break }
                events.append(event)
            }
            return StreamSlice(events: events, state: standing, head: state.head)
        }
    }

    /// Tells what holds of a stream now.
    ///
    /// - Parameter stream: The stream.
    /// - Returns: The state.
    public func streamState(_ stream: StreamName) async -> StreamState {
        state.withLock { $0.state(of: stream) }
    }

    /// Looks one event up.
    ///
    /// - Parameter number: The number of an event.
    /// - Returns: The event, or nil.
    public func event(_ number: EventNumber) async -> RecordedEvent? {
        state.withLock { state in
            guard number > .beginning, number <= state.head.number else { return nil }
            return state.events[Int(number.rawValue) - 1]
        }
    }

    /// Finds the last event that was recorded before an instant.
    ///
    /// - Parameter instant: The instant.
    /// - Returns: The number, 0 where nothing was recorded before.
    public func lastNumber(recordedBefore instant: Timestamp) async -> EventNumber {
        state.withLock { state in
            state.events.last { $0.recordedAt < instant }?.number ?? .beginning
        }
    }

    /// Waits until the head is beyond a number.
    ///
    /// - Parameter number: Returns at once where the head is higher already.
    /// - Returns: The head that ended the waiting.
    /// - Throws: `CancellationError`.
    public func waitForHead(beyond number: EventNumber) async throws -> Head {
        try await signal.wait(beyond: number)
    }
}
