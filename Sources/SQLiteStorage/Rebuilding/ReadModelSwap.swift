import EventModel
import GRDB
import Subscriptions

/// Whole models, copied between files by SQLite's backup interface.
enum ReadModelSwap {
    /// Between two tries to become the owner of a file.
    private static let pause = Duration.milliseconds(50)

    /// Takes a file over from its subscriber, lends it, and gives it up.
    ///
    /// - Parameters:
    ///   - path: The canonical path of the file.
    ///   - patience: How long to wait for the owner to give it up.
    ///   - body: What to do as its owner.
    /// - Returns: What the body returns.
    /// - Throws: `CheckpointStoreError` with code `inUse` where the file was not given up in time;
    ///   what the body throws.
    static func owning<Value>(
        _ path: String,
        patience: Duration,
        _ body: (SQLiteReadModelStore) async throws -> Value
    ) async throws -> Value {
        // Held to the end: a subscriber that starts meanwhile waits.
        let wish = try Takeover(of: path)
        defer { wish.end() }
        let store = try await open(path, patience: patience)
        let value: Value
        do {
            value = try await body(store)
        } catch {
            // Lost: that closing failed too; the first error says more.
            try? store.close()
            throw error
        }
        try store.close()
        return value
    }

    private static func open(_ path: String, patience: Duration) async throws
        -> SQLiteReadModelStore
    {
        let end = ContinuousClock.now + patience
        while true {
            do {
                return try SQLiteReadModelStore(path: path)
            } catch let error as CheckpointStoreError where error.code == .inUse {
                guard ContinuousClock.now < end else { throw error }
                try await Task.sleep(for: pause)
            }
        }
    }

    /// Bytes in a page of a database.
    static func pageSize(of path: String) throws -> Int {
        try looking(path) { try Int.fetchOne($0, sql: "PRAGMA page_size") ?? 4_096 }
    }

    /// Looks into a file that a rebuild that was killed may have left half made.
    private static func looking<Value>(_ path: String, _ body: (Database) throws -> Value) throws
        -> Value
    {
        try ReadModelTrouble(path: path).translating("cannot read") {
            try DatabaseFile.looking(path, ReadModelFile.configuration(readOnly: true), body)
        }
    }

