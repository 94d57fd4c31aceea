import ServiceLifecycle

/// Runs `operation`, and cancels it when a graceful shutdown begins.
///
/// - Parameter operation: What to run; it is not begun if the shutdown has begun.
/// - Returns: What it returned; nil if the shutdown came first.
/// - Throws: What it throws; `CancellationError` if the task is cancelled.
func untilGracefulShutdown<Value: Sendable>(
    _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value? {
    try Task.checkCancellation()
    guard !Task.isShuttingDownGracefully else { return nil }
    return try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await operation() }
        group.addTask {
            try await gracefulShutdown()
            return nil
        }
        defer { group.cancelAll() }
        return try await group.next() ?? nil
    }
}

extension Clock where Duration == Swift.Duration {
    /// Measures from now on: each call of the result says how much time has passed.
    func stopwatch() -> @Sendable () -> Duration {
        let start = now
        return { start.duration(to: now) }
    }
}
