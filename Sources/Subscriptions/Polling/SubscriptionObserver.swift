public import EventModel

/// What a subscription tells about itself.
public enum SubscriptionProgress: Sendable {
    /// The receiver is ready; nil where nothing was applied yet.
    case started(Checkpoint?)
    /// A round ended well; it may have brought nothing new.
    case round(RoundReport)
    /// The receiver wants the same events again; the next try comes after the pause.
    case postponed(Delivery, reason: String, pause: Duration)
    /// The source failed; the next try comes after the pause.
    case failed(SourceError, failures: Int, pause: Duration)
    /// Somebody takes the receiver's store over; the subscription ends, and that is no failure.
    case superseded
}

/// What one round brought: one request, and what was applied from its answer.
public struct RoundReport: Sendable {
    /// The events that were applied, oldest first; their transaction is over.
    public let events: [RecordedEvent]
    /// The events that were set aside in the same transaction, oldest first.
    public let parked: [ParkedEvent]
    /// The checkpoint afterwards.
    public let checkpoint: Checkpoint
    /// The highest number in the history, as far as is known.
    public let head: EventNumber
    /// How long request and transaction took together.
    public let duration: Duration
    /// The interval that is kept now, from the beginning of this round to the beginning of the
    /// next, before jitter; nil where the next one follows at once.
    public let nextPoll: Duration?
    /// Whether nothing was left to read.
    public var isCaughtUp: Bool { checkpoint.number >= head }

    /// States what a round brought.
    ///
    /// - Parameters:
    ///   - events: The events that were applied.
    ///   - parked: The events that were set aside.
    ///   - checkpoint: The checkpoint afterwards.
    ///   - head: The highest number in the history.
    ///   - duration: How long it took.
    ///   - nextPoll: The interval to the next round; nil where that follows at once.
    public init(
        events: [RecordedEvent],
        parked: [ParkedEvent] = [],
        checkpoint: Checkpoint,
        head: EventNumber,
        duration: Duration,
        nextPoll: Duration? = nil
    ) {
        self.events = events
        self.parked = parked
        self.checkpoint = checkpoint
        self.head = head
        self.duration = duration
        self.nextPoll = nextPoll
    }
}

/// Who is told what a subscription does: a progress bar, a log, a test.
///
/// It is called between the steps of the loop, one call at a time, and the loop goes on when it
/// returns: whoever writes to a slow terminal slows the subscription down, and nothing piles up.
public protocol SubscriptionObserver: Sendable {
    /// Takes note.
    ///
    /// - Parameter progress: What happened. What it tells of is durable already.
    /// - Throws: Anything; the subscription ends with that error.
    func observe(_ progress: SubscriptionProgress) async throws
}

/// A subscription stopped because too many answers in a row could not be trusted.
public struct GaveUp: Error, Sendable, CustomStringConvertible {
    /// How many such answers came in a row.
    public let answers: Int
    /// The last of them.
    public let last: SourceError

    /// States that a subscription gave up.
    ///
    /// - Parameters:
    ///   - answers: How many answers in a row could not be trusted.
    ///   - last: The last of them.
    public init(answers: Int, last: SourceError) {
        self.answers = answers
        self.last = last
    }

    /// One sentence with the count and the last error.
    public var description: String { "gave up after \(answers) bad answers in a row: \(last)" }
}
