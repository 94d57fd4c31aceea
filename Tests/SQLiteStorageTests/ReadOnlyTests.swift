import EventModel
import EventTesting
import Foundation
import Testing

@testable import SQLiteStorage

@Suite(.timeLimit(.minutes(1)))
struct `A store opened for reading only` {
    @Test func `follows its writer in another process`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/events.db"
            let child = try ChildWriter([path, "load", "0"])
            try await eventually("some appends") { child.lines.count > 10 }
            let reader = try SQLiteEventStore.openReadOnly(path: path, logger: quiet)
            var head = try await reader.head()
            for _ in 1...5 {
                let next = try await reader.waitForHead(beyond: head.number)
                #expect(next.number > head.number)
                let batch = try await reader.read(after: head.number, limit: 1_000)
                #expect(batch.events.first?.number == head.number.next)
                #expect(batch.chainAfter == head.chain)
                head = next
            }
            try await reader.close()
            try await child.kill()
        }
    }

    @Test func `sees what a writer in this process appends`() async throws {
        try await withStore { store in
            let reader = try SQLiteEventStore.openReadOnly(path: store.path, logger: quiet)
            #expect(reader.identity == store.identity)
            for _ in 1...3 {
                try await store.append(try Sample.events(2))
                #expect(try await reader.head() == (try await store.head()))
            }
            try await reader.close()
        }
    }

    @Test func `reads a store that nobody writes`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/events.db"
            let store = try SQLiteEventStore.open(path: path, logger: quiet)
            try await store.append(try Sample.events(3))
            let head = try await store.head()
            try await store.close()

            let reader = try SQLiteEventStore.openReadOnly(path: path, logger: quiet)

            #expect(try await reader.head() == head)
            #expect(try await reader.read(after: .beginning, limit: 10).events.count == 3)
            try await reader.close()
        }
    }

    @Test func `takes no appends`() async throws {
        try await withStore { store in
            let reader = try SQLiteEventStore.openReadOnly(path: store.path, logger: quiet)

            let error = try await #require(throws: EventStoreError.self) {
                try await reader.append([try Sample.event()])
            }

            #expect(error.code == .readOnly)
            #expect(reader.isReadOnly)
            try await reader.close()
        }
    }

    @Test func `is refused where there is no file, and makes none`() async throws {
        try await withTemporaryDirectory { folder in
            let error = try #require(throws: EventStoreError.self) {
                try SQLiteEventStore.openReadOnly(path: "\(folder)/events.db", logger: quiet)
            }

            #expect(error.code == .io)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }
}

@Suite(.timeLimit(.minutes(1)))
struct `A new epoch` {
    @Test func `replaces the old one and leaves the history as it is`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/events.db"
            let store = try SQLiteEventStore.open(path: path, logger: quiet)
            try await store.append(try Sample.events(3))
            let head = try await store.head()
            try await store.close()

            let (old, new) = try SQLiteEventStore.newEpoch(path: path)

            #expect(old == store.identity.epoch)
            #expect(new != old)
            let again = try SQLiteEventStore.open(path: path, logger: quiet)
            #expect(again.identity.epoch == new)
            #expect(try await again.head() == head)
            try await again.close()
        }
    }

    @Test func `is refused while somebody writes the store`() async throws {
        try await withStore { store in
            let error = try #require(throws: EventStoreError.self) {
                try SQLiteEventStore.newEpoch(path: store.path)
            }

            #expect(error.code == .inUse)
        }
    }

    @Test func `is refused where there is no store, and makes none`() async throws {
        try await withTemporaryDirectory { folder in
            let error = try #require(throws: EventStoreError.self) {
                try SQLiteEventStore.newEpoch(path: "\(folder)/events.db")
            }

            #expect(error.code == .io)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }
}
