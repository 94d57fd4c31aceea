public import EventModel

/// A store as something to follow, in the process that has it open.
public struct StoreSource: EventSource {
    /// What messages call the store.
    public let address: String

    private let store: any EventStore

    /// Makes a store something to follow.
    ///
    /// - Parameters:
    ///   - store: The store.
    ///   - address: What messages call it: the path of its file, say.
    public init(_ store: any EventStore, address: String) {
        self.store = store
        self.address = address
    }

    /// Tells which history the store has and where it ends now.
    ///
    /// - Returns: Epoch, title and head.
    /// - Throws: ``SourceError``; `CancellationError`.
    public func describe() async throws -> FeedDescription {
        do {
            return FeedDescription(
                epoch: store.identity.epoch,
                title: store.identity.title,
                head: try await store.head().number,
                pageSize: store.identity.pageSize
            )
        } catch {
            throw SourceError.wrapping(error, address: address)
        }
    }

    /// Reads consecutive events, and waits for them where there are none and it may.
    ///
    /// A filtered wait goes on until an event matches or there is much more to look at.
    ///
    /// - Parameters:
    ///   - after: The number before the first event wanted.
    ///   - limit: Events to return at the most.
    ///   - filter: Which events are wanted.
    ///   - wait: How long to hold an answer that has nothing new.
    /// - Returns: The events, how far the store looked, and the chain at both ends.
    /// - Throws: ``SourceError``; `CancellationError`.
    public func events(
        after: EventNumber,
        limit: Int,
        matching filter: EventFilter,
        waitingUpTo wait: Duration?
    ) async throws -> EventBatch {
        do {
            let limit = ReadLimit(events: limit)
            let deadline = ContinuousClock.now + (wait ?? .zero)
            var batch = try await store.read(after: after, limit: limit, matching: filter)
            // A filtered answer may look at much and find nothing; it is waited on where it ended.
            while let wait, wait > .zero, batch.events.isEmpty, batch.isCaughtUp,
                try await headMoves(beyond: batch.head, before: deadline)
            {
                batch = batch.extended(
                    with: try await store.read(
                        after: batch.scannedTo,
                        limit: limit,
                        matching: filter
                    )
                )
            }
            return batch
        } catch {
            throw SourceError.wrapping(error, address: address)
        }
    }

    /// Waits until the store has a higher head; false if the time is over first.
    private func headMoves(
        beyond number: EventNumber,
        before deadline: ContinuousClock.Instant
    ) async throws -> Bool {
        try await withThrowingTaskGroup { group in
            group.addTask {
                _ = try await store.waitForHead(beyond: number)
                return true
            }
            group.addTask {
                try await ContinuousClock().sleep(until: deadline)
                return false
            }
            defer { group.cancelAll() }
            return try await group.next() ?? false
        }
    }
}

extension EventBatch {
    /// This batch, which has no events, and the one that follows it.
    fileprivate func extended(with next: EventBatch) -> EventBatch {
        EventBatch(
            epoch: next.epoch,
            after: after,
            chainAfter: chainAfter,
            events: next.events,
            scannedTo: next.scannedTo,
            chain: next.chain,
            head: next.head
        )
    }
}
