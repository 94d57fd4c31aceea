public import Logging

/// Follows a source at its own pace and hands checked batches to a receiver.
///
/// Nobody pushes and nobody registers: the subscription asks for what comes after its checkpoint,
/// checks epoch, contiguity and chain, has the receiver apply the events, and asks again. Nothing
/// after a hole is ever applied, no event twice.
///
/// One task drives a subscription: call one of `run()`, `runOnce()` and `catchUp()` at a
/// time. On graceful shutdown the batch in hand is applied, whatever waits is cut short, and the
/// call returns. On cancellation it throws `CancellationError`; the checkpoint is right in any
/// case.
public struct Subscription: Sendable {
    let source: any EventSource
    let receiver: any BatchReceiver
    let options: SubscriptionOptions
    let observer: (any SubscriptionObserver)?
    let logger: Logger

    /// Brings a source and a receiver together; nothing happens before it is run.
    ///
    /// - Parameters:
    ///   - source: The history to follow.
    ///   - receiver: Who applies the events and keeps the checkpoint.
    ///   - options: What to follow and how.
    ///   - observer: Who is told what happens.
    ///   - logger: Where it is logged: failures as warnings, rounds as debug messages.
    public init(
        from source: any EventSource,
        to receiver: any BatchReceiver,
        options: SubscriptionOptions = .standard,
        observer: (any SubscriptionObserver)? = nil,
        logger: Logger = Logger(label: "eventfeed.subscription")
    ) {
        self.source = source
        self.receiver = receiver
        self.options = options
        self.observer = observer
        self.logger = logger
    }
}
