/// Applies events to a read model: rows and checkpoint in one transaction per batch.
///
/// However often the process is killed, no event is skipped and none is applied twice.
public struct Projector<Model: ReadModel, Store: ReadModelStore>: BatchReceiver
where Model.Transaction == Store.Transaction {
    private let model: Model
    private let store: Store

    /// Brings a read model and its store together.
    ///
    /// - Parameters:
    ///   - model: What to build.
    ///   - store: Where its rows and the checkpoint live.
    public init(_ model: Model, in store: Store) {
        self.model = model
        self.store = store
    }

    /// Checks the terms, and makes the read model's tables.
    ///
    /// - Parameter terms: What the subscription follows.
    /// - Returns: The checkpoint, or nil where nothing was applied yet.
    /// - Throws: ``CheckpointStoreError``; what the read model throws.
    public func begin(_ terms: SubscriptionTerms) async throws -> Checkpoint? {
        let model = model
        var terms = terms
        terms.model = model.name
        let checkpoint = try await store.begin(terms)
        try await store.prepare { try model.prepare($0) }
        return checkpoint
    }

    /// Applies all events and moves the checkpoint, or does nothing.
    ///
    /// - Parameter delivery: The events and both checkpoints.
    /// - Returns: That they were applied; or, where the disk is full or another program holds the
    ///   database's lock, that nothing was and the same events should come again later.
    /// - Throws: ``ApplyError`` that names the event; ``CheckpointStoreError``.
    public func receive(_ delivery: Delivery) async throws -> DeliveryOutcome {
        let model = model
        let events = delivery.events
        do {
            try await store.advance(from: delivery.from, to: delivery.to) { transaction in
                for event in events {
                    do {
                        try model.apply(event, in: transaction)
                    } catch {
                        throw ApplyError(model: model.name, event: event, cause: error)
                    }
                }
            }
            return .applied
        } catch let error as CheckpointStoreError where error.code.isPassing {
            return .tryAgainLater(reason: error.message)
        }
    }
}
