import EventModel
import EventTesting
import Testing

@testable import SQLiteStorage

@Suite(.timeLimit(.minutes(1)))
struct `A store that closes` {
    @Test func `ends the waiting for a head`() async throws {
        try await withTemporaryDirectory { folder in
            let store = try SQLiteEventStore.open(path: "\(folder)/events.db", logger: quiet)
            try await withDeadline("closing") {
                await withThrowingTaskGroup(of: Head.self) { group in
                    group.addTask { try await store.waitForHead(beyond: .beginning) }
                    group.addTask {
                        try await store.close()
                        throw EventStoreError(.closed, "as it is here, too")
                    }
                    while let result = await group.nextResult() {
                        let error = #expect(throws: EventStoreError.self) { try result.get() }
                        #expect(error?.code == .closed)
                    }
                }
            }
        }
    }

    @Test func `answers every later call with closed, and closes once`() async throws {
        try await withTemporaryDirectory { folder in
            let store = try SQLiteEventStore.open(path: "\(folder)/events.db", logger: quiet)
            try await store.close()
            try await store.close()

            let stream = try StreamName("sample-1")
            let calls: [@Sendable () async throws -> Void] = [
                { try await store.append([try Sample.event()]) },
                { _ = try await store.head() },
                { _ = try await store.read(after: .beginning, limit: 1) },
                { _ = try await store.event(EventNumber(1)) },
                { _ = try await store.readStream(stream, .newest, limit: ReadLimit(events: 1)) },
                { _ = try await store.lastNumber(recordedBefore: .now()) },
                { _ = try await store.waitForHead(beyond: .beginning) },
            ]
            for call in calls {
                let error = await #expect(throws: EventStoreError.self) { try await call() }
                #expect(error?.code == .closed)
            }
        }
    }

    @Test func `lets reads and appends that run finish or says closed, and loses none`()
        async throws
    {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/events.db"
            for round in 1...10 {
                let store = try SQLiteEventStore.open(path: path, logger: quiet)
                let before = try await store.head().number.rawValue
                let recorded = await withTaskGroup(of: Int64.self) { group in
                    for _ in 1...4 {
                        group.addTask { await appendUntilClosed(store) }
                        group.addTask { await readUntilClosed(store) }
                    }
                    group.addTask {
                        await #expect(throws: Never.self) {
                            _ = try await store.waitForHead(beyond: EventNumber(before + 20))
                            try await store.close()
                        }
                        return 0
                    }
                    return await group.reduce(0, +)
                }

                let again = try SQLiteEventStore.openReadOnly(path: path, logger: quiet)
                #expect(try await again.head().number.rawValue == before + recorded, "\(round)")
                try await again.close()
            }
        }
    }

    /// Appends until the store refuses, and counts what was acknowledged.
    private func appendUntilClosed(_ store: SQLiteEventStore) async -> Int64 {
        var count: Int64 = 0
        while true {
            do {
                try await store.append([try Sample.event()])
                count += 1
            } catch {
                #expect((error as? EventStoreError)?.code == .closed)
                return count
            }
        }
    }

    private func readUntilClosed(_ store: SQLiteEventStore) async -> Int64 {
        while true {
            do {
                _ = try await store.read(after: .beginning, limit: 50)
            } catch {
                #expect((error as? EventStoreError)?.code == .closed)
                return 0
            }
        }
    }
}
