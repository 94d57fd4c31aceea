/// What holds of a stream at one instant, apart from its events.
public struct StreamState: Hashable, Sendable {
    /// How a stream is.
    public enum Condition: Hashable, Sendable {
        /// It may be read and appended to; also where nobody ever wrote to it.
        case open
        /// It was deleted; no event is read, and the next append opens it again.
        case deleted
        /// It was deleted for ever: nothing is read or appended any more.
        case tombstoned
    }

    /// The count of events ever appended, which neither truncation nor deletion lowers.
    public let version: StreamVersion
    /// The lowest version that is read, apart from ``StreamMetadata/maximumAge``; beyond
    /// ``version`` where no event is.
    public let firstLive: StreamVersion
    /// How the stream is.
    public let condition: Condition
    /// The version of the stream's metadata stream; 0 where nothing was ever said about it.
    public let metadataVersion: StreamVersion
    /// What is said about the stream.
    public let metadata: StreamMetadata

    /// States what holds of a stream.
    ///
    /// - Parameters:
    ///   - version: The count of events ever appended.
    ///   - firstLive: The lowest version that is read.
    ///   - condition: How the stream is.
    ///   - metadataVersion: The version of its metadata stream.
    ///   - metadata: What is said about it.
    public init(
        version: StreamVersion,
        firstLive: StreamVersion,
        condition: Condition,
        metadataVersion: StreamVersion,
        metadata: StreamMetadata
    ) {
        self.version = version
        self.firstLive = firstLive
        self.condition = condition
        self.metadataVersion = metadataVersion
        self.metadata = metadata
    }
}
