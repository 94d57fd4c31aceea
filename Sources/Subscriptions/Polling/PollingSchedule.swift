/// When a subscription asks.
public struct PollingSchedule: Hashable, Sendable {
    /// The poll intervals that can be chosen: 100 milliseconds to 24 hours.
    public static let intervals = Duration.milliseconds(100)...Duration.seconds(86_400)
    /// The waits that can be asked of a source: up to 60 seconds.
    public static let waits = Duration.zero...Duration.seconds(60)
    /// By how much a pause varies at random, either way: a tenth of it.
    public static let jitter = 0.1

    /// From the beginning of one request to the beginning of the next, while caught up; one of
    /// ``intervals``.
    ///
    /// While behind, the next request follows at once.
    public let interval: Duration
    /// How long the source may hold an answer that has nothing new; nil asks for none.
    public let wait: Duration?
    /// How long to pause after failures.
    public let backOff: BackOff

    /// The pace in words, such as `2s`, or `2s with waits of 30s`.
    public var pace: String {
        let pace = Self.words(interval)
        return wait.map { "\(pace) with waits of \(Self.words($0))" } ?? pace
    }

    private static func words(_ duration: Duration) -> String {
        let milliseconds = duration / .milliseconds(1)
        return milliseconds.truncatingRemainder(dividingBy: 1_000) == 0
            ? "\(Int64(milliseconds / 1_000))s" : "\(Int64(milliseconds))ms"
    }

    /// Every 2 seconds, without long polls.
    public static let standard = PollingSchedule(every: .seconds(2))

    /// Sets a pace.
    ///
    /// - Parameters:
    ///   - interval: Cut to ``intervals``.
    ///   - wait: Cut to ``waits``; nil or zero asks for no long polls.
    ///   - backOff: How long to pause after failures.
    public init(every interval: Duration, wait: Duration? = nil, backOff: BackOff = .standard) {
        self.interval = min(max(interval, Self.intervals.lowerBound), Self.intervals.upperBound)
        self.wait = wait.flatMap { $0 > .zero ? min($0, Self.waits.upperBound) : nil }
        self.backOff = backOff
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
