/// Where the events of an append are now.
public struct AppendResult: Hashable, Sendable {
    /// The lowest number that the append got.
    public let first: EventNumber
    /// The highest number that the append got: the number to wait for in a read model.
    public let last: EventNumber
    /// The version of every stream of the append right after it.
    public let versions: [StreamName: StreamVersion]
    /// Whether these events were recorded by an earlier append, whose result this is.
    public let wasAlreadyRecorded: Bool

    /// States where events were recorded.
    ///
    /// - Parameters:
    ///   - first: The lowest number.
    ///   - last: The highest number.
    ///   - versions: The version of every stream right after the append.
    ///   - wasAlreadyRecorded: Whether an earlier append recorded the events.
    public init(
        first: EventNumber,
        last: EventNumber,
        versions: [StreamName: StreamVersion],
        wasAlreadyRecorded: Bool
    ) {
        self.first = first
        self.last = last
        self.versions = versions
        self.wasAlreadyRecorded = wasAlreadyRecorded
    }
}
