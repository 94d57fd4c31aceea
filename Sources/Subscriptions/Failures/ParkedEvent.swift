public import EventModel

/// An event that was set aside because it, or an earlier event of its stream, could not be applied.
public struct ParkedEvent: Hashable, Sendable {
    /// The event as it was delivered.
    public let event: RecordedEvent
    /// Why it could not be applied; nil where it only waits behind an earlier one of its stream.
    public let reason: String?
    /// How often it was tried.
    public let tries: Int64
    /// When it was set aside.
    public let parkedAt: Timestamp

    /// States that an event is set aside.
    ///
    /// - Parameters:
    ///   - event: The event as it was delivered.
    ///   - reason: Why it could not be applied.
    ///   - tries: How often it was tried.
    ///   - parkedAt: When it was set aside.
    public init(event: RecordedEvent, reason: String?, tries: Int64, parkedAt: Timestamp) {
        self.event = event
        self.reason = reason
        self.tries = tries
        self.parkedAt = parkedAt
    }
}

/// How much may be set aside in one store.
public struct ParkLimits: Hashable, Sendable {
    /// Events at the most.
    public var events: Int64
    /// Bytes of data and metadata at the most.
    public var bytes: Int64

    /// 100,000 events, 1 GiB.
    public static let standard = ParkLimits(events: 100_000, bytes: 1 << 30)

    /// Sets limits.
    ///
    /// - Parameters:
    ///   - events: Events at the most.
    ///   - bytes: Bytes of data and metadata at the most.
    public init(events: Int64, bytes: Int64) {
        self.events = events
        self.bytes = bytes
    }
}

/// Which of the parked events are meant.
public enum ParkedSelection: Hashable, Sendable, Codable {
    /// All of them.
    case all
    /// Those of one stream, by its name.
    case stream(String)
    /// One event, by its number.
    case number(Int64)
}

/// What became of parked events that were tried again.
public struct RetryReport: Hashable, Sendable, Codable {
    /// Events that were applied and are parked no longer.
    public var applied: Int64
    /// Events of the selection that are still parked.
    public var left: Int64
    /// What failed, one sentence for each stream, 20 at the most.
    public var failures: [String]

    /// The sentences that a report has at the most.
    public static let failuresMaximum = 20

    /// States what became of parked events.
    ///
    /// - Parameters:
    ///   - applied: Events that were applied.
    ///   - left: Events that are still parked.
    ///   - failures: What failed.
    public init(applied: Int64 = 0, left: Int64 = 0, failures: [String] = []) {
        self.applied = applied
        self.left = left
        self.failures = failures
    }

    /// Adds a failure, as long as there is room for it.
    package mutating func add(failure: String) {
        if failures.count < Self.failuresMaximum { failures.append(failure) }
    }
}

/// What can be done about parked events; it goes through whoever owns the store.
public enum ParkedRequest: Hashable, Sendable, Codable {
    /// Try them again, each stream in order; the first failure of a stream leaves the rest of it.
    case retry(ParkedSelection)
    /// Give them up for good, and keep a record of that.
    case discard(ParkedSelection)
}
