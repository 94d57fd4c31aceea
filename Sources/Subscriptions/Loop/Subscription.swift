private import EventModel
public import Logging
public import ServiceLifecycle

/// Follows a source at its own pace and hands checked batches to a receiver.
///
/// Nobody pushes and nobody registers: the subscription asks for what comes after its checkpoint,
/// checks epoch, contiguity and chain, has the receiver apply the events, and asks again. Nothing
/// after a hole is ever applied, no event twice.
///
/// One task drives a subscription: call one of ``run()``, ``runOnce()`` and ``catchUp()``, one at
/// a time. On graceful shutdown the batch in hand is applied, whatever waits is cut short, and the
/// call returns. The same happens where another process wants to take the receiver's store over;
/// the observer is told. On cancellation it throws `CancellationError`. If the process dies, the
/// next start goes on from the checkpoint, which is right in every case.
public struct Subscription: Service {
    /// When a call is over.
    private enum Goal {
        case never, oneRound, caughtUp
    }

    /// Between two looks at what others ask of the store's owner, while it waits.
    static let attentionPause = Duration.milliseconds(200)

    private let source: any EventSource
    private let receiver: any BatchReceiver
    private let options: SubscriptionOptions
    private let observer: (any SubscriptionObserver)?
    private let logger: Logger

    /// Brings a source and a receiver together; nothing happens before it is run.
    ///
    /// - Parameters:
    ///   - source: The history to follow.
    ///   - receiver: Who applies the events and keeps the checkpoint.
    ///   - options: What to follow and how.
    ///   - observer: Who is told what happens.
    ///   - logger: Where it is logged, failures as warnings and rounds as debug messages; nowhere
    ///     where none is given.
    public init(
        from source: any EventSource,
        to receiver: any BatchReceiver,
        options: SubscriptionOptions = .standard,
        observer: (any SubscriptionObserver)? = nil,
        logger: Logger = Logger(label: "eventfeed.subscription") { _ in SwiftLogNoOpLogHandler() }
    ) {
        self.source = source
        self.receiver = receiver
        self.options = options
        self.observer = observer
        var logger = logger
        logger[metadataKey: "source"] = "\(source.address)"
        self.logger = logger
    }

    /// Follows the source until graceful shutdown.
    ///
    /// - Throws: ``SourceError`` that is fatal: another epoch, a chain that does not fit, no event
    ///   feed; ``GaveUp``; what the receiver and the observer throw; `CancellationError`.
    public func run() async throws {
        try await drive(until: .never)
    }

    /// Does one round: one request, and what its answer brought is applied.
    ///
    /// Nothing is tried again. The events of one request are at most
    /// ``SubscriptionOptions/batchSize``; ``RoundReport/isCaughtUp`` says whether there are more.
    ///
    /// - Returns: What the round brought; nil if a graceful shutdown or another process that takes
    ///   the store over cut it short.
    /// - Throws: ``SourceError`` of any kind; ``DeliveryPostponed`` where the receiver wants the
    ///   same events later; what the receiver and the observer throw; `CancellationError`.
    @discardableResult
    public func runOnce() async throws -> RoundReport? {
        try await drive(until: .oneRound)
    }

    /// Goes on until nothing is left to read, trying again as ``run()`` does.
    ///
    /// - Returns: What the last round brought; nil if a graceful shutdown or another process that
    ///   takes the store over cut it short.
    /// - Throws: As ``run()``.
    @discardableResult
    public func catchUp() async throws -> RoundReport? {
        try await drive(until: .caughtUp)
    }

    @discardableResult
    private func drive(until goal: Goal) async throws -> RoundReport? {
        var keeper = ConditionKeeper(
            pace: "\(options.schedule)",
            elapsed: options.clock.stopwatch()
        )
        do {
            let report = try await drive(until: goal, &keeper)
            await keep(keeper.condition)
            return report
        } catch let interruption as Interruption {
            if interruption == .superseded { try await tell(.superseded, &keeper) }
            await keep(keeper.condition)
            return nil
        } catch let error as CancellationError {
            throw error
        } catch {
            keeper.end(with: error)
            await keep(keeper.condition)
            throw error
        }
    }

