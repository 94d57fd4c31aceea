/// Consecutive events of one history, with what a follower needs in order to trust them.
///
/// Without a filter the events are exactly those numbered `after + 1 … scannedTo`; with one they
/// are those among them that match.
public struct EventBatch: Hashable, Sendable {
    /// The history that the events belong to.
    public let epoch: Epoch
    /// The number that the batch starts after.
    public let after: EventNumber
    /// `c` at ``after``.
    public let chainAfter: ChainDigest
    /// The events, oldest first.
    public let events: [RecordedEvent]
    /// The last number that was looked at: where the next batch starts after.
    public let scannedTo: EventNumber
    /// `c` at ``scannedTo``.
    public let chain: ChainDigest
    /// The head of the history when the batch was read; `scannedTo` or more.
    public let head: EventNumber

    /// States a batch.
    ///
    /// - Parameters:
    ///   - epoch: The history that the events belong to.
    ///   - after: The number that the batch starts after.
    ///   - chainAfter: The chain at `after`.
    ///   - events: The events, oldest first.
    ///   - scannedTo: The last number that was looked at.
    ///   - chain: The chain at `scannedTo`.
    ///   - head: The head of the history when the batch was read.
    public init(
        epoch: Epoch,
        after: EventNumber,
        chainAfter: ChainDigest,
        events: [RecordedEvent],
        scannedTo: EventNumber,
        chain: ChainDigest,
        head: EventNumber
    ) {
        self.epoch = epoch
        self.after = after
        self.chainAfter = chainAfter
        self.events = events
        self.scannedTo = scannedTo
        self.chain = chain
        self.head = head
    }

    /// Whether nothing is left to read: only this says so, never the count of events.
    public var isCaughtUp: Bool { scannedTo == head }
}
