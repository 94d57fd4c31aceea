import EventModel
import Logging
import Subscriptions
import Synchronization

/// Tells what a subscription does: events on the standard output, a progress bar on a terminal,
/// a line of log for each round that did something.
final class SubscriptionReporter: SubscriptionObserver {
    private struct State: ~Copyable {
        var bar: ProgressBar
        var start: EventNumber?
        var applied: Int64 = 0
        var wasCaughtUp = false
        var wasSuperseded = false
    }

    private let printsEvents: Bool
    private let logger: Logger
    private let showsBar: Bool
    private let state: Mutex<State>

    /// Prepares to tell.
    ///
    /// - Parameters:
    ///   - printsEvents: Whether events go to the standard output.
    ///   - showsBar: Whether a bar is drawn while the standard error is a terminal; not between
    ///     lines that a program reads.
    ///   - logger: Where it is logged.
    init(printsEvents: Bool, showsBar: Bool = true, logger: Logger) {
        self.printsEvents = printsEvents
        self.showsBar = showsBar && StandardStream.error.isTerminal
        self.logger = logger
        state = Mutex(State(bar: ProgressBar(unit: "events", isShown: self.showsBar)))
    }

    /// Whether the subscription ended because another process takes the file over.
    var wasSuperseded: Bool { state.withLock { $0.wasSuperseded } }

    func observe(_ progress: SubscriptionProgress) async throws {
        switch progress {
        case .started(let checkpoint):
            let number = checkpoint?.number ?? .beginning
            state.withLock { $0.start = number }
            logger.info("following", metadata: ["after": .number(number.rawValue)])
        case .superseded:
            state.withLock { state in
                state.bar.clear()
                state.wasSuperseded = true
            }
            logger.notice("superseded: another process takes the file over")
        case .round(let report):
            tell(report.parked)
            try tell(report)
        case .postponed(let delivery, let reason, let pause):
            state.withLock { $0.bar.clear() }
            logger.notice(
                "the same events again later: \(TerminalText.escaped(reason))",
                metadata: [
                    "after": .number(delivery.after.rawValue),
                    "attempt": .number(delivery.attempt), "pause": .time(pause),
                ]
            )
        case .failed(let error, let failures, let pause):
            state.withLock { $0.bar.clear() }
            logger.warning(
                "\(TerminalText.escaped(error.message))",
                metadata: ["failures": .number(failures), "pause": .time(pause)]
            )
        }
    }

    /// Says which events were set aside; those that only wait behind others are counted.
    private func tell(_ parked: [ParkedEvent]) {
        guard !parked.isEmpty else { return }
        state.withLock { $0.bar.clear() }
        for failed in parked {
            guard let reason = failed.reason else { continue }
            logger.error(
                "parked: \(TerminalText.escaped(reason))",
                metadata: ["event": .number(failed.event.number.rawValue)]
            )
        }
        let waiting = parked.count { $0.reason == nil }
        if waiting > 0 {
            logger.notice(
                "parked behind others of their streams",
                metadata: ["events": .number(Int64(waiting))]
            )
        }
    }

    private func tell(_ report: RoundReport) throws {
        if printsEvents, !report.events.isEmpty {
            state.withLock { $0.bar.clear() }
            try StandardStream.output.write(EventLines.ndjson(of: report.events))
        }
        let isNews = state.withLock { state in
            state.applied += Int64(report.events.count)
            let start = state.start?.rawValue ?? 0
            defer { state.wasCaughtUp = report.isCaughtUp }
            if report.isCaughtUp {
                state.bar.clear()
            } else {
                state.bar.show(
                    done: report.checkpoint.number.rawValue - start,
                    of: report.head.rawValue - start,
                    count: state.applied
                )
            }
            return report.isCaughtUp && !state.wasCaughtUp
        }
        guard !report.events.isEmpty || isNews else { return }
        // While a bar is shown, it says the same.
        let isShownByBar = showsBar && !report.isCaughtUp
        logger.log(
            level: isShownByBar ? .debug : .info,
            "applied",
            metadata: [
                "events": .number(report.events.count),
                "checkpoint": .number(report.checkpoint.number.rawValue),
                "head": .number(report.head.rawValue),
                "lag": .number(report.head.rawValue - report.checkpoint.number.rawValue),
                "took": .time(report.duration),
            ]
        )
    }
}
