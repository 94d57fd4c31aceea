/// An event with all that its place is made of, except its number.
package struct PlannedEvent: Sendable {
    /// The event, with the id that it is recorded under.
    package let event: NewEvent
    /// The digest of its content, with that id.
    package let digest: EventDigest
    /// Its place in its stream.
    package let version: StreamVersion
    /// The id that the writer gave, where it is another one.
    package let givenID: EventID?
}

/// How an append is to be recorded.
package struct AppendPlan: Sendable {
    /// The events of the batch, and after them what the store adds.
    package fileprivate(set) var events: [PlannedEvent] = []
    /// How many of ``events`` are the batch's own.
    package fileprivate(set) var ownCount = 0
    /// The version of every stream after all of ``events``.
    package fileprivate(set) var versions: [StreamName: StreamVersion] = [:]
    private var ownVersions: [StreamName: StreamVersion] = [:]
    private var firstVersions: [StreamName: StreamVersion] = [:]

    fileprivate mutating func add(_ event: PlannedEvent) {
        let stream = event.event.stream
        if firstVersions[stream] == nil { firstVersions[stream] = event.version }
        versions[stream] = event.version
        events.append(event)
    }

    /// What was added up to now is the batch; what follows is the store's.
    fileprivate mutating func endBatch() {
        ownCount = events.count
        ownVersions = versions
    }

    /// What the writer learns of it.
    ///
    /// - Parameter first: The number that the first event got.
    /// - Returns: Where the batch's own events are.
    package func result(first: EventNumber) -> AppendResult {
        AppendResult(
            first: first,
            last: EventNumber(first.rawValue + Int64(ownCount) - 1),
            versions: ownVersions,
            firstVersions: firstVersions.filter { ownVersions[$0.key] != nil },
            wasAlreadyRecorded: false
        )
    }
}

/// Makes the plan of an append that is no repetition: versions, ids, and what the store adds.
struct AppendPlanner {
    /// A stream that the append writes to or speaks of, as it is after the events planned so far.
    private struct Standing {
        var version: StreamVersion
        var metadataVersion: StreamVersion
        var isDeleted: Bool
        /// Through which version events stay hidden when the append opens the stream again.
        var reopened: StreamVersion?
        /// Whether it stands in ``reopened`` already.
        var isListed = false
        /// What the append itself said last about the stream.
        var metadata: [UInt8]?
    }

    private let batch: AppendBatch
    private let instant: Timestamp
    private var standings: [StreamName: Standing] = [:]
    /// The streams that were deleted and are not any more, in the order in which that happened.
    private var reopened: [StreamName] = []
    private var plan = AppendPlan()
    private var takenIDs: Set<EventID> = []

    init(_ batch: AppendBatch, at instant: Timestamp) {
        self.batch = batch
        self.instant = instant
    }

    /// Whether a stream is as expected; a tombstone is told of the stream that has it.
    static func holds(
        _ expected: ExpectedVersion,
        for state: StreamState,
        of stream: StreamName,
        _ lookups: inout some AppendLookups
    ) throws -> Bool {
        guard state.condition == .tombstoned, let described = stream.describedStream else {
            return try expected.holds(for: state, of: stream)
        }
        return try expected.holds(for: lookups.state(of: described), of: described)
    }

    /// Judges the expectations and plans every event.
    mutating func plan(_ lookups: inout some AppendLookups) throws -> AppendPlan {
        // In the order of the events, so that of several conflicts always the same one is named.
        for event in batch.events where standings[event.stream] == nil {
            try look(at: event.stream, &lookups)
            if let described = event.stream.describedStream, standings[described] == nil {
                try look(at: described, &lookups)
            }
        }
        for (event, digest) in zip(batch.events, batch.digests) {
            let version = advance(event.stream)
            plan.add(try identified(event, digest, version, &lookups))
            follow(event, version)
        }
        plan.endBatch()
        for stream in reopened { try reopen(stream, &lookups) }
        return plan
    }

