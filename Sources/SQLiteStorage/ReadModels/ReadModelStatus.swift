public import EventModel
private import GRDB
public import Subscriptions

/// What the bookkeeping of a read model's file says, whether its subscriber runs or not.
public struct ReadModelStatus: Hashable, Sendable {
    /// What the subscription follows.
    public let terms: SubscriptionTerms
    /// How far it got; nil where nothing was applied yet.
    public let checkpoint: Checkpoint?
    /// When the checkpoint last moved; nil where it never did.
    public let updatedAt: Timestamp?
    /// The process that owns the file now; nil where none does.
    public let owner: Int32?
    /// What the subscription last told about itself; nil where it never did.
    public let condition: SubscriptionCondition?
    /// Events that are parked.
    public let parkedEvents: Int64
    /// Streams that have parked events.
    public let parkedStreams: Int64
    /// Tries in a row of what comes next that were begun and never ended.
    public let unfinishedTries: Int64

    /// Whether a subscriber owns the file now.
    public var isRunning: Bool { owner != nil }

    /// Reads the bookkeeping without owning the file and without writing anything.
    ///
    /// - Parameter path: The file of a read model or of a handler's checkpoint.
    /// - Returns: What it says.
    /// - Throws: `CheckpointStoreError`: `missing` where there is no such file, or no subscription
    ///   ever wrote to it; `notADatabase`, `unsupportedSchema`, `corrupt`, `busy`, `io`.
    public static func read(path: String) throws -> ReadModelStatus {
        guard DatabaseFile.hasContent(path) else {
            throw CheckpointStoreError(.missing, "there is no read model at \(path)")
        }
        let status = try ReadModelTrouble(path: path).translating("cannot read") {
            try ReadModelFile.reading(path) { db -> ReadModelStatus? in
                try ReadModelSchema.inspect(db, path: path)
                guard try ReadModelSchema.found(db) != nil else { return nil }
                return try load(db, path)
            }
        }
        guard let status else {
            throw CheckpointStoreError(
                .missing,
                "\(path) is a database that no subscription has written to"
            )
        }
        return status
    }

    /// Waits until an event is applied to the file of another process.
    ///
    /// The file need not be there yet. An event that is parked counts as applied.
    ///
    /// - Parameters:
    ///   - number: The event's number, as the append returned it.
    ///   - path: The file.
    ///   - timeout: How long to wait.
    /// - Returns: The checkpoint, at the number or beyond it.
    /// - Throws: `NotApplied` where it was not applied in time; `CheckpointStoreError` as
    ///   ``read(path:)``, but for `missing` and `busy`, which may pass; `CancellationError`.
    @discardableResult
    public static func waitUntilApplied(
        _ number: EventNumber,
        path: String,
        timeout: Duration
    ) async throws -> Checkpoint {
        try await Subscriptions.waitUntilApplied(number, timeout: timeout) {
            do {
                return try read(path: path).checkpoint
            } catch let error as CheckpointStoreError
                where error.code == .missing || error.code == .busy
            {
                return nil
            }
        }
    }

    private static func load(_ db: Database, _ path: String) throws -> ReadModelStatus? {
        guard let row = try CheckpointRow.load(db, path: path) else { return nil }
        // Version 1 has the checkpoint alone.
        let isOld = try ReadModelSchema.found(db) == 1
        let number = row.checkpoint?.number ?? row.terms.startAfter
        func count(_ sql: String) throws -> Int64 {
            isOld ? 0 : try Int64.fetchOne(db, sql: sql) ?? 0
        }
        return ReadModelStatus(
            terms: row.terms,
            checkpoint: row.checkpoint,
            updatedAt: row.updatedAt,
            owner: FileLock.holder(ofDatabase: path),
            condition: isOld ? nil : try ConditionRow.load(db),
            parkedEvents: try count("SELECT events FROM eventfeed_parked_total"),
            parkedStreams: try count("SELECT count(DISTINCT stream) FROM eventfeed_parked"),
            unfinishedTries: try count(
                """
                SELECT coalesce(max(unfinished + NOT is_ended), 0) FROM eventfeed_try
                WHERE after = \(number.rawValue)
                """
            )
        )
    }
}
