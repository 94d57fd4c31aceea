/// Runs a handler for each batch, then moves the checkpoint: at least once.
public struct HandlerRunner<Handler: BatchHandler, Store: CheckpointStore>: BatchReceiver {
    private let handler: Handler
    private let store: Store

    /// Brings a handler and the store of its checkpoint together.
    ///
    /// - Parameters:
    ///   - handler: What to do for each batch.
    ///   - store: Where the checkpoint is kept.
    public init(_ handler: Handler, checkpointIn store: Store) {
        self.handler = handler
        self.store = store
    }

    /// Checks the terms.
    ///
    /// - Parameter terms: What the subscription follows.
    /// - Returns: The checkpoint, or nil where nothing was handled yet.
    /// - Throws: ``CheckpointStoreError``.
    public func begin(_ terms: SubscriptionTerms) async throws -> Checkpoint? {
        try await store.begin(terms)
    }

    /// Runs the handler and, where it says so, moves the checkpoint.
    ///
    /// If the process dies after the handler and before the checkpoint moved, the same events come
    /// again. A delivery without events only moves the checkpoint.
    ///
    /// - Parameter delivery: The events and both checkpoints.
    /// - Returns: What the handler said.
    /// - Throws: What the handler throws, and the checkpoint stays; ``CheckpointStoreError``.
    public func receive(_ delivery: Delivery) async throws -> DeliveryOutcome {
        if !delivery.events.isEmpty {
            let outcome = try await handler.handle(delivery)
            guard outcome == .applied else { return outcome }
        }
        try await store.advance(from: delivery.from, to: delivery.to)
        return .applied
    }
}
