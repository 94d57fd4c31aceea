import EventModel
import GRDB

/// A row of `stream`.
struct StoredStream {
    let row: Int64
    let version: StreamVersion
    let isTombstoned: Bool
}

/// The questions that are asked of one stream, with their statements looked up once.
struct StreamLookup {
    private let findStream: Statement
    private let findData: Statement

    init(_ db: Database) throws {
        findStream = try db.cachedStatement(
            sql: "SELECT id, version, is_tombstoned FROM stream WHERE name = ?"
        )
        findData = try db.cachedStatement(
            sql: "SELECT data FROM event WHERE stream = ? AND version = ?"
        )
    }

    /// A stream that has events.
    func stream(_ name: StreamName) throws -> StoredStream? {
        let rows = try Row.fetchCursor(findStream, arguments: [name.text])
        return try rows.next().map { row in
            StoredStream(row: row[0], version: StreamVersion(row[1]), isTombstoned: row[2])
        }
    }

    /// The data of a stream's newest event; none where it has no event.
    func newestData(of stream: StoredStream) throws -> [UInt8] {
        let rows = try Row.fetchCursor(
            findData,
            arguments: [stream.row, stream.version.rawValue]
        )
        return try rows.next().map { try EventRow.bytes($0, 0) } ?? []
    }

    /// What holds of a stream, and its row.
    func standing(of name: StreamName) throws -> StreamStanding {
        let found = try stream(name)
        let version = found?.version ?? .empty
        if name.isMetadataStream {
            let described = try name.describedStream.flatMap { try stream($0) }
            return StreamStanding(
                row: found?.row,
                state: .ofMetadata(
                    version: version,
                    isTombstoned: described?.isTombstoned ?? false
                ),
                metadataBytes: 0
            )
        }
        let metadataStream = try name.metadataStream.flatMap { try stream($0) }
        let text = try metadataStream.map { try newestData(of: $0) } ?? []
        return StreamStanding(
            row: found?.row,
            state: StreamState(
                version: version,
                isTombstoned: found?.isTombstoned ?? false,
                metadataVersion: metadataStream?.version ?? .empty,
                metadata: StreamMetadata(reading: text)
            ),
            metadataBytes: text.count
        )
    }
}

/// What holds of a stream, and what it takes to read it.
struct StreamStanding {
    /// The row of a stream that has events.
    let row: Int64?
    let state: StreamState
    /// The size of the text that the state was read from.
    let metadataBytes: Int
}
