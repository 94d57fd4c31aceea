/// The way of a delivery through its tries, the same for read models and handlers.
extension CheckpointStore {
    /// Counts a try, makes it unless earlier ones speak against it, and judges its failure.
    ///
    /// - Parameters:
    ///   - delivery: What to try; it has events.
    ///   - policy: What to do about a failure.
    ///   - attempt: The try; it throws ``ApplyError`` or ``HandlerError`` where the events are at
    ///     fault.
    /// - Returns: What became of the delivery.
    /// - Throws: The failure, where the policy says so; ``CrashLoop``; what else the try throws.
    func trying(
        _ delivery: Delivery,
        _ policy: FailurePolicy,
        _ attempt: (Delivery) async throws -> DeliveryOutcome
    ) async throws -> DeliveryOutcome {
        let tries = try await beginTry(of: delivery)
        switch policy.decision(before: tries, of: delivery) {
        case .go: break
        case .oneAtATime: return .oneAtATime
        case .park(let reason):
            // The present try is not made.
            let made = Tries(count: tries.count - 1, unfinished: tries.unfinished)
            return .appliedParking(try await park(delivery.counted(made), reason: reason))
        case .stop(let error):
            try await forgetTries()
            throw error
        }
        do {
            let outcome = try await attempt(delivery.counted(tries))
            if case .tryAgainLater(let reason) = outcome { await end(delivery, reason) }
            return outcome
        } catch {
            await end(delivery, "\(error)")
            guard error is ApplyError || error is HandlerError, policy.triesAgain(delivery) else {
                throw error
            }
            return .tryAgainLater(reason: "\(error)")
        }
    }

    /// Notes the orderly end of a try.
    private func end(_ delivery: Delivery, _ reason: String) async {
        // Lost if it fails, on a full disk say: the try then counts as one that never ended.
        try? await failTry(of: delivery, reason: reason)
    }
}
