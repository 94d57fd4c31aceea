public import EventModel
public import Subscriptions
import Synchronization

/// A source that answers from a store, but for the steps that a test has written for it.
///
/// Each request takes the next step; when there are none left, every answer is honest. It passes
/// ``EventSourceContract`` as long as it has no steps.
public final class ScriptedSource: EventSource {
    /// What one request meets.
    public enum Step: Sendable {
        /// The store's own answer.
        case honest
        /// The store's answer, changed on the way.
        case altered(@Sendable (EventBatch) throws -> EventBatch)
        /// An error.
        case failure(any Error)
        /// No answer until the task is cancelled.
        case silence
    }

    /// What was asked.
    public struct Request: Hashable, Sendable {
        /// The number that was asked after.
        public let after: EventNumber
        /// How many events were asked for at the most.
        public let limit: Int
        /// How long the answer might be held.
        public let wait: Duration?
    }

    private struct State {
        var steps: [Step]
        var requests: [Request] = []
    }

    /// What messages call the source.
    public let address: String

    private let store: StoreSource
    private let state: Mutex<State>

    /// Makes a source.
    ///
    /// - Parameters:
    ///   - store: Where honest answers come from.
    ///   - steps: What the first requests meet, in their order.
    ///   - address: What messages call the source.
    public init(_ store: any EventStore, steps: [Step] = [], address: String = "scripted") {
        self.address = address
        self.store = StoreSource(store, address: address)
        state = Mutex(State(steps: steps))
    }

    /// All requests so far.
    public var requests: [Request] { state.withLock { $0.requests } }

    /// Adds steps after those that are there.
    ///
    /// - Parameter steps: What the requests after that meet.
    public func add(_ steps: [Step]) {
        state.withLock { $0.steps += steps }
    }

    /// Tells which history the store has.
    ///
    /// - Returns: Epoch, title and head; no step applies to it.
    /// - Throws: `SourceError`; `CancellationError`.
    public func describe() async throws -> FeedDescription {
        try await store.describe()
    }

    /// Does what the next step says.
    ///
    /// - Parameters:
    ///   - after: The number before the first event wanted.
    ///   - limit: Events to return at the most.
    ///   - filter: Which events are wanted.
    ///   - wait: How long to hold an answer that has nothing new.
    /// - Returns: The store's answer, as it is or altered.
    /// - Throws: What the step says; `SourceError`; `CancellationError`.
    public func events(
        after: EventNumber,
        limit: Int,
        matching filter: EventFilter,
        waitingUpTo wait: Duration?
    ) async throws -> EventBatch {
        let step = state.withLock { state -> Step in
            state.requests.append(Request(after: after, limit: limit, wait: wait))
            return state.steps.isEmpty ? .honest : state.steps.removeFirst()
        }
        switch step {
        case .failure(let error):
            throw error
        case .silence:
            try await Task.sleep(for: .seconds(86_400))
            throw SourceError(.timedOut, "\(address) said nothing for a day")
        case .honest, .altered:
            let batch = try await store.events(
                after: after,
                limit: limit,
                matching: filter,
                waitingUpTo: wait
            )
            guard case .altered(let change) = step else { return batch }
            return try change(batch)
        }
    }
}
