import GRDB
private import GRDBSQLite
import Subscriptions

/// How the file of a read model is opened.
enum ReadModelFile {
    /// Pages in the write-ahead log that set a checkpoint off: 16 MiB of 4 KiB pages.
    ///
    /// Each checkpoint waits for the disk; with SQLite's 1,000 pages a large catch-up would wait
    /// four times as often.
    static let checkpointPages = 4_000
    /// How long SQLite waits for another program's lock, such as a `sqlite3` shell's.
    static let busySeconds = 5.0

    /// Opens a file for its owner, and makes the bookkeeping where it is not there.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - pageSize: Bytes in a page of a file that is made; nil for SQLite's own.
    /// - Returns: The one connection that writes.
    /// - Throws: `DatabaseError`.
    static func open(_ path: String, pageSize: Int?) throws -> DatabaseQueue {
        if let pageSize, !DatabaseFile.hasContent(path) {
            // Before the write-ahead log is turned on, after which it is fixed
            // (<https://www.sqlite.org/pragma.html#pragma_page_size>).
            var configuration = Configuration()
            configuration.busyMode = .timeout(busySeconds)
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA page_size = \(pageSize)")
                try db.execute(sql: "VACUUM")
            }
            try queue.close()
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration(readOnly: false))
        try queue.inDatabase { db in
            // The log and its index stay when the file is closed: who may not write beside the
            // file could not read it otherwise (<https://www.sqlite.org/wal.html>, section 5).
            var isPersistent: Int32 = 1
            _ = sqlite3_file_control(
                db.sqliteConnection,
                "main",
                SQLITE_FCNTL_PERSIST_WAL,
                &isPersistent
            )
            try db.execute(sql: "PRAGMA wal_autocheckpoint = \(checkpointPages)")
            try db.inTransaction(.immediate) {
                try ReadModelSchema.create(db)
                return .commit
            }
        }
        return queue
    }

    static func configuration(readOnly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readOnly
        configuration.busyMode = .timeout(busySeconds)
        configuration.label = "ReadModel"
        if !readOnly { configuration.journalMode = .wal }
        return configuration
    }

    /// Looks whether a file that this process owns can be used; one without content can.
    ///
    /// - Throws: `CheckpointStoreError`, `DatabaseError`.
    static func inspect(_ path: String) throws {
        guard DatabaseFile.hasContent(path) else { return }
        try DatabaseFile.looking(path, configuration(readOnly: true)) {
            try ReadModelSchema.inspect($0, path: path)
        }
    }

    /// Reads through a connection of its own that cannot write.
    static func reading<Value>(_ path: String, _ body: (Database) throws -> Value) throws -> Value {
        try DatabaseFile.reading(path, configuration(readOnly: true), body)
    }
}
