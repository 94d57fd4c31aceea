/// A list of events to be recorded as one atomic unit, with what is expected of their streams.
///
/// Making a batch checks it against the limits and hashes every event, so that all of that is done
/// before the batch reaches the one writer that everybody shares.
public struct AppendBatch: Sendable {
    /// The events in the order in which they get their numbers; streams may be interleaved.
    public let events: [NewEvent]
    /// What must hold of a stream before the batch; `any` for a stream that is not named.
    public let expectations: [StreamName: ExpectedVersion]
    /// The digest of each event's content, in the order of ``events``.
    public let digests: [EventDigest]
    /// Bytes of data and metadata of all events together.
    public let byteCount: Int

    /// Checks and hashes events.
    ///
    /// - Parameters:
    ///   - events: 1 to ``Limits/eventsPerAppend`` events with different ids.
    ///   - expectations: At most one for each stream that the events name, and for no other.
    ///   - limits: What the store takes at the most.
    /// - Throws: ``LimitExceeded`` for what is too large; ``InvalidAppend`` for an empty list, an
    ///   id that occurs twice, or an expectation of a stream that gets no event.
    /// - Complexity: Linear in the bytes of all events.
    public init(
        _ events: [NewEvent],
        expecting expectations: [StreamName: ExpectedVersion] = [:],
        limits: Limits = .standard
    ) throws {
        guard !events.isEmpty else { throw InvalidAppend.empty }
        try Self.checkCount(of: events, limits: limits)
        byteCount = try Self.checkSizes(of: events, limits: limits)
        try Self.checkIDs(of: events)
        let streams = Set(events.map(\.stream))
        if let stranger = expectations.keys.sorted().first(where: { !streams.contains($0) }) {
            throw InvalidAppend.expectationWithoutEvent(stranger)
        }
        self.events = events
        self.expectations = expectations
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
}

/// An append that no store could take, whatever it holds.
public enum InvalidAppend: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no event in it.
    case empty
    /// Two events of one append have the same id; the places count from 0.
    case repeatedID(EventID, first: Int, second: Int)
    /// Something is expected of a stream that gets no event.
    case expectationWithoutEvent(StreamName)

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
        }
    }
}
