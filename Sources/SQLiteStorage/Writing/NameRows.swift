import EventModel
import GRDB

/// The rows of event types and media types that the writer used lately.
///
/// It is a value: whoever rolls a transaction back goes on with the copy from before, so a row that
/// was rolled back is never used.
struct NameRows {
    /// Names remembered of each kind; beyond it all are forgotten and looked up again.
    private static let capacity = 1_024

    private var types: [EventType: Int64] = [:]
    private var mediaTypes: [MediaType: Int64] = [:]

    /// The row of a type, made where there is none.
    mutating func row(of type: EventType, _ db: Database) throws -> Int64 {
        try Self.row(
            of: type,
            in: &types,
            find: db.cachedStatement(sql: "SELECT id FROM event_type WHERE name = ?"),
            make: db.cachedStatement(
                sql: "INSERT INTO event_type (name) VALUES (?) RETURNING id"
            )
        )
    }

    /// The row of a media type, made where there is none.
    mutating func row(of mediaType: MediaType, _ db: Database) throws -> Int64 {
        try Self.row(
            of: mediaType,
            in: &mediaTypes,
            find: db.cachedStatement(sql: "SELECT id FROM media_type WHERE name = ?"),
            make: db.cachedStatement(
                sql: "INSERT INTO media_type (name) VALUES (?) RETURNING id"
            )
        )
    }

    private static func row<Name: ByteComparedText>(
        of name: Name,
        in rows: inout [Name: Int64],
        find: @autoclosure () throws -> Statement,
        make: @autoclosure () throws -> Statement
    ) throws -> Int64 {
        if let row = rows[name] { return row }
        let found = try Int64.fetchOne(try find(), arguments: [name.text])
        guard let row = try found ?? Int64.fetchOne(try make(), arguments: [name.text]) else {
            throw EventStoreError(.corrupt, "a name was stored and not found again")
        }
        if rows.count >= capacity { rows.removeAll(keepingCapacity: true) }
        rows[name] = row
        return row
    }
}
