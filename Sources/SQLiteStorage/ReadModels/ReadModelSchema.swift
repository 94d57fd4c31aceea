import GRDB
import Subscriptions

/// The bookkeeping tables inside a read model's database.
///
/// Their version stands in a table of their own: `PRAGMA user_version` and `application_id` belong
/// to whoever else uses the database.
enum ReadModelSchema {
    /// The shape that this software writes.
    static let version = 2

    /// All tables of the bookkeeping.
    static let tables = [
        "eventfeed_schema", "eventfeed_checkpoint", "eventfeed_model", "eventfeed_try",
        "eventfeed_parked", "eventfeed_parked_total", "eventfeed_discarded", "eventfeed_condition",
    ]

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

    /// Makes the tables where there are none, and those that an older version lacks.
    static func create(_ db: Database) throws {
        switch try found(db) {
        case nil:
            try createCheckpoint(db)
            try createModels(db)
        case 1?:
            try createModels(db)
            try moveModel(db)
        default:
            return
        }
    }

    private static func createCheckpoint(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE eventfeed_schema (version INTEGER NOT NULL) STRICT;
                INSERT INTO eventfeed_schema (version) VALUES (\(version));

                CREATE TABLE eventfeed_checkpoint (
                    row INTEGER PRIMARY KEY CHECK (row = 1),
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

    /// What version 2 added.
    private static func createModels(_ db: Database) throws {
        try createProgress(db)
        try createParking(db)
    }

    private static func createProgress(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE eventfeed_model (
                    place INTEGER PRIMARY KEY, -- the order in which events are applied
                    name TEXT NOT NULL UNIQUE,
                    revision INTEGER NOT NULL,
                    statements TEXT NOT NULL, -- compared: without comments and white space
                    source TEXT -- NULL: written in Swift
                ) STRICT;

                CREATE TABLE eventfeed_try (
                    kind TEXT PRIMARY KEY CHECK (kind IN ('batch', 'event')),
                    after INTEGER NOT NULL, -- the number before the first event that is tried
                    tries INTEGER NOT NULL,
                    unfinished INTEGER NOT NULL, -- begun in a row and never ended
                    is_ended INTEGER NOT NULL,
                    reason TEXT -- why the last try failed
                ) STRICT;

                CREATE TABLE eventfeed_condition (
                    row INTEGER PRIMARY KEY CHECK (row = 1),
                    started_at INTEGER NOT NULL, -- microseconds since 1970, as the next two
                    last_success_at INTEGER,
                    last_error_at INTEGER,
                    last_error TEXT,
                    failures INTEGER NOT NULL, -- in a row
                    events_per_second REAL NOT NULL,
                    pace TEXT NOT NULL
                ) STRICT;
                """
        )
    }

    private static func createParking(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE eventfeed_parked (
                    number INTEGER PRIMARY KEY,
                    stream TEXT NOT NULL,
                    version INTEGER NOT NULL,
                    type TEXT NOT NULL,
                    id TEXT NOT NULL,
                    recorded_at INTEGER NOT NULL, -- microseconds since 1970
                    reason TEXT, -- NULL: waits behind an earlier event of its stream
                    tries INTEGER NOT NULL,
                    parked_at INTEGER NOT NULL, -- microseconds since 1970
                    media_type TEXT NOT NULL,
                    metadata_media_type TEXT,
                    metadata BLOB,
                    data BLOB NOT NULL
                ) STRICT;
                CREATE INDEX eventfeed_parked_stream ON eventfeed_parked (stream, number);

                CREATE TABLE eventfeed_parked_total (
                    row INTEGER PRIMARY KEY CHECK (row = 1),
                    events INTEGER NOT NULL,
                    bytes INTEGER NOT NULL -- of data and metadata
                ) STRICT;
                INSERT INTO eventfeed_parked_total (row, events, bytes) VALUES (1, 0, 0);

                CREATE TABLE eventfeed_discarded (
                    number INTEGER PRIMARY KEY,
                    stream TEXT NOT NULL,
                    version INTEGER NOT NULL,
                    type TEXT NOT NULL,
                    id TEXT NOT NULL,
                    reason TEXT,
                    tries INTEGER NOT NULL,
                    parked_at INTEGER NOT NULL, -- microseconds since 1970
                    discarded_at INTEGER NOT NULL -- microseconds since 1970
                ) STRICT;
                """
        )
    }

    /// The one read model of version 1, which had a name and nothing else.
    private static func moveModel(_ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO eventfeed_model (place, name, revision, statements)
                    SELECT 1, model, 1, '' FROM eventfeed_checkpoint WHERE model IS NOT NULL;
                ALTER TABLE eventfeed_checkpoint DROP COLUMN model;
                UPDATE eventfeed_schema SET version = \(version);
                """
        )
    }
}
