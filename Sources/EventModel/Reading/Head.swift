/// The end of a history: its newest event's number, chain and time.
public struct Head: Hashable, Sendable {
    /// The highest number recorded, 0 in an empty store.
    public let number: EventNumber
    /// `c` at that number.
    public let chain: ChainDigest
    /// When the newest event was recorded; nil in an empty store.
    public let recordedAt: Timestamp?

    /// States the end of a history.
    ///
    /// - Parameters:
    ///   - number: The highest number recorded.
    ///   - chain: The chain at that number.
    ///   - recordedAt: When the newest event was recorded.
    public init(number: EventNumber, chain: ChainDigest, recordedAt: Timestamp?) {
        self.number = number
        self.chain = chain
        self.recordedAt = recordedAt
    }

    /// The end of an empty history.
    public static let empty = Head(number: .beginning, chain: .beginning, recordedAt: nil)
}
