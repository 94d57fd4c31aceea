import EventModel
import SQLiteStorage
import Subscriptions
import Synchronization

/// Keeps what a subscription does in a file that the textfile collector of Prometheus' node
/// exporter reads.
///
/// The file is written whole, at most once a second, and at the end; whoever reads it sees one
/// state. It stays behind when the subscription ends, as its last success says.
final class MetricsFile: SubscriptionObserver {
    /// The least time between two writes.
    private static let pause = Duration.seconds(1)

    private let path: String
    private let state: Mutex<State>
    /// Events that are parked now, asked before each write.
    private let parkedEvents: @Sendable () -> Int64?

    private struct State {
        var metrics: SubscriptionMetrics
        var lastWritten: ContinuousClock.Instant?
        var isFailing = false
    }

    /// Names a file; nothing is written yet.
    ///
    /// - Parameters:
    ///   - path: The file; node exporter wants a name that ends with `.prom`.
    ///   - subscription: What the metrics call the subscription: the read model's file.
    ///   - interval: The longest pause between two polls.
    init(path: String, subscription: String, interval: Duration) {
        self.path = path
        state = Mutex(
            State(metrics: SubscriptionMetrics(subscription: subscription, interval: interval))
        )
        // Unknown while the file is being made.
        parkedEvents = { try? ReadModelStatus.read(path: subscription).parkedEvents }
    }

    func observe(_ progress: SubscriptionProgress) async throws {
        let isDue = state.withLock { state in
            state.metrics.take(progress, at: .now())
            let now = ContinuousClock.now
            guard state.lastWritten.map({ now - $0 >= Self.pause }) ?? true else { return false }
            state.lastWritten = now
            return true
        }
        guard isDue else { return }
        do {
            try write()
            state.withLock { $0.isFailing = false }
        } catch {
            // A file that cannot be written at all is a mistake of whoever named it; a disk that
            // is full for a while must not end the subscription.
            if case .started = progress { throw error }
            let isNews = state.withLock { state in
                defer { state.isFailing = true }
                return !state.isFailing
            }
            if isNews { StandardStream.error.tell("metrics: \(TerminalText.escaped("\(error)"))") }
        }
    }

    /// Counts the failure that ends the subscription, which no observer is told.
    func countFailure() {
        state.withLock { $0.metrics.takeFailure() }
    }

    /// Writes what was seen last.
    ///
    /// - Throws: ``CommandError`` with status `io`; the file before stays.
    func write() throws {
        let parked = parkedEvents()
        let text = state.withLock { state in
            state.metrics.parkedEvents = parked
            return state.metrics.text
        }
        try WholeFile.write(Array(text.utf8), to: path)
    }
}
