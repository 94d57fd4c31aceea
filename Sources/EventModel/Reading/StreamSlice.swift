/// Where a read of one stream starts, and in which direction it goes.
public enum StreamRange: Hashable, Sendable {
    /// Oldest first, from the event after this version.
    case after(StreamVersion)
    /// Newest first, from the event before this version.
    case before(StreamVersion)
    /// Newest first, from the newest event.
    case newest
}

/// Consecutive events of one stream, as far as they are to be read.
public struct StreamSlice: Hashable, Sendable {
    /// The events in the order of the ``StreamRange`` that was asked for.
    public let events: [RecordedEvent]
    /// What held of the stream when the slice was read.
    public let state: StreamState
    /// The head of the whole history when the slice was read.
    public let head: Head

    /// States a slice.
    ///
    /// - Parameters:
    ///   - events: The events in the order asked for.
    ///   - state: What held of the stream.
    ///   - head: The head of the whole history.
    public init(events: [RecordedEvent], state: StreamState, head: Head) {
        self.events = events
        self.state = state
        self.head = head
    }

    /// States a slice of a stream about which nothing was said.
    ///
    /// - Parameters:
    ///   - events: The events in the order asked for.
    ///   - version: The stream's version.
    ///   - head: The head of the whole history.
    public init(events: [RecordedEvent], version: StreamVersion, head: Head) {
        self.init(events: events, state: StreamState(version: version), head: head)
    }

    /// The stream's version when the slice was read; 0 where nobody ever wrote to it.
    public var version: StreamVersion { state.version }
}
