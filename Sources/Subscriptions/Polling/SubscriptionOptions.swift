public import EventModel

/// What a subscription follows and how.
public struct SubscriptionOptions: Sendable {
    /// The answers in a row that cannot be trusted before a subscription gives up: 10.
    public static let standardGiveUp = 10

    /// Which events are wanted; kept with the checkpoint and never changed afterwards.
    public var filter: EventFilter
    /// When to ask.
    public var schedule: PollingSchedule
    /// Events in one batch at the most, 1 to `Limits.readEvents`.
    public var batchSize: Int
    /// Where to start if there is no checkpoint; the source's chain there is taken on trust.
    public var startAfter: EventNumber
    /// After how many answers in a row that cannot be trusted to give up, at least 1.
    public var giveUpAfter: Int
    /// Another epoch to go on with, if its chain at the checkpoint is the checkpoint's.
    public var acceptedEpoch: Epoch?
    /// What waits and measures; the system's clock outside tests.
    public var clock: any Clock<Duration>
    /// Makes the jitter of the pauses repeatable; random where it is nil.
    public var seed: UInt64?

    /// Everything from the beginning, 500 events at a time, every 2 seconds.
    public static let standard = SubscriptionOptions()

    /// Sets what to follow and how; everything else is a property.
    ///
    /// - Parameters:
    ///   - filter: Which events are wanted.
    ///   - schedule: When to ask.
    ///   - batchSize: Events in one batch at the most.
    ///   - startAfter: Where to start if there is no checkpoint.
    public init(
        filter: EventFilter = .everything,
        schedule: PollingSchedule = .standard,
        batchSize: Int = 500,
        startAfter: EventNumber = .beginning
    ) {
        self.filter = filter
        self.schedule = schedule
        self.batchSize = batchSize
        self.startAfter = startAfter
        giveUpAfter = Self.standardGiveUp
        acceptedEpoch = nil
        clock = ContinuousClock()
        seed = nil
    }
}
