import EventModel
public import GRDB
public import Subscriptions

/// One SQLite file with the rows of read models and the checkpoint that says what is in them.
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

    let queue: DatabaseQueue
    private let limits: ParkLimits
    /// Declared after the connection, so that it is given up after it.
    private let lock: FileLock

    /// Opens a file, or makes it, and becomes its owner.
    ///
    /// A file that cannot be used is left as it was.
    ///
    /// - Parameters:
    ///   - path: The file; its folder must exist.
    ///   - limits: How much may be parked.
    /// - Throws: `CheckpointStoreError`: `inUse` with the owner's process id; `notADatabase` where
    ///   the file is something else; `unsupportedSchema` where newer software wrote the
    ///   bookkeeping, or the file is an event store; `io`, `storageFull`, `corrupt`.
    public convenience init(path: String, limits: ParkLimits = .standard) throws {
        try self.init(owning: try ReadModelTrouble.locking(path), limits: limits)
    }

    /// Opens the file of a lock that was taken, or makes it.
    ///
    /// - Parameters:
    ///   - lock: The right to write the file; given up by ``close()``.
    ///   - limits: How much may be parked.
    ///   - pageSize: Bytes in a page of a file that is made; nil for SQLite's own.
    /// - Throws: As ``init(path:limits:)``.
    init(owning lock: FileLock, limits: ParkLimits = .standard, pageSize: Int? = nil) throws {
        self.lock = lock
        self.limits = limits
        path = lock.databasePath
        queue = try ReadModelTrouble(path: lock.databasePath).translating("cannot open") {
            [path = lock.databasePath] in
            // Looked at through a connection that cannot write, before one is opened that turns
            // the write-ahead log on: a file that is refused stays as it is.
            try ReadModelFile.inspect(path)
            return try ReadModelFile.open(path, pageSize: pageSize)
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
    ///   was made with another filter or for other read models.
    public func begin(_ terms: SubscriptionTerms) async throws -> Checkpoint? {
        let path = path
        return try await transaction("cannot read the checkpoint in") { db in
            try CheckpointRow.begin(terms, db, path: path)
        }
    }

    /// Tells how far the history was applied.
    ///
    /// - Returns: The checkpoint, or nil where nothing was applied yet.
    /// - Throws: `CheckpointStoreError`.
    public func checkpoint() async throws -> Checkpoint? {
        let path = path
        return try await transaction("cannot read the checkpoint in", .deferred) { db in
            try CheckpointRow.load(db, path: path)?.checkpoint
        }
    }

    /// Replaces the checkpoint and writes no rows.
    ///
    /// - Parameters:
    ///   - old: The checkpoint that must be there; nil where there must be none.
    ///   - new: The checkpoint to keep.
    /// - Throws: `CheckpointStoreError`: `conflict` where another checkpoint is there, `busy`,
    ///   `storageFull`, `io`. Nothing has changed then.
    public func advance(from old: Checkpoint?, to new: Checkpoint) async throws {
        let path = path
        try await transaction("cannot write to") { db in
            try CheckpointRow.advance(from: old, to: new, db, path: path)
        }
    }

    /// Applies a delivery to read models and moves the checkpoint, in one transaction.
    ///
    /// - Parameters:
    ///   - delivery: The events and both checkpoints.
    ///   - models: What to apply them to, in order.
    ///   - parksFailures: Whether an event that cannot be applied is set aside alone; a failure of
    ///     disk, memory or locks is never taken for an event's.
    /// - Returns: The events that were set aside.
    /// - Throws: `ApplyError`; `CheckpointStoreError`: `conflict`, `parkFull`, `setupFailed`,
    ///   `busy`, `storageFull`, `io`. Nothing has changed then.
    public func apply(
        _ delivery: Delivery,
        to models: [any ReadModel<Database>],
        parksFailures: Bool
    ) async throws -> [ParkedEvent] {
        @Sendable func write(
            _ db: Database,
            isolated: Bool,
            hopeless: [EventNumber: String] = [:]
        ) throws -> [ParkedEvent] {
            try CheckpointRow.advance(from: delivery.from, to: delivery.to, db, path: path)
            let writer = DeliveryWriter(
                db: db,
                models: models,
                parked: parkedRows(db),
                hopeless: hopeless
            )
            if delivery.from == nil { try writer.prepare() }
            return try writer.apply(delivery.events, parksFailures: isolated)
        }
        do {
            // A savepoint for each event costs; most batches need none.
            return try await transaction("cannot write to") { try write($0, isolated: false) }
        } catch let error as ApplyError
            where parksFailures && DeliveryWriter.isEventsFault(error.cause)
        {
            return try await withoutHopeless { hopeless in
                try await transaction("cannot write to") {
                    try write($0, isolated: true, hopeless: hopeless)
                }
            }
        }
    }

    /// Runs a transaction, and once more for each event whose failure ended it, which is then
    /// among those that are not tried.
    func withoutHopeless<Value>(
        _ body: (_ hopeless: [EventNumber: String]) async throws -> Value
    ) async throws -> Value {
        var hopeless: [EventNumber: String] = [:]
        while true {
            do {
                return try await body(hopeless)
            } catch let error as ApplyError
                where DeliveryWriter.isEventsFault(error.cause) && hopeless[error.number] == nil
            {
                hopeless[error.number] = "\(error)"
            }
        }
    }

    /// Counts a try of a delivery, before it is made.
    ///
    /// - Parameter delivery: What is to be tried.
    /// - Returns: How often these events were tried.
    /// - Throws: `CheckpointStoreError`.
    public func beginTry(of delivery: Delivery) async throws -> Tries {
        try await transaction("cannot write to") { try TryRows.begin(delivery, $0) }
    }

    /// Notes that a try ended in an orderly way without success.
    ///
    /// - Parameters:
    ///   - delivery: What was tried.
    ///   - reason: Why it did not succeed.
    /// - Throws: `CheckpointStoreError`.
    public func failTry(of delivery: Delivery, reason: String) async throws {
        try await transaction("cannot write to") {
            try TryRows.fail(delivery, reason: reason, $0)
        }
    }

    /// Forgets the tries that never ended.
    ///
    /// - Throws: `CheckpointStoreError`.
    public func forgetTries() async throws {
        try await transaction("cannot write to") { try TryRows.forget($0) }
    }

    /// Keeps what a subscription tells about itself.
    ///
    /// - Parameter condition: How the subscription stands.
    /// - Throws: `CheckpointStoreError`.
    public func keep(_ condition: SubscriptionCondition) async throws {
        try await transaction("cannot write to") { try ConditionRow.save(condition, $0) }
    }

    var trouble: ReadModelTrouble { ReadModelTrouble(path: path) }

    func parkedRows(_ db: Database) -> ParkedRows {
        ParkedRows(db: db, path: path, limits: limits)
    }

    /// Runs `body` in a transaction that cancellation does not cut short.
    package func transaction<Value: Sendable>(
        _ doing: String,
        _ kind: Database.TransactionKind = .immediate,
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await writing { [trouble] db in
            try trouble.translating(doing) {
                var value: Value?
                try db.inTransaction(kind) {
                    value = try body(db)
                    return .commit
                }
                guard let value else {
                    throw CheckpointStoreError(.io, "\(doing) \(trouble.path)")
                }
                return value
            }
        }
    }

    /// Runs `body` with the writing connection, outside a transaction; cancellation does not cut
    /// it short.
    func writing<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.asyncWriteWithoutTransaction { db in
                continuation.resume(with: Result { try body(db) })
            }
        }
    }
}
