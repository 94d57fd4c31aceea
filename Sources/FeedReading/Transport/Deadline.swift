/// The time that something took too long for.
struct DeadlineExceeded: Error {
    let limit: Duration
}

/// Runs `work` and cancels it when `limit` has passed, however busy it is meanwhile.
///
/// - Throws: ``DeadlineExceeded``, or what `work` throws; `CancellationError` when the calling
///   task is cancelled.
func withDeadline<Result: Sendable>(
    _ limit: Duration,
    _ work: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask { try await work() }
        group.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let result = first else {
            throw DeadlineExceeded(limit: limit)
        }
        return result
    }
}
