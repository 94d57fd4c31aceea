import Synchronization

/// A `Clock` that moves only when a test moves it: what a subscription waits on in tests.
///
/// A test that drives a loop calls ``passNextSleep()`` again and again: it waits until somebody
/// sleeps, moves the clock to the end of that sleep, and says how long it was.
public final class SteppedClock: Clock {
    /// A reading of the clock.
    public struct Instant: InstantProtocol, Hashable, Sendable {
        /// The time since the clock was made.
        public let elapsed: Duration

        /// Names a reading.
        ///
        /// - Parameter elapsed: The time since the clock was made.
        public init(elapsed: Duration) {
            self.elapsed = elapsed
        }

        /// The instant that is so much later.
        ///
        /// - Parameter duration: How much later; negative for earlier.
        /// - Returns: The instant.
        public func advanced(by duration: Duration) -> Instant {
            Instant(elapsed: elapsed + duration)
        }

        /// How much later another instant is.
        ///
        /// - Parameter other: The other instant.
        /// - Returns: The distance; negative where it is earlier.
        public func duration(to other: Instant) -> Duration { other.elapsed - elapsed }

        /// Orders by time.
        public static func < (lhs: Instant, rhs: Instant) -> Bool { lhs.elapsed < rhs.elapsed }
    }

    private struct Sleeper {
        var deadline: Instant
        var start: Instant
        var continuation: CheckedContinuation<Void, any Error>?
    }

    private struct State {
        var now = Instant(elapsed: .zero)
        var sleepers: [UInt64: Sleeper] = [:]
        var cancelled: Set<UInt64> = []
        var nextKey: UInt64 = 0

        /// Moves on and returns those whose sleep is over.
        mutating func move(to instant: Instant) -> [CheckedContinuation<Void, any Error>] {
            now = max(now, instant)
            let due = sleepers.filter { $0.value.deadline <= now && $0.value.continuation != nil }
            for key in due.keys { sleepers[key] = nil }
            return due.values.compactMap(\.continuation)
        }
    }

    private let state = Mutex(State())

    /// Makes a clock that stands at zero.
    public init() {}

    /// What the clock shows.
    public var now: Instant { state.withLock { $0.now } }

    /// Zero: the clock is exact.
    public var minimumResolution: Duration { .zero }

    /// Sleeps until the clock was moved to an instant.
    ///
    /// - Parameters:
    ///   - deadline: The end of the sleep.
    ///   - tolerance: Not used: the clock is exact.
    /// - Throws: `CancellationError`.
    public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let key = state.withLock { state -> UInt64 in
            state.nextKey += 1
            return state.nextKey
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                enter(key, until: deadline, continuation)
            }
        } onCancel: {
            cancel(key)
        }
    }

    /// Moves the clock, and wakes those whose sleep is over.
    ///
    /// - Parameter duration: How far; nothing happens for less than zero.
    public func advance(by duration: Duration) {
        let due = state.withLock { $0.move(to: $0.now.advanced(by: duration)) }
        for continuation in due { continuation.resume() }
    }

    /// Waits until somebody sleeps, and moves the clock to the end of the shortest sleep.
    ///
    /// - Returns: How long that sleep was, from its beginning.
    /// - Throws: `CancellationError`.
    @discardableResult
    public func passNextSleep() async throws -> Duration {
        while true {
            try Task.checkCancellation()
            let woken = state.withLock {
                state -> (Duration, [CheckedContinuation<Void, any Error>])? in
                guard let next = state.sleepers.values.min(by: { $0.deadline < $1.deadline }) else {
                    return nil
                }
                return (next.start.duration(to: next.deadline), state.move(to: next.deadline))
            }
            guard let (duration, due) = woken else {
                // Nobody sleeps yet: others have to run first.
                try await Task.sleep(for: .milliseconds(1))
                continue
            }
            for continuation in due { continuation.resume() }
            return duration
        }
    }

    private func enter(
        _ key: UInt64,
        until deadline: Instant,
        _ continuation: CheckedContinuation<Void, any Error>
    ) {
        let answer = state.withLock { state -> Result<Void, any Error>? in
            if state.cancelled.remove(key) != nil { return .failure(CancellationError()) }
            if deadline <= state.now { return .success(()) }
            state.sleepers[key] = Sleeper(
                deadline: deadline,
                start: state.now,
                continuation: continuation
            )
            return nil
        }
        if let answer { continuation.resume(with: answer) }
    }

    private func cancel(_ key: UInt64) {
        let continuation = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            guard let sleeper = state.sleepers.removeValue(forKey: key) else {
                // Not asleep yet, or awake again; a key that is never looked up costs 8 bytes.
                state.cancelled.insert(key)
                return nil
            }
            return sleeper.continuation
        }
        continuation?.resume(throwing: CancellationError())
    }
}
