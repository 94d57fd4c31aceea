import EventModel

/// What a subscription decides: no clock, no source, no store.
///
/// Each method is named after what happened and returns what to do next; ``Subscription`` does it.
struct SubscriptionMachine: Sendable {
    /// What to do next.
    enum Action: Sendable {
        /// Ask the source, then call `answered` or `failed`.
        case ask(Request)
        /// Hand over to the receiver, then call `delivered`.
        case deliver(Delivery)
        /// The round is over: tell what it brought, then call `roundEnded`.
        case endRound(RoundEnd)
        /// Wait, then call `paused`.
        case pause(Duration, Reason)
        /// End with this error.
        case stop(any Error)
    }

    /// What to ask the source for.
    struct Request: Hashable, Sendable {
        let after: EventNumber
        let limit: Int
        let wait: Duration?
    }

    /// What a round brought.
    struct RoundEnd: Hashable, Sendable {
        let events: [RecordedEvent]
        let parked: [ParkedEvent]
        let checkpoint: Checkpoint
        let head: EventNumber
        /// The interval to the next round; nil where that follows at once.
        let interval: Duration?
    }

    /// Why to wait.
    enum Reason: Sendable {
        /// Everything is applied, and the interval is not over.
        case interval
        /// The source failed so many times in a row.
        case failure(SourceError, failures: Int)
        /// The receiver wants the same events again, and says why.
        case postponed(Delivery, because: String)
    }

    private enum State {
        /// Nothing is under way: the next thing is to ask.
        case idle
        /// The source was asked.
        case asking
        /// The receiver has a delivery.
        case delivering(Delivery)
        /// The receiver wants this delivery once more, after a pause.
        case postponed(Delivery)
        /// A round is over, and nobody said yet how long it took.
        case roundEnded
        /// It ended with an error.
        case stopped
    }

    /// Where counting ends: the longest interval is far below the shortest one grown so often.
    private static let mostQuietRounds = 1_000

    private let options: SubscriptionOptions
    private let verifier: BatchVerifier
    private var random: SplitMix64
    private var state = State.idle
    private var checkpoint: Checkpoint?
    /// The highest head that was seen of this epoch; a source that states less lags.
    private var head = EventNumber.beginning
    /// Whether the last round left nothing to read: only then is a long poll of use.
    private var isCaughtUp = false
    /// Rounds in a row that brought no events, on which the interval depends.
    private var quietRounds = 0
    private var failures = 0
    private var badAnswers = 0
    /// Answers in a row that had nothing new and stated a lower head than was seen.
    private var lowerHeads = 0
    /// Up to where the receiver wants one event at a time.
    private var singlesThrough = EventNumber.beginning

    init(_ options: SubscriptionOptions, startingAt checkpoint: Checkpoint?, seed: UInt64) {
        self.options = options
        verifier = BatchVerifier(
            filter: options.filter,
            limit: min(max(1, options.batchSize), Limits.readEvents),
            startAfter: options.startAfter,
            acceptedEpoch: options.acceptedEpoch
        )
        random = SplitMix64(seed: seed)
        self.checkpoint = checkpoint
        head = checkpoint?.number ?? .beginning
    }

    /// The subscription was started.
    mutating func started() -> Action {
        ask()
    }

    /// The source answered.
    mutating func answered(_ batch: EventBatch) -> Action {
        guard case .asking = state else { preconditionFailure("nobody asked") }
        let new: EventBatch
        do throws(SourceError) {
            new = try verifier.verify(batch, after: checkpoint)
        } catch {
            return failed(error)
        }
        if new.epoch != checkpoint?.epoch { head = .beginning }
        let isNew = checkpoint.map { new.scannedTo > $0.number || new.epoch != $0.epoch } ?? true
        if !isNew, new.head < head {
            lowerHeads += 1
            guard lowerHeads >= max(1, options.giveUpAfter) else {
                return failed(.headWentBack(to: new.head, from: head, epoch: new.epoch))
            }
            // Nothing proves a head that no event was seen of: said so often, the lower one is
            // the truth and the higher one was a mistake.
            head = new.head
        }
        lowerHeads = 0
        // Events that fit are applied even if the head beside them is old: they are proven.
        head = max(head, new.head)
        badAnswers = 0
        guard isNew else {
            failures = 0
            return endRound([])
        }
        let delivery = Delivery(
            from: checkpoint,
            to: Checkpoint(number: new.scannedTo, epoch: new.epoch, chain: new.chain),
            batch: new,
            head: head,
            attempt: 1
        )
        failures = 0
        state = .delivering(delivery)
        return .deliver(delivery)
    }

