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

    /// States that nothing is said about an open stream, so that all of it is read.
    ///
    /// - Parameter version: The count of events ever appended.
    public init(version: StreamVersion) {
        self.init(
            version: version,
            firstLive: StreamVersion(1),
            condition: .open,
            metadataVersion: .empty,
            metadata: StreamMetadata()
        )
    }

    /// Derives what holds of an ordinary stream from what a store has of it.
    ///
    /// - Parameters:
    ///   - version: The count of its events.
    ///   - isTombstoned: Whether its newest event is a tombstone.
    ///   - metadataVersion: The count of events in its metadata stream.
    ///   - metadata: What the newest of them says.
    package init(
        version: StreamVersion,
        isTombstoned: Bool,
        metadataVersion: StreamVersion = .empty,
        metadata: StreamMetadata = StreamMetadata()
    ) {
        let condition: Condition =
            isTombstoned ? .tombstoned : metadata.isDeleted ? .deleted : .open
        self.init(
            version: version,
            firstLive: condition == .open
                ? Self.firstLive(version, metadata) : StreamMetadata.everything,
            condition: condition,
            metadataVersion: metadataVersion,
            metadata: metadata
        )
    }

    /// Derives what holds of a metadata stream: only its newest event is read, and its stream's
    /// tombstone is its own.
    ///
    /// - Parameters:
    ///   - version: The count of its events.
    ///   - isTombstoned: Whether the stream that it speaks of has a tombstone.
    /// - Returns: The state.
    package static func ofMetadata(version: StreamVersion, isTombstoned: Bool) -> StreamState {
        var metadata = StreamMetadata()
        metadata.maximumCount = 1
        return StreamState(version: version, isTombstoned: isTombstoned, metadata: metadata)
    }

    private static func firstLive(_ version: StreamVersion, _ metadata: StreamMetadata)
        -> StreamVersion
    {
        var first: Int64 = 1
        if let count = metadata.maximumCount, count <= version.rawValue {
            first = max(first, version.rawValue - count + 1)
        }
        if let through = metadata.truncatedThrough?.rawValue {
            first = max(first, through < .max ? through + 1 : .max)
        }
        return StreamVersion(first)
    }
}

extension StreamState {
    /// The versions that a read may return, apart from ``StreamMetadata/maximumAge``.
    ///
    /// - Parameter range: What is to be read.
    /// - Returns: The versions, or nil where there are none.
    package func live(in range: StreamRange) -> ClosedRange<Int64>? {
        var (low, high) = (firstLive.rawValue, version.rawValue)
        switch range {
        // Before it is added to: the highest version there can be has no successor.
        case .after(let after):
            guard after < version else { return nil }
            low = max(low, after.rawValue + 1)
        case .before(let before): high = min(high, before.rawValue - 1)
        case .newest: break
        }
        return low <= high ? low...high : nil
    }

    /// The latest instant at which an event was recorded that is too old to be read.
    ///
    /// - Parameter now: What the store's clock shows.
    /// - Returns: The instant, or nil where no age is set.
    package func recordedTooEarly(at now: Timestamp) -> Timestamp? {
        guard let age = metadata.maximumAge else { return nil }
        let seconds = min(age.components.seconds, StreamMetadata.longestAge)
        let (limit, overflow) = now.microseconds.subtractingReportingOverflow(
            seconds * 1_000_000 + 1
        )
        return Timestamp(microseconds: overflow ? .min : limit)
    }
}
