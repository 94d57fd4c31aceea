import EventModel
import EventTesting
import Foundation
import GRDB
import Testing

@testable import SQLiteStorage

@Suite(.timeLimit(.minutes(1)))
struct `A file with given ids and metadata` {
    @Test func `of version 1 is migrated, with what its events mean now`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/events.db"
            let history = try await Self.writeVersion1(path)

            #expect(throws: EventStoreError.self) {
                try SQLiteEventStore.openReadOnly(path: path, logger: quiet)
            }
            let store = try SQLiteEventStore.open(path: path, logger: quiet)

            let batch = try await store.read(after: .beginning, limit: 100)
            #expect(batch.events == history)
            #expect(batch.events.allSatisfy { $0.givenID == nil })
            let described = try await store.streamState(try StreamName("a"))
            #expect(described.firstLive == StreamVersion(2))
            let ended = try await store.streamState(try StreamName("ended"))
            #expect(ended.condition == .tombstoned)
            // Only the newest event ends a stream.
            let gone = try await store.streamState(try StreamName("gone on"))
            #expect(gone.condition == .open)
            await #expect(throws: StreamDeleted.self) {
                try await store.append([try Sample.event("ended")])
            }
            let event = NewEvent(
                id: history[0].id,
                stream: try StreamName("new"),
                type: try EventType("T"),
                data: .json("1")
            )
            try await store.append(AppendBatch([event], ids: .stream))
            #expect(try await store.event(EventNumber(8))?.givenID == history[0].id)
            try await store.close()
            let reading = try SQLiteEventStore.openReadOnly(path: path, logger: quiet)
            #expect(try await reading.head().number == EventNumber(8))
            try await reading.close()
        }
    }

    /// Writes a file as the first version did, with seven events.
    private static func writeVersion1(_ path: String) async throws -> [RecordedEvent] {
        let memory = InMemoryEventStore()
        let streams = ["a", "a", "ended", "ended", "gone on", "gone on", "$$a"]
        // A type that had no meaning yet may stand anywhere.
        let types = ["T", "T", "T", "$other", "$other", "T", "Said"]
        for (stream, type) in zip(streams, types) {
            try await memory.append([try Sample.event(stream, type: type, json: "{\"$tb\":1}")])
        }
        let first = StoreSchema(steps: Array(StoreSchema.current.steps.prefix(1)))
        let file = try StoreFile(writing: path, schema: first) { db in
            try StoredIdentity.insert(.standard, createdAt: .now(), db)
        }
        let events = try await memory.read(after: .beginning, limit: 100).events.map { event in
            guard event.type.text == "$other" else { return event }
            return RecordedEvent(
                number: event.number,
                version: event.version,
                recordedAt: event.recordedAt,
                event: NewEvent(
                    id: event.id,
                    stream: event.stream,
                    type: .streamDeleted,
                    data: event.data
                )
            )
        }
        try await file.connections.write { db in try Self.insert(events, db) }
        try file.close()
        return events
    }

    private static func insert(_ events: [RecordedEvent], _ db: Database) throws {
        try db.execute(sql: "INSERT INTO media_type (id, name) VALUES (1, 'application/json')")
        var chain = ChainDigest.beginning
        for event in events {
            chain = chain.appending(event)
            try db.execute(
                sql: """
                    INSERT OR IGNORE INTO event_type (name) VALUES (:type);
                    INSERT INTO stream (name, category, version) VALUES (:stream, :stream, 1)
                        ON CONFLICT (name) DO UPDATE SET version = version + 1;
                    INSERT INTO event (number, stream, version, type, id, recorded_at, chain,
                        data_media_type, data)
                    SELECT :number, stream.id, stream.version, event_type.id, :id, :at, :chain, 1,
                        :data
                    FROM stream, event_type
                    WHERE stream.name = :stream AND event_type.name = :type
                    """,
                arguments: [
                    "type": event.type.text, "stream": event.stream.text,
                    "number": event.number.rawValue, "id": Data(event.id.uuid.bytes),
                    "at": event.recordedAt.microseconds, "chain": Data(chain.bytes),
                    "data": Data(event.data.bytes),
                ]
            )
        }
    }

    @Test func `knows given ids after it was closed and opened again`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/events.db"
            func opened<T>(_ body: (SQLiteEventStore) async throws -> T) async throws -> T {
                let store = try SQLiteEventStore.open(path: path, logger: quiet)
                let result = try await body(store)
                try await store.close()
                return result
            }
            func batch(_ stream: String, _ ids: [EventID]) throws -> AppendBatch {
                let events = try ids.map { id in
                    NewEvent(
                        id: id,
                        stream: try StreamName(stream),
                        type: try EventType("T"),
                        data: .json("1")
                    )
                }
                return try AppendBatch(events, ids: .stream)
            }
            let ids = (0..<3).map { _ in EventID.timeOrdered() }
            try await opened { store in
                try await store.append(try batch("a", ids))
                try await store.append(try batch("b", ids + [ids[0]]))
            }
            let head = try await opened { store in
                for stream in ["a", "b"] {
                    let again = try await store.append(try batch(stream, ids))
                    #expect(again.wasAlreadyRecorded)
                    #expect(again.firstVersions.values.first == StreamVersion(1))
                    let part = try await store.append(try batch(stream, [ids[1], ids[2]]))
                    #expect(part.firstVersions.values.first == StreamVersion(2))
                }
                await #expect(throws: PartlyRecorded.self) {
                    try await store.append(try batch("b", [ids[2], .timeOrdered()]))
                }
                return try await store.head()
            }
            #expect(head.number == EventNumber(7))
        }
    }

    @Test func `finds a given id by its index`() async throws {
        try await withStore { store in
            let plan = try await store.file.connections.read { db in
                try Row.fetchAll(
                    db,
                    sql: """
                        EXPLAIN QUERY PLAN SELECT number, version FROM event
                            INDEXED BY event_given_id
                        WHERE stream = 1 AND given_id = x'00' AND +version > 0
                        ORDER BY number LIMIT 1
                        """
                ).map { $0["detail"] as String }
            }
            #expect(plan == ["SEARCH event USING INDEX event_given_id (stream=? AND given_id=?)"])
        }
    }
}
