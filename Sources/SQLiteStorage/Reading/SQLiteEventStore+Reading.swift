public import EventModel

extension SQLiteEventStore {
    /// Reads consecutive events of the whole history, oldest first.
    ///
    /// - Parameters:
    ///   - after: The number before the first event wanted.
    ///   - limit: How much to return at the most.
    ///   - filter: Which events are wanted.
    /// - Returns: The events, how far the store looked, and the chain at both ends.
    /// - Throws: `AfterHead`; `EventStoreError`; `CancellationError`.
    public func read(after: EventNumber, limit: ReadLimit, matching filter: EventFilter)
        async throws -> EventBatch
    {
        let epoch = identity.epoch
        return try await read { queries in
            try queries.batch(epoch: epoch, after: after, limit: limit, filter: filter)
        }
    }

    /// Reads consecutive events of one stream, without those that what is said about it hides.
    ///
    /// - Parameters:
    ///   - stream: The stream.
    ///   - range: Where to start and in which direction to go.
    ///   - limit: How much to return at the most.
    /// - Returns: The events, what holds of the stream, and the head, all of one instant.
    /// - Throws: `EventStoreError`; `CancellationError`.
    public func readStream(
        _ stream: StreamName,
        _ range: StreamRange,
        limit: ReadLimit
    ) async throws -> StreamSlice {
        let now = clock.reading()
        return try await read { queries in
            let head = try queries.head()
            let standing = try queries.standing(of: stream, at: head.number)
            let events = try queries.live(standing, range, limit: limit, at: now)
            return StreamSlice(events: events, state: standing.state, head: head)
        }
    }

    /// Tells what holds of a stream now.
    ///
    /// - Parameter stream: The stream; one that nobody ever wrote to is open and has version 0.
    /// - Returns: A state at least as new as every append that returned before.
    /// - Throws: `EventStoreError`; `CancellationError`.
    public func streamState(_ stream: StreamName) async throws -> StreamState {
        if let known = try await knownState(of: stream) { return known }
        return try await read { queries in
            try queries.standing(of: stream, at: queries.head().number).state
        }
    }

    /// Looks one event up.
    ///
    /// - Parameter number: The number of an event.
    /// - Returns: The event, or nil where the number is 0 or beyond the head.
    /// - Throws: `EventStoreError`; `CancellationError`.
    public func event(_ number: EventNumber) async throws -> RecordedEvent? {
        try await read { try $0.event(number) }
    }

    /// Finds the last event that was recorded before an instant.
    ///
    /// - Parameter instant: The instant; an event recorded exactly then is not before it.
    /// - Returns: The number, 0 where nothing was recorded before.
    /// - Throws: `EventStoreError`; `CancellationError`.
    public func lastNumber(recordedBefore instant: Timestamp) async throws -> EventNumber {
        try await read { try $0.lastNumber(recordedBefore: instant) }
    }
}
