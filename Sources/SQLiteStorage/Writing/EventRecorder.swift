import EventModel
import Foundation
import GRDB

/// Writes appends into the tables, within one transaction that somebody else begins and ends.
///
/// It is a value: whoever rolls back to a savepoint goes on with the copy from before.
struct EventRecorder {
    private let db: Database
    private let clock: RecordingClock
    /// The end of the history as this transaction sees it.
    private(set) var head: Head
    /// The names met so far.
    private(set) var names: NameRows

    /// Reads the head in the transaction that is going to append.
    init(_ db: Database, clock: RecordingClock, names: NameRows) throws {
        self.db = db
        self.clock = clock
        self.names = names
        head = try StoreQueries(db: db).head()
    }

    /// Judges one append and records it, if it is to be recorded.
    ///
    /// - Throws: What the judgement says; `DatabaseError`, with part of the append in the tables:
    ///   roll back to before it.
    mutating func record(_ batch: AppendBatch) throws -> AppendResult {
        let queries = StoreQueries(db: db)
        let judgement = try AppendJudgement.of(
            batch,
            find: { try Self.known($0, queries) },
            version: { try queries.stream($0)?.version ?? .empty }
        )
        switch judgement {
        case .repetition(let result):
            return result
        case .record(let versions):
            return try insert(batch, versions)
        }
    }

    private static func known(_ id: EventID, _ queries: StoreQueries) throws -> KnownEvent? {
        guard let number = try queries.number(of: id), let event = try queries.event(number)
        else { return nil }
        return KnownEvent(
            number: number,
            version: event.version,
            digest: EventDigest(of: event.event)
        )
    }

    private mutating func insert(
        _ batch: AppendBatch,
        _ before: [StreamName: StreamVersion]
    ) throws -> AppendResult {
        let first = head.number.next
        // One instant for all: they were recorded by one act.
        let recordedAt = clock.instant(after: head.recordedAt)
        var versions = before
        var streams: [StreamName: Int64] = [:]
        for (event, digest) in zip(batch.events, batch.digests) {
            let version = (versions[event.stream] ?? .empty).next
            versions[event.stream] = version
            let stream = try streams[event.stream] ?? row(of: event.stream)
            streams[event.stream] = stream
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
        let update = try db.cachedStatement(sql: "UPDATE stream SET version = ? WHERE id = ?")
        for (name, row) in streams {
            try update.execute(arguments: [versions[name]?.rawValue, row])
        }
        return AppendResult(
            first: first,
            last: head.number,
            versions: versions,
            wasAlreadyRecorded: false
        )
    }

    /// The row of a stream, made where there is none.
    private func row(of name: StreamName) throws -> Int64 {
        if let found = try StoreQueries(db: db).stream(name)?.row { return found }
        let statement = try db.cachedStatement(
            sql: "INSERT INTO stream (name, category, version) VALUES (?, ?, 0)"
        )
        try statement.execute(arguments: [name.text, name.category.text])
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
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO event (number, stream, version, type, id, recorded_at, chain,
                    data_media_type, metadata_media_type, metadata, data)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        try statement.execute(arguments: [
            head.number.rawValue, stream, version.rawValue, type, Data(event.id.uuid.bytes),
            head.recordedAt?.microseconds, Data(head.chain.bytes), dataType, metadataType,
            event.metadata.map { Data($0.bytes) }, Data(event.data.bytes),
        ])
    }
}
