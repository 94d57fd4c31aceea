import EventModel
import EventTesting
import Foundation
import GRDB
import Testing

@testable import SQLiteStorage

@Suite(.timeLimit(.minutes(1)))
struct `The schema of a store` {
    @Test func `is marked in the file and readable for people`() async throws {
        try await withStore { store in
            let event = NewEvent(
                stream: try StreamName("tab-1"),
                type: try EventType("TabOpened"),
                data: .json("{\"table\":7}"),
                metadata: .json("{}")
            )
            try await store.append([event])

            #expect(try await store.pragma("application_id") == "\(0x4576_4664)")
            #expect(try await store.pragma("user_version") == "\(StoreSchema.current.version)")
            let recorded = try #require(try await store.event(EventNumber(1)))
            let row = try await store.file.connections.read { db in
                try Row.fetchOne(db, sql: "SELECT * FROM event_log").map {
                    Dictionary(uniqueKeysWithValues: $0)
                }
            }
            let expected: [String: DatabaseValue] = [
                "number": 1.databaseValue, "version": 1.databaseValue,
                "stream": "tab-1".databaseValue, "type": "TabOpened".databaseValue,
                "id": "\(event.id)".databaseValue,
                "recorded_at": "\(recorded.recordedAt)".databaseValue,
                "media_type": "application/json".databaseValue,
                "data": "{\"table\":7}".databaseValue, "metadata": "{}".databaseValue,
                "given_id": .null,
            ]
            #expect(row == expected)
        }
    }

    @Test func `of a newer version is refused, naming both`() async throws {
        try await withClosedStore { path in
            try edit(path, "PRAGMA user_version = 77")

            for open in [{ try Self.openForWriting($0) }, { try Self.openForReading($0) }] {
                let error = try #require(throws: EventStoreError.self) { try open(path) }
                #expect(error.code == .unsupportedSchema)
                #expect(error.message.contains("schema version 77"))
                #expect(error.message.contains("up to \(StoreSchema.current.version)"))
            }
        }
    }

    @Test func `of an older version is migrated, with all events`() async throws {
        try await withClosedStore(events: 3) { path in
            let next = StoreSchema(
                steps: StoreSchema.current.steps + [
                    { db in
                        try db.execute(
                            sql: "ALTER TABLE stream ADD COLUMN truncated_before INTEGER"
                        )
                    }
                ]
            )
            #expect(throws: EventStoreError.self) { try StoreFile(reading: path, schema: next) }

            let file = try StoreFile(writing: path, schema: next) { _ in
                Issue.record("an existing store is not created again")
            }

            let (version, columns, events) = try await file.connections.read { db in
                (
                    try Int.fetchOne(db, sql: "PRAGMA user_version"),
                    try db.columns(in: "stream").map(\.name),
                    try Int.fetchOne(db, sql: "SELECT count(*) FROM event")
                )
            }
            #expect(version == next.version)
            #expect(columns.contains("truncated_before"))
            #expect(events == 3)
            try file.close()
        }
    }

    @Test func `stays as it was where a migration fails half-way`() async throws {
        try await withClosedStore(events: 3) { path in
            let broken = StoreSchema(
                steps: StoreSchema.current.steps + [
                    { try $0.execute(sql: "ALTER TABLE stream ADD COLUMN more INTEGER") },
                    { _ in throw EventStoreError(.io, "half-way") },
                ]
            )

            #expect(throws: EventStoreError.self) {
                try StoreFile(writing: path, schema: broken) { _ in }
            }

            let store = try SQLiteEventStore.open(path: path, logger: quiet)
            #expect(try await store.head().number == EventNumber(3))
            #expect(try await store.pragma("user_version") == "\(StoreSchema.current.version)")
            try await store.close()
        }
    }

    @Test func `of another application is refused and its file left as it was`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/photos.db"
            try edit(path, "CREATE TABLE photo (id INTEGER PRIMARY KEY)")
            let before = try Data(contentsOf: URL(fileURLWithPath: path))

            for open in [{ try Self.openForWriting($0) }, { try Self.openForReading($0) }] {
                let error = try #require(throws: EventStoreError.self) { try open(path) }
                #expect(error.code == .unsupportedSchema)
                #expect(error.message.contains("another application"))
            }

            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        }
    }

    @Test func `is not looked for in a file that is no database`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/letter.txt"
            let text = Data(String(repeating: "Dear Sir or Madam, ", count: 500).utf8)
            try text.write(to: URL(fileURLWithPath: path))

            for open in [{ try Self.openForWriting($0) }, { try Self.openForReading($0) }] {
                let error = try #require(throws: EventStoreError.self) { try open(path) }
                #expect(error.code == .unsupportedSchema)
                #expect(error.cause is DatabaseError)
            }

            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)
        }
    }

    @Test func `is made in a file that is empty`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/events.db"
            #expect(FileManager.default.createFile(atPath: path, contents: nil))

            let store = try SQLiteEventStore.open(path: path, logger: quiet)

            #expect(try await store.head() == .empty)
            try await store.close()
        }
    }

    @Test func `keeps what the store was created with`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/events.db"
            let creation = try StoreCreation(pageSize: 10, title: "Tabs é", author: "The café")
            let clock = ManualClock()
            let first = try SQLiteEventStore.open(
                path: path,
                creation: creation,
                logger: quiet,
                now: clock.reader
            )
            let identity = first.identity
            try await first.close()

            let second = try SQLiteEventStore.open(path: path, logger: quiet)

            #expect(second.identity == identity)
            #expect(identity.pageSize == 10)
            #expect(identity.title == "Tabs é")
            #expect(identity.author == "The café")
            #expect(identity.createdAt == clock.now)
            #expect(identity.format == StoreIdentity.currentFormat)
            try await second.close()
        }
    }

    @Test func `with pages of another format is refused`() async throws {
        try await withClosedStore { path in
            try edit(path, "UPDATE store SET format = 2")

            let error = try #require(throws: EventStoreError.self) {
                try Self.openForWriting(path)
            }

            #expect(error.code == .unsupportedSchema)
        }
    }

    private static func openForWriting(_ path: String) throws {
        _ = try SQLiteEventStore.open(path: path, logger: quiet)
    }

    private static func openForReading(_ path: String) throws {
        _ = try SQLiteEventStore.openReadOnly(path: path, logger: quiet)
    }

    /// Changes a file as somebody with the `sqlite3` shell would.
}
