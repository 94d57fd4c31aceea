/// Where a subscription keeps its checkpoint.
///
/// ## For implementers
/// One owner at a time: an open store excludes every other, in this process and in others. A
/// checkpoint that was written is never taken back but by the loss of power, and then only to one
/// that was written before.
public protocol CheckpointStore: Sendable {
    /// Takes note of what is followed, and tells how far that got.
    ///
    /// Terms that come for the first time are kept.
    ///
    /// - Parameter terms: What the subscription follows.
    /// - Returns: The checkpoint, or nil where nothing was applied yet.
    /// - Throws: ``CheckpointStoreError``, with code `filterChanged` where the filter is not the
    ///   one that the checkpoint was made with, and `modelChanged` where the read model is not.
    func begin(_ terms: SubscriptionTerms) async throws -> Checkpoint?

    /// Replaces the checkpoint, if it still is what the caller believes.
    ///
    /// It is not cut short by cancellation: what was done before it must not be forgotten.
    ///
    /// - Parameters:
    ///   - old: The checkpoint that must be there; nil where there must be none.
    ///   - new: The checkpoint to keep.
    /// - Throws: ``CheckpointStoreError``, with code `conflict` where another one is there, and
    ///   then nothing has changed.
    func advance(from old: Checkpoint?, to new: Checkpoint) async throws
}

/// Where the rows of a read model live, together with the checkpoint that says what is in them.
public protocol ReadModelStore<Transaction>: CheckpointStore {
    /// What a read model writes its rows through; valid only inside the closure that it is given
    /// to.
    associatedtype Transaction

    /// Runs `work` in a transaction that leaves the checkpoint as it is.
    ///
    /// - Parameter work: What to do; it may run on another thread.
    /// - Throws: What `work` throws, and then nothing of it remains; ``CheckpointStoreError``.
    func prepare(_ work: @escaping @Sendable (Transaction) throws -> Void) async throws

    /// Replaces the checkpoint and runs `changes` in one transaction: both remain, or neither.
    ///
    /// If the process dies before this returns, both happened or neither did; the checkpoint says
    /// which. Cancellation does not cut it short.
    ///
    /// - Parameters:
    ///   - old: The checkpoint that must be there; nil where there must be none.
    ///   - new: The checkpoint to keep.
    ///   - changes: What to write; it may run on another thread.
    /// - Throws: What `changes` throws; ``CheckpointStoreError``, with code `conflict` where
    ///   another checkpoint is there; in all these cases nothing has changed.
    func advance(
        from old: Checkpoint?,
        to new: Checkpoint,
        applying changes: @escaping @Sendable (Transaction) throws -> Void
    ) async throws
}

extension ReadModelStore {
    /// Replaces the checkpoint, if it still is what the caller believes, and writes no rows.
    ///
    /// - Parameters:
    ///   - old: The checkpoint that must be there; nil where there must be none.
    ///   - new: The checkpoint to keep.
    /// - Throws: As ``advance(from:to:applying:)``.
    public func advance(from old: Checkpoint?, to new: Checkpoint) async throws {
        try await advance(from: old, to: new) { _ in }
    }
}

/// The place where a checkpoint is kept cannot do what was asked.
public struct CheckpointStoreError: Error, Sendable, CustomStringConvertible {
    /// What kind of trouble it is.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Name: String, Sendable {
            case inUse, busy, conflict, filterChanged, modelChanged, unsupportedSchema, notADatabase
            case storageFull, corrupt, io, missing
        }

        private let name: Name

        /// Another process, or another part of this one, owns the store.
        public static let inUse = Code(name: .inUse)
        /// Another program holds the database's lock just now.
        ///
        /// Nothing was changed, and the same call succeeds later.
        public static let busy = Code(name: .busy)
        /// The checkpoint is not the one that the caller believed; nothing was changed.
        public static let conflict = Code(name: .conflict)
        /// The checkpoint was made with another filter.
        public static let filterChanged = Code(name: .filterChanged)
        /// The rows were made by another read model.
        public static let modelChanged = Code(name: .modelChanged)
        /// A newer version of this software wrote the bookkeeping.
        public static let unsupportedSchema = Code(name: .unsupportedSchema)
        /// The file is there and is something else; it was not touched.
        public static let notADatabase = Code(name: .notADatabase)
        /// The disk is full; nothing was changed, and the same call succeeds once there is space.
        public static let storageFull = Code(name: .storageFull)
        /// What was read cannot have been written.
        public static let corrupt = Code(name: .corrupt)
        /// The operating system refused to read or write.
        public static let io = Code(name: .io)
        /// There is no such store.
        public static let missing = Code(name: .missing)

        /// Whether it passes without anybody changing what is asked for.
        public var isPassing: Bool { self == .busy || self == .storageFull }

        /// The code's name.
        public var description: String { name.rawValue }
    }

    /// What kind of trouble it is.
    public let code: Code
    /// One sentence for people: what happened to what, and what to do.
    public let message: String
    /// The error underneath, for logs.
    public let cause: (any Error)?

    /// States what kind of trouble it is.
    ///
    /// - Parameters:
    ///   - code: What kind of trouble it is.
    ///   - message: One sentence for people.
    ///   - cause: The error underneath.
    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The message.
    public var description: String { message }
}
