import EventModel
import EventTesting
import Testing

@testable import SQLiteStorage

@Suite(.timeLimit(.minutes(1)))
struct `The chain at the newest numbers` {
    @Test(arguments: [1, 99, 100, 101, 250])
    func `is known without asking the file, for one page of them`(events count: Int) async throws {
        try await withStore { store in
            try await store.append(try Sample.events(count))
            var chain = ChainDigest.beginning
            var expected: [EventNumber: ChainDigest] = [:]
            for event in try await store.read(after: .beginning, limit: count).events {
                chain = chain.appending(event)
                expected[event.number] = chain
            }

            let recent = store.recent
            for number in 1...Int64(count) {
                let number = EventNumber(number)
                let isKept = number.rawValue > Int64(count) - Int64(store.identity.pageSize)
                #expect(recent.digest(at: number) == (isKept ? expected[number] : nil))
            }
            #expect(recent.digest(at: EventNumber(Int64(count) + 1)) == nil)
        }
    }

    @Test func `moves on with every commit, and begins anew in an opened store`() async throws {
        try await withClosedStore(events: 30) { path in
            let store = try SQLiteEventStore.open(path: path, logger: quiet)
            #expect(store.recent.digest(at: EventNumber(30)) == nil)

            try await store.append(try Sample.events(1))

            let all = try await store.read(after: .beginning, limit: 100)
            #expect(store.recent.digest(at: EventNumber(31)) == all.chain)
            let tail = try await store.read(after: EventNumber(30), limit: 100)
            #expect(tail.chain == all.chain)
            #expect(tail.events.map(\.number) == [EventNumber(31)])
            try await store.close()
        }
    }
}