    /// Gives a database of ours other pages; with a log ahead of it, it would admit no others.
    static func setPageSize(of path: String, to size: Int) throws {
        guard DatabaseFile.hasContent(path), try pageSize(of: path) != size else { return }
        try ReadModelTrouble(path: path).translating("cannot change the pages of") {
            let queue = try DatabaseQueue(path: path)
            try queue.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA journal_mode = DELETE")
                try db.execute(sql: "PRAGMA page_size = \(size)")
                try db.execute(sql: "VACUUM")
            }
            try queue.close()
        }
    }

    /// Throws where a file that is to be written over is there and is no read model; one without
    /// any table is what a rebuild leaves that is killed.
    ///
    /// - Throws: `CheckpointStoreError` with code `notADatabase`; what reading it throws.
    static func requireModel(_ path: String) throws {
        guard DatabaseFile.hasContent(path) else { return }
        let isModel = try looking(path) { db in
            let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema")
            return try count == 0 || ReadModelSchema.found(db) != nil
        }
        guard isModel else {
            throw CheckpointStoreError(
                .notADatabase,
                "\(path) would be written over and is no read model: move it away"
            )
        }
    }

    /// Takes what is not made from events along to a new model: the record of what was discarded,
    /// and the two numbers in a database's header that belong to whoever uses it.
    static func carryOver(from live: SQLiteReadModelStore, to new: SQLiteReadModelStore)
        async throws
    {
        let (numbers, discarded) = try await live.transaction("cannot read", .deferred) { db in
            (
                try ["user_version", "application_id"].map { name in
                    (name, try Int32.fetchOne(db, sql: "PRAGMA \(name)") ?? 0)
                },
                try Row.fetchAll(db, sql: "SELECT * FROM eventfeed_discarded")
                    .map { StatementArguments($0.databaseValues) }
            )
        }
        try await new.transaction("cannot write to") { db in
            for (name, value) in numbers { try db.execute(sql: "PRAGMA \(name) = \(value)") }
            for arguments in discarded {
                try db.execute(
                    sql: "INSERT OR REPLACE INTO eventfeed_discarded VALUES (?,?,?,?,?,?,?,?,?)",
                    arguments: arguments
                )
            }
        }
    }

    /// Copies a model to a file, which is made if it is not there.
    ///
    /// - Parameters:
    ///   - source: The model.
    ///   - target: The path of the file.
    /// - Throws: `CheckpointStoreError`; the file is as it was then.
    static func copy(_ source: SQLiteReadModelStore, toFile target: String) async throws {
        let lock = try ReadModelTrouble.locking(target)
        defer { lock.release() }
        let trouble = ReadModelTrouble(path: lock.databasePath)
        try await source.writing { db in
            try trouble.translating("cannot copy to") {
                var configuration = Configuration()
                configuration.busyMode = .timeout(ReadModelFile.busySeconds)
                let queue = try DatabaseQueue(
                    path: lock.databasePath,
                    configuration: configuration
                )
                try queue.writeWithoutTransaction { target in
                    let size = try Int.fetchOne(db, sql: "PRAGMA page_size")
                    if try Int.fetchOne(target, sql: "PRAGMA page_size") != size {
                        // With a log ahead of it, it would admit no other size.
                        try target.execute(sql: "PRAGMA journal_mode = DELETE")
                    }
                    try SQLiteReadModelStore.backUp(db, to: target)
                }
                try queue.close()
            }
        }
    }

    /// What a file has but the bookkeeping: `table approval`, `view late`, ….
    static func objects(of store: SQLiteReadModelStore) async throws -> Set<String> {
        try await store.transaction("cannot read", .deferred) { db in
            let names = try String.fetchAll(
                db,
                sql: """
                    SELECT type || ' ' || name FROM sqlite_schema
                    WHERE name NOT LIKE 'eventfeed\\_%' ESCAPE '\\'
                        AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
                    """
            )
            return Set(names)
        }
    }
}

extension SQLiteReadModelStore {
    /// Replaces everything in the file by what another file has, in one write transaction.
    ///
    /// - Parameter source: The other file.
    /// - Throws: `CheckpointStoreError`; the file is as it was then.
    func replaceContents(with source: SQLiteReadModelStore) async throws {
        try await source.writing { [queue, trouble] db in
            try Self.replace(queue, with: db, trouble)
        }
    }

    /// Removes everything from the file, and makes the bookkeeping anew.
    ///
    /// - Throws: `CheckpointStoreError`; the file is as it was then.
    func empty() async throws {
        let trouble = trouble
        let pageSize = try await transaction("cannot read", .deferred) { db in
            try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 4_096
        }
        try trouble.translating("cannot empty") {
            let nothing = try DatabaseQueue()
            try nothing.writeWithoutTransaction { db in
                // The log of a file ahead of it admits no other size.
                try db.execute(sql: "PRAGMA page_size = \(pageSize)")
                try Self.replace(queue, with: db, trouble)
            }
        }
        try await transaction("cannot write to") { try ReadModelSchema.create($0) }
    }

    /// Copies all pages in one step.
    static func backUp(_ source: Database, to target: Database) throws {
        do {
            try source.backup(to: target)
        } catch let error as DatabaseError {
            // The connection has no message for what the backup found.
            throw DatabaseError(resultCode: error.resultCode)
        }
    }

    /// Copies a whole database over another one in a single step.
    private static func replace(
        _ queue: DatabaseQueue,
        with source: Database,
        _ trouble: ReadModelTrouble
    ) throws {
        try trouble.translating("cannot copy to") {
            try queue.writeWithoutTransaction { target in
                try backUp(source, to: target)
                // The log is as long as the file now. Lost if a reader is in the way: the next
                // checkpoint does it.
                try? target.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            }
        }
    }
}
