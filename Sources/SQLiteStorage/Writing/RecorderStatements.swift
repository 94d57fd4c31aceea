import GRDB

/// The statements of the writer, looked up once a transaction and not once an event.
struct RecorderStatements {
    let streams: StreamLookup
    let findID: Statement
    /// Of one stream: the first event after a number whose id is what its writer gave.
    let findByID: Statement
    /// The same for the ids that are kept beside another.
    let findByGivenID: Statement
    let findFollowing: Statement
    let insertStream: Statement
    let updateStream: Statement
    let insertEvent: Statement

    init(_ db: Database) throws {
        streams = try StreamLookup(db)
        findID = try db.cachedStatement(sql: "SELECT number FROM event WHERE id = ?")
        findByID = try db.cachedStatement(
            sql: """
                SELECT number, version FROM event
                WHERE id = ?2 AND +stream = ?1 AND +number > ?3 AND given_id IS NULL
                """
        )
        // The index ends with the number, so that the search begins after ?3: a stream may have one
        // id any number of times.
        findByGivenID = try db.cachedStatement(
            sql: """
                SELECT number, version FROM event INDEXED BY event_given_id
                WHERE stream = ?1 AND given_id = ?2 AND number > ?3
                ORDER BY number LIMIT 1
                """
        )
        findFollowing = try db.cachedStatement(
            sql: """
                SELECT number, version, coalesce(given_id, id) FROM event
                WHERE stream = ? AND version > ? ORDER BY version LIMIT ?
                """
        )
        insertStream = try db.cachedStatement(
            sql: "INSERT INTO stream (name, category, version) VALUES (?, ?, 0)"
        )
        updateStream = try db.cachedStatement(
            sql: "UPDATE stream SET version = ?, is_tombstoned = ? WHERE id = ?"
        )
        insertEvent = try db.cachedStatement(
            sql: """
                INSERT INTO event (number, stream, version, type, id, recorded_at, chain,
                    data_media_type, metadata_media_type, metadata, data, given_id)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
    }
}
