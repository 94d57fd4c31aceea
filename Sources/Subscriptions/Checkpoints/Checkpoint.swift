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
