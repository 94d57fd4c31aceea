import EventTesting
import Testing

@Suite(.timeLimit(.minutes(2)))
struct `The store in an SQLite file` {
    @Test(arguments: EventStoreContract.cases())
    func `keeps the contract of event stores`(_ promise: EventStoreCase) async throws {
        try await promise.run { conditions, use in
            try await withStore(limits: conditions.limits, now: conditions.clock.reader) { store in
                try await use(store)
            }
        }
    }
}