    /// The source threw.
    mutating func failed(_ thrown: SourceError) -> Action {
        guard case .asking = state else { preconditionFailure("nobody asked") }
        let error = judged(thrown)
        isCaughtUp = false
        switch error.kind {
        case .fatal:
            return stop(error)
        case .malformed:
            badAnswers += 1
            guard badAnswers < max(1, options.giveUpAfter) else {
                return stop(GaveUp(answers: badAnswers, last: error))
            }
        case .transient, .lagging:
            break
        }
        failures += 1
        state = .idle
        return .pause(
            pause(afterFailures: failures, retryAfter: error.retryAfter),
            .failure(error, failures: failures)
        )
    }

    /// The receiver is done with a delivery.
    mutating func delivered(_ outcome: DeliveryOutcome) -> Action {
        guard case .delivering(let delivery) = state else {
            preconditionFailure("nothing was delivered")
        }
        switch outcome {
        case .applied:
            checkpoint = delivery.to
            return endRound(delivery.events)
        case .appliedParking(let parked):
            checkpoint = delivery.to
            let numbers = Set(parked.map(\.event.number))
            return endRound(delivery.events.filter { !numbers.contains($0.number) }, parked)
        case .oneAtATime:
            singlesThrough = delivery.to.number
            state = .idle
            return ask()
        case .tryAgainLater(let reason):
            state = .postponed(delivery)
            return .pause(
                pause(afterFailures: delivery.attempt),
                .postponed(delivery, because: reason)
            )
        }
    }

    /// What a round brought has been told; the round took `elapsed` from its request on.
    mutating func roundEnded(elapsed: Duration) -> Action {
        guard case .roundEnded = state else { preconditionFailure("no round has ended") }
        guard isCaughtUp else { return ask() }
        // From beginning to beginning: a slow answer does not lower the pace, and rounds that
        // were missed are not made up for.
        let interval = options.schedule.interval(afterQuietRounds: quietRounds)
        let rest = jittered(interval) - elapsed
        guard rest > .zero else { return ask() }
        state = .idle
        return .pause(rest, .interval)
    }

    /// A pause is over.
    mutating func paused() -> Action {
        guard case .postponed(let delivery) = state else { return ask() }
        let again = delivery.again()
        state = .delivering(again)
        return .deliver(again)
    }

    private mutating func ask() -> Action {
        switch state {
        case .idle, .roundEnded: break
        case .asking, .delivering, .postponed, .stopped:
            preconditionFailure("the last step is not over")
        }
        state = .asking
        let after = checkpoint?.number ?? options.startAfter
        return .ask(
            Request(
                after: after,
                limit: after < singlesThrough ? 1 : verifier.limit,
                wait: isCaughtUp ? options.schedule.wait : nil
            )
        )
    }

    private mutating func endRound(_ events: [RecordedEvent], _ parked: [ParkedEvent] = [])
        -> Action
    {
        guard let checkpoint else { preconditionFailure("a round leaves a checkpoint") }
        isCaughtUp = checkpoint.number >= head
        let isQuiet = events.isEmpty && parked.isEmpty
        quietRounds = isQuiet ? min(quietRounds + 1, Self.mostQuietRounds) : 0
        state = .roundEnded
        return .endRound(
            RoundEnd(
                events: events,
                parked: parked,
                checkpoint: checkpoint,
                head: head,
                interval: isCaughtUp
                    ? options.schedule.interval(afterQuietRounds: quietRounds) : nil
            )
        )
    }

    private mutating func stop(_ error: any Error) -> Action {
        state = .stopped
        return .stop(error)
    }

    /// An error in the light of the checkpoint: a history that ends too early is another one
    /// where its epoch is another, and where an event feed was before, a document that is none is
    /// one that may come right.
    private func judged(_ error: SourceError) -> SourceError {
        if checkpoint != nil, error.code == .notAnEventFeed {
            return SourceError(
                .malformedDocument,
                error.message,
                difference: error.difference,
                retryAfter: error.retryAfter,
                cause: error
            )
        }
        guard let checkpoint, case .head(_, let actual, let epoch) = error.difference,
            epoch != checkpoint.epoch
        else { return error }
        guard epoch == options.acceptedEpoch else {
            return .anotherEpoch(expected: checkpoint.epoch, actual: epoch)
        }
        return .acceptedEpochTooShort(epoch, head: actual, checkpoint: checkpoint)
    }

    private mutating func pause(afterFailures failures: Int, retryAfter: Duration? = nil)
        -> Duration
    {
        let pause = jittered(options.schedule.backOff.pause(afterFailures: failures))
        guard let asked = retryAfter, asked > .zero else { return pause }
        // Jitter spreads those who were sent away together, but brings nobody back early.
        let obeyed = min(asked, BackOff.retryAfterMaximum)
        return max(
            pause,
            obeyed * Double.random(in: 1...1 + PollingSchedule.jitter, using: &random)
        )
    }

    private mutating func jittered(_ duration: Duration) -> Duration {
        let jitter = PollingSchedule.jitter
        return duration * Double.random(in: 1 - jitter...1 + jitter, using: &random)
    }
}
