/// What is to be done with an append: the rules of every store, apart from how it stores.
package enum AppendJudgement {
    /// The append is to be recorded, and how.
    case record(AppendPlan)
    /// Every event is recorded already.
    case repetition(AppendResult)

    /// Judges an append against the store as it is in the transaction that appends.
    ///
    /// - Parameters:
    ///   - batch: What is to be appended.
    ///   - instant: When its events are recorded, if they are.
    ///   - lookups: The store.
    /// - Returns: What to do.
    /// - Throws: ``DuplicateEvent``, ``PartlyRecorded``, ``VersionConflict``, ``StreamDeleted``,
    ///   and what the look-ups throw.
    package static func of(
        _ batch: AppendBatch,
        at instant: Timestamp,
        _ lookups: inout some AppendLookups
    ) throws -> AppendJudgement {
        let repeated =
            switch batch.ids {
            case .store: try repetition(inStore: batch, &lookups)
            case .stream: try repetition(inStream: batch, &lookups)
            }
        if let repeated { return .repetition(repeated) }
        var planner = AppendPlanner(batch, at: instant)
        return .record(try planner.plan(&lookups))
    }

    /// Known ids are looked at before expectations, so that a repetition succeeds although its own
    /// first try moved the streams on.
    private static func repetition(
        inStore batch: AppendBatch,
        _ lookups: inout some AppendLookups
    ) throws -> AppendResult? {
        var known: [EventID: EventNumber] = [:]
        var places = RepeatedPlaces()
        for (event, digest) in zip(batch.events, batch.digests) {
            guard let recorded = try lookups.known(event.id) else { continue }
            // The digest covers stream, type, id, media types, data and metadata.
            guard recorded.digest == digest else {
                throw DuplicateEvent(id: event.id, number: recorded.number)
            }
            known[event.id] = recorded.number
            places.add(event.stream, recorded.number, recorded.version)
        }
        guard !known.isEmpty else { return nil }
        guard known.count == batch.events.count else { throw PartlyRecorded(known: known) }
        return places.result
    }

    /// The rules of ``IDScope/stream``.
    private static func repetition(
        inStream batch: AppendBatch,
        _ lookups: inout some AppendLookups
    ) throws -> AppendResult? {
        let stream = batch.events[0].stream
        let expected = batch.expectations[stream] ?? .any
        let state = try lookups.state(of: stream)
        let holds = try AppendPlanner.holds(expected, for: state, of: stream, &lookups)
        switch expected {
        case .any: return try repetition(ofKnownIDs: batch, &lookups)
        case .exists: return holds ? try repetition(ofKnownIDs: batch, &lookups) : nil
        // Where it holds, it is an append; where it does not, the planner says so.
        case .none:
            return holds ? nil : try repetition(ofEvents: batch, after: .empty, &lookups)
        case .exactly(let version):
            guard version < state.version else { return nil }
            return try repetition(ofEvents: batch, after: version, &lookups)
        }
    }

    /// A repetition if the stream knows the first id, and then it must know all of them.
    private static func repetition(
        ofKnownIDs batch: AppendBatch,
        _ lookups: inout some AppendLookups
    ) throws -> AppendResult? {
        let stream = batch.events[0].stream
        var known: [EventID: EventNumber] = [:]
        var places = RepeatedPlaces()
        var isPartly = false
        var reached = EventNumber.beginning
        for (index, event) in batch.events.enumerated() {
            // An id that occurs twice stands for two events, as far as the stream has two.
            let later = try lookups.event(given: event.id, in: stream, after: reached)
            let found = try later ?? lookups.event(given: event.id, in: stream, after: .beginning)
            guard let found else {
                if index == 0 { return nil }
                isPartly = true
                continue
            }
            reached = found.number
            known[event.id] = known[event.id] ?? found.number
            places.add(stream, found.number, found.version)
        }
        if isPartly { throw PartlyRecorded(known: known) }
        return places.result
    }

    /// A repetition if the events after a version have the same ids, one by one.
    private static func repetition(
        ofEvents batch: AppendBatch,
        after version: StreamVersion,
        _ lookups: inout some AppendLookups
    ) throws -> AppendResult? {
        let stream = batch.events[0].stream
        let recorded = try lookups.events(of: stream, after: version, count: batch.events.count)
        guard recorded.map(\.id) == batch.events.map(\.id) else { return nil }
        var places = RepeatedPlaces()
        for event in recorded { places.add(stream, event.number, event.version) }
        return places.result
    }
}

/// Collects where the events of a repetition are.
private struct RepeatedPlaces {
    private var first: EventNumber?
    private var last = EventNumber.beginning
    private var versions: [StreamName: StreamVersion] = [:]
    private var firstVersions: [StreamName: StreamVersion] = [:]

    /// Adds an event, in the order of the append.
    mutating func add(_ stream: StreamName, _ number: EventNumber, _ version: StreamVersion) {
        first = min(first ?? number, number)
        last = max(last, number)
        versions[stream] = max(versions[stream] ?? .empty, version)
        if firstVersions[stream] == nil { firstVersions[stream] = version }
    }

    /// The result of the append that is repeated; nil where nothing was added.
    var result: AppendResult? {
        first.map { first in
            AppendResult(
                first: first,
                last: last,
                versions: versions,
                firstVersions: firstVersions,
                wasAlreadyRecorded: true
            )
        }
    }
}
