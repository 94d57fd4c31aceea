import EventModel
import EventTesting
import ServiceLifecycle
import ServiceLifecycleTestKit
import Subscriptions
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Following a source` {
    private func options(
        _ clock: SteppedClock = SteppedClock(),
        batch: Int = 7,
        every interval: Duration = .seconds(2),
        wait: Duration? = nil
    ) -> SubscriptionOptions {
        var options = SubscriptionOptions(
            schedule: PollingSchedule(every: interval, wait: wait),
            batchSize: batch
        )
        options.clock = clock
        options.seed = 1
        return options
    }

    @Test func `applies everything once, batch by batch, until it has caught up`() async throws {
        let source = ScriptedSource(try await History.store(25))
        let notebook = Notebook()
        let diary = Diary()

        let last = try await Subscription(
            from: source,
            to: notebook,
            options: options(),
            observer: diary
        )
        .catchUp()

        #expect(notebook.numbers == Array(1...25))
        #expect(source.requests.map(\.after.rawValue) == [0, 7, 14, 21])
        #expect(diary.rounds.map(\.events.count) == [7, 7, 7, 4])
        #expect(last?.isCaughtUp == true)
        #expect(notebook.checkpoint?.number == EventNumber(25))
    }

    @Test func `does one round when it is asked for one`() async throws {
        let source = ScriptedSource(try await History.store(25))
        let notebook = Notebook()
        let subscription = Subscription(from: source, to: notebook, options: options())

        let first = try await subscription.runOnce()
        let second = try await subscription.runOnce()

        #expect(first?.isCaughtUp == false)
        #expect(second?.checkpoint.number == EventNumber(14))
        #expect(notebook.numbers == Array(1...14))
    }

    @Test func `throws the first error of a single round`() async throws {
        let steps: [ScriptedSource.Step] = [.failure(SourceError(.unreachable, "gone"))]
        let source = ScriptedSource(try await History.store(5), steps: steps)

        let error = await #expect(throws: SourceError.self) {
            try await Subscription(from: source, to: Notebook(), options: options()).runOnce()
        }

        #expect(error?.code == .unreachable)
    }

    @Test func `polls at its interval while nothing is new, and once per interval`() async throws {
        let clock = SteppedClock()
        let store = try await History.store(3)
        let source = ScriptedSource(store)
        let notebook = Notebook()
        let subscription = Subscription(from: source, to: notebook, options: options(clock))

        let sleeps = try await whileRunning(subscription) {
            var sleeps: [Duration] = []
            for _ in 0..<5 { sleeps.append(try await clock.passNextSleep()) }
            try await History.add(2, to: store)
            for _ in 0..<2 { sleeps.append(try await clock.passNextSleep()) }
            return sleeps
        }

        #expect(sleeps.allSatisfy { $0 >= .milliseconds(1_800) && $0 <= .milliseconds(2_200) })
        #expect(notebook.numbers == Array(1...5))
    }

    @Test func `asks for a long poll only when it has caught up`() async throws {
        let clock = SteppedClock()
        let source = ScriptedSource(try await History.store(9))
        let options = options(clock, wait: .seconds(20))

        try await whileRunning(Subscription(from: source, to: Notebook(), options: options)) {
            try await clock.passNextSleep()
            try await eventually("the long poll") { source.requests.count == 3 }
        }

        #expect(source.requests.map(\.wait) == [nil, nil, .seconds(20)])
    }

    @Test func `reports a hole at every try, and applies nothing behind it until it is gone`()
        async throws
    {
        let clock = SteppedClock()
        let hole = ScriptedSource.Step.altered { $0.without([10]) }
        let steps: [ScriptedSource.Step] = [.honest, hole, hole, hole, .honest]
        let source = ScriptedSource(try await History.store(25), steps: steps)
        let notebook = Notebook()
        let diary = Diary()
        let subscription = Subscription(
            from: source,
            to: notebook,
            options: options(clock),
            observer: diary
        )

        try await whileRunning(subscription) {
            for _ in 0..<2 { try await clock.passNextSleep() }
            try await eventually("the third report") { diary.failures.count == 3 }
            #expect(notebook.numbers == Array(1...7))
            try await clock.passNextSleep()
            try await eventually("all events") { notebook.numbers.count == 25 }
        }

        #expect(diary.failures.map(\.code) == [.hole, .hole, .hole])
        #expect(source.requests.prefix(5).map(\.after.rawValue) == [0, 7, 7, 7, 7])
        #expect(notebook.numbers == Array(1...25))
    }

    @Test func `gives up after ten bad answers in a row`() async throws {
        let clock = SteppedClock()
        let hole = ScriptedSource.Step.altered { $0.without([3]) }
        let source = ScriptedSource(
            try await History.store(25),
            steps: Array(repeating: hole, count: 50)
        )
        let notebook = Notebook()

        let error = await #expect(throws: GaveUp.self) {
            try await passingSleeps(of: clock) {
                try await Subscription(from: source, to: notebook, options: options(clock))
                    .catchUp()
            }
        }

        #expect(error?.answers == 10)
        #expect(error?.last.code == .hole)
        #expect(source.requests.count == 10)
        #expect(notebook.numbers.isEmpty && notebook.checkpoint == nil)
    }

    @Test func `outlasts a source that is away for long`() async throws {
        let clock = SteppedClock()
        let away = ScriptedSource.Step.failure(SourceError(.unreachable, "connection refused"))
        let source = ScriptedSource(
            try await History.store(5),
            steps: Array(repeating: away, count: 200)
        )
        let notebook = Notebook()

        _ = try await passingSleeps(of: clock) {
            try await Subscription(from: source, to: notebook, options: options(clock)).catchUp()
        }

        #expect(notebook.numbers == Array(1...5))
        #expect(clock.now.elapsed > .seconds(180 * 50))
    }

    @Test func `waits out a source that lags, and applies nothing meanwhile`() async throws {
        let clock = SteppedClock()
        let full = try await History.store(20)
        let lagging = try await History.store(15)
        let notebook = Notebook(try await History.checkpoint(of: full, at: 18))
        let diary = Diary()
        let source = ScriptedSource(lagging)
        let subscription = Subscription(
            from: source,
            to: notebook,
            options: options(clock),
            observer: diary
        )

        try await whileRunning(subscription) {
            for _ in 0..<12 { try await clock.passNextSleep() }
            #expect(notebook.deliveries.isEmpty)
            try await History.add(5, to: lagging)
            try await clock.passNextSleep()
            try await eventually("what was missing") { notebook.numbers == [19, 20] }
        }

        #expect(diary.failures.allSatisfy { $0.code == .afterHead })
    }

    @Test func `ends at once at another epoch, naming both`() async throws {
        let notebook = Notebook(try await History.checkpoint(of: try await History.store(5), at: 5))
        let other = try await History.store(9, epoch: History.otherEpoch)

        let error = await #expect(throws: SourceError.self) {
            try await Subscription(from: ScriptedSource(other), to: notebook, options: options())
                .run()
        }

        #expect(error?.code == .anotherEpoch)
        #expect(
            error?.difference == .epoch(expected: History.epoch, actual: History.otherEpoch)
        )
        #expect(notebook.deliveries.isEmpty)
    }

    @Test func `finishes the batch in hand on graceful shutdown, and returns`() async throws {
        let source = ScriptedSource(try await History.store(25))
        let receiver = SlowReceiver()
        let subscription = Subscription(from: source, to: receiver, options: options())

        try await testGracefulShutdown { trigger in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await subscription.run() }
                try await receiver.waitUntilBusy()
                trigger.triggerGracefulShutdown()
                receiver.finish()
                try await group.waitForAll()
            }
        }

        #expect(receiver.notebook.numbers == Array(1...7))
        #expect(receiver.notebook.checkpoint?.number == EventNumber(7))
    }

    @Test(arguments: [ScriptedSource.Step.silence, .honest])
    func `is cut short by graceful shutdown while it waits`(_ step: ScriptedSource.Step)
        async throws
    {
        let source = ScriptedSource(try await History.store(3), steps: [step])
        let notebook = Notebook()
        let subscription = Subscription(from: source, to: notebook, options: options())

        try await testGracefulShutdown { trigger in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await subscription.run() }
                try await eventually("the request") { source.requests.count == 1 }
                trigger.triggerGracefulShutdown()
                try await group.waitForAll()
            }
        }

        #expect(source.requests.count == 1)
    }

    @Test func `throws cancellation as cancellation`() async throws {
        let source = ScriptedSource(try await History.store(3), steps: [.silence])
        let subscription = Subscription(from: source, to: Notebook(), options: options())

        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await subscription.run() }
            group.cancelAll()
            await #expect(throws: CancellationError.self) { try await group.waitForAll() }
        }
    }

    @Test func `delivers again what the receiver postponed, and throws that in a single round`()
        async throws
    {
        let clock = SteppedClock()
        let source = ScriptedSource(try await History.store(3))
        let later = DeliveryOutcome.tryAgainLater(reason: "exit status 75")
        let notebook = Notebook(outcomes: [later, later, later])
        let subscription = Subscription(from: source, to: notebook, options: options(clock))

        let error = await #expect(throws: DeliveryPostponed.self) {
            try await subscription.runOnce()
        }
        try await passingSleeps(of: clock) { _ = try await subscription.catchUp() }

        #expect(error?.reason == "exit status 75")
        #expect(notebook.deliveries.map(\.attempt) == [1, 1, 2, 3])
        #expect(notebook.numbers == [1, 2, 3])
        #expect(source.requests.count == 2)
    }

    @Test func `tells its receiver what it follows`() async throws {
        let notebook = Notebook()
        var options = options()
        options.filter = EventFilter(types: [.prefix("Mo")])
        options.startAfter = EventNumber(4)

        try await Subscription(
            from: ScriptedSource(try await History.store(20), address: "http://feed.example/"),
            to: notebook,
            options: options
        ).catchUp()

        let terms = SubscriptionTerms(
            filter: options.filter,
            source: "http://feed.example/",
            startAfter: EventNumber(4)
        )
        #expect(notebook.state.withLock { $0.terms } == terms)
        #expect(notebook.numbers == [7, 10, 13, 16, 19])
        #expect(notebook.checkpoint?.number == EventNumber(20))
    }

    @Test func `ends with what its observer throws, and the batch stays applied`() async throws {
        struct BrokenPipe: Error {}
        struct Printer: SubscriptionObserver {
            func observe(_ progress: SubscriptionProgress) async throws {
                if case .round = progress { throw BrokenPipe() }
            }
        }
        let notebook = Notebook()

        await #expect(throws: BrokenPipe.self) {
            try await Subscription(
                from: ScriptedSource(try await History.store(20)),
                to: notebook,
                options: options(),
                observer: Printer()
            ).run()
        }

        #expect(notebook.checkpoint?.number == EventNumber(7))
    }
}

/// Runs a subscription beside `body`, and cancels it when that is done.
func whileRunning<Value: Sendable>(
    _ subscription: Subscription,
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask {
            try await subscription.run()
            return nil
        }
        group.addTask { try await body() }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let value = first else {
            throw EndedByItself()
        }
        return value
    }
}

/// A subscription ended although nobody told it to.
struct EndedByItself: Error {}

/// Runs `body` while every sleep on the clock passes at once.
func passingSleeps<Value: Sendable>(
    of clock: SteppedClock,
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            while true { try await clock.passNextSleep() }
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let value = first else {
            throw CancellationError()
        }
        return value
    }
}

/// A receiver that takes its time with the first delivery, until it is told to finish.
final class SlowReceiver: BatchReceiver {
    private enum Stage { case waiting, busy, finishing }

    let notebook = Notebook()
    private let stage = Mutex(Stage.waiting)

    func waitUntilBusy() async throws {
        try await eventually("the first delivery") { self.stage.withLock { $0 == .busy } }
    }

    func finish() {
        stage.withLock { $0 = .finishing }
    }

    func begin(_ terms: SubscriptionTerms) async throws -> Checkpoint? {
        try await notebook.begin(terms)
    }

    func receive(_ delivery: Delivery) async throws -> DeliveryOutcome {
        stage.withLock { stage in
            if stage == .waiting { stage = .busy }
        }
        try await eventually("the word to finish") { self.stage.withLock { $0 == .finishing } }
        return try await notebook.receive(delivery)
    }
}
