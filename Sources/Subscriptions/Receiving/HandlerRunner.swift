public import EventModel

/// Runs a handler for each batch, then moves the checkpoint: at least once.
public struct HandlerRunner<Handler: BatchHandler, Store: CheckpointStore>: BatchReceiver {
    private let handler: Handler
    private let store: Store
    private let onFailure: FailurePolicy
    private let handledThrough: EventNumber

    /// Brings a handler and the store of its checkpoint together.
    ///
    /// - Parameters:
    ///   - handler: What to do for each batch.
    ///   - store: Where the checkpoint is kept.
    ///   - onFailure: What to do about events that cannot be handled; ``FailurePolicy/park``
    ///     has a batch that failed come again event by event, to find out which one it was.
    ///   - handledThrough: The number up to which the handler itself has kept that it is done:
    ///     such events only move the checkpoint. With it, whoever keeps that number together with
    ///     its own work has every event exactly once.
    public init(
        _ handler: Handler,
        checkpointIn store: Store,
        onFailure: FailurePolicy = .stop,
        handledThrough: EventNumber = .beginning
    ) {
        self.handler = handler
        self.store = store
        self.onFailure = onFailure
        self.handledThrough = handledThrough
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
    /// again. A delivery without events only moves the checkpoint. An event whose stream has
    /// parked events is parked behind them.
    ///
    /// - Parameter delivery: The events and both checkpoints.
    /// - Returns: What became of them.
    /// - Throws: What the handler throws, and the checkpoint stays; ``CrashLoop``;
    ///   ``CheckpointStoreError``.
    public func receive(_ delivery: Delivery) async throws -> DeliveryOutcome {
        do {
            let delivery = delivery.dropping(through: handledThrough)
            guard !delivery.events.isEmpty else {
                try await store.advance(from: delivery.from, to: delivery.to)
                return .applied
            }
            if try await waitsBehindParked(delivery) {
                guard delivery.events.count == 1 else { return .oneAtATime }
                return .appliedParking(try await store.park(delivery, reason: nil))
            }
            return try await store.trying(delivery, onFailure) { try await handle($0) }
        } catch let error as CheckpointStoreError where error.code.isPassing {
            return .tryAgainLater(reason: error.message)
        }
    }

    private func handle(_ delivery: Delivery) async throws -> DeliveryOutcome {
        do {
            let outcome = try await handler.handle(delivery)
            guard outcome == .applied else { return outcome }
        } catch let error as HandlerError where onFailure == .park {
            // Nobody knows which event of a batch it was.
            guard delivery.events.count == 1 else { return .oneAtATime }
            return .appliedParking(try await store.park(delivery, reason: "\(error)"))
        }
        try await store.advance(from: delivery.from, to: delivery.to)
        return .applied
    }

    private func waitsBehindParked(_ delivery: Delivery) async throws -> Bool {
        guard try await store.parkedCount(.all) > 0 else { return false }
        for event in delivery.events where try await store.isParked(event.stream) { return true }
        return false
    }

    /// Does what others ask of the store's owner.
    ///
    /// - Returns: True if somebody wants to take the store over.
    /// - Throws: ``CheckpointStoreError``.
    public func attend() async throws -> Bool {
        try await store.attend { try await retryParked($0) }
    }

    /// Hands parked events to the handler again, each stream in order and up to its first failure.
    ///
    /// At least once, like everything that a handler is given.
    ///
    /// - Parameter selection: Which events; of one event's number, its whole stream.
    /// - Returns: What became of them.
    /// - Throws: ``CheckpointStoreError``; `CancellationError`.
    public func retryParked(_ selection: ParkedSelection) async throws -> RetryReport {
        var report = RetryReport()
        let checkpoint = try await store.checkpoint()
        for stream in try await store.parkedStreams(selection) {
            while let parked = try await store.oldestParked(of: stream) {
                guard let delivery = Delivery(again: parked, at: checkpoint) else { break }
                try await store.tryParked(parked.event.number)
                let reason: String
                do {
                    switch try await handler.handle(delivery) {
                    case .applied, .appliedParking:
                        try await store.unpark(parked.event.number)
                        report.applied += 1
                        continue
                    case .tryAgainLater(let why): reason = why
                    case .oneAtATime: reason = "the handler wants one event at a time"
                    }
                } catch let error as HandlerError {
                    reason = "\(error)"
                }
                try await store.failParked(parked.event.number, reason: reason)
                report.add(failure: reason)
                break
            }
        }
        report.left = try await store.parkedCount(selection)
        return report
    }

    /// Keeps what a subscription tells about itself, with the checkpoint.
    ///
    /// - Parameter condition: How the subscription stands.
    /// - Throws: ``CheckpointStoreError``.
    public func keep(_ condition: SubscriptionCondition) async throws {
        try await store.keep(condition)
    }
}
