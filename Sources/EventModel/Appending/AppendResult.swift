/// Where the events of an append are now.
///
/// It speaks of the append's own events. Where they opened a deleted stream again, the store has
/// recorded one more event in that stream's metadata stream, right after ``last``.
public struct AppendResult: Hashable, Sendable {
    /// The lowest number that the append got.
    public let first: EventNumber
    /// The highest number that the append got: the number to wait for in a read model.
    public let last: EventNumber
    /// The version of every stream of the append right after it.
    public let versions: [StreamName: StreamVersion]
    /// The version of the append's first event in each of its streams.
    public let firstVersions: [StreamName: StreamVersion]
    /// Whether these events were recorded by an earlier append, whose result this is.
    public let wasAlreadyRecorded: Bool

    /// States where events were recorded.
    ///
    /// - Parameters:
    ///   - first: The lowest number.
    ///   - last: The highest number.
    ///   - versions: The version of every stream right after the append.
    ///   - firstVersions: The version of the first event in each stream; only what is named here
    ///     is known.
    ///   - wasAlreadyRecorded: Whether an earlier append recorded the events.
    public init(
        first: EventNumber,
        last: EventNumber,
        versions: [StreamName: StreamVersion],
        firstVersions: [StreamName: StreamVersion] = [:],
        wasAlreadyRecorded: Bool
    ) {
        self.first = first
        self.last = last
        self.versions = versions
        self.firstVersions = firstVersions
        self.wasAlreadyRecorded = wasAlreadyRecorded
    }
}
