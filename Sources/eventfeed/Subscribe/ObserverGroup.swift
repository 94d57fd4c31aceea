import Subscriptions

/// Several observers of one subscription, told one after another.
struct ObserverGroup: SubscriptionObserver {
    let observers: [any SubscriptionObserver]

    func observe(_ progress: SubscriptionProgress) async throws {
        for observer in observers { try await observer.observe(progress) }
    }
}
