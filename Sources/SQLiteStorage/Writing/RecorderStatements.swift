import GRDB

/// The statements of the writer, looked up once a transaction and not once an event.
struct RecorderStatements {
    let findID: Statement
    let findStream: Statement
    let insertStream: Statement
    let updateStream: Statement
    let insertEvent: Statement

    init(_ db: Database) throws {
        findID = try db.cachedStatement(sql: "SELECT number FROM event WHERE id = ?")
        findStream = try db.cachedStatement(sql: "SELECT id, version FROM stream WHERE name = ?")
        insertStream = try db.cachedStatement(
            sql: "INSERT INTO stream (name, category, version) VALUES (?, ?, 0)"
        )
        updateStream = try db.cachedStatement(sql: "UPDATE stream SET version = ? WHERE id = ?")
        insertEvent = try db.cachedStatement(
            sql: """
                INSERT INTO event (number, stream, version, type, id, recorded_at, chain,
                    data_media_type, metadata_media_type, metadata, data)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
    }
}
