import GRDB

extension StoreSchema {
    /// What version 2 added: the id that a writer gave where the event has another, and which
    /// streams have ended.
    ///
    /// A stream ends with an event of type `$streamDeleted`; that it has one is kept beside the
    /// stream's version, so that no append needs to read the newest event for it.
    static let addGivenIDs: @Sendable (Database) throws -> Void = { db in
        try db.execute(
            sql: """
                ALTER TABLE event ADD COLUMN given_id BLOB CHECK (length(given_id) = 16);
                CREATE INDEX event_given_id ON event (stream, given_id)
                    WHERE given_id IS NOT NULL;

                ALTER TABLE stream ADD COLUMN is_tombstoned INTEGER NOT NULL DEFAULT 0;
                UPDATE stream SET is_tombstoned = 1
                WHERE name NOT LIKE '$$%' AND EXISTS (
                    SELECT 1 FROM event JOIN event_type ON event_type.id = event.type
                    WHERE event.stream = stream.id AND event.version = stream.version
                        AND event_type.name = '$streamDeleted'
                );

                DROP VIEW event_log;
                \(viewForPeople(hasGivenIDs: true))
                """
        )
    }
}
