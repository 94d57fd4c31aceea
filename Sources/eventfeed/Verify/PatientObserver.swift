import EventModel
import Subscriptions
import Synchronization

/// Shows a walk as a progress bar, says when a source does not answer, and loses patience with one
/// that does not for too long.
final class PatientObserver: SubscriptionObserver {
    private struct State: ~Copyable {
        var bar = ProgressBar(unit: "events")
        /// Since when the source has not answered; nil while it does.
        var failingSince: ContinuousClock.Instant?
    }

    /// How long to pause between two tries.
    static let backOff = BackOff(minimum: .milliseconds(200), maximum: .seconds(15))

    private let patience: Duration
    private let state = Mutex(State())

    /// Prepares to watch.
    ///
    /// - Parameter patience: How long a source may not answer.
    init(patience: Duration) {
        self.patience = patience
    }

    func observe(_ progress: SubscriptionProgress) async throws {
        switch progress {
        case .round(let report):
            state.withLock { state in
                state.failingSince = nil
                guard !report.isCaughtUp else { return state.bar.clear() }
                let done = report.checkpoint.number.rawValue
                state.bar.show(done: done, of: report.head.rawValue, count: done)
            }
        case .failed(let error, _, let pause):
            try note(error, pause: pause)
        case .started, .postponed, .superseded:
            break
        }
    }

    /// Calls `body` until it succeeds, fails for good, or has failed for too long.
    ///
    /// - Parameter body: What to ask a source.
    /// - Returns: What it answers.
    /// - Throws: `SourceError`, `CancellationError`.
    func retrying<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
        var failures = 0
        while true {
            do {
                return try await body()
            } catch let error as SourceError
                where error.kind == .transient || error.kind == .lagging
            {
                failures += 1
                let pause = Self.backOff.pause(afterFailures: failures)
                try note(error, pause: pause)
                try await Task.sleep(for: pause)
            }
        }
    }

    /// Says what went wrong, or throws it where that goes on for too long.
    private func note(_ error: SourceError, pause: Duration) throws {
        let now = ContinuousClock.now
        let isOver = state.withLock { state in
            state.bar.clear()
            let start = state.failingSince ?? now
            state.failingSince = start
            return start.duration(to: now) + pause > patience
        }
        if isOver { throw error }
        StandardStream.error.tell(
            "\(TerminalText.escaped(error.message)); asked again in \(Quantity.time(pause))"
        )
    }
}
