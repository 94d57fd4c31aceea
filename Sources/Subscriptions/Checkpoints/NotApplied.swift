public import EventModel

/// A number was waited for, and was not applied in time.
public struct NotApplied: Error, Hashable, Sendable, CustomStringConvertible {
    /// The number that was waited for.
    public let number: EventNumber
    /// How far the history was applied instead; nil where nothing was.
    public let checkpoint: Checkpoint?
    /// How long it was waited.
    public let timeout: Duration

    /// States that a number was not applied in time.
    ///
    /// - Parameters:
    ///   - number: The number that was waited for.
    ///   - checkpoint: How far the history was applied instead.
    ///   - timeout: How long it was waited.
    public init(number: EventNumber, checkpoint: Checkpoint?, timeout: Duration) {
        self.number = number
        self.checkpoint = checkpoint
        self.timeout = timeout
    }

    /// One sentence with both numbers.
    public var description: String {
        "event \(number) was not applied within \(timeout / .seconds(1)) s: the checkpoint is at "
            + "\(checkpoint?.number ?? .beginning)"
    }
}

extension CheckpointStore {
    /// Waits until an event is applied: reads after it see what it wrote.
    ///
    /// An event that is parked counts as applied: the checkpoint has passed it.
    ///
    /// - Parameters:
    ///   - number: The event's number, as the append returned it.
    ///   - timeout: How long to wait.
    /// - Returns: The checkpoint, at the number or beyond it.
    /// - Throws: ``NotApplied`` where it was not applied in time; ``CheckpointStoreError``;
    ///   `CancellationError`.
    @discardableResult
    public func waitUntilApplied(_ number: EventNumber, timeout: Duration) async throws
        -> Checkpoint
    {
        try await Subscriptions.waitUntilApplied(number, timeout: timeout) {
            try await checkpoint()
        }
    }
}

/// Asks for a checkpoint again and again until it has reached a number.
///
/// - Parameters:
///   - number: The number to wait for.
///   - timeout: How long to wait.
///   - checkpoint: Asked every 20 milliseconds.
/// - Returns: The checkpoint, at the number or beyond it.
/// - Throws: ``NotApplied``; what `checkpoint` throws; `CancellationError`.
package func waitUntilApplied(
    _ number: EventNumber,
    timeout: Duration,
    _ checkpoint: () async throws -> Checkpoint?
) async throws -> Checkpoint {
    let end = ContinuousClock.now + timeout
    while true {
        let found = try await checkpoint()
        if let found, found.number >= number { return found }
        guard ContinuousClock.now < end else {
            throw NotApplied(number: number, checkpoint: found, timeout: timeout)
        }
        try await Task.sleep(for: .milliseconds(20))
    }
}
