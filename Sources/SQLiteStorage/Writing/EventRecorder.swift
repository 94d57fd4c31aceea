import EventModel
import Foundation
import GRDB

/// Writes appends into the tables, within one transaction that somebody else begins and ends.
///
/// It is a value: whoever rolls back to a savepoint goes on with the copy from before.
struct EventRecorder {
    private let db: Database
    private let clock: RecordingClock
    private let statements: RecorderStatements
    /// The end of the history as this transaction sees it.
    private(set) var head: Head
    /// The names met so far.
    private(set) var names: NameRows
    /// The streams of which something else holds after the transaction.
    private(set) var changed: [StreamName] = []

    /// Reads the head in the transaction that is going to append.
    init(_ db: Database, clock: RecordingClock, names: NameRows) throws {
        self.db = db
        self.clock = clock
        self.names = names
        statements = try RecorderStatements(db)
        head = try StoreQueries(db: db).head()
    }

    /// Judges one append and records it, if it is to be recorded.
    ///
    /// - Throws: What the judgement says; `DatabaseError`, with part of the append in the tables:
    ///   roll back to before it.
    mutating func record(_ batch: AppendBatch) throws -> AppendResult {
        // One instant for all: they were recorded by one act.
        let recordedAt = clock.instant(after: head.recordedAt)
        var lookups = RecorderLookups(db, statements)
        switch try AppendJudgement.of(batch, at: recordedAt, &lookups) {
        case .repetition(let result):
            return result
        case .record(let plan):
            let first = head.number.next
            try insert(plan, &lookups, at: recordedAt)
            return plan.result(first: first)
        }
    }

    private mutating func insert(
        _ plan: AppendPlan,
        _ lookups: inout RecorderLookups,
        at recordedAt: Timestamp
    ) throws {
        var rows: [StreamName: Int64] = [:]
        var ended: Set<StreamName> = []
        for planned in plan.events {
            let name = planned.event.stream
            let stream = try rows[name] ?? lookups.row(of: name) ?? makeRow(of: name)
            rows[name] = stream
            if planned.event.isTombstone { ended.insert(name) }
            let number = head.number.next
            let chain = head.chain.appending(
                planned.digest,
                number: number,
                version: planned.version,
                recordedAt: recordedAt
            )
            head = Head(number: number, chain: chain, recordedAt: recordedAt)
            try insert(planned, stream: stream)
        }
        for (name, version) in plan.versions {
            let hasEnded = ended.contains(name)
            try statements.updateStream.execute(
                arguments: [version.rawValue, hasEnded, rows[name]]
            )
            note(name, hasEnded: hasEnded)
        }
    }

    /// Notes the streams of which something else holds now.
    private mutating func note(_ stream: StreamName, hasEnded: Bool) {
        changed.append(stream)
        if let described = stream.describedStream { changed.append(described) }
        if hasEnded, let metadataStream = stream.metadataStream { changed.append(metadataStream) }
    }

    private func makeRow(of name: StreamName) throws -> Int64 {
        try statements.insertStream.execute(arguments: [name.text, name.category.text])
        return db.lastInsertedRowID
    }

    /// Inserts the event that ``head`` already counts.
    private mutating func insert(_ planned: PlannedEvent, stream: Int64) throws {
        let event = planned.event
        let type = try names.row(of: event.type, db)
        let dataType = try names.row(of: event.data.mediaType, db)
        let metadataType = try event.metadata.map { try names.row(of: $0.mediaType, db) }
        try statements.insertEvent.execute(arguments: [
            head.number.rawValue, stream, planned.version.rawValue, type,
            Data(event.id.uuid.bytes), head.recordedAt?.microseconds, Data(head.chain.bytes),
            dataType, metadataType, event.metadata.map { Data($0.bytes) }, Data(event.data.bytes),
            planned.givenID.map { Data($0.uuid.bytes) },
        ])
    }
}
