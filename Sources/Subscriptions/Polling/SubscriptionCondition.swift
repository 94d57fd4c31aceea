public import EventModel

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How a subscription stands, as it tells whoever looks from outside.
public struct SubscriptionCondition: Hashable, Sendable {
    /// When the process began to follow.
    public var startedAt: Timestamp
    /// When a round last ended well; nil where none did yet.
    public var lastSuccessAt: Timestamp?
    /// What last went wrong; kept when it is over.
    public var lastError: String?
    /// When it went wrong.
    public var lastErrorAt: Timestamp?
    /// Failures in a row; 0 once a round ended well.
    public var failures: Int64
    /// Events applied in a second, an average over about ten seconds.
    public var eventsPerSecond: Double
    /// The pace that was chosen, in words such as "2s".
    public var pace: String

    /// Describes a subscription that begins.
    ///
    /// - Parameters:
    ///   - startedAt: When the process began to follow.
    ///   - pace: The pace that was chosen.
    public init(startedAt: Timestamp, pace: String) {
        self.startedAt = startedAt
        self.pace = pace
        lastSuccessAt = nil
        lastError = nil
        lastErrorAt = nil
        failures = 0
        eventsPerSecond = 0
    }
}

/// Turns what happens to a subscription into its condition, and says when that is worth keeping.
struct ConditionKeeper {
    /// The least time between two notes that say nothing but that all is well.
    static let pause = Duration.seconds(1)
    /// The seconds over which the rate is averaged.
    private static let window = 10.0
    /// The characters of an error that are kept; a body that was quoted may be long.
    private static let errorCharacters = 1_000

    private(set) var condition: SubscriptionCondition
    private let elapsed: @Sendable () -> Duration
    private let now: @Sendable () -> Timestamp
    private var lastRound = Duration.zero
    private var lastKept: Duration?

    init(
        pace: String,
        elapsed: @escaping @Sendable () -> Duration,
        now: @escaping @Sendable () -> Timestamp = { .now() }
    ) {
        condition = SubscriptionCondition(startedAt: now(), pace: pace)
        self.elapsed = elapsed
        self.now = now
    }

    /// Takes note of what happened; true if the condition should be kept now.
    mutating func take(_ progress: SubscriptionProgress) -> Bool {
        switch progress {
        case .started, .superseded:
            return isDue(always: true)
        case .round(let report):
            let wasFailing = condition.failures > 0
            condition.lastSuccessAt = now()
            condition.failures = 0
            count(report.events.count)
            return isDue(always: wasFailing)
        case .postponed(_, let reason, _):
            fail(reason)
            return isDue(always: true)
        case .failed(let error, let failures, _):
            fail(error.message)
            condition.failures = Int64(failures)
            return isDue(always: true)
        }
    }

    /// Takes note of the error that ends the subscription.
    mutating func end(with error: any Error) {
        fail("\(error)")
    }

    private mutating func fail(_ reason: String) {
        condition.lastError = String(reason.prefix(Self.errorCharacters))
        condition.lastErrorAt = now()
        condition.failures += 1
    }

    private mutating func count(_ events: Int) {
        let time = elapsed()
        let seconds = max((time - lastRound) / .seconds(1), 0.001)
        lastRound = time
        let weight = exp(-seconds / Self.window)
        condition.eventsPerSecond =
            condition.eventsPerSecond * weight + Double(events) / seconds * (1 - weight)
    }

    private mutating func isDue(always: Bool) -> Bool {
        let time = elapsed()
        guard always || lastKept.map({ time - $0 >= Self.pause }) ?? true else { return false }
        lastKept = time
        return true
    }
}
