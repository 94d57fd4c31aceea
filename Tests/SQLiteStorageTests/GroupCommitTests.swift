import EventModel
import EventTesting
import Testing

@testable import SQLiteStorage

@Suite(.timeLimit(.minutes(1)))
struct `Appends that share a commit` {
    @Test func `are judged in the order of arrival, each seeing those before it`() async throws {
        try await withStore { store in
            let stream = try StreamName("sample-1")
            let repeated = try AppendBatch(try Sample.events(2), expecting: [stream: .none])
            let stale = try AppendBatch([try Sample.event()], expecting: [stream: .none])
            let fresh = try AppendBatch(
                [try Sample.event()],
                expecting: [stream: .exactly(StreamVersion(2))]
            )

            let outcomes = try await BusyWriter.appendAsGroup(
                [repeated, stale, repeated, fresh],
                to: store
            )

            let first = try outcomes[0].get()
            #expect(first.last == EventNumber(2))
            let conflict = VersionConflict(
                stream: stream,
                expected: .none,
                actual: StreamVersion(2)
            )
            #expect(throws: conflict) { try outcomes[1].get() }
            let second = try outcomes[2].get()
            #expect(second.wasAlreadyRecorded)
            #expect(second.first == first.first)
            #expect(second.versions == first.versions)
            #expect(try outcomes[3].get().first == EventNumber(3))
            #expect(try await store.head().number == EventNumber(3))
        }
    }

    @Test func `are one transaction`() async throws {
        try await withStore { store in
            let batches = try (0..<50).map { try AppendBatch([try Sample.event("s-\($0)")]) }
            let commits = try await CommitCounter.watching(store)

            let outcomes = try await BusyWriter.appendAsGroup(batches, to: store)

            #expect(try outcomes.map { try $0.get().last.rawValue } == Array(1...50))
            #expect(commits.count == 1)
        }
    }

    @Test func `do not remember a type whose append was rolled back`() async throws {
        try await withStore { store in
            // The type's row is made, then the second event does not fit.
            try await store.limitPages(toMore: 20)
            let large = Payload([UInt8](repeating: 1, count: 1 << 20), mediaType: .octetStream)
            let type = try EventType("New")
            let events = [
                try Sample.event(type: "New"),
                NewEvent(stream: try StreamName("sample-1"), type: type, data: large),
            ]
            let outcomes = try await BusyWriter.appendAsGroup(
                [try AppendBatch(events), try AppendBatch([try Sample.event(type: "New")])],
                to: store
            )

            #expect(throws: EventStoreError.self) { try outcomes[0].get() }
            #expect(try outcomes[1].get().last == EventNumber(1))
            #expect(try await store.event(EventNumber(1))?.type == type)
        }
    }

    @Test func `are refused beyond 4,096 that wait`() async throws {
        try await withStore { store in
            let busy = BusyWriter(store)
            try await withThrowingTaskGroup(of: Void.self) { group in
                defer { busy.release() }
                for _ in 0..<AppendQueue.maximumAppends {
                    let event = try Sample.event()
                    group.addTask { try await store.append([event]) }
                }
                try await eventually("a full queue") {
                    store.waitingAppends == AppendQueue.maximumAppends
                }

                let error = try await #require(throws: EventStoreError.self) {
                    try await store.append([try Sample.event()])
                }
                #expect(error.code == .unavailable)

                busy.release()
                try await group.waitForAll()
            }
            #expect(try await store.head().number.rawValue == Int64(AppendQueue.maximumAppends))
        }
    }

    @Test func `are refused beyond 64 MiB that wait`() async throws {
        try await withStore { store in
            let busy = BusyWriter(store)
            let large = Payload([UInt8](repeating: 1, count: 4 << 20), mediaType: .octetStream)
            let stream = try StreamName("sample-1")
            let type = try EventType("Large")
            try await withThrowingTaskGroup(of: Void.self) { group in
                defer { busy.release() }
                for count in 1...15 {
                    let event = NewEvent(stream: stream, type: type, data: large)
                    group.addTask { try await store.append([event]) }
                    try await eventually("append \(count)") { store.waitingAppends == count }
                }

                // With what an event counts for beside its data, the sixteenth is too much.
                let error = try await #require(throws: EventStoreError.self) {
                    try await store.append([NewEvent(stream: stream, type: type, data: large)])
                }
                #expect(error.code == .unavailable)

                busy.release()
                try await group.waitForAll()
            }
            #expect(try await store.head().number == EventNumber(15))
        }
    }

    @Test func `leave the queue when their task is cancelled`() async throws {
        try await withStore { store in
            let busy = BusyWriter(store)
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: CancellationError.self) {
                        try await store.append([try Sample.event()])
                    }
                }
                await #expect(throws: Never.self) {
                    try await eventually("an append in the queue") { store.waitingAppends == 1 }
                }
                group.cancelAll()
            }
            #expect(store.waitingAppends == 0)

            busy.release()
            let result = try await store.append([try Sample.event()])

            #expect(result.first == EventNumber(1))
        }
    }

    @Test func `are finished when the store closes, and none after them`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/events.db"
            let store = try SQLiteEventStore.open(path: path, logger: quiet)
            let busy = BusyWriter(store)
            async let waiting = store.append([try Sample.event()])
            try await eventually("an append in the queue") { store.waitingAppends == 1 }
            async let closing: Void = store.close()
            try await eventually("a closing store") {
                do {
                    _ = try await store.head()
                    return false
                } catch let error as EventStoreError {
                    return error.code == .closed
                }
            }
            busy.release()
            #expect(try await waiting.first == EventNumber(1))
            try await closing
            let error = try await #require(throws: EventStoreError.self) {
                try await store.append([try Sample.event()])
            }
            #expect(error.code == .closed)

            let again = try SQLiteEventStore.open(path: path, logger: quiet)
            #expect(try await again.event(EventNumber(1)) != nil)
            try await again.close()
        }
    }
}
