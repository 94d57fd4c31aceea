/// An event that the store already has, as far as a repeated append must know it.
package struct KnownEvent: Hashable, Sendable {
    package let number: EventNumber
    package let version: StreamVersion
    package let digest: EventDigest

    package init(number: EventNumber, version: StreamVersion, digest: EventDigest) {
        self.number = number
        self.version = version
        self.digest = digest
    }
}

/// What is to be done with an append: the rules of every store, apart from how it stores.
///
/// Known ids are looked at before expectations, so that a repetition succeeds although its own
/// first try moved the streams on.
package enum AppendJudgement {
    /// Every event is new and every expectation holds; the versions are those before the append.
    case record(versions: [StreamName: StreamVersion])
    /// Every event is recorded already, with the same content.
    case repetition(AppendResult)

    /// Judges an append against the store as it is in the transaction that appends.
    ///
    /// - Parameters:
    ///   - batch: What is to be appended.
    ///   - find: Looks an event up by its id.
    ///   - version: Looks up a stream's version.
    /// - Returns: What to do.
    /// - Throws: ``DuplicateEvent``, ``PartlyRecorded``, ``VersionConflict``, and what the look-ups
    ///   throw.
    package static func of(
        _ batch: AppendBatch,
        find: (EventID) throws -> KnownEvent?,
        version: (StreamName) throws -> StreamVersion
    ) throws -> AppendJudgement {
        var known: [EventID: EventNumber] = [:]
        var first: EventNumber?
        var last = EventNumber.beginning
        var reached: [StreamName: StreamVersion] = [:]
        for (event, digest) in zip(batch.events, batch.digests) {
            guard let recorded = try find(event.id) else { continue }
            // The digest covers stream, type, id, media types, data and metadata.
            guard recorded.digest == digest else {
                throw DuplicateEvent(id: event.id, number: recorded.number)
            }
            known[event.id] = recorded.number
            first = min(first ?? recorded.number, recorded.number)
            last = max(last, recorded.number)
            reached[event.stream] = max(reached[event.stream] ?? .empty, recorded.version)
        }
        if let first {
            guard known.count == batch.events.count else { throw PartlyRecorded(known: known) }
            return .repetition(
                AppendResult(first: first, last: last, versions: reached, wasAlreadyRecorded: true)
            )
        }
        return .record(versions: try judgeExpectations(of: batch, version: version))
    }

    private static func judgeExpectations(
        of batch: AppendBatch,
        version: (StreamName) throws -> StreamVersion
    ) throws -> [StreamName: StreamVersion] {
        var versions: [StreamName: StreamVersion] = [:]
        // In the order of the events, so that of several conflicts always the same one is named.
        for event in batch.events where versions[event.stream] == nil {
            let actual = try version(event.stream)
            let expected = batch.expectations[event.stream] ?? .any
            guard expected.holds(at: actual) else {
                throw VersionConflict(stream: event.stream, expected: expected, actual: actual)
            }
            versions[event.stream] = actual
        }
        return versions
    }
}
