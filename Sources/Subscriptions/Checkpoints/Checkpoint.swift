public import EventModel

/// How far a history was applied, and which history it was.
public struct Checkpoint: Hashable, Sendable, CustomStringConvertible {
    /// The last number that was applied or, with a filter, looked at.
    public let number: EventNumber
    /// The identity of the history.
    public let epoch: Epoch
    /// `c` at ``number``.
    public let chain: ChainDigest

    /// States how far a history was applied.
    ///
    /// - Parameters:
    ///   - number: The last number that was applied or looked at.
    ///   - epoch: The identity of the history.
    ///   - chain: `c` at that number.
    public init(number: EventNumber, epoch: Epoch, chain: ChainDigest) {
        self.number = number
        self.epoch = epoch
        self.chain = chain
    }

    /// Number and epoch.
    public var description: String { "\(number) in epoch \(epoch)" }
}

/// What a subscription follows; kept with its checkpoint, since a checkpoint means nothing without
/// it.
public struct SubscriptionTerms: Hashable, Sendable {
    /// Which events are wanted; never changes once something was applied.
    public var filter: EventFilter
    /// Where the history is read from, for people; may change, to a replica say.
    public var source: String

    /// States what a subscription follows.
    ///
    /// - Parameters:
    ///   - filter: Which events are wanted.
    ///   - source: Where the history is read from.
    public init(filter: EventFilter, source: String) {
        self.filter = filter
        self.source = source
    }
}
