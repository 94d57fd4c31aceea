import EventModel
import EventTesting
import GRDB
import SQLiteStorage
import Subscriptions
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A read model's file of an older version` {
    /// Makes a file as version 1 left it, with the first events of a history applied.
    private static func make(_ path: String, model: String?, _ checkpoint: Checkpoint) throws {
        var configuration = Configuration()
        configuration.journalMode = .wal
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.write { db in
            try db.execute(
                sql: """
                    CREATE TABLE eventfeed_schema (version INTEGER NOT NULL) STRICT;
                    INSERT INTO eventfeed_schema (version) VALUES (1);
                    CREATE TABLE eventfeed_checkpoint (
                        row INTEGER PRIMARY KEY CHECK (row = 1),
                        model TEXT, -- NULL: a handler
                        filter TEXT NOT NULL,
                        source TEXT NOT NULL,
                        started_after INTEGER NOT NULL,
                        number INTEGER,
                        epoch TEXT,
                        chain TEXT,
                        updated_at TEXT,
                        CHECK ((number IS NULL) = (epoch IS NULL)),
                        CHECK ((number IS NULL) = (chain IS NULL))
                    ) STRICT;
                    """
            )
            try db.execute(
                sql: "INSERT INTO eventfeed_checkpoint VALUES (1, ?, '', 'here', 0, ?, ?, ?, NULL)",
                arguments: [
                    model, checkpoint.number.rawValue, checkpoint.epoch.description,
                    checkpoint.chain.description,
                ]
            )
            guard model != nil else { return }
            try EventCopy().prepare(db)
            for event in 1...checkpoint.number.rawValue {
                try db.execute(sql: "INSERT INTO event (number) VALUES (?)", arguments: [event])
            }
        }
        try queue.close()
    }

    @Test func `can be looked at as it is`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/copy.db"
            let checkpoint = try await History.checkpoint(of: History.store(5), at: 5)
            try Self.make(path, model: "event-copy", checkpoint)

            let status = try ReadModelStatus.read(path: path)

            #expect(status.checkpoint == checkpoint)
            #expect(status.terms.models == [ReadModelDefinition(name: "event-copy")])
            #expect(status.condition == nil && status.parkedEvents == 0)
            #expect(try ParkedEvents(path: path).streams().isEmpty)
        }
    }

    @Test func `is gone on with`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/copy.db"
            let history = try await History.store(12)
            try Self.make(
                path,
                model: "event-copy",
                try await History.checkpoint(of: history, at: 5)
            )

            let store = try SQLiteReadModelStore(path: path)
            try await Subscription(
                from: ScriptedSource(history),
                to: Projector(EventCopy(), in: store)
            ).catchUp()
            try store.close()

            #expect(try CopyFile(path: path).numbers() == Array(1...12))
            #expect(
                try CopyFile(path: path).rows("SELECT version FROM eventfeed_schema")
                    == [[2.databaseValue]]
            )
            // Once more, of the version that it has now.
            try SQLiteReadModelStore(path: path).close()
        }
    }

    @Test func `stays a handler's where it is one`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/state.db"
            let checkpoint = try await History.checkpoint(of: History.store(5), at: 5)
            try Self.make(path, model: nil, checkpoint)

            let store = try SQLiteReadModelStore(path: path)
            let terms = SubscriptionTerms(filter: .everything, source: "here")
            #expect(try await store.begin(terms) == checkpoint)
            let error = await #expect(throws: CheckpointStoreError.self) {
                var other = terms
                other.models = [ReadModelDefinition(name: "event-copy")]
                _ = try await store.begin(other)
            }
            #expect(error?.code == .modelChanged)
            try store.close()
        }
    }
}
