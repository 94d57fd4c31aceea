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

    /// Reads consecutive events of one stream.
    ///
    /// - Parameters:
    ///   - stream: The stream.
    ///   - range: Where to start and in which direction to go.
    ///   - limit: How much to return at the most.
    /// - Returns: The events, the stream's version and the head, all of one instant.
    /// - Throws: `EventStoreError`; `CancellationError`.
    public func readStream(
        _ stream: StreamName,
        _ range: StreamRange,
        limit: ReadLimit
    ) async throws -> StreamSlice {
        try await read { queries in
            let head = try queries.head()
            guard let found = try queries.stream(stream) else {
                return StreamSlice(events: [], version: .empty, head: head)
            }
            let events = try queries.events(ofStream: found.row, range, limit: limit)
            return StreamSlice(events: events, version: found.version, head: head)
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
