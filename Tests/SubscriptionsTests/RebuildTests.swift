import EventModel
import EventTesting
import Foundation
import GRDB
import SQLiteStorage
import Subscriptions
import Testing

/// A read model of events in two revisions: the second has another column.
private func model(_ revision: Int64) -> ClosureModel {
    var model = ClosureModel(revision: revision)
    guard revision > 1 else { return model }
    model.preparing = {
        try $0.execute(
            sql: "CREATE TABLE seen (number INTEGER PRIMARY KEY, stream TEXT, type TEXT)"
        )
    }
    model.applying = { event, db in
        try db.execute(
            sql: "INSERT INTO seen VALUES (?, ?, ?)",
            arguments: [event.number.rawValue, event.stream.text, event.type.text]
        )
    }
    return model
}

@Suite(.timeLimit(.minutes(2))) struct `Rebuilding a read model` {
    private static let quick = SubscriptionOptions(
        schedule: PollingSchedule(every: .milliseconds(100)),
        batchSize: 20
    )

    /// Follows a history with the first revision to its end.
    private static func prepare(_ path: String, _ source: ScriptedSource) async throws {
        let store = try SQLiteReadModelStore(path: path)
        try await Subscription(from: source, to: Projector(model(1), in: store), options: quick)
            .catchUp()
        try store.close()
    }

    private static func rebuild(_ path: String, _ source: ScriptedSource) async throws
        -> ReadModelRebuild.Report?
    {
        let rebuild = try ReadModelRebuild(of: path, to: [model(2)])
        _ = try await rebuild.build(from: source, options: quick)
        return try await rebuild.swap(from: source, patience: .seconds(20), options: quick)
    }

    @Test func `refuses other definitions until then, and goes on with them after`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            let source = ScriptedSource(try await History.store(100))
            try await Self.prepare(path, source)
            let store = try SQLiteReadModelStore(path: path)
            let refused = await #expect(throws: CheckpointStoreError.self) {
                try await Subscription(from: source, to: Projector(model(2), in: store)).catchUp()
            }
            #expect(refused?.code == .modelChanged)
            #expect(refused?.message.contains("revision 2 instead of 1") == true)
            try store.close()

            let report = try await Self.rebuild(path, source)

            let end = try await History.checkpoint(of: History.store(100), at: 100)
            #expect(report?.old == end && report?.new == end)
            #expect(report?.leftBehind == [])
            let again = try SQLiteReadModelStore(path: path)
            try await Subscription(from: source, to: Projector(model(2), in: again)).catchUp()
            try again.close()
            #expect(
                try CopyFile(path: path).rows("SELECT count(*), count(type) FROM seen")
                    == [[100.databaseValue, 100.databaseValue]]
            )
        }
    }

    @Test func `shows open readers the old rows, then the new ones, and nothing else`() async throws
    {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            let source = ScriptedSource(try await History.store(300))
            try await Self.prepare(path, source)
            var configuration = Configuration()
            configuration.readonly = true
            let reader = try DatabaseQueue(path: path, configuration: configuration)
            let isOver = Flag()

            let shapes = try await withThrowingTaskGroup(of: Set<[Int]>.self) { group in
                group.addTask {
                    var shapes: Set<[Int]> = []
                    // Once more after the swap.
                    var isLast = false
                    while !isLast {
                        isLast = isOver.isOn
                        let shape = try await reader.read { db in
                            [
                                try Int.fetchOne(db, sql: "SELECT count(*) FROM seen") ?? -1,
                                try Row.fetchOne(db, sql: "SELECT * FROM seen")?.count ?? -1,
                            ]
                        }
                        shapes.insert(shape)
                    }
                    return shapes
                }
                do {
                    _ = try await Self.rebuild(path, source)
                    isOver.set(true)
                } catch {
                    isOver.set(true)
                    throw error
                }
                return try await group.next() ?? []
            }

            #expect(shapes == [[300, 2], [300, 3]])
        }
    }

    @Test func `asks a running subscription to end, which keeps the old rows current before`()
        async throws
    {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            let history = try await History.store(50)
            let source = ScriptedSource(history)
            try await Self.prepare(path, source)
            let store = try SQLiteReadModelStore(path: path)
            let wasSuperseded = Flag()
            let observer = ClosureObserver { progress in
                if case .superseded = progress { wasSuperseded.set(true) }
            }

            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await Subscription(
                        from: source,
                        to: Projector(model(1), in: store),
                        options: Self.quick,
                        observer: observer
                    ).run()
                    try store.close()
                }
                let rebuild = try ReadModelRebuild(of: path, to: [model(2)])
                _ = try await rebuild.build(from: source, options: Self.quick)
                try await History.add(30, to: history)
                try await ReadModelStatus.waitUntilApplied(
                    EventNumber(80),
                    path: path,
                    timeout: .seconds(20)
                )
                let report = try await rebuild.swap(
                    from: source,
                    patience: .seconds(20),
                    options: Self.quick
                )
                #expect(report?.old?.number == EventNumber(80))
                #expect(report?.new?.number == EventNumber(80))
                try await group.waitForAll()
            }

            #expect(wasSuperseded.isOn)
            #expect(try Takeover.isRequested(ofFile: path) == false)
        }
    }

    @Test func `keeps the model before, and brings it back`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            let source = ScriptedSource(try await History.store(100))
            try await Self.prepare(path, source)
            _ = try await Self.rebuild(path, source)

            let checkpoint = try await ReadModelRebuild.rollBack(path, patience: .seconds(5))

            #expect(checkpoint?.number == EventNumber(100))
            #expect(
                try CopyFile(path: path).rows("SELECT * FROM seen LIMIT 1").first?.count == 2
            )
            try await Self.prepare(path, source)
        }
    }

    @Test func `says what the new model has not`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            let source = ScriptedSource(try await History.store(10))
            try await Self.prepare(path, source)
            try await DatabaseQueue(path: path).write {
                try $0.execute(sql: "CREATE VIEW mine AS SELECT number FROM seen")
            }

            #expect(try await Self.rebuild(path, source)?.leftBehind == ["view mine"])
        }
    }

    @Test func `goes on with what an earlier one built, and begins anew with other definitions`()
        async throws
    {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            let history = try await History.store(100)
            let source = ScriptedSource(history)
            try await Self.prepare(path, source)
            let first = try ReadModelRebuild(of: path, to: [model(3)])
            _ = try await first.build(from: source, options: Self.quick)
            let second = try ReadModelRebuild(of: path, to: [model(2)])
            _ = try await second.build(from: source, options: Self.quick)
            try await History.add(10, to: history)
            let again = ScriptedSource(history)

            let third = try ReadModelRebuild(of: path, to: [model(2)])
            _ = try await third.build(from: again, options: Self.quick)

            #expect(again.requests.first?.after == EventNumber(100))
            let models = try ReadModelStatus.read(path: third.besidePath).terms.models
            #expect(models.map(\.revision) == [2])
        }
    }

    @Test func `does not wait for ever for a subscriber that is busy`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            let source = ScriptedSource(try await History.store(10))
            try await Self.prepare(path, source)
            let rebuild = try ReadModelRebuild(of: path, to: [model(2)])
            _ = try await rebuild.build(from: source, options: Self.quick)
            let busy = try SQLiteReadModelStore(path: path)

            let error = await #expect(throws: CheckpointStoreError.self) {
                _ = try await rebuild.swap(from: source, patience: .milliseconds(100))
            }

            #expect(error?.code == .inUse)
            try busy.close()
            #expect(try CopyFile(path: path).rows("SELECT * FROM seen LIMIT 1").first?.count == 2)
        }
    }

    @Test func `never repeats what a handler did`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/state.db"
            let store = try SQLiteReadModelStore(path: path)
            _ = try await store.begin(SubscriptionTerms(filter: .everything, source: "here"))
            try store.close()

            let error = #expect(throws: CheckpointStoreError.self) {
                _ = try ReadModelRebuild(of: path, to: [model(2)])
            }
            #expect(error?.code == .invalidModels)
        }
    }

    @Test func `keeps the page size that the live file has`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            try await DatabaseQueue(path: path).writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA page_size = 16384; VACUUM")
            }
            let source = ScriptedSource(try await History.store(100))
            try await Self.prepare(path, source)

            #expect(try await Self.rebuild(path, source)?.new?.number == EventNumber(100))
            #expect(try CopyFile(path: path).rows("PRAGMA page_size") == [[16_384.databaseValue]])
            // Emptied and filled once more.
            #expect(try await Self.rebuild(path, source)?.new?.number == EventNumber(100))
        }
    }
}

/// An observer of a few words.
struct ClosureObserver: SubscriptionObserver {
    let body: @Sendable (SubscriptionProgress) throws -> Void

    func observe(_ progress: SubscriptionProgress) async throws { try body(progress) }
}
