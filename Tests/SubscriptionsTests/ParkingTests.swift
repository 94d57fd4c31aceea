import EventModel
import EventTesting
import GRDB
import SQLiteStorage
import Subscriptions
import Synchronization
import Testing

/// A read model that refuses the events that a test names.
private final class Refusing: Sendable {
    struct Refusal: Error {}

    let numbers: Mutex<Set<Int64>>

    init(_ numbers: Set<Int64>) {
        self.numbers = Mutex(numbers)
    }

    var model: ClosureModel {
        var model = ClosureModel()
        model.applying = { [self] event, db in
            // Written first: what is refused must be taken back.
            try ClosureModel().apply(event, in: db)
            if numbers.withLock({ $0.contains(event.number.rawValue) }) { throw Refusal() }
        }
        return model
    }
}

@Suite(.timeLimit(.minutes(1))) struct `An event that cannot be applied` {
    private static let quick = PollingSchedule(
        every: .milliseconds(100),
        backOff: BackOff(minimum: .milliseconds(1), maximum: .milliseconds(1))
    )

    /// Follows a history of `count` events to its end.
    private static func follow(
        _ count: Int,
        into path: String,
        _ refusing: Refusing,
        _ policy: FailurePolicy,
        limits: ParkLimits = .standard
    ) async throws {
        let store = try SQLiteReadModelStore(path: path, limits: limits)
        defer { try? store.close() }
        try await Subscription(
            from: ScriptedSource(try await History.store(count)),
            to: Projector(refusing.model, in: store, onFailure: policy),
            options: SubscriptionOptions(schedule: quick, batchSize: 7)
        ).catchUp()
    }

    private static func seen(_ path: String) throws -> [Int64] {
        try CopyFile(path: path).rows("SELECT number FROM seen ORDER BY number").map {
            Int64.fromDatabaseValue($0[0]) ?? 0
        }
    }

    /// History puts event n into stream n mod 5.
    private static func numbers(_ count: Int64, without streams: [Int64: Int64]) -> [Int64] {
        (1...count).filter { number in
            streams[number % 5].map { number < $0 } ?? true
        }
    }

    @Test func `stops the subscription, and nothing of its batch is kept`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            let error = await #expect(throws: ApplyError.self) {
                try await Self.follow(30, into: path, Refusing([12]), .stop)
            }
            let status = try ReadModelStatus.read(path: path)
            #expect(error?.number == EventNumber(12))
            #expect(try Self.seen(path) == Array(1...7))
            #expect(status.checkpoint?.number == EventNumber(7))
        }
    }

    @Test func `is tried again as often as was asked for, then stops`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            let tries = Mutex(0)
            var model = ClosureModel()
            model.applying = { event, db in
                try ClosureModel().apply(event, in: db)
                guard event.number == EventNumber(12) else { return }
                tries.withLock { $0 += 1 }
                throw Refusing.Refusal()
            }
            let store = try SQLiteReadModelStore(path: path)
            await #expect(throws: ApplyError.self) {
                try await Subscription(
                    from: ScriptedSource(try await History.store(30)),
                    to: Projector(model, in: store, onFailure: .retry(times: 3)),
                    options: SubscriptionOptions(schedule: Self.quick, batchSize: 7)
                ).catchUp()
            }
            try store.close()

            #expect(tries.withLock { $0 } == 4)
            #expect(
                try CopyFile(path: path)
                    .rows("SELECT tries, unfinished FROM eventfeed_try WHERE kind = 'batch'")
                    == [[4.databaseValue, 0.databaseValue]]
            )
        }
    }

    @Test func `goes on once it can be applied`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            let left = Mutex(3)
            var model = ClosureModel()
            model.applying = { event, db in
                try ClosureModel().apply(event, in: db)
                guard event.number == EventNumber(12) else { return }
                let isRefused = left.withLock { left in
                    left -= 1
                    return left >= 0
                }
                if isRefused { throw Refusing.Refusal() }
            }
            let store = try SQLiteReadModelStore(path: path)
            try await Subscription(
                from: ScriptedSource(try await History.store(30)),
                to: Projector(model, in: store, onFailure: .retry(times: 3)),
                options: SubscriptionOptions(schedule: Self.quick, batchSize: 7)
            ).catchUp()
            try store.close()
            #expect(try Self.seen(path) == Array(1...30))
        }
    }

    @Test func `is parked with what follows in its stream, and the others go on`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"

            try await Self.follow(60, into: path, Refusing([12, 33]), .park)

            #expect(try Self.seen(path) == Self.numbers(60, without: [2: 12, 3: 33]))
            let status = try ReadModelStatus.read(path: path)
            let end = try await History.checkpoint(of: History.store(60), at: 60)
            #expect(status.checkpoint == end)
            #expect(status.parkedStreams == 2 && status.parkedEvents == 10 + 6)
            let streams = try ParkedEvents(path: path).streams()
            #expect(streams.map(\.name.text) == ["stream-2", "stream-3"])
            #expect(streams.map(\.first.rawValue) == [12, 33])
            #expect(streams.map(\.events) == [10, 6])
            #expect(streams.allSatisfy { $0.reason.contains("Refusal") })
            // Each event is kept as it came.
            let history = try await History.batch(of: History.store(60), after: 0).events
            let seen = try Self.seen(path)
            let parked = try ParkedEvents(path: path).events(.all).map(\.event)
            #expect(parked == history.filter { !seen.contains($0.number.rawValue) })
        }
    }

    @Test func `keeps its stream parked, whatever the policy of the next start is`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            try await Self.follow(20, into: path, Refusing([12]), .park)

            try await Self.follow(40, into: path, Refusing([]), .stop)

            #expect(try Self.seen(path) == Self.numbers(40, without: [2: 12]))
        }
    }

    @Test func `is applied by a retry, with what waited behind it, in order`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            try await Self.follow(40, into: path, Refusing([12, 33, 37]), .park)
            let store = try SQLiteReadModelStore(path: path)

            let first = try await store.retryParked(.all, with: [Refusing([37]).model])
            let second = try await store.retryParked(
                .stream("stream-2"),
                with: [Refusing([]).model]
            )

            #expect(first.applied == 5 + 2 && first.left == 1)
            #expect(first.failures.count == 1)
            #expect(second == RetryReport(applied: 1, left: 0))
            #expect(try await store.parkedCount(.all) == 0)
            try store.close()
            #expect(try Self.seen(path) == Array(1...40))
            // Streams that are free again are followed as before.
            try await Self.follow(50, into: path, Refusing([]), .stop)
            #expect(try Self.seen(path) == Array(1...50))
        }
    }

    @Test func `is given up with a record, and the rest of its stream can be tried`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            try await Self.follow(40, into: path, Refusing([12]), .park)
            let store = try SQLiteReadModelStore(path: path)

            #expect(try await store.discardParked(.number(12)) == 1)
            #expect(try await store.discardParked(.number(12)) == 0)
            let report = try await store.retryParked(.all, with: [Refusing([12]).model])

            #expect(report == RetryReport(applied: 5, left: 0))
            try store.close()
            #expect(try Self.seen(path) == (1...40).filter { $0 != 12 })
            #expect(
                try CopyFile(path: path)
                    .rows("SELECT number, stream, reason IS NOT NULL FROM eventfeed_discarded")
                    == [[12.databaseValue, "stream-2".databaseValue, true.databaseValue]]
            )
        }
    }

    @Test(arguments: [
        ParkLimits(events: 4, bytes: 1 << 30), ParkLimits(events: 100, bytes: 170),
    ])
    func `stops the subscription where as much is parked as may be`(limits: ParkLimits) async throws
    {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"

            let error = await #expect(throws: CheckpointStoreError.self) {
                try await Self.follow(60, into: path, Refusing([12]), .park, limits: limits)
            }

            #expect(error?.code == .parkFull)
            let status = try ReadModelStatus.read(path: path)
            #expect(status.parkedEvents > 0 && status.parkedEvents <= 4)
            // The batch that found no room is not applied.
            #expect(
                try Self.seen(path)
                    == Self.numbers(status.checkpoint?.number.rawValue ?? 0, without: [2: 12])
            )
        }
    }

    @Test func `is not taken for one where the disk is full`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            let left = Mutex(2)
            var model = ClosureModel()
            model.applying = { event, db in
                try ClosureModel().apply(event, in: db)
                let isFull = left.withLock { left in
                    left -= event.number == EventNumber(12) ? 1 : 0
                    return event.number == EventNumber(12) && left >= 0
                }
                if isFull { throw DatabaseError(resultCode: .SQLITE_FULL) }
            }
            let store = try SQLiteReadModelStore(path: path)
            try await Subscription(
                from: ScriptedSource(try await History.store(30)),
                to: Projector(model, in: store, onFailure: .park),
                options: SubscriptionOptions(schedule: Self.quick, batchSize: 7)
            ).catchUp()
            try store.close()

            #expect(try Self.seen(path) == Array(1...30))
            #expect(try ReadModelStatus.read(path: path).parkedEvents == 0)
        }
    }
}