    private func drive(until goal: Goal, _ keeper: inout ConditionKeeper) async throws
        -> RoundReport
    {
        let terms = SubscriptionTerms(
            filter: options.filter,
            source: source.address,
            startAfter: options.startAfter
        )
        let checkpoint = try await receiver.begin(terms)
        try await tell(.started(checkpoint), &keeper)
        var machine = SubscriptionMachine(
            options,
            startingAt: checkpoint,
            seed: options.seed ?? .random(in: 0 ... .max)
        )
        var action = machine.started()
        var elapsed = options.clock.stopwatch()
        while true {
            switch action {
            case .ask(let request):
                elapsed = options.clock.stopwatch()
                switch try await ask(request) {
                case .success(let batch): action = machine.answered(batch)
                case .failure(let error): action = machine.failed(error)
                }
            case .deliver(let delivery):
                action = machine.delivered(try await receiver.receive(delivery))
            case .endRound(let round):
                let report = RoundReport(round, duration: elapsed())
                try await tell(.round(report), &keeper)
                if goal == .oneRound || goal == .caughtUp && report.isCaughtUp { return report }
                action = machine.roundEnded(elapsed: elapsed())
            case .pause(let pause, let reason):
                if let progress = try Self.progress(reason, pause, isLast: goal == .oneRound) {
                    try await tell(progress, &keeper)
                }
                try await rest(pause)
                action = machine.paused()
            case .stop(let error):
                throw error
            }
        }
    }

    /// Asks the source.
    private func ask(_ request: SubscriptionMachine.Request) async throws -> Answer {
        try await uninterrupted { [source, filter = options.filter] in
            do {
                return .success(
                    try await source.events(
                        after: request.after,
                        limit: request.limit,
                        matching: filter,
                        waitingUpTo: request.wait
                    )
                )
            } catch {
                let error = SourceError.wrapping(error, address: source.address)
                guard let error = error as? SourceError else { throw error }
                return .failure(error)
            }
        }
    }

    /// Waits.
    private func rest(_ pause: Duration) async throws {
        try await uninterrupted { [clock = options.clock] in try await clock.sleep(for: pause) }
    }

    /// Runs `operation` as long as nobody stops the subscription and nobody wants its store.
    ///
    /// - Throws: ``Interruption``; what `operation` and the receiver throw.
    private func uninterrupted<Value: Sendable>(
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        // Asked here too: an operation that is always the first to end would starve the others.
        if try await receiver.attend() { throw Interruption.superseded }
        return try await untilInterrupted(operation) { [receiver] in
            repeat {
                try await Task.sleep(for: Self.attentionPause)
            } while try await !receiver.attend()
        }
    }

    /// What a pause means to the observer, or, where the first failure is the end, throws it.
    private static func progress(
        _ reason: SubscriptionMachine.Reason,
        _ pause: Duration,
        isLast: Bool
    ) throws -> SubscriptionProgress? {
        switch reason {
        case .interval:
            return nil
        case .failure(let error, let failures):
            if isLast { throw error }
            return .failed(error, failures: failures, pause: pause)
        case .postponed(let delivery, let why):
            if isLast { throw DeliveryPostponed(delivery, reason: why) }
            return .postponed(delivery, reason: why, pause: pause)
        }
    }

    private func tell(_ progress: SubscriptionProgress, _ keeper: inout ConditionKeeper)
        async throws
    {
        progress.log(to: logger)
        if keeper.take(progress) { await keep(keeper.condition) }
        try await observer?.observe(progress)
    }

    /// Keeps the condition where whoever looks finds it; the events matter more.
    private func keep(_ condition: SubscriptionCondition) async {
        do {
            try await receiver.keep(condition)
        } catch {
            logger.debug("The subscription's condition was not kept: \(error)")
        }
    }
}

private typealias Answer = Result<EventBatch, SourceError>

extension RoundReport {
    fileprivate init(_ round: SubscriptionMachine.RoundEnd, duration: Duration) {
        self.init(
            events: round.events,
            parked: round.parked,
            checkpoint: round.checkpoint,
            head: round.head,
            duration: duration,
            nextPoll: round.interval
        )
    }
}
