import Synchronization

/// The newest head of a store, and those who wait for a higher one.
///
/// The store publishes a head after its commit; waiting costs no polling and no thread.
package final class HeadSignal: Sendable {
    private struct Waiter {
        var number: EventNumber
        var continuation: CheckedContinuation<Head, any Error>
    }

    /// A call of ``wait(beyond:)`` that has not returned.
    private enum Call {
        /// Its continuation is still on the way.
        case starting
        /// Its task was cancelled while the continuation was on the way.
        case cancelled
        /// It waits.
        case waiting(Waiter)
    }

    private struct State {
        var head: Head
        var isClosed = false
        var calls: [UInt64: Call] = [:]
        var nextKey: UInt64 = 0

        /// Removes and returns the waiters that `isDone` picks.
        mutating func take(where isDone: (Waiter) -> Bool) -> [Waiter] {
            var taken: [Waiter] = []
            for case (let key, .waiting(let waiter)) in calls where isDone(waiter) {
                calls[key] = nil
                taken.append(waiter)
            }
            return taken
        }
    }

    private let state: Mutex<State>

    package init(_ head: Head) {
        state = Mutex(State(head: head))
    }

    /// The newest head published.
    package var head: Head { state.withLock { $0.head } }

    /// Publishes a head; one that is not higher than the newest changes nothing.
    package func publish(_ head: Head) {
        let ready = state.withLock { state -> [Waiter] in
            guard head.number > state.head.number else { return [] }
            state.head = head
            return state.take { $0.number < head.number }
        }
        for waiter in ready { waiter.continuation.resume(returning: head) }
    }

    /// Ends all waiting, now and later, with an error.
    package func close() {
        let waiters = state.withLock { state -> [Waiter] in
            state.isClosed = true
            return state.take { _ in true }
        }
        for waiter in waiters { waiter.continuation.resume(throwing: Self.closed) }
    }

    /// Waits until the head is beyond `number`.
    package func wait(beyond number: EventNumber) async throws -> Head {
        let key = state.withLock { state -> UInt64 in
            state.nextKey += 1
            state.calls[state.nextKey] = .starting
            return state.nextKey
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                register(Waiter(number: number, continuation: continuation), key: key)
            }
        } onCancel: {
            cancel(key)
        }
    }

    private func register(_ waiter: Waiter, key: UInt64) {
        let answer = state.withLock { state -> Result<Head, any Error>? in
            let call = state.calls.removeValue(forKey: key)
            if case .cancelled = call { return .failure(CancellationError()) }
            if state.isClosed { return .failure(Self.closed) }
            if state.head.number > waiter.number { return .success(state.head) }
            state.calls[key] = .waiting(waiter)
            return nil
        }
        if let answer { waiter.continuation.resume(with: answer) }
    }

    private func cancel(_ key: UInt64) {
        let waiter = state.withLock { state -> Waiter? in
            switch state.calls.removeValue(forKey: key) {
            case .waiting(let waiter):
                return waiter
            case .starting, .cancelled:
                state.calls[key] = .cancelled
                return nil
            case nil:
                // It was resumed already.
                return nil
            }
        }
        waiter?.continuation.resume(throwing: CancellationError())
    }

    private static var closed: EventStoreError {
        EventStoreError(.closed, "the store is closed")
    }
}
