import EventModel
import EventTesting
import Subscriptions
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Every event source` {
    @Test(arguments: EventSourceContract.cases)
    func `keeps the contract: a store`(_ contract: EventSourceContract) async throws {
        try await contract.run { store, body in
            try await body(StoreSource(store, address: "memory"))
        }
    }

    @Test(arguments: EventSourceContract.cases)
    func `keeps the contract: a script without steps`(_ contract: EventSourceContract) async throws
    {
        try await contract.run { store, body in try await body(ScriptedSource(store)) }
    }
}

@Suite(.timeLimit(.minutes(1))) struct `A store as a source` {
    @Test func `holds an answer until there is something`() async throws {
        let store = try await History.store(3)
        let source = StoreSource(store, address: "memory")

        let batch = try await withThrowingTaskGroup(of: EventBatch?.self) { group in
            group.addTask {
                try await source.events(
                    after: EventNumber(3),
                    limit: 10,
                    matching: .everything,
                    waitingUpTo: .seconds(50)
                )
            }
            group.addTask {
                try await History.add(2, to: store)
                return nil
            }
            var batch: EventBatch?
            for try await result in group { batch = result ?? batch }
            return batch
        }

        #expect(batch?.events.first?.number == EventNumber(4))
    }

    @Test func `holds a filtered answer until something matches`() async throws {
        let store = try await History.store(4)
        let source = StoreSource(store, address: "memory")
        let filter = EventFilter(streams: [StreamName(stored: "stream-4")])

        let batch = try await withThrowingTaskGroup(of: EventBatch?.self) { group in
            group.addTask {
                try await source.events(
                    after: EventNumber(4),
                    limit: 10,
                    matching: filter,
                    waitingUpTo: .seconds(50)
                )
            }
            group.addTask {
                for _ in 5...10 { try await History.add(1, to: store) }
                return nil
            }
            var batch: EventBatch?
            for try await result in group { batch = result ?? batch }
            return batch
        }

        let found = try #require(batch)
        #expect(found.events.first?.number == EventNumber(9))
        #expect(found.after == EventNumber(4))
    }
}
