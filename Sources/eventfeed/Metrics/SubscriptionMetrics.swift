import EventModel
import Subscriptions

/// What is counted of a subscription, in the text format of Prometheus
/// (<https://prometheus.io/docs/instrumenting/exposition_formats/>).
struct SubscriptionMetrics {
    let subscription: String
    let interval: Duration
    /// Events that are parked; nil where nobody knows.
    var parkedEvents: Int64?

    private var checkpoint: Int64 = 0
    private var head: Int64?
    private var rounds: Int64 = 0
    private var applied: Int64 = 0
    private var failures: Int64 = 0
    private var failuresInARow: Int64 = 0
    private var lastSuccess: Timestamp?
    private var lastEvent: Timestamp?

    init(subscription: String, interval: Duration) {
        self.subscription = subscription
        self.interval = interval
    }

    /// Counts what happened.
    mutating func take(_ progress: SubscriptionProgress, at instant: Timestamp) {
        switch progress {
        case .started(let start):
            checkpoint = start?.number.rawValue ?? 0
        case .round(let report):
            rounds += 1
            applied += Int64(report.events.count)
            checkpoint = report.checkpoint.number.rawValue
            head = report.head.rawValue
            failuresInARow = 0
            lastSuccess = instant
            lastEvent = report.events.last?.recordedAt ?? lastEvent
        case .failed, .postponed:
            takeFailure()
        case .superseded:
            break
        }
    }

    /// Counts a failure.
    mutating func takeFailure() {
        failures += 1
        failuresInARow += 1
    }

    /// All metrics that have a value.
    var text: String {
        let lag = head.map { max(0, $0 - checkpoint) }
        return [
            gauge("checkpoint", "The last number that was applied.", number(checkpoint)),
            gauge("head", "The highest number of the feed, as last seen.", number(head)),
            gauge("lag_events", "Numbers that are not applied yet.", number(lag)),
            gauge(
                "last_success_timestamp_seconds",
                "When a round last ended well.",
                time(lastSuccess)
            ),
            gauge(
                "last_event_timestamp_seconds",
                "When the last event that was applied was recorded.",
                time(lastEvent)
            ),
            gauge(
                "consecutive_failures",
                "Failures since a round last ended well.",
                number(failuresInARow)
            ),
            gauge("parked_events", "Events that are set aside.", number(parkedEvents)),
            gauge(
                "poll_interval_seconds",
                "The longest pause between two polls.",
                "\(interval.inSeconds)"
            ),
            counter("rounds_total", "Rounds that ended well.", number(rounds)),
            counter("events_applied_total", "Events that were applied.", number(applied)),
            counter("failures_total", "Rounds that failed.", number(failures)),
        ].joined()
    }

    private func number(_ value: Int64?) -> String? { value.map { "\($0)" } }

    private func time(_ instant: Timestamp?) -> String? {
        instant.map { "\(Double($0.microseconds) / 1e6)" }
    }

    private func gauge(_ name: String, _ help: String, _ value: String?) -> String {
        metric(name, "gauge", help, value)
    }

    private func counter(_ name: String, _ help: String, _ value: String?) -> String {
        metric(name, "counter", help, value)
    }

    private func metric(_ name: String, _ type: String, _ help: String, _ value: String?) -> String
    {
        guard let value else { return "" }
        let name = "eventfeed_subscription_\(name)"
        return """
            # HELP \(name) \(help)
            # TYPE \(name) \(type)
            \(name){subscription="\(Self.escaped(subscription))"} \(value)

            """
    }

    /// The value of a label: backslash, quote and line feed are escaped.
    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\n", with: "\\n")
    }
}
