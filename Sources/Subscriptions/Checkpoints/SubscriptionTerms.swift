public import EventModel

/// What a subscription follows; kept with its checkpoint, which means nothing without it.
public struct SubscriptionTerms: Hashable, Sendable {
    /// Which events are wanted; never changes once something was applied.
    public var filter: EventFilter
    /// The read models that the events are applied to, none for a handler; they never change once
    /// something was applied.
    public var models: [ReadModelDefinition]
    /// Where the history is read from, for people; may change, to a replica say.
    public var source: String
    /// Where to start if there is no checkpoint.
    public var startAfter: EventNumber

    /// States what a subscription follows.
    ///
    /// - Parameters:
    ///   - filter: Which events are wanted.
    ///   - models: The read models that the events are applied to.
    ///   - source: Where the history is read from.
    ///   - startAfter: Where to start if there is no checkpoint.
    public init(
        filter: EventFilter,
        models: [ReadModelDefinition] = [],
        source: String,
        startAfter: EventNumber = .beginning
    ) {
        self.filter = filter
        self.models = models
        self.source = source
        self.startAfter = startAfter
    }
}
