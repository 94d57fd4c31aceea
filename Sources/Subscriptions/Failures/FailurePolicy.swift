public import EventModel

/// What to do about an event that cannot be applied.
public enum FailurePolicy: Hashable, Sendable {
    /// End with the error; nothing of the batch was applied.
    case stop
    /// Try the same batch so many times more, with back-off, then end with the error.
    case retry(times: Int)
    /// Set the event and every later event of its stream aside, and go on with the others.
    case park

    /// How often a policy may ask to try again.
    public static let retries = 1...1_000
    /// Tries of the same events in a row that were begun and never ended before ``park`` takes the
    /// process's death for the event's fault: 3.
    public static let unfinishedTries: Int64 = 3
}

/// How often the same events were tried; kept with the checkpoint, and counted before each try.
public struct Tries: Hashable, Sendable {
    /// Tries so far, the present one included.
    public let count: Int64
    /// The tries in a row before the present one that were begun and never ended: the process died.
    public let unfinished: Int64
    /// Whether the process died while the first of these events was tried alone.
    public let diedAlone: Bool

    /// States how often the same events were tried.
    ///
    /// - Parameters:
    ///   - count: Tries so far, the present one included.
    ///   - unfinished: The tries in a row before it that never ended.
    ///   - diedAlone: Whether the process died while the first of them was tried alone.
    public init(count: Int64, unfinished: Int64, diedAlone: Bool = false) {
        self.count = count
        self.unfinished = unfinished
        self.diedAlone = diedAlone
    }
}

/// The process died again and again while it applied the same events.
public struct CrashLoop: Error, Sendable, CustomStringConvertible {
    /// The number of the first event.
    public let first: EventNumber
    /// The number of the last event.
    public let last: EventNumber
    /// How many tries in a row were begun and never ended.
    public let tries: Int64

    init(_ delivery: Delivery, tries: Int64) {
        first = delivery.events.first?.number ?? delivery.after
        last = delivery.events.last?.number ?? delivery.to.number
        self.tries = tries
    }

    /// One sentence that names the events and what to do.
    public var description: String {
        "events \(first) to \(last) were tried \(tries) times in a row and the process died each "
            + "time before the end: find out what ends it, then start again"
    }
}

/// What to do with a delivery before it is tried.
enum TryDecision {
    /// Try it.
    case go
    /// Have the same events delivered one by one, to find out which of them it is.
    case oneAtATime
    /// Set its only event aside without another try.
    case park(reason: String)
    /// End.
    case stop(CrashLoop)
}

extension FailurePolicy {
    /// Decides what to do with a delivery of one event or more, in the light of earlier tries.
    func decision(before tries: Tries, of delivery: Delivery) -> TryDecision {
        switch self {
        case .stop:
            // Whoever restarts a process that was killed wants it to go on.
            return .go
        case .retry(let times):
            guard tries.unfinished <= times else {
                return .stop(CrashLoop(delivery, tries: tries.unfinished))
            }
            return .go
        case .park:
            guard delivery.events.count == 1 else {
                let isSuspect = tries.diedAlone || tries.unfinished >= Self.unfinishedTries
                return isSuspect ? .oneAtATime : .go
            }
            guard tries.unfinished >= Self.unfinishedTries else { return .go }
            return .park(
                reason: "the process died in \(tries.unfinished) tries in a row of this event"
            )
        }
    }

    /// Whether a delivery that failed in an orderly way is tried once more.
    func triesAgain(_ delivery: Delivery) -> Bool {
        guard case .retry(let times) = self else { return false }
        return delivery.attempt <= times
    }
}
