private import EventModel
public import GRDB
public import Subscriptions

/// One SQLite file with the rows of a read model and the checkpoint that says what is in them.
///
/// Rows and checkpoint change in one transaction. The file is in WAL mode with
/// `synchronous=NORMAL`: a killed process loses nothing, and a loss of power takes back rows and
/// checkpoint together, to be fetched again
/// (<https://www.sqlite.org/pragma.html#pragma_synchronous>). Anybody may read the file meanwhile.
///
/// Whoever opens it owns it until ``close()``: a second owner, in this process or another, is
/// refused at once. Tables whose names begin with `eventfeed_` belong to this class, all others to
/// whoever made them. With no read model it is the place of a handler's checkpoint.
public final class SQLiteReadModelStore: ReadModelStore {
    /// What rows are written through.
    public typealias Transaction = Database

    /// The canonical path of the file.
    public let path: String

    private let queue: DatabaseQueue
    /// Declared after the connection, so that it is given up after it.
    private let lock: FileLock

    /// Opens a file, or makes it, and becomes its owner.
    ///
    /// A file that cannot be used is left as it was.
    ///
    /// - Parameter path: The file; its folder must exist.
    /// - Throws: `CheckpointStoreError`: `inUse` with the owner's process id; `notADatabase` where
    ///   the file is something else; `unsupportedSchema` where newer software wrote the
    ///   bookkeeping, or the file is an event store; `io`, `storageFull`, `corrupt`.
    public init(path: String) throws {
        lock = try ReadModelTrouble.locking(path)
        self.path = lock.databasePath
        queue = try ReadModelTrouble(path: lock.databasePath).translating("cannot open") {
            [path = lock.databasePath] in
            // Looked at through a connection that cannot write, before one is opened that turns
            // the write-ahead log on: a file that is refused stays as it is.
            try ReadModelFile.inspect(path)
            let queue = try DatabaseQueue(
                path: path,
                configuration: ReadModelFile.configuration(readOnly: false)
            )
            try queue.inDatabase { db in
                try db.execute(sql: "PRAGMA wal_autocheckpoint = \(ReadModelFile.checkpointPages)")
                try db.inTransaction(.immediate) {
                    try ReadModelSchema.create(db)
                    return .commit
                }
            }
            return queue
        }
    }

    /// Closes the file and gives it up; a batch that is being written is finished first.
    ///
    /// - Throws: `CheckpointStoreError`; the file is given up all the same.
    public func close() throws {
        defer { lock.release() }
        try trouble.translating("cannot close") {
            queue.releaseMemory()
            try queue.close()
        }
    }

    /// Takes note of what is followed, and tells how far that got.
    ///
    /// - Parameter terms: What the subscription follows.
    /// - Returns: The checkpoint, or nil where nothing was applied yet.
    /// - Throws: `CheckpointStoreError`: `filterChanged` or `modelChanged` where the checkpoint
    ///   was made with another filter or for another read model.
    public func begin(_ terms: SubscriptionTerms) async throws -> Checkpoint? {
        let path = path
        return try await transaction("cannot read the checkpoint in") { db in
            try CheckpointRow.begin(terms, db, path: path)
        }
    }

    /// Runs `work` in a transaction that leaves the checkpoint as it is.
    ///
    /// - Parameter work: What to do.
    /// - Throws: What `work` throws, and then nothing of it remains; `CheckpointStoreError`.
    public func prepare(_ work: @escaping @Sendable (Database) throws -> Void) async throws {
        try await transaction("cannot prepare", work)
    }

    /// Replaces the checkpoint and runs `changes` in one transaction: both remain, or neither.
    ///
    /// - Parameters:
    ///   - old: The checkpoint that must be there; nil where there must be none.
    ///   - new: The checkpoint to keep.
    ///   - changes: What to write.
    /// - Throws: What `changes` throws; `CheckpointStoreError`: `conflict` where another
    ///   checkpoint is there, `busy`, `storageFull`, `io`. Nothing has changed then.
    public func advance(
        from old: Checkpoint?,
        to new: Checkpoint,
        applying changes: @escaping @Sendable (Database) throws -> Void
    ) async throws {
        let path = path
        try await transaction("cannot write to") { db in
            try CheckpointRow.advance(from: old, to: new, db, path: path)
            try changes(db)
        }
    }

    private var trouble: ReadModelTrouble { ReadModelTrouble(path: path) }

    /// Runs `body` in a transaction that cancellation does not cut short.
    private func transaction<Value: Sendable>(
        _ doing: String,
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.asyncWriteWithoutTransaction { [trouble] db in
                continuation.resume(
                    with: Result {
                        try trouble.translating(doing) {
                            var value: Value?
                            try db.inTransaction(.immediate) {
                                value = try body(db)
                                return .commit
                            }
                            guard let value else {
                                throw CheckpointStoreError(.io, "\(doing) \(trouble.path)")
                            }
                            return value
                        }
                    }
                )
            }
        }
    }
}
