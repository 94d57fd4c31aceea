import EventModel
import EventTesting
import Foundation
import GRDB
import Logging
import SQLiteStorage
import Subscriptions
import Testing

@Suite(.timeLimit(.minutes(1))) struct `The file of a read model` {
    private let terms = SubscriptionTerms(
        filter: EventFilter(types: [.prefix("Mo")]),
        models: [ReadModelDefinition(name: "counter")],
        source: "http://feed.example/"
    )

    private func checkpoint(_ number: Int64, epoch: Epoch = History.epoch) -> Checkpoint {
        Checkpoint(number: EventNumber(number), epoch: epoch, chain: .beginning)
    }

    @Test func `keeps rows and checkpoint together, across openings`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            let store = try SQLiteReadModelStore(path: path)
            #expect(try await store.begin(terms) == nil)
            let events = try await History.batch(of: History.store(3), after: 0).events
            try await store.apply(events, from: nil, to: checkpoint(3))
            try store.close()

            let again = try SQLiteReadModelStore(path: path)
            #expect(try await again.begin(terms) == checkpoint(3))
            try await again.advance(from: checkpoint(3), to: checkpoint(5))
            #expect(try await again.begin(terms) == checkpoint(5))
            try again.close()
            #expect(
                try CopyFile(path: path).rows("SELECT max(number) FROM seen")
                    == [[3.databaseValue]]
            )
        }
    }

    @Test func `takes rows back with the checkpoint where writing fails`() async throws {
        struct Failure: Error {}
        try await withTemporaryDirectory { folder in
            let store = try SQLiteReadModelStore(path: "\(folder)/model.db")
            _ = try await store.begin(terms)
            let events = try await History.batch(of: History.store(3), after: 0).events
            var failing = ClosureModel()
            failing.applying = { event, db in
                try ClosureModel().apply(event, in: db)
                if event.number == EventNumber(3) { throw Failure() }
            }

            let error = await #expect(throws: ApplyError.self) {
                try await store.apply(events, from: nil, to: checkpoint(3), model: failing)
            }

            #expect(error?.cause is Failure && error?.number == EventNumber(3))
            #expect(try await store.begin(terms) == nil)
            try store.close()
            // The tables were made in the same transaction.
            #expect(
                try CopyFile(path: "\(folder)/model.db")
                    .rows("SELECT name FROM sqlite_schema WHERE name = 'seen'").isEmpty
            )
        }
    }

    @Test func `refuses to move a checkpoint that is not what the caller believes`() async throws {
        try await withTemporaryDirectory { folder in
            let store = try SQLiteReadModelStore(path: "\(folder)/model.db")
            _ = try await store.begin(terms)
            try await store.advance(from: nil, to: checkpoint(3))

            for wrong in [nil, checkpoint(2), checkpoint(3, epoch: History.otherEpoch)] {
                let error = await #expect(throws: CheckpointStoreError.self) {
                    try await store.apply(from: wrong, to: checkpoint(9))
                }
                #expect(error?.code == .conflict)
            }
            #expect(try await store.begin(terms) == checkpoint(3))
            try store.close()
        }
    }

    @Test func `refuses another filter or model once something was applied, not before`()
        async throws
    {
        try await withTemporaryDirectory { folder in
            let store = try SQLiteReadModelStore(path: "\(folder)/model.db")
            var otherFilter = terms
            otherFilter.filter = .everything
            var otherModel = terms
            otherModel.models = []
            var otherSource = terms
            otherSource.source = "http://replica.example/"
            _ = try await store.begin(otherFilter)
            _ = try await store.begin(terms)
            try await store.advance(from: nil, to: checkpoint(3))

            let filter = await #expect(throws: CheckpointStoreError.self) {
                _ = try await store.begin(otherFilter)
            }
            let model = await #expect(throws: CheckpointStoreError.self) {
                _ = try await store.begin(otherModel)
            }

            #expect(filter?.code == .filterChanged)
            #expect(filter?.message.contains("type-prefix Mo") == true)
            #expect(model?.code == .modelChanged)
            #expect(try await store.begin(otherSource) == checkpoint(3))
            try store.close()
            let status = try ReadModelStatus.read(path: "\(folder)/model.db")
            #expect(status.terms == otherSource)
        }
    }

    @Test func `has one owner at a time, by whatever path`() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("eventfeed-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: "\(folder)/inner",
            withIntermediateDirectories: true
        )
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try SQLiteReadModelStore(path: "\(folder)/model.db")

        let error = #expect(throws: CheckpointStoreError.self) {
            _ = try SQLiteReadModelStore(path: "\(folder)/inner/../model.db")
        }

        #expect(error?.code == .inUse)
        #expect(error?.message.contains("\(ProcessInfo.processInfo.processIdentifier)") == true)
        try store.close()
        try SQLiteReadModelStore(path: "\(folder)/model.db").close()
    }

    @Test func `is refused untouched where it is something else`() async throws {
        try await withTemporaryDirectory { folder in
            let text = Data(String(repeating: "this is no database\n", count: 200).utf8)
            let path = "\(folder)/notes.txt"
            try text.write(to: URL(fileURLWithPath: path))

            let error = #expect(throws: CheckpointStoreError.self) {
                _ = try SQLiteReadModelStore(path: path)
            }

            #expect(error?.code == .notADatabase)
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)
            let missing = #expect(throws: CheckpointStoreError.self) {
                _ = try SQLiteReadModelStore(path: "\(folder)/nowhere/model.db")
            }
            #expect(missing?.code == .io)
        }
    }

    @Test func `is refused where it is an event store`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/events.db"
            let store = try SQLiteEventStore.open(path: path, logger: Logger(label: "test"))
            try await store.close()

            let error = #expect(throws: CheckpointStoreError.self) {
                _ = try SQLiteReadModelStore(path: path)
            }

            #expect(error?.code == .unsupportedSchema)
        }
    }

    @Test func `is refused where newer software wrote its bookkeeping`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            try SQLiteReadModelStore(path: path).close()
            try await DatabaseQueue(path: path).write {
                try $0.execute(sql: "UPDATE eventfeed_schema SET version = 9")
            }

            let error = #expect(throws: CheckpointStoreError.self) {
                _ = try SQLiteReadModelStore(path: path)
            }

            #expect(error?.code == .unsupportedSchema)
            #expect(error?.message.contains("version 9") == true)
        }
    }

    @Test func `may be a database that somebody else uses as well`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/app.db"
            try await DatabaseQueue(path: path).write {
                try $0.execute(
                    sql: """
                        PRAGMA user_version = 42;
                        CREATE TABLE own (name TEXT);
                        INSERT INTO own VALUES ('kept');
                        """
                )
            }

            let store = try SQLiteReadModelStore(path: path)
            _ = try await store.begin(terms)
            try await store.advance(from: nil, to: checkpoint(1))
            try store.close()

            let file = CopyFile(path: path)
            #expect(try file.rows("SELECT name FROM own") == [["kept".databaseValue]])
            #expect(try file.rows("PRAGMA user_version") == [[42.databaseValue]])
        }
    }

    @Test func `says that a checkpoint is damaged instead of starting again`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            let store = try SQLiteReadModelStore(path: path)
            _ = try await store.begin(terms)
            try await store.advance(from: nil, to: checkpoint(3))
            try store.close()
            try await DatabaseQueue(path: path).write {
                try $0.execute(sql: "UPDATE eventfeed_checkpoint SET chain = 'abc'")
            }

            let damaged = try SQLiteReadModelStore(path: path)
            let error = await #expect(throws: CheckpointStoreError.self) {
                _ = try await damaged.begin(terms)
            }

            #expect(error?.code == .corrupt)
            try damaged.close()
        }
    }

    @Test func `writes ahead, and leaves syncing to checkpoints of the log`() async throws {
        try await withTemporaryDirectory { folder in
            let store = try SQLiteReadModelStore(path: "\(folder)/model.db")

            try await store.transaction("cannot ask") { db in
                let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode")
                let synchronous = try Int.fetchOne(db, sql: "PRAGMA synchronous")
                let pages = try Int.fetchOne(db, sql: "PRAGMA wal_autocheckpoint")
                #expect(mode == "wal" && synchronous == 1 && pages == 4_000)
            }

            try store.close()
        }
    }

    @Test func `can be read by others while a batch is written`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            let store = try SQLiteReadModelStore(path: path)
            _ = try await store.begin(terms)
            try await store.advance(from: nil, to: checkpoint(3))

            var looking = ClosureModel()
            looking.applying = { _, _ in
                let status = try ReadModelStatus.read(path: path)
                #expect(status.checkpoint == checkpoint(3))
            }
            let events = try await History.batch(of: History.store(5), after: 3).events
            try await store.apply(
                events,
                from: checkpoint(3),
                to: checkpoint(5),
                model: looking
            )

            #expect(try ReadModelStatus.read(path: path).checkpoint == checkpoint(5))
            try store.close()
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct `The status of a read model` {
    @Test func `tells how far it got, and whether somebody owns it`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/copy.db"
            let store = try SQLiteReadModelStore(path: path)
            let before = Timestamp.now()
            try await Subscription(
                from: ScriptedSource(try await History.store(12), address: "http://feed.example/"),
                to: Projector(EventCopy(), in: store)
            ).catchUp()

            let running = try ReadModelStatus.read(path: path)
            try store.close()
            let stopped = try ReadModelStatus.read(path: path)

            #expect(running.checkpoint?.number == EventNumber(12))
            #expect(running.terms.source == "http://feed.example/")
            #expect(running.terms.models.map(\.name) == ["event-copy"])
            #expect(try #require(running.updatedAt) >= before)
            #expect(running.owner == ProcessInfo.processInfo.processIdentifier)
            #expect(running.isRunning && !stopped.isRunning)
            #expect(stopped.checkpoint == running.checkpoint)
        }
    }

    @Test func `is not running where a killed process left its lock file`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/copy.db"
            let store = try SQLiteReadModelStore(path: path)
            _ = try await store.begin(SubscriptionTerms(filter: .everything, source: "here"))
            try store.close()
            // This process lives and does not hold the lock, as if the id had been given again.
            try Data("\(ProcessInfo.processInfo.processIdentifier)\n".utf8)
                .write(to: URL(fileURLWithPath: "\(path).lock"))

            let status = try ReadModelStatus.read(path: path)

            #expect(!status.isRunning)
            #expect(status.checkpoint == nil)
        }
    }

    @Test func `says what there is where there is no read model`() async throws {
        try await withTemporaryDirectory { folder in
            let missing = #expect(throws: CheckpointStoreError.self) {
                _ = try ReadModelStatus.read(path: "\(folder)/nothing.db")
            }
            try await DatabaseQueue(path: "\(folder)/other.db").write {
                try $0.execute(sql: "CREATE TABLE other (number INTEGER)")
            }
            let other = #expect(throws: CheckpointStoreError.self) {
                _ = try ReadModelStatus.read(path: "\(folder)/other.db")
            }

            #expect(missing?.code == .missing)
            #expect(other?.code == .missing)
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/nothing.db"))
        }
    }
}
