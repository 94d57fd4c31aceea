import ServiceLifecycle

/// What ends a subscription's wait before its time, without a failure.
enum Interruption: Error {
    /// A graceful shutdown began.
    case shutdown
    /// Another process wants to take the store over.
    case superseded
}

/// Runs `operation`, and cancels it when a graceful shutdown begins or `supersession` returns.
///
/// - Parameters:
///   - operation: What to run; it is not begun if the shutdown has begun.
///   - supersession: Returns when somebody else takes over.
/// - Returns: What the operation returned.
/// - Throws: ``Interruption``; what either throws; `CancellationError` if the task is cancelled.
func untilInterrupted<Value: Sendable>(
    _ operation: @escaping @Sendable () async throws -> Value,
    _ supersession: @escaping @Sendable () async throws -> Void
) async throws -> Value {
    try Task.checkCancellation()
    guard !Task.isShuttingDownGracefully else { throw Interruption.shutdown }
    return try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask { try await operation() }
        group.addTask {
            try await gracefulShutdown()
            throw Interruption.shutdown
        }
        group.addTask {
            try await supersession()
            throw Interruption.superseded
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() else { throw CancellationError() }
        return value
    }
}

extension Clock where Duration == Swift.Duration {
    /// Measures from now on: each call of the result says how much time has passed.
    func stopwatch() -> @Sendable () -> Duration {
        let start = now
        return { start.duration(to: now) }
    }
}
