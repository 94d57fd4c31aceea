import EventModel
import EventTesting
import Foundation
import GRDB
import SQLiteStorage
import Subscriptions
import Testing

@Suite(.timeLimit(.minutes(1))) struct `What a rebuild goes on from` {
    private static let model = ClosureModel(revision: 2)

    /// A file with the first revision of 40 events, and what follows it is told to end by nobody.
    private static func with(_ body: (_ path: String) async throws -> Void) async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            let store = try SQLiteReadModelStore(path: path)
            try await Subscription(
                from: ScriptedSource(try await History.store(40)),
                to: Projector(ClosureModel(), in: store)
            ).catchUp()
            try store.close()
            try await body(path)
        }
    }

    private static func rebuild(
        _ path: String,
        from history: InMemoryEventStore,
        accepting epoch: Epoch? = nil
    ) async throws -> ReadModelRebuild.Report? {
        let source = ScriptedSource(history)
        var options = SubscriptionOptions.standard
        options.acceptedEpoch = epoch
        let rebuild = try ReadModelRebuild(of: path, to: [model])
        _ = try await rebuild.build(from: source, options: options)
        return try await rebuild.swap(from: source, patience: .seconds(5), options: options)
    }

    @Test func `is the same history: a fork, an end before it and another epoch are refused`()
        async throws
    {
        try await Self.with { path in
            let cases: [(InMemoryEventStore, SourceError.Code)] = [
                (try await History.store(60, changing: 7), .chainMismatch),
                (try await History.store(30), .afterHead),
                (try await History.store(60, epoch: History.otherEpoch), .anotherEpoch),
            ]
            for (history, code) in cases {
                let error = await #expect(throws: SourceError.self) {
                    _ = try await Self.rebuild(path, from: history)
                }
                #expect(error?.code == code)
            }
            // Found before anything was built, or anybody asked to end.
            #expect(!FileManager.default.fileExists(atPath: path + ".rebuild"))
            #expect(try ReadModelStatus.read(path: path).terms.models.map(\.revision) == [1])
        }
    }

    @Test func `may be another epoch with the same events, if somebody says so`() async throws {
        try await Self.with { path in
            let other = try await History.store(60, epoch: History.otherEpoch)
            let forked = try await History.store(60, epoch: History.otherEpoch, changing: 7)

            let error = await #expect(throws: SourceError.self) {
                _ = try await Self.rebuild(path, from: forked, accepting: History.otherEpoch)
            }
            let report = try await Self.rebuild(path, from: other, accepting: History.otherEpoch)

            #expect(error?.code == .chainMismatch)
            #expect(report?.new?.number == EventNumber(60))
            #expect(report?.new?.epoch == History.otherEpoch)
        }
    }

    @Test func `takes along what is not made from events`() async throws {
        try await Self.with { path in
            try await DatabaseQueue(path: path).write { db in
                try db.execute(
                    sql: """
                        PRAGMA user_version = 7; PRAGMA application_id = 99;
                        INSERT INTO eventfeed_discarded VALUES
                            (3, 'stream-3', 1, 'Opened', 'id', 'why', 2, 0, 0);
                        """
                )
            }

            _ = try await Self.rebuild(path, from: try await History.store(40))

            let copy = CopyFile(path: path)
            #expect(try copy.rows("PRAGMA user_version") == [[7.databaseValue]])
            #expect(try copy.rows("PRAGMA application_id") == [[99.databaseValue]])
            #expect(
                try copy.rows("SELECT number, reason FROM eventfeed_discarded")
                    == [[3.databaseValue, "why".databaseValue]]
            )
        }
    }

    @Test(arguments: [".rebuild", ".previous"])
    func `is never written over a database of somebody else`(name: String) async throws {
        try await Self.with { path in
            try await DatabaseQueue(path: path + name).write {
                try $0.execute(sql: "CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)")
            }

            let error = await #expect(throws: CheckpointStoreError.self) {
                _ = try await Self.rebuild(path, from: try await History.store(40))
            }

            #expect(error?.code == .notADatabase)
            #expect(
                try CopyFile(path: path + name).rows("SELECT a FROM theirs")
                    == [[1.databaseValue]]
            )
        }
    }

    @Test func `may have changed its page size since the last one`() async throws {
        try await Self.with { path in
            let history = try await History.store(40)
            _ = try await Self.rebuild(path, from: history)
            try await DatabaseQueue(path: path).writeWithoutTransaction {
                try $0.execute(
                    sql: "PRAGMA journal_mode = DELETE; PRAGMA page_size = 8192; VACUUM"
                )
            }
            let refused = await #expect(throws: CheckpointStoreError.self) {
                _ = try await ReadModelRebuild.rollBack(path, patience: .seconds(5))
            }
            #expect(refused?.message.contains("page_size = 4096") == true)

            _ = try await Self.rebuild(path, from: history)

            #expect(try CopyFile(path: path).rows("PRAGMA page_size") == [[8_192.databaseValue]])
            #expect(
                try CopyFile(path: path + ".previous").rows("SELECT count(*) FROM seen")
                    == [[40.databaseValue]]
            )
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct `The file of a read model that nobody follows` {
    @Test func `keeps its log, so that it can be read where nothing may be written`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            let store = try SQLiteReadModelStore(path: path)
            _ = try await store.begin(SubscriptionTerms(filter: .everything, source: "here"))
            try store.close()

            #expect(FileManager.default.fileExists(atPath: path + "-wal"))
            #expect(FileManager.default.fileExists(atPath: path + "-shm"))
            // All of it is in the file itself.
            try FileManager.default.copyItem(atPath: path, toPath: "\(folder)/alone.db")
            #expect(try ReadModelStatus.read(path: "\(folder)/alone.db").terms.source == "here")
        }
    }
}
