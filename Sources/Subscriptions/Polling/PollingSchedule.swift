/// When a subscription asks.
///
/// The pace is fixed, or it adapts between two intervals: the shorter one while events come, and
/// half as long again with each round in a row that brought none, up to the longer one. An event is
/// then seen after at most about half of the time for which it was quiet before.
public struct PollingSchedule: Hashable, Sendable {
    /// The poll intervals that can be chosen: 100 milliseconds to 24 hours.
    public static let intervals = Duration.milliseconds(100)...Duration.seconds(86_400)
    /// The waits that can be asked of a source: up to 60 seconds.
    public static let waits = Duration.zero...Duration.seconds(60)
    /// By how much a pause varies at random, either way: a tenth of it.
    public static let jitter = 0.1

    /// By how much the interval grows with each round in a row that brought nothing: half as long
    /// again.
    public static let growth = 1.5

    /// From the beginning of one request to the beginning of the next, while caught up and while
    /// events come; one of ``intervals``.
    ///
    /// While behind, the next request follows at once.
    public let interval: Duration
    /// The longest interval, which is reached while nothing comes; ``interval`` where the pace is
    /// fixed, else longer.
    public let longestInterval: Duration
    /// How long the source may hold an answer that has nothing new; nil asks for none.
    public let wait: Duration?
    /// How long to pause after failures.
    public let backOff: BackOff

    /// Every 2 seconds, without long polls.
    public static let standard = PollingSchedule(every: .seconds(2))

    /// Sets a pace.
    ///
    /// - Parameters:
    ///   - interval: Cut to ``intervals``.
    ///   - wait: Cut to ``waits``; nil or zero asks for no long polls.
    ///   - backOff: How long to pause after failures.
    public init(every interval: Duration, wait: Duration? = nil, backOff: BackOff = .standard) {
        self.init(every: interval...interval, wait: wait, backOff: backOff)
    }

    /// Sets a pace that adapts between two intervals.
    ///
    /// - Parameters:
    ///   - pace: The interval while events come, and the longest one; both are cut to
    ///     ``intervals``.
    ///   - wait: Cut to ``waits``; nil or zero asks for no long polls.
    ///   - backOff: How long to pause after failures.
    public init(
        every pace: ClosedRange<Duration>,
        wait: Duration? = nil,
        backOff: BackOff = .standard
    ) {
        let allowed = pace.clamped(to: Self.intervals)
        interval = allowed.lowerBound
        longestInterval = allowed.upperBound
        self.wait = wait.flatMap { $0 > .zero ? min($0, Self.waits.upperBound) : nil }
        self.backOff = backOff
    }

    /// Whether the interval changes with what comes.
    public var isAdaptive: Bool { longestInterval > interval }

    /// The interval after some rounds in a row that brought no events, before jitter.
    ///
    /// - Parameter rounds: 0 or more; 0 where the last round brought events.
    /// - Returns: The interval, from ``interval`` to ``longestInterval``.
    public func interval(afterQuietRounds rounds: Int) -> Duration {
        var interval = interval
        var left = rounds
        while left > 0, interval < longestInterval {
            interval = min(interval * Self.growth, longestInterval)
            left -= 1
        }
        return interval
    }
}

extension PollingSchedule: CustomStringConvertible {
    /// The pace as it is written on the command line: `2s`, `1s..30s`.
    public var description: String {
        isAdaptive
            ? "\(Self.text(interval))..\(Self.text(longestInterval))" : Self.text(interval)
    }

    /// A duration in the largest unit that leaves no fraction of it, to the millisecond.
    private static func text(_ duration: Duration) -> String {
        let parts = duration.components
        let milliseconds = parts.seconds * 1_000 + parts.attoseconds / 1_000_000_000_000_000
        for (unit, length) in [("h", Int64(3_600_000)), ("m", 60_000), ("s", 1_000)]
        where milliseconds.isMultiple(of: length) && milliseconds > 0 {
            return "\(milliseconds / length)\(unit)"
        }
        return "\(milliseconds)ms"
    }
}

/// How long to pause after failures in a row: twice as long each time, between a floor and a
/// ceiling.
public struct BackOff: Hashable, Sendable {
    /// The pauses that can be chosen: 1 millisecond to 24 hours.
    public static let pauses = Duration.milliseconds(1)...Duration.seconds(86_400)
    /// The longest that a source's wish to be left alone (`Retry-After`) is obeyed: an hour; it
    /// lengthens a pause and never shortens one.
    public static let retryAfterMaximum = Duration.seconds(3_600)

    /// The pause after the first failure.
    public let minimum: Duration
    /// The longest pause; ``minimum`` or more.
    public let maximum: Duration

    /// From 1 second to 1 minute.
    public static let standard = BackOff(minimum: .seconds(1), maximum: .seconds(60))

    /// Sets floor and ceiling.
    ///
    /// - Parameters:
    ///   - minimum: Cut to ``pauses``.
    ///   - maximum: Cut to `minimum` … 24 hours.
    public init(minimum: Duration, maximum: Duration) {
        let pauses = Self.pauses
        self.minimum = min(max(minimum, pauses.lowerBound), pauses.upperBound)
        self.maximum = min(max(maximum, self.minimum), pauses.upperBound)
    }

    /// The pause after some failures in a row, before jitter.
    ///
    /// - Parameter failures: 1 or more.
    /// - Returns: The pause.
    public func pause(afterFailures failures: Int) -> Duration {
        var pause = minimum
        var left = failures - 1
        while left > 0, pause < maximum {
            pause = min(pause * 2, maximum)
            left -= 1
        }
        return pause
    }
}
