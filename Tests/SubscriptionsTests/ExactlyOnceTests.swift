import EventModel
import EventTesting
import Foundation
import GRDB
import SQLiteStorage
import Subscriptions
import Synchronization
import Testing

/// Ends the process, or the task, at a step that a seed chose.
struct Crash: Error {}

/// A read model that fails at its n-th event, as a process may die at any.
struct CrashingCopy: ReadModel {
    typealias Transaction = Database

    let name = "event-copy"
    let failing: @Sendable (RecordedEvent) throws -> Void

    func prepare(_ transaction: Database) throws {
        try EventCopy().prepare(transaction)
    }

    func apply(_ event: RecordedEvent, in transaction: Database) throws {
        try EventCopy().apply(event, in: transaction)
        try failing(event)
    }
}

@Suite(.timeLimit(.minutes(5))) struct `Exactly once` {
    /// Where a run ends: at the n-th request, in the n-th event, or after the n-th commit.
    private enum Place: CaseIterable {
        case request, event, commit
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func `holds wherever a run breaks off, whatever the source does`(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let history = try await History.store(300)
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/copy.db"
            var breaks = 0
            while breaks < 40 {
                let source = ScriptedSource(history, steps: Self.steps(using: &random))
                let place = Place.allCases.randomElement(using: &random) ?? .request
                let count = Int.random(in: 1...20, using: &random)
                let batch = Int.random(in: 1...40, using: &random)
                let done = try await Self.run(source, path, batch, breakingAt: place, count)
                let numbers = try CopyFile(path: path).numbers()
                let checkpoint = try ReadModelStatus.read(path: path).checkpoint
                // After every break: the rows are those up to the checkpoint, each once.
                #expect(numbers == Array(1...300).prefix(numbers.count).map { Int64($0) })
                #expect(numbers.last ?? 0 == checkpoint?.number.rawValue ?? 0)
                breaks += 1
                if done { break }
            }
            let file = try SQLiteReadModelStore(path: path)
            try await Subscription(
                from: ScriptedSource(history),
                to: Projector(EventCopy(), in: file)
            ).catchUp()
            try file.close()
            #expect(try CopyFile(path: path).numbers() == (1...300).map { Int64($0) })
            let whole = try await History.checkpoint(of: history, at: 300)
            #expect(try ReadModelStatus.read(path: path).checkpoint == whole)
        }
    }

    /// Some honest answers, and some of every kind that must not be applied.
    private static func steps(using random: inout SeededGenerator) -> [ScriptedSource.Step] {
        (0..<30).map { _ in
            let place = Int.random(in: 0...9, using: &random)
            switch Int.random(in: 0...7, using: &random) {
            case 0: return .failure(SourceError(.unreachable, "connection reset"))
            case 1:
                return .altered { batch in
                    batch.with(
                        events: batch.events.enumerated().filter { $0.offset != place }.map(
                            \.element
                        )
                    )
                }
            case 2:
                return .altered { batch in
                    batch.with(
                        events: batch.events.enumerated().map {
                            $0.offset == place ? $0.element.forged : $0.element
                        }
                    )
                }
            case 3: return .altered { $0.with(events: $0.events + $0.events.reversed()) }
            case 4: return .altered { $0.with(events: []) }
            default: return .honest
            }
        }
    }

    /// Runs until a break; true if the history was applied to its end before.
    private static func run(
        _ source: ScriptedSource,
        _ path: String,
        _ batch: Int,
        breakingAt place: Place,
        _ count: Int
    ) async throws -> Bool {
        let left = Mutex(count)
        let tick: @Sendable (Place) throws -> Void = { at in
            guard at == place else { return }
            let isOver = left.withLock { left in
                left -= 1
                return left <= 0
            }
            if isOver { throw Crash() }
        }
        let file = try SQLiteReadModelStore(path: path)
        var options = SubscriptionOptions(
            schedule: PollingSchedule(
                every: .milliseconds(100),
                backOff: BackOff(minimum: .milliseconds(1), maximum: .milliseconds(1))
            ),
            batchSize: batch
        )
        options.giveUpAfter = 1_000
        defer { try? file.close() }
        do {
            try await Subscription(
                from: BreakingSource(source: source) { try tick(.request) },
                to: Projector(CrashingCopy(failing: { _ in try tick(.event) }), in: file),
                options: options,
                observer: BreakingObserver { try tick(.commit) }
            ).catchUp()
            return true
        } catch is Crash {
            return false
        } catch let error as ApplyError where error.cause is Crash {
            return false
        } catch let error as SourceError where error.code == .closed {
            return false
        }
    }

    @Test(arguments: 1...12)
    func `holds when the process is killed with -9 inside a transaction`(_ round: Int) async throws
    {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/copy.db"
            // Each child applies a little more and dies while it writes that event.
            for victim in [3 + round, 40 + 7 * round, 41 + 7 * round, 199] {
                await #expect(processExitsWith: .signal(SIGKILL)) {
                    [path = path as String, victim = victim as Int] in
                    let file = try SQLiteReadModelStore(path: path)
                    let model = CrashingCopy { event in
                        if event.number.rawValue == victim { kill(getpid(), SIGKILL) }
                    }
                    try await Subscription(
                        from: ScriptedSource(try await History.store(200)),
                        to: Projector(model, in: file),
                        options: SubscriptionOptions(batchSize: 9)
                    ).catchUp()
                }
                let numbers = try CopyFile(path: path).numbers()
                let applied = (victim - 1) / 9 * 9
                #expect(numbers == (0..<applied).map { Int64($0 + 1) })
            }
            let file = try SQLiteReadModelStore(path: path)
            try await Subscription(
                from: ScriptedSource(try await History.store(200)),
                to: Projector(EventCopy(), in: file)
            ).catchUp()
            try file.close()
            #expect(try CopyFile(path: path).numbers() == (1...200).map { Int64($0) })
        }
    }

    @Test func `holds when two projectors are let loose on one file`() async throws {
        try await withTemporaryDirectory { folder in
            let file = try SQLiteReadModelStore(path: "\(folder)/copy.db")
            let history = try await History.store(200)

            let conflicts = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        do {
                            try await Subscription(
                                from: ScriptedSource(history),
                                to: Projector(EventCopy(), in: file),
                                options: SubscriptionOptions(batchSize: 3)
                            ).catchUp()
                            return false
                        } catch let error as CheckpointStoreError where error.code == .conflict {
                            return true
                        }
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }

            #expect(conflicts < 2)
            try file.close()
            #expect(
                try CopyFile(path: "\(folder)/copy.db").numbers() == (1...200).map { Int64($0) }
            )
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct `At least once` {
    /// A handler that notes what it was given and answers from a list.
    final class Handler: BatchHandler {
        let handled = Mutex<[Int64]>([])
        private let answer: @Sendable (Delivery) throws -> DeliveryOutcome

        init(_ answer: @escaping @Sendable (Delivery) throws -> DeliveryOutcome = { _ in .applied })
        {
            self.answer = answer
        }

        func handle(_ delivery: Delivery) async throws -> DeliveryOutcome {
            handled.withLock { $0 += delivery.events.map(\.number.rawValue) }
            return try answer(delivery)
        }
    }

    @Test func `a handler sees every batch, and its checkpoint follows`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/state.db"
            let history = try await History.store(20)
            let handler = Handler()
            var options = SubscriptionOptions(batchSize: 7)
            options.filter = EventFilter(types: [.exactly(EventType(stored: "Moved"))])

            let file = try SQLiteReadModelStore(path: path)
            try await Subscription(
                from: ScriptedSource(history),
                to: HandlerRunner(handler, checkpointIn: file),
                options: options
            ).catchUp()
            try file.close()

            #expect(handler.handled.withLock { $0 } == [1, 4, 7, 10, 13, 16, 19])
            let status = try ReadModelStatus.read(path: path)
            #expect(status.checkpoint?.number == EventNumber(20))
            #expect(status.terms.models.isEmpty)
        }
    }

    @Test func `a failure ends it, and the same events come again at the next start`() async throws
    {
        try await withTemporaryDirectory { folder in
            let file = try SQLiteReadModelStore(path: "\(folder)/state.db")
            let source = ScriptedSource(try await History.store(20))
            let options = SubscriptionOptions(batchSize: 7)
            let failing = Handler { delivery in
                guard delivery.after == .beginning else {
                    throw HandlerError(delivery, "the command ended with status 1")
                }
                return .applied
            }

            let error = await #expect(throws: HandlerError.self) {
                try await Subscription(
                    from: source,
                    to: HandlerRunner(failing, checkpointIn: file),
                    options: options
                ).catchUp()
            }
            let handler = Handler()
            try await Subscription(
                from: source,
                to: HandlerRunner(handler, checkpointIn: file),
                options: options
            ).catchUp()

            #expect(error?.first == EventNumber(8) && error?.last == EventNumber(14))
            #expect(handler.handled.withLock { $0 } == (8...20).map { Int64($0) })
            try file.close()
        }
    }
}

/// A source that may break before each request.
private struct BreakingSource: EventSource {
    let source: ScriptedSource
    let breaking: @Sendable () throws -> Void

    var address: String { source.address }

    func describe() async throws -> FeedDescription { try await source.describe() }

    func events(
        after: EventNumber,
        limit: Int,
        matching filter: EventFilter,
        waitingUpTo wait: Duration?
    ) async throws -> EventBatch {
        do {
            try breaking()
        } catch {
            // What ends a subscription at once, as the death of its process would.
            throw SourceError(.closed, "broken off", cause: error)
        }
        return try await source.events(
            after: after,
            limit: limit,
            matching: filter,
            waitingUpTo: wait
        )
    }
}

/// An observer that may break after each commit.
private struct BreakingObserver: SubscriptionObserver {
    let breaking: @Sendable () throws -> Void

    func observe(_ progress: SubscriptionProgress) async throws {
        if case .round = progress { try breaking() }
    }
}
