/// Applies events to read models: rows and checkpoint in one transaction per batch.
///
/// However often the process is killed, no event is skipped and none is applied twice.
public struct Projector<Store: ReadModelStore>: BatchReceiver {
    private let models: [any ReadModel<Store.Transaction>]
    private let store: Store
    private let onFailure: FailurePolicy

    /// Brings a read model and its store together.
    ///
    /// - Parameters:
    ///   - model: What to build.
    ///   - store: Where its rows and the checkpoint live.
    ///   - onFailure: What to do about an event that cannot be applied.
    public init(
        _ model: some ReadModel<Store.Transaction>,
        in store: Store,
        onFailure: FailurePolicy = .stop
    ) {
        self.init([model], in: store, onFailure: onFailure)
    }

    /// Brings read models and the store that they share together.
    ///
    /// - Parameters:
    ///   - models: What to build: one or more, each with a name of its own. Each event is applied
    ///     to all of them, in the order of their names' bytes whatever the order here is, or to
    ///     none.
    ///   - store: Where their rows and the checkpoint live.
    ///   - onFailure: What to do about an event that cannot be applied.
    public init(
        _ models: [any ReadModel<Store.Transaction>],
        in store: Store,
        onFailure: FailurePolicy = .stop
    ) {
        self.models = models.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        self.store = store
        self.onFailure = onFailure
    }

    /// Checks the terms.
    ///
    /// - Parameter terms: What the subscription follows.
    /// - Returns: The checkpoint, or nil where nothing was applied yet.
    /// - Throws: ``CheckpointStoreError``.
    public func begin(_ terms: SubscriptionTerms) async throws -> Checkpoint? {
        var terms = terms
        terms.models = models.map(\.definition)
        return try await store.begin(terms)
    }

    /// Applies all events and moves the checkpoint, or does nothing.
    ///
    /// - Parameter delivery: The events and both checkpoints.
    /// - Returns: What became of them. Where the disk is full or another program holds the
    ///   database's lock, that nothing was applied and the same events should come again later.
    /// - Throws: ``ApplyError`` that names the event; ``CrashLoop``; ``CheckpointStoreError``.
    public func receive(_ delivery: Delivery) async throws -> DeliveryOutcome {
        do {
            guard !delivery.events.isEmpty else {
                _ = try await store.apply(delivery, to: models, parksFailures: false)
                return .applied
            }
            return try await store.trying(delivery, onFailure) { delivery in
                let parked = try await store.apply(
                    delivery,
                    to: models,
                    parksFailures: onFailure == .park
                )
                return parked.isEmpty ? .applied : .appliedParking(parked)
            }
        } catch let error as CheckpointStoreError where error.code.isPassing {
            return .tryAgainLater(reason: error.message)
        }
    }

    /// Does what others ask of the store's owner.
    ///
    /// - Returns: True if somebody wants to take the store over.
    /// - Throws: ``CheckpointStoreError``.
    public func attend() async throws -> Bool {
        try await store.attend { [store, models] selection in
            try await store.retryParked(selection, with: models)
        }
    }

    /// Keeps what a subscription tells about itself, with the rows.
    ///
    /// - Parameter condition: How the subscription stands.
    /// - Throws: ``CheckpointStoreError``.
    public func keep(_ condition: SubscriptionCondition) async throws {
        try await store.keep(condition)
    }
}
