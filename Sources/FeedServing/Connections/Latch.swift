import Synchronization

/// Something that happens once, and those who wait for it.
final class Latch: Sendable {
    private enum Call {
        /// The continuation is still on the way.
        case starting
        case waiting(CheckedContinuation<Void, any Error>)
    }

    private struct State {
        var isOpen = false
        var calls: [UInt64: Call] = [:]
        var nextKey: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Whether it has happened.
    var isOpen: Bool { state.withLock(\.isOpen) }

    /// Lets all go on who wait, now and later; a second time does nothing.
    func open() {
        let calls = state.withLock { state in
            state.isOpen = true
            defer { state.calls = [:] }
            return state.calls
        }
        for case .waiting(let continuation) in calls.values { continuation.resume() }
    }

    /// Waits until it has happened.
    ///
    /// - Throws: `CancellationError`.
    func wait() async throws {
        let key = state.withLock { state -> UInt64 in
            state.nextKey += 1
            state.calls[state.nextKey] = .starting
            return state.nextKey
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                register(continuation, key: key)
            }
        } onCancel: {
            let call = state.withLock { $0.calls.removeValue(forKey: key) }
            if case .waiting(let continuation) = call {
                continuation.resume(throwing: CancellationError())
            }
        }
    }

    private func register(_ continuation: CheckedContinuation<Void, any Error>, key: UInt64) {
        let result = state.withLock { state -> Result<Void, any Error>? in
            if state.isOpen { return .success(()) }
            // Without its call the task was cancelled while the continuation was on the way.
            guard state.calls[key] != nil else { return .failure(CancellationError()) }
            state.calls[key] = .waiting(continuation)
            return nil
        }
        if let result { continuation.resume(with: result) }
    }
}
