import EventModel
import EventTesting
import Foundation
import GRDB
import SQLiteStorage
import Subscriptions
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A copy of all events` {
    /// Copies a store into a file and returns rows of it.
    private func copy(_ store: InMemoryEventStore, reading sql: String) async throws
        -> [[DatabaseValue]]
    {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/copy.db"
            let file = try SQLiteReadModelStore(path: path)
            try await Subscription(
                from: ScriptedSource(store),
                to: Projector(EventCopy(), in: file)
            ).catchUp()
            try file.close()
            return try CopyFile(path: path).rows(sql)
        }
    }

    @Test func `has the columns that were promised`() async throws {
        let columns = try await copy(
            try await History.store(0),
            reading: "SELECT name, type, pk FROM pragma_table_info('event') ORDER BY cid"
        )

        let expected = [
            ("number", "INTEGER"), ("stream", "TEXT"), ("version", "INTEGER"), ("type", "TEXT"),
            ("id", "TEXT"), ("recorded_at", "TEXT"), ("media_type", "TEXT"), ("data", ""),
            ("metadata", ""),
        ]
        #expect(columns.map { String.fromDatabaseValue($0[0]) } == expected.map(\.0))
        #expect(columns.map { String.fromDatabaseValue($0[1]) } == expected.map(\.1))
        #expect(columns.map { Int.fromDatabaseValue($0[2]) } == [1, 0, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test func `has every event as it is`() async throws {
        let rows = try await copy(
            try await History.store(12),
            reading: "SELECT * FROM event WHERE number IN (6, 7) ORDER BY number"
        )

        let expected: [[any DatabaseValueConvertible]] = [
            [
                6, "stream-1", 2, "Opened", History.event(6).id.description,
                "2026-03-01T09:30:00.000000Z", "application/json",
                "{\"number\":6,\"text\":\"as it was\"}", "{\"actor\":\"test\"}",
            ],
            [
                7, "stream-2", 2, "Moved", History.event(7).id.description,
                "2026-03-01T09:30:00.000000Z", "application/json",
                "{\"number\":7,\"text\":\"as it was\"}", DatabaseValue.null,
            ],
        ]
        #expect(rows == expected.map { $0.map(\.databaseValue) })
    }

    @Test func `lets SQL look into JSON`() async throws {
        let rows = try await copy(
            try await History.store(12),
            reading: "SELECT sum(data ->> 'number') FROM event WHERE type = 'Moved'"
        )

        #expect(rows == [[(1 + 4 + 7 + 10).databaseValue]])
    }

    /// Payloads, and whether they are kept as text.
    static let payloads: [(Payload, Bool)] = [
        (.json("{\"a\":1.0}"), true),
        (Payload(Array("grüße 👩‍👩‍👧 e\u{301}\r\n".utf8), mediaType: .plainText), true),
        (Payload([], mediaType: .json), true),
        (Payload([], mediaType: .octetStream), false),
        (Payload(Array("text".utf8), mediaType: .octetStream), false),
        (Payload([0xFF, 0xFE, 0x41], mediaType: .plainText), false),
        (Payload([0x61, 0x00, 0x62], mediaType: .plainText), false),
        (Payload(Array("{\"n\":\"\u{0}\"}".utf8), mediaType: .json), false),
        (Payload([0xEF, 0xBB, 0xBF, 0x7B, 0x7D], mediaType: .json), true),
        (Payload([0xC3, 0xA9], mediaType: MediaType(stored: "text/plain;charset=UTF-8")), true),
        (Payload([0xE9], mediaType: MediaType(stored: "text/plain;charset=iso-8859-1")), false),
        (Payload(Array("<a/>".utf8), mediaType: MediaType(stored: "image/svg+xml")), true),
        (Payload(Array(0...255), mediaType: .octetStream), false),
    ]

    @Test(arguments: payloads)
    func `keeps bytes exactly, as text where they are text`(
        _ payload: Payload,
        isText: Bool
    ) async throws {
        let store = InMemoryEventStore()
        try await store.append([
            NewEvent(
                stream: StreamName(stored: "a-1"),
                type: EventType(stored: "A"),
                data: payload,
                metadata: payload
            )
        ])

        let rows = try await copy(
            store,
            reading: """
                SELECT typeof(data), CAST(data AS BLOB), typeof(metadata), CAST(metadata AS BLOB)
                FROM event
                """
        )

        let kind = (isText ? "text" : "blob").databaseValue
        let row = try #require(rows.first)
        #expect(row[0] == kind && row[2] == kind)
        #expect(bytes(row[1]) == payload.bytes && bytes(row[3]) == payload.bytes)
    }

    private func bytes(_ value: DatabaseValue) -> [UInt8] {
        switch value.storage {
        case .blob(let data): Array(data)
        default: []
        }
    }

    @Test func `refuses a table event of somebody else`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/app.db"
            try await DatabaseQueue(path: path).write {
                try $0.execute(sql: "CREATE TABLE event (title TEXT)")
            }
            let file = try SQLiteReadModelStore(path: path)

            let error = await #expect(throws: CheckpointStoreError.self) {
                try await Subscription(
                    from: ScriptedSource(try await History.store(3)),
                    to: Projector(EventCopy(), in: file)
                ).catchUp()
            }

            #expect(error?.code == .modelChanged)
            try file.close()
        }
    }

    @Test func `stops at an event that cannot be written, and names it`() async throws {
        try await withTemporaryDirectory { folder in
            let file = try SQLiteReadModelStore(path: "\(folder)/copy.db")
            try await file.transaction("cannot fill") { db in
                try EventCopy().prepare(db)
                try db.execute(sql: "INSERT INTO event (number) VALUES (9)")
            }
            let options = SubscriptionOptions(batchSize: 5)

            let error = await #expect(throws: ApplyError.self) {
                try await Subscription(
                    from: ScriptedSource(try await History.store(12)),
                    to: Projector(EventCopy(), in: file),
                    options: options
                ).catchUp()
            }

            #expect(error?.number == EventNumber(9))
            #expect(error?.model == "event-copy")
            try file.close()
            let copy = CopyFile(path: "\(folder)/copy.db")
            #expect(try copy.numbers() == [1, 2, 3, 4, 5, 9])
        }
    }

    @Test func `waits for a lock of another program, and goes on`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/copy.db"
            let file = try SQLiteReadModelStore(path: path)
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            let other = try DatabaseQueue(path: path, configuration: configuration)
            let source = ScriptedSource(try await History.store(6))
            let projector = Projector(EventCopy(), in: file)
            let locking = AtStart {
                try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
            }

            let error = await #expect(throws: DeliveryPostponed.self) {
                try await Subscription(from: source, to: projector, observer: locking).runOnce()
            }
            try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            try other.close()
            try await Subscription(from: source, to: projector).catchUp()

            #expect(error?.reason.contains("holds a lock") == true)
            try file.close()
            #expect(try CopyFile(path: path).numbers() == [1, 2, 3, 4, 5, 6])
        }
    }
}

/// An observer that does something once the receiver is ready.
private struct AtStart: SubscriptionObserver {
    let body: @Sendable () async throws -> Void

    func observe(_ progress: SubscriptionProgress) async throws {
        if case .started = progress { try await body() }
    }
}
