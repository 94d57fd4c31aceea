/// What every event store does, as cases that any store's tests can run.
///
/// ```swift
/// @Test(arguments: EventStoreContract.cases())
/// func `keeps the contract of event stores`(_ promise: EventStoreCase) async throws {
///     try await promise.run { conditions, use in
///         let store = MyStore(limits: conditions.limits, now: conditions.clock.reader)
///         try await use(store)
///         try await store.close()
///     }
/// }
/// ```
///
/// Give the suite a time limit: a case that waits for what never comes does not end by itself.
public enum EventStoreContract {
    /// The cases that a store with certain capabilities must pass.
    ///
    /// - Parameter capabilities: What the store can be made to do; all by default, so that leaving
    ///   something out is a decision.
    /// - Returns: The cases, each on an empty store of its own.
    public static func cases(for capabilities: EventStoreCase.Capabilities = .all)
        -> [EventStoreCase]
    {
        let all = [
            emptyStore, appending, expectations, repetitions, limits, roundTrips, recordedAt, chain,
            reading, filters, streams, waiting, concurrency, randomHistories, streamMetadata,
            hiding,
            deletions, tombstones, deletedExpectations, idsInStreams, derivedIDs,
            randomStreams,
        ]
        return all.joined().filter { $0.needs.isSubset(of: capabilities) }
    }
}
