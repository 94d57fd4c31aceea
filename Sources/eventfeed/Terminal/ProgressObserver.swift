import EventModel
import Subscriptions
import Synchronization

/// Shows a subscription as a progress bar and nothing else.
final class ProgressObserver: SubscriptionObserver {
    private struct State: ~Copyable {
        var bar = ProgressBar(unit: "events")
        var start: Int64 = 0
    }

    private let state = Mutex(State())

    func observe(_ progress: SubscriptionProgress) async throws {
        state.withLock { state in
            switch progress {
            case .started(let checkpoint):
                state.start = checkpoint?.number.rawValue ?? 0
            case .round(let report) where !report.isCaughtUp:
                let done = report.checkpoint.number.rawValue - state.start
                state.bar.show(done: done, of: report.head.rawValue - state.start, count: done)
            default:
                state.bar.clear()
            }
        }
    }
}
