import EventModel
import EventTesting
import Testing

@Suite(.timeLimit(.minutes(2)))
struct `The store in memory` {
    @Test(arguments: EventStoreContract.cases())
    func `keeps the contract of event stores`(_ promise: EventStoreCase) async throws {
        try await promise.run { conditions, use in
            try await use(
                InMemoryEventStore(limits: conditions.limits, now: conditions.clock.reader)
            )
        }
    }

    @Test func `keeps what it was created with`() throws {
        let creation = try StoreCreation(pageSize: 10, title: "Tabs", author: "The café")
        let clock = ManualClock()
        let epoch = Epoch.random()

        let store = InMemoryEventStore(creation, epoch: epoch, now: clock.reader)

        let expected = StoreIdentity(
            epoch: epoch,
            format: StoreIdentity.currentFormat,
            creation: creation,
            createdAt: clock.now
        )
        #expect(store.identity == expected)
    }
}
