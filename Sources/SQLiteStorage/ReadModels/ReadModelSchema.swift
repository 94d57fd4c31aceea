import GRDB
import Subscriptions

/// The bookkeeping tables inside a read model's database.
///
/// Their version stands in a table of their own: `PRAGMA user_version` and `application_id` belong
/// to whoever else uses the database.
enum ReadModelSchema {
    /// The shape that this software writes.
    static let version = 1

    /// Looks whether the bookkeeping can be used, or made.
    ///
    /// - Throws: `CheckpointStoreError` with code `unsupportedSchema`.
    static func inspect(_ db: Database, path: String) throws {
        let application = try Int32.fetchOne(db, sql: "PRAGMA application_id")
        guard application != StoreSchema.applicationID else {
            throw CheckpointStoreError(
                .unsupportedSchema,
                "\(path) is an event store: choose another file for the read model"
            )
        }
        let found = try found(db) ?? version
        guard found <= version else {
            throw CheckpointStoreError(
                .unsupportedSchema,
                "\(path) has bookkeeping of version \(found), this software knows versions up to "
                    + "\(version): use the version that wrote it, or a newer one"
            )
        }
    }

    /// The version of the bookkeeping; nil where there is none.
    static func found(_ db: Database) throws -> Int? {
        guard try db.tableExists("eventfeed_schema") else { return nil }
        return try Int.fetchOne(db, sql: "SELECT max(version) FROM eventfeed_schema")
    }

    /// Makes the tables where there are none.
    static func create(_ db: Database) throws {
        guard try found(db) == nil else { return }
        try db.execute(
            sql: """
                CREATE TABLE eventfeed_schema (version INTEGER NOT NULL) STRICT;
                INSERT INTO eventfeed_schema (version) VALUES (\(version));

                CREATE TABLE eventfeed_checkpoint (
                    row INTEGER PRIMARY KEY CHECK (row = 1),
                    model TEXT, -- NULL: a handler
                    filter TEXT NOT NULL, -- one line for each thing wanted; empty: everything
                    source TEXT NOT NULL,
                    started_after INTEGER NOT NULL,
                    number INTEGER, -- NULL: nothing was applied yet
                    epoch TEXT,
                    chain TEXT, -- 64 hexadecimal digits
                    updated_at TEXT, -- RFC 3339
                    CHECK ((number IS NULL) = (epoch IS NULL)),
                    CHECK ((number IS NULL) = (chain IS NULL))
                ) STRICT;
                """
        )
    }
}
