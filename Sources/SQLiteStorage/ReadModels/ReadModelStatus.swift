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
        let row = try ReadModelTrouble(path: path).translating("cannot read") {
            try ReadModelFile.reading(path) { db -> CheckpointRow? in
                try ReadModelSchema.inspect(db, path: path)
                guard try ReadModelSchema.found(db) != nil else { return nil }
                return try CheckpointRow.load(db, path: path)
            }
        }
        guard let row else {
            throw CheckpointStoreError(
                .missing,
                "\(path) is a database that no subscription has written to"
            )
        }
        return ReadModelStatus(
            terms: row.terms,
            checkpoint: row.checkpoint,
            updatedAt: row.updatedAt,
            owner: FileLock.holder(ofDatabase: path)
        )
    }
}
