import EventModel
import Logging
import Subscriptions
import Synchronization

/// Walks a history from its first event to its head as a follower does, and keeps nothing.
struct Verification: Sendable {
    /// How long a source that does not answer is asked again.
    let patience: Duration

    /// What was found to be sound.
    struct Found: Sendable {
        let checkpoint: Checkpoint
        /// Complete pages; nil where the source does not say how large they are.
        let pages: Int64?
        /// Bytes of data and metadata.
        let bytes: Int64
        let elapsed: Duration
    }

    /// Walks to the end.
    ///
    /// - Parameter source: The history.
    /// - Returns: What was found.
    /// - Throws: ``Mistrust`` where an answer cannot be trusted; `SourceError` where none came for
    ///   so long; `CancellationError`.
    func run(_ source: any EventSource) async throws -> Found {
        let tally = Tally()
        do {
            return try await walk(source, tally)
        } catch let error as GaveUp where error.last.code == .untrusted {
            // That says nothing about the history.
            throw error.last
        } catch let error as GaveUp {
            throw Mistrust(error.last, verified: tally.checkpoint)
        } catch let error as SourceError
            where ExitStatus(for: error) == .protocolError && error.code != .notAnEventFeed
            && error.code != .untrusted
        {
            throw Mistrust(error, verified: tally.checkpoint)
        }
    }

    private func walk(_ source: any EventSource, _ tally: Tally) async throws -> Found {
        let start = ContinuousClock.now
        let observer = PatientObserver(patience: patience)
        let pageSize = try await observer.retrying { try await source.describe() }.pageSize
        var options = SubscriptionOptions(
            schedule: PollingSchedule(
                every: PollingSchedule.intervals.lowerBound,
                backOff: PatientObserver.backOff
            ),
            // Page by page, so that it is known up to which page all is sound.
            batchSize: pageSize ?? Limits.readEvents
        )
        // Whoever verifies wants to know of the first answer that is wrong.
        options.giveUpAfter = 1
        let subscription = Subscription(
            from: source,
            to: tally,
            options: options,
            observer: observer,
            // The observer says all of it.
            logger: .command("verify", level: .critical)
        )
        let report = try await subscription.catchUp()
        guard let checkpoint = report?.checkpoint else { throw CancellationError() }
        return Found(
            checkpoint: checkpoint,
            pages: pageSize.map { checkpoint.number.rawValue / Int64(max(1, $0)) },
            bytes: tally.bytes,
            elapsed: start.duration(to: .now)
        )
    }
}

extension Verification.Found {
    /// One line for people.
    var line: String {
        let number = checkpoint.number.rawValue
        return [
            number == 1 ? "1 event" : "\(Quantity.grouped(number)) events",
            pages.map { $0 == 1 ? "1 complete page" : "\(Quantity.grouped($0)) complete pages" },
            "\(Quantity.bytes(bytes)) of values", "epoch \(checkpoint.epoch)", "head \(number)",
            "chain \(checkpoint.chain)", "all sound, in \(Quantity.time(elapsed))",
        ].compactMap { $0 }.joined(separator: ", ")
    }

    /// The facts for programs.
    var report: StatusReport {
        let number = checkpoint.number.rawValue
        var report = StatusReport()
        report.add("sound", "sound", .flag(true))
        report.add("events", "events", .number(number))
        report.add("pages", "complete pages", pages.map { .number($0) } ?? .unknown)
        report.add("valueBytes", "bytes of values", .number(bytes))
        report.add("epoch", "epoch", .text(checkpoint.epoch.description))
        report.add("head", "head", .number(number))
        report.add("chain", "chain", .text(checkpoint.chain.description))
        report.add("seconds", "took", .seconds(elapsed.inSeconds))
        return report
    }
}

/// An answer that cannot be trusted.
struct Mistrust: Error, CustomStringConvertible {
    let cause: SourceError
    /// How far everything was sound; nil where nothing was checked.
    let verified: Checkpoint?

    init(_ cause: SourceError, verified: Checkpoint?) {
        self.cause = cause
        self.verified = verified
    }

    /// The number after all that was sound.
    private var next: EventNumber { (verified?.number ?? .beginning).next }

    /// The number that is at fault, what was expected there and what came, where that is known.
    private var difference: (number: EventNumber?, expected: String, actual: String)? {
        switch cause.difference {
        case .number(let expected, let actual):
            (expected, "event \(expected)", "event \(actual)")
        case .head(let expected, let actual, _):
            (expected, "a head of \(expected)", "a head of \(actual)")
        case .epoch(let expected, let actual):
            (nil, "epoch \(expected)", "epoch \(actual)")
        case .chain(let number, let expected, let actual):
            (number, "chain \(expected)", "chain \(actual)")
        case .status(let status):
            (next, "a document", "status \(status)")
        case nil:
            // A document that should be there and is not.
            cause.code == .hole ? (next, "event \(next)", "nothing") : nil
        }
    }

    /// Whether the error's own sentence has nothing but the difference, in more words.
    private var statesDifference: Bool {
        guard case .chain(_, let expected, let actual) = cause.difference else { return false }
        return cause.message.contains("\(expected)") && cause.message.contains("\(actual)")
    }

    var description: String {
        var text = "not to be trusted"
        if let number = difference?.number { text += " at event \(number)" }
        if let difference {
            text += ": expected \(difference.expected), actual \(difference.actual)"
        }
        text += statesDifference ? " (\(cause.code))" : ": \(cause)"
        return text + "; sound up to event \(verified?.number ?? .beginning)"
    }

    /// The facts for programs.
    var report: StatusReport {
        var report = StatusReport()
        report.add("sound", "sound", .flag(false))
        report.add("code", "what", .text("\(cause.code)"))
        report.add(
            "number",
            "at event",
            difference?.number.map { .number($0.rawValue) } ?? .unknown
        )
        report.add("expected", "expected", difference.map { .text($0.expected) } ?? .unknown)
        report.add("actual", "actual", difference.map { .text($0.actual) } ?? .unknown)
        report.add("message", "message", .text(cause.message))
        report.add("soundTo", "sound up to", .number(verified?.number.rawValue ?? 0))
        return report
    }
}

/// Counts what it is given, and keeps nothing of it.
private final class Tally: BatchReceiver {
    private struct State {
        var checkpoint: Checkpoint?
        var bytes: Int64 = 0
    }

    private let state = Mutex(State())

    var checkpoint: Checkpoint? { state.withLock { $0.checkpoint } }
    var bytes: Int64 { state.withLock { $0.bytes } }

    func begin(_ terms: SubscriptionTerms) async throws -> Checkpoint? { checkpoint }

    func receive(_ delivery: Delivery) async throws -> DeliveryOutcome {
        let bytes = delivery.events.reduce(0) { sum, event in
            sum + event.data.bytes.count + (event.metadata?.bytes.count ?? 0)
        }
        state.withLock { state in
            state.checkpoint = delivery.to
            state.bytes += Int64(bytes)
        }
        return .applied
    }
}
