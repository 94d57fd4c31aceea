import EventModel

/// All events from one number to another, in as many reads as it takes.
struct HistoryWalk {
    /// The number that was read up to.
    private(set) var place: EventNumber
    private let last: EventNumber
    private let store: any EventStore

    /// Begins a walk, which is over at once where it ends before it begins.
    ///
    /// - Parameters:
    ///   - store: The store to read from.
    ///   - after: The number before the first event wanted.
    ///   - last: The last number wanted, at most the head.
    init(_ store: any EventStore, after: EventNumber, through last: EventNumber) {
        self.store = store
        self.last = last
        place = after
    }

    /// Reads on.
    ///
    /// - Returns: What one read returns, or nil at the end.
    /// - Throws: Errors of the store; ``EventStoreError`` (`corrupt`) where it has nothing although
    ///   the end is not reached.
    mutating func next() async throws -> EventBatch? {
        guard place < last else { return nil }
        let batch = try await store.read(
            after: place,
            limit: ReadLimit(events: Int(clamping: last.rawValue - place.rawValue)),
            matching: .everything
        )
        guard batch.scannedTo > place else {
            throw EventStoreError(
                .corrupt,
                "events after \(place) are missing although the head is \(batch.head): restore a "
                    + "backup"
            )
        }
        place = batch.scannedTo
        return batch
    }
}
