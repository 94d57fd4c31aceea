import EventModel
import GRDB

/// An open database file: its connections and, where it may be written, the right to do so.
final class StoreFile: Sendable {
    /// Pages in the write-ahead log that set a checkpoint off: 80 MB of 4 KiB pages.
    ///
    /// With a smaller log the same index pages go to the database file again and again under load.
    static let checkpointPages = 20_000
    /// The log file is cut to this when a checkpoint let it start over after a burst.
    static let logBytes = 128 << 20
    /// Connections that read at the same time; more reads wait for one.
    static let readers = 4
    /// How long SQLite waits for another program's lock, such as a `sqlite3` shell's.
    static let busySeconds = 5.0

    let path: String
    let connections: DatabasePool
    /// Declared after the connections, so that it is given up after them.
    private let lock: FileLock?

    var trouble: StorageTrouble { StorageTrouble(path: path) }
    var isReadOnly: Bool { lock == nil }

    /// Opens the file for the one writer, creating or migrating it.
    ///
    /// - Parameters:
    ///   - path: The file, in any spelling.
    ///   - schema: The shape to bring it to.
    ///   - creation: Fills a new file in the transaction that makes its tables.
    /// - Throws: ``EventStoreError``.
    init(
        writing path: String,
        schema: StoreSchema,
        creation: (Database) throws -> Void
    ) throws {
        let lock = try FileLock(database: path)
        let path = lock.databasePath
        let trouble = StorageTrouble(path: path)
        (self.path, self.lock) = (path, lock)
        connections = try trouble.translating("cannot open") {
            // Looked at through a connection that cannot write, before one is opened that turns
            // the write-ahead log on: the file of another application stays as it is.
            if DatabaseFile.hasContent(path) { _ = try Self.inspect(path, schema, isOwned: true) }
            let pool = try DatabasePool(path: path, configuration: Self.configuration())
            try pool.writeWithoutTransaction { db in
                // GRDB sets NORMAL when it turns the log on, which is why this comes after; FULL
                // is what makes a commit survive the loss of power
                // (<https://www.sqlite.org/pragma.html#pragma_synchronous>).
                try db.execute(sql: "PRAGMA synchronous = FULL")
                try db.execute(sql: "PRAGMA wal_autocheckpoint = \(Self.checkpointPages)")
                try db.execute(sql: "PRAGMA journal_size_limit = \(Self.logBytes)")
                // 16 MiB: the index of random ids is written all over.
                try db.execute(sql: "PRAGMA cache_size = -16384")
                let found: Int
                switch try schema.inspect(db, path: path) {
                case .empty: found = 0
                case .store(let version): found = version
                }
                try schema.migrate(db, from: found, creation: creation)
            }
            return pool
        }
    }

    /// Opens the file for reading only, beside its writer or without one.
    init(reading path: String, schema: StoreSchema) throws {
        let path = try Self.requireContent(path)
        (self.path, lock) = (path, nil)
        connections = try StorageTrouble(path: path).translating("cannot open") {
            guard case .store(schema.version) = try Self.inspect(path, schema, isOwned: false)
            else {
                throw EventStoreError(
                    .unsupportedSchema,
                    "\(path) has an older schema than this software reads: "
                        + "open it for writing once, which migrates it"
                )
            }
            return try DatabasePool(path: path, configuration: Self.configuration(readOnly: true))
        }
    }

    /// Closes the connections, then gives the right to write up.
    func close() throws {
        defer { lock?.release() }
        try trouble.translating("cannot close") {
            // Readers first: only the last connection to close copies the log into the database
            // file and removes it, and a reader may not.
            connections.releaseMemory()
            try connections.close()
        }
    }

    /// The canonical path of a file that is there and not empty.
    static func requireContent(_ path: String) throws -> String {
        let path = try FileLock.canonical(path)
        guard DatabaseFile.hasContent(path) else {
            throw EventStoreError(.io, "there is no event store at \(path)")
        }
        return path
    }

    private static func configuration(readOnly: Bool = false) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readOnly
        configuration.foreignKeysEnabled = true
        configuration.maximumReaderCount = readers
        configuration.busyMode = .timeout(busySeconds)
        configuration.label = "EventStore"
        configuration.prepareDatabase { db in
            // What a savepoint or a sort puts aside stays out of /tmp, which may be full or tiny.
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        return configuration
    }

    /// Looks what a file is; one that this process alone may write is rolled back where it has to.
    private static func inspect(_ path: String, _ schema: StoreSchema, isOwned: Bool) throws
        -> StoreSchema.Finding
    {
        let body: (Database) throws -> StoreSchema.Finding = {
            try schema.inspect($0, path: path)
        }
        return isOwned
            ? try DatabaseFile.looking(path, configuration(), body)
            : try DatabaseFile.reading(path, configuration(readOnly: true), body)
    }
}