    private mutating func look(at stream: StreamName, _ lookups: inout some AppendLookups) throws {
        let state = try lookups.state(of: stream)
        let expected = batch.expectations[stream] ?? .any
        guard try Self.holds(expected, for: state, of: stream, &lookups) else {
            throw VersionConflict(stream: stream, expected: expected, actual: state.version)
        }
        standings[stream] = Standing(
            version: state.version,
            metadataVersion: state.metadataVersion,
            isDeleted: state.condition == .deleted
        )
    }

    private mutating func advance(_ stream: StreamName) -> StreamVersion {
        let version = (standings[stream]?.version ?? .empty).next
        standings[stream]?.version = version
        return version
    }

    /// Notes what an event does to its stream, or to the one that it speaks of.
    private mutating func follow(_ event: NewEvent, _ version: StreamVersion) {
        if let described = event.stream.describedStream {
            let text = event.data.bytes
            standings[described]?.metadata = text
            if StreamMetadata(reading: text).isDeleted {
                standings[described]?.isDeleted = true
                standings[described]?.reopened = nil
            } else if let standing = standings[described], standing.isDeleted {
                open(described, hidingThrough: standing.version)
            }
        } else if event.isTombstone {
            standings[event.stream]?.isDeleted = false
            standings[event.stream]?.reopened = nil
        } else if standings[event.stream]?.isDeleted == true {
            open(event.stream, hidingThrough: StreamVersion(version.rawValue - 1))
        }
    }

    private mutating func open(_ stream: StreamName, hidingThrough version: StreamVersion) {
        standings[stream]?.isDeleted = false
        standings[stream]?.reopened = version
        guard standings[stream]?.isListed == false else { return }
        standings[stream]?.isListed = true
        reopened.append(stream)
    }

    /// Adds the event that opens a stream again.
    private mutating func reopen(_ stream: StreamName, _ lookups: inout some AppendLookups) throws {
        guard let standing = standings[stream], let through = standing.reopened,
            let metadataStream = stream.metadataStream
        else { return }
        // Whoever copies a history brings along what its own store added then.
        if let said = standing.metadata,
            StreamMetadata(reading: said).truncatedThrough == through
        {
            return
        }
        let text = try standing.metadata ?? lookups.newestData(of: metadataStream)
        let data = Payload(StreamMetadata.truncating(through: through, text), mediaType: .json)
        // The batch was held against its limits; what the store adds to it can go beyond them.
        guard data.bytes.count <= Limits.standard.dataBytes else {
            throw LimitExceeded(
                field: "metadata of stream \"\(stream)\"",
                limit: Limits.standard.dataBytes,
                actual: data.bytes.count
            )
        }
        let event = NewEvent(
            id: .timeOrdered(at: instant),
            stream: metadataStream,
            type: .streamMetadata,
            data: data
        )
        let before = standings[metadataStream]?.version ?? standing.metadataVersion
        plan.add(
            PlannedEvent(
                event: event,
                digest: EventDigest(of: event),
                version: before.next,
                givenID: nil
            )
        )
    }
}

extension AppendPlanner {
    /// An event with the id that it is recorded under.
    private mutating func identified(
        _ event: NewEvent,
        _ digest: EventDigest,
        _ version: StreamVersion,
        _ lookups: inout some AppendLookups
    ) throws -> PlannedEvent {
        var id = event.id
        if batch.ids == .stream {
            while try takenIDs.contains(id) || lookups.isTaken(id) {
                id = .derived(from: "\(event.stream.text)@\(version)".utf8, in: id.uuid)
            }
            takenIDs.insert(id)
        }
        guard id != event.id else {
            return PlannedEvent(event: event, digest: digest, version: version, givenID: nil)
        }
        let renamed = NewEvent(
            id: id,
            stream: event.stream,
            type: event.type,
            data: event.data,
            metadata: event.metadata
        )
        return PlannedEvent(
            event: renamed,
            digest: EventDigest(of: renamed),
            version: version,
            givenID: event.id
        )
    }
}
