public import EventModel
import Synchronization

/// A clock for timestamps that moves only when a test moves it, in either direction.
public final class ManualClock: Sendable {
    private let reading: Mutex<Timestamp>

    /// Starts a clock.
    ///
    /// - Parameter start: What it shows; the first of March 2026 where nothing is given.
    public init(_ start: Timestamp = Timestamp(microseconds: 1_772_357_400_000_000)) {
        reading = Mutex(start)
    }

    /// What the clock shows.
    public var now: Timestamp { reading.withLock { $0 } }

    /// The clock as the closure that stores take.
    public var reader: @Sendable () -> Timestamp { { self.now } }

    /// Sets the clock, also to an earlier time.
    ///
    /// - Parameter instant: What it shows from now on.
    public func set(_ instant: Timestamp) {
        reading.withLock { $0 = instant }
    }

    /// Moves the clock.
    ///
    /// - Parameter microseconds: How far; negative moves it back.
    public func advance(microseconds: Int64) {
        reading.withLock { $0 = Timestamp(microseconds: $0.microseconds + microseconds) }
    }
}
