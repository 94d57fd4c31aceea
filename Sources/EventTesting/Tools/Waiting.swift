public import Testing

/// What a test waited for did not come in time.
public struct DeadlineExceeded: Error, CustomStringConvertible {
    /// What was waited for, and for how long.
    public let description: String
}

/// Waits until a condition holds; records an issue and throws if it does not in time.
///
/// - Parameters:
///   - what: What is waited for, for the message.
///   - deadline: How long to wait at the most; generous, since it is only spent on failure.
///   - sourceLocation: Where to report the failure.
///   - condition: Asked every few milliseconds.
/// - Throws: ``DeadlineExceeded``, `CancellationError` and what the condition throws.
public func eventually(
    _ what: String,
    within deadline: Duration = .seconds(20),
    sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + deadline
    while try await !condition() {
        guard ContinuousClock.now < end else {
            let error = DeadlineExceeded(description: "\(what): not within \(deadline)")
            Issue.record(error, sourceLocation: sourceLocation)
            throw error
        }
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// Runs something that must end by itself, and cancels it if it does not in time.
///
/// - Parameters:
///   - what: What must end, for the message.
///   - deadline: How long it may take at the most; generous, since it is only spent on failure.
///   - sourceLocation: Where to report the failure.
///   - body: What must end; it must honour cancellation.
/// - Returns: What the body returns.
/// - Throws: ``DeadlineExceeded``, and what the body throws.
public func withDeadline<Value: Sendable>(
    _ what: String,
    of deadline: Duration = .seconds(20),
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: deadline)
            return nil
        }
        defer { group.cancelAll() }
        if let first = try await group.next(), let value = first { return value }
        let error = DeadlineExceeded(description: "\(what): not within \(deadline)")
        Issue.record(error, sourceLocation: sourceLocation)
        throw error
    }
}
