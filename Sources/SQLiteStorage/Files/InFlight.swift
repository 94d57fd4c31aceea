import EventModel
import Synchronization

/// Counts the calls that use an open file, so that closing it can wait for them.
final class InFlight: Sendable {
    private struct State {
        var calls = 0
        var isClosed = false
        var closing: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Runs `body` unless the file is closed or closing.
    ///
    /// - Throws: ``EventStoreError`` with code `closed`, and what `body` throws.
    func use<T>(_ body: () async throws -> T) async throws -> T {
        try state.withLock { state in
            guard !state.isClosed else { throw EventStoreError(.closed, "the store is closed") }
            state.calls += 1
        }
        defer { leave() }
        return try await body()
    }

    /// Takes no more calls and waits until those that run have returned.
    ///
    /// - Returns: Whether this was the first call; a later one does not wait.
    func close() async -> Bool {
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        guard isFirst else { return false }
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                guard state.calls > 0 else { return true }
                state.closing = continuation
                return false
            }
            if isIdle { continuation.resume() }
        }
        return true
    }

    private func leave() {
        let closing = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.calls -= 1
            guard state.calls == 0 else { return nil }
            defer { state.closing = nil }
            return state.closing
        }
        closing?.resume()
    }
}
