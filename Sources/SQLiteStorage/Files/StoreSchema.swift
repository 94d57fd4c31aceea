import EventModel
import GRDB

/// The tables of an event store, and the way from an older shape to the newest.
///
/// `PRAGMA application_id` says that a file is an event store, `PRAGMA user_version` which shape it
/// has. Both are part of the transaction that changes the tables.
struct StoreSchema: Sendable {
    /// "EvFd" in ASCII: what `file` and `PRAGMA application_id` show.
    static let applicationID: Int32 = 0x4576_4664

    /// The shape that this software writes.
    static let current = StoreSchema(steps: [createFirstShape, addGivenIDs, addUsers])

    /// Brings a file from shape `index` to shape `index + 1`; shape 0 is an empty file.
    let steps: [@Sendable (Database) throws -> Void]

    /// The number of the newest shape.
    var version: Int { steps.count }

    /// What a file turned out to be.
    enum Finding: Equatable {
        /// Nobody put anything into it yet.
        case empty
        /// An event store of a shape that can be written, or migrated so that it can.
        case store(version: Int)
    }

    /// Looks what a file is, without changing it.
    ///
    /// - Throws: ``EventStoreError`` with code `unsupportedSchema` for the file of another
    ///   application and for a shape that is newer than this software.
    func inspect(_ db: Database, path: String) throws -> Finding {
        let application = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        if application == 0, found == 0 {
            let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
            if tables == 0 { return .empty }
        }
        guard application == Self.applicationID else {
            throw EventStoreError(
                .unsupportedSchema,
                "\(path) is the SQLite database of another application: choose another file"
            )
        }
        guard found <= version else {
            throw EventStoreError(
                .unsupportedSchema,
                "\(path) has schema version \(found), this software knows versions up to "
                    + "\(version): use the version that wrote it, or a newer one"
            )
        }
        return .store(version: found)
    }

    /// Runs the steps that a file lacks, in one transaction; if one fails, none has happened.
    ///
    /// - Parameters:
    ///   - db: The writing connection.
    ///   - found: The shape that the file has.
    ///   - creation: Fills in what an empty file needs beside its tables; in the same transaction.
    /// - Throws: What SQLite, a step or `creation` throws.
    func migrate(
        _ db: Database,
        from found: Int,
        creation: (Database) throws -> Void = { _ in }
    ) throws {
        guard found < version else { return }
        try db.inTransaction(.immediate) {
            for step in steps[found...] { try step(db) }
            if found == 0 {
                try db.execute(sql: "PRAGMA application_id = \(Self.applicationID)")
                try creation(db)
            }
            try db.execute(sql: "PRAGMA user_version = \(version)")
            return .commit
        }
    }

    /// The tables of version 1.
    ///
    /// Names compare byte by byte: that is `BINARY`, the collation of SQLite's columns unless one
    /// says otherwise. In `event` the small columns come first and the large ones last, so that
    /// looking at numbers, streams and types touches no overflow pages
    /// (<https://www.sqlite.org/fileformat2.html>, section 2.3).
    private static let createFirstShape: @Sendable (Database) throws -> Void = { db in
        try db.execute(
            sql: """
                CREATE TABLE store (
                    row INTEGER PRIMARY KEY CHECK (row = 1),
                    epoch BLOB NOT NULL CHECK (length(epoch) = 16),
                    format INTEGER NOT NULL,
                    page_size INTEGER NOT NULL,
                    title TEXT NOT NULL,
                    author TEXT NOT NULL,
                    created_at INTEGER NOT NULL -- microseconds since 1970
                ) STRICT;

                CREATE TABLE stream (
                    id INTEGER PRIMARY KEY,
                    name TEXT NOT NULL UNIQUE,
                    category TEXT NOT NULL,
                    version INTEGER NOT NULL -- count of events ever appended
                ) STRICT;

                CREATE TABLE event_type (
                    id INTEGER PRIMARY KEY,
                    name TEXT NOT NULL UNIQUE
                ) STRICT;

                CREATE TABLE media_type (
                    id INTEGER PRIMARY KEY,
                    name TEXT NOT NULL UNIQUE
                ) STRICT;

                CREATE TABLE event (
                    number INTEGER PRIMARY KEY,
                    stream INTEGER NOT NULL REFERENCES stream (id),
                    version INTEGER NOT NULL,
                    type INTEGER NOT NULL REFERENCES event_type (id),
                    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
                    recorded_at INTEGER NOT NULL, -- microseconds since 1970
                    chain BLOB NOT NULL CHECK (length(chain) = 32),
                    data_media_type INTEGER NOT NULL REFERENCES media_type (id),
                    metadata_media_type INTEGER REFERENCES media_type (id),
                    metadata BLOB,
                    data BLOB NOT NULL,
                    UNIQUE (stream, version),
                    CHECK ((metadata IS NULL) = (metadata_media_type IS NULL))
                ) STRICT;

                \(viewForPeople())
                """
        )
    }
}
