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
        // Each stream is looked up once, for its version and then for its row.
        var rows: [StreamName: Int64] = [:]
        let judgement = try AppendJudgement.of(
            batch,
            find: known,
            version: { name in
                guard let found = try stream(name) else { return .empty }
                rows[name] = found.row
                return found.version
            }
        )
        switch judgement {
        case .repetition(let result):
            return result
        case .record(let versions):
            return try insert(batch, versions, rows)
        }
    }

    private func stream(_ name: StreamName) throws -> (row: Int64, version: StreamVersion)? {
        let rows = try Row.fetchCursor(statements.findStream, arguments: [name.text])
        return try rows.next().map { ($0[0], StreamVersion($0[1])) }
    }

    private func known(_ id: EventID) throws -> KnownEvent? {
        let found = try Int64.fetchOne(statements.findID, arguments: [Data(id.uuid.bytes)])
        guard let found else { return nil }
        let number = EventNumber(found)
        guard let event = try StoreQueries(db: db).event(number) else { return nil }
        return KnownEvent(
            number: number,
            version: event.version,
            digest: EventDigest(of: event.event)
        )
    }

    private mutating func insert(
        _ batch: AppendBatch,
        _ before: [StreamName: StreamVersion],
        _ rows: [StreamName: Int64]
    ) throws -> AppendResult {
        let first = head.number.next
        // One instant for all: they were recorded by one act.
        let recordedAt = clock.instant(after: head.recordedAt)
        var versions = before
        var rows = rows
        for (event, digest) in zip(batch.events, batch.digests) {
            let version = (versions[event.stream] ?? .empty).next
            versions[event.stream] = version
            let stream = try rows[event.stream] ?? makeRow(of: event.stream)
            rows[event.stream] = stream
            let number = head.number.next
            let chain = head.chain.appending(
                digest,
                number: number,
                version: version,
                recordedAt: recordedAt
            )
            head = Head(number: number, chain: chain, recordedAt: recordedAt)
            try insert(event, stream: stream, version: version)
        }
        for (name, row) in rows {
            try statements.updateStream.execute(arguments: [versions[name]?.rawValue, row])
        }
        return AppendResult(
            first: first,
            last: head.number,
            versions: versions,
            wasAlreadyRecorded: false
        )
    }

    private func makeRow(of name: StreamName) throws -> Int64 {
        try statements.insertStream.execute(arguments: [name.text, name.category.text])
        return db.lastInsertedRowID
    }

    /// Inserts the event that ``head`` already counts.
    private mutating func insert(
        _ event: NewEvent,
        stream: Int64,
        version: StreamVersion
    ) throws {
        let type = try names.row(of: event.type, db)
        let dataType = try names.row(of: event.data.mediaType, db)
        let metadataType = try event.metadata.map { try names.row(of: $0.mediaType, db) }
        try statements.insertEvent.execute(arguments: [
            head.number.rawValue, stream, version.rawValue, type, Data(event.id.uuid.bytes),
            head.recordedAt?.microseconds, Data(head.chain.bytes), dataType, metadataType,
            event.metadata.map { Data($0.bytes) }, Data(event.data.bytes),
        ])
    }
}
