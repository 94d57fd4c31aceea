/// A list of events to be recorded as one atomic unit, with what is expected of their streams.
///
/// Making a batch checks it against the limits and hashes every event, so that all of that is done
/// before the batch reaches the one writer that everybody shares.
public struct AppendBatch: Sendable {
    /// The events in the order in which they get their numbers; streams may be interleaved.
    public let events: [NewEvent]
    /// What must hold of a stream before the batch; `any` for a stream that is not named.
    public let expectations: [StreamName: ExpectedVersion]
    /// Where the events' ids count.
    public let ids: IDScope
    /// The digest of each event's content, in the order of ``events``; of the content with the
    /// given id, where the store derives another.
    public let digests: [EventDigest]
    /// Bytes of data and metadata of all events together.
    public let byteCount: Int

    /// Checks and hashes events.
    ///
    /// - Parameters:
    ///   - events: 1 to ``Limits/eventsPerAppend`` events; with different ids where these count in
    ///     the whole store, of one stream where they count in that.
    ///   - expectations: At most one for each stream that the events name, and for each whose
    ///     metadata stream they name; for no other.
    ///   - ids: Where the events' ids count.
    ///   - limits: What the store takes at the most.
    /// - Throws: ``LimitExceeded`` for what is too large; ``InvalidAppend`` for everything else
    ///   that no store could take.
    /// - Complexity: Linear in the bytes of all events.
    public init(
        _ events: [NewEvent],
        expecting expectations: [StreamName: ExpectedVersion] = [:],
        ids: IDScope = .store,
        limits: Limits = .standard
    ) throws {
        guard !events.isEmpty else { throw InvalidAppend.empty }
        try Self.checkCount(of: events, limits: limits)
        byteCount = try Self.checkSizes(of: events, limits: limits)
        switch ids {
        case .store: try Self.checkIDs(of: events)
        case .stream: try Self.checkOneStream(of: events)
        }
        try Self.checkTombstones(of: events)
        let streams = Set(events.map(\.stream))
        let stranger = expectations.keys.sorted().first { stream in
            !streams.contains(stream)
                && !(stream.metadataStream.map { streams.contains($0) } ?? false)
        }
        if let stranger { throw InvalidAppend.expectationWithoutEvent(stranger) }
        self.events = events
        self.expectations = expectations
        self.ids = ids
        digests = events.map(EventDigest.init(of:))
    }

    /// Checks the batch against the limits of the store that is to record it.
    ///
    /// - Parameter limits: The store's limits, which may be lower than those it was made with.
    /// - Throws: ``LimitExceeded`` for the first event or sum that is too large.
    package func check(against limits: Limits) throws {
        try Self.checkCount(of: events, limits: limits)
        _ = try Self.checkSizes(of: events, limits: limits)
    }

    private static func checkCount(of events: [NewEvent], limits: Limits) throws {
        guard events.count <= limits.eventsPerAppend else {
            throw LimitExceeded(
                field: "append",
                limit: limits.eventsPerAppend,
                actual: events.count,
                unit: "events"
            )
        }
    }

    private static func checkSizes(of events: [NewEvent], limits: Limits) throws -> Int {
        var total = 0
        for (index, event) in events.enumerated() {
            guard event.data.bytes.count <= limits.dataBytes else {
                throw LimitExceeded(
                    field: "data",
                    limit: limits.dataBytes,
                    actual: event.data.bytes.count,
                    eventIndex: index
                )
            }
            let metadataBytes = event.metadata?.bytes.count ?? 0
            guard metadataBytes <= limits.metadataBytes else {
                throw LimitExceeded(
                    field: "metadata",
                    limit: limits.metadataBytes,
                    actual: metadataBytes,
                    eventIndex: index
                )
            }
            total += event.byteCount
        }
        guard total <= limits.bytesPerAppend else {
            throw LimitExceeded(field: "append", limit: limits.bytesPerAppend, actual: total)
        }
        return total
    }

    private static func checkIDs(of events: [NewEvent]) throws {
        var firstIndex: [EventID: Int] = [:]
        for (index, event) in events.enumerated() {
            if let first = firstIndex.updateValue(index, forKey: event.id) {
                throw InvalidAppend.repeatedID(event.id, first: first, second: index)
            }
        }
    }

    private static func checkOneStream(of events: [NewEvent]) throws {
        for event in events where event.stream != events[0].stream {
            throw InvalidAppend.severalStreams(events[0].stream, event.stream)
        }
    }

    private static func checkTombstones(of events: [NewEvent]) throws {
        guard events.contains(where: \.isTombstone) else { return }
        var ended: Set<StreamName> = []
        for event in events {
            guard !ended.contains(event.stream) else {
                throw InvalidAppend.eventAfterTombstone(event.stream)
            }
            guard event.isTombstone else { continue }
            guard !event.stream.isMetadataStream else {
                throw InvalidAppend.tombstoneInMetadataStream(event.stream)
            }
            ended.insert(event.stream)
            if let metadataStream = event.stream.metadataStream { ended.insert(metadataStream) }
        }
    }
}

/// An append that no store could take, whatever it holds.
public enum InvalidAppend: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no event in it.
    case empty
    /// Two events of one append have the same id; the places count from 0.
    case repeatedID(EventID, first: Int, second: Int)
    /// Something is expected of a stream that gets no event.
    case expectationWithoutEvent(StreamName)
    /// Events of two streams, where ids count in the stream.
    case severalStreams(StreamName, StreamName)
    /// An event follows the tombstone of its stream, or of the stream that it speaks of.
    case eventAfterTombstone(StreamName)
    /// A metadata stream cannot have a tombstone: it ends with the stream that it speaks of.
    case tombstoneInMetadataStream(StreamName)
    /// Nothing can be said about a stream: it is a metadata stream itself, or its name has more
    /// than 510 bytes.
    case noMetadataStream(StreamName)

    /// One sentence that says what to change.
    public var description: String {
        switch self {
        case .empty:
            "an append needs at least one event"
        case .repeatedID(let id, let first, let second):
            "events \(first + 1) and \(second + 1) have the same id \(id): "
                + "give every event an id of its own"
        case .expectationWithoutEvent(let stream):
            "something is expected of stream \"\(stream)\", which gets no event: remove it"
        case .severalStreams(let first, let second):
            "an append whose ids count in its stream has events of \"\(first)\" and \"\(second)\": "
                + "append to one stream at a time"
        case .eventAfterTombstone(let stream):
            "an event of stream \"\(stream)\" follows the tombstone that ends it: leave one out"
        case .tombstoneInMetadataStream(let stream):
            "stream \"\(stream)\" is a metadata stream, which has no tombstone of its own: "
                + "end the stream that it speaks of"
        case .noMetadataStream(let stream):
            "nothing can be said about stream \"\(stream)\": it is a metadata stream itself, or "
                + "its name has more than 510 bytes"
        }
    }
}
