import EventModel
import FeedPages
import Synchronization

/// Holds the answer to one request until there is something to say.
///
/// It ends early when the server stops or the client has closed its side; and if too many
/// requests are held already it does not begin.
struct Hold {
    private let seconds: Int
    private let deadline: ContinuousClock.Instant
    private let inputClosed: Latch
    private let responder: FeedResponder

    init(seconds: Int, inputClosed: Latch, responder: FeedResponder) {
        self.seconds = seconds
        self.inputClosed = inputClosed
        self.responder = responder
        deadline = .now + .seconds(seconds)
    }

    /// Holds until an instant.
    init(until deadline: ContinuousClock.Instant, inputClosed: Latch, responder: FeedResponder) {
        let left = ContinuousClock.now.duration(to: deadline)
        seconds = left > .zero ? Int(left.components.seconds) + 1 : 0
        self.deadline = deadline
        self.inputClosed = inputClosed
        self.responder = responder
    }

    /// Waits until the head is beyond a number, or the time is over.
    ///
    /// - Parameter number: The head that the client knows.
    /// - Returns: Whether the head is beyond it.
    /// - Throws: Errors of the store; `CancellationError`.
    @discardableResult
    func wait(beyond number: EventNumber) async throws -> Bool {
        guard seconds > 0, responder.holds.take() else { return false }
        defer { responder.holds.giveBack() }
        return try await race(beyond: number)
    }

    /// Reads until there is an event that matches, or the time is over.
    ///
    /// - Parameters:
    ///   - query: What is asked for.
    ///   - limit: How much to return.
    /// - Returns: Everything that matches after the query's number, as far as was looked.
    /// - Throws: Errors of the store; `CancellationError`.
    func firstMatch(_ query: FeedQuery, limit: ReadLimit) async throws -> EventBatch {
        let after = query.after ?? .beginning
        let first = try await read(after, query, limit)
        guard first.events.isEmpty, first.isCaughtUp, seconds > 0, responder.holds.take() else {
            return first
        }
        defer { responder.holds.giveBack() }
        var seen = first
        while seen.events.isEmpty, !isOver {
            if seen.isCaughtUp {
                guard try await race(beyond: seen.scannedTo) else { break }
            }
            // Nothing up to there matched, so the rest is all that is missing.
            let rest = try await read(seen.scannedTo, query, limit)
            seen = EventBatch(
                epoch: first.epoch,
                after: after,
                chainAfter: first.chainAfter,
                events: rest.events,
                scannedTo: rest.scannedTo,
                chain: rest.chain,
                head: rest.head
            )
        }
        return seen
    }

    private func read(_ after: EventNumber, _ query: FeedQuery, _ limit: ReadLimit) async throws
        -> EventBatch
    {
        try await responder.store.read(after: after, limit: limit, matching: query.filter)
    }

    /// Whether the time is over or somebody else has ended the waiting.
    private var isOver: Bool {
        ContinuousClock.now >= deadline || responder.stopping.isOpen || inputClosed.isOpen
    }

    /// Whether the head moves before the time is over and before anybody else ends the waiting.
    private func race(beyond number: EventNumber) async throws -> Bool {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            let store = responder.store
            let stopping = responder.stopping
            group.addTask {
                _ = try await store.waitForHead(beyond: number)
                return true
            }
            group.addTask { [deadline] in
                try await Task.sleep(until: deadline)
                return false
            }
            group.addTask {
                try await stopping.wait()
                return false
            }
            group.addTask { [inputClosed] in
                try await inputClosed.wait()
                return false
            }
            defer { group.cancelAll() }
            return try await group.next() ?? false
        }
    }
}

/// How many requests are held at the same time.
final class HoldLimit: Sendable {
    private let limit: Int
    private let held = Mutex(0)

    init(_ limit: Int) {
        self.limit = limit
    }

    /// How many are held.
    var count: Int { held.withLock { $0 } }

    /// Takes a place, if there is one.
    func take() -> Bool {
        held.withLock { held in
            guard held < limit else { return false }
            held += 1
            return true
        }
    }

    /// Gives a place back.
    func giveBack() {
        held.withLock { $0 -= 1 }
    }
}
