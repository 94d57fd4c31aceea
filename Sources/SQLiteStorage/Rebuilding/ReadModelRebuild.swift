import EventModel
public import GRDB
public import Logging
public import Subscriptions

/// Makes the rows of a read model's file anew, by other definitions or by the same, while the file
/// is read and its subscriber runs.
///
/// The new model is built in another file, `NAME.rebuild`, which is kept when it is broken off and
/// gone on with by the next rebuild to the same definitions. Then the subscriber is asked to end,
/// the old model is copied to `NAME.previous`, and the new one into the live file by SQLite's
/// backup interface in a single step (<https://www.sqlite.org/backup.html>): that is one write
/// transaction, so that open readers see the old model until it commits and the new one after,
/// and need not open the file again. No file is renamed, replaced or removed.
///
/// Killed anywhere, the live file has the old model or the new one, whole.
public struct ReadModelRebuild: Sendable {
    /// What a rebuild changed.
    public struct Report: Hashable, Sendable {
        /// How far the old model was.
        public let old: Checkpoint?
        /// How far the new model is.
        public let new: Checkpoint?
        /// Tables, views, indexes and triggers that the old file had and the new one has not.
        public let leftBehind: [String]
        /// Events that are parked in the new model.
        public let parkedEvents: Int64
    }

    /// The canonical path of the live file.
    public let path: String
    /// What the live file said when the rebuild began.
    public let before: ReadModelStatus

    private let models: [any ReadModel<Database>]
    private let onFailure: FailurePolicy

    /// The file in which the new model is built.
    public var besidePath: String { path + ".rebuild" }
    /// The file to which the old model is copied.
    public var previousPath: String { Self.previous(of: path) }

    /// Describes a rebuild; nothing is written yet.
    ///
    /// - Parameters:
    ///   - path: The live file; it has read models.
    ///   - models: What the new rows are made by, in the order in which events are applied.
    ///   - onFailure: What to do about an event that cannot be applied.
    /// - Throws: `CheckpointStoreError`: `missing`; `invalidModels` where the file belongs to a
    ///   handler, whose side effects are never repeated; `storageFull` where the disk has not
    ///   about three times the room that the live file takes; what else reading it throws.
    public init(
        of path: String,
        to models: [any ReadModel<Database>],
        onFailure: FailurePolicy = .stop
    ) throws {
        before = try ReadModelStatus.read(path: path)
        self.path = try ReadModelTrouble.canonical(path)
        self.models = models
        self.onFailure = onFailure
        guard !before.terms.models.isEmpty else {
            throw CheckpointStoreError(
                .invalidModels,
                "\(path) keeps the checkpoint of a handler: what a handler did is never done again "
                    + "by a rebuild"
            )
        }
        // A guess: the new model is about as large as the old one. It is looked at exactly later.
        let size = DatabaseFile.bytes(of: self.path)
        let there = DatabaseFile.bytes(of: besidePath) + DatabaseFile.bytes(of: previousPath)
        try RebuildSpace.require(max(size, 3 * size - there), at: self.path)
    }

    /// Builds the new model beside the old one, up to the feed's present end.
    ///
    /// - Parameters:
    ///   - source: The feed.
    ///   - options: How to follow it; filter and start are those of the live file.
    ///   - observer: Who is told how it goes.
    ///   - logger: Where it is logged.
    /// - Returns: How far it came; nil if a graceful shutdown cut it short.
    /// - Throws: `SourceError` where the feed has another history than the live file, or ends
    ///   before it; another epoch needs `options.acceptedEpoch`. `CheckpointStoreError`: `inUse`
    ///   where another rebuild runs; `storageFull` once little more than a copy of the old model
    ///   fits on the disk; `notADatabase` where the file beside is something else. What a
    ///   `Subscription` throws. What was built is kept.
    public func build(
        from source: any EventSource,
        options: SubscriptionOptions = .standard,
        observer: (any SubscriptionObserver)? = nil,
        logger: Logger = Logger(label: "eventfeed.rebuild") { _ in SwiftLogNoOpLogHandler() }
    ) async throws -> Checkpoint? {
        try await checkHistory(of: source, at: before.checkpoint, options)
        let store = try await openBeside(epoch: try await source.describe().epoch)
        do {
            let report = try await subscription(
                from: source,
                into: store,
                (options, observer, logger)
            ).catchUp()
            try store.close()
            return report?.checkpoint
        } catch {
            // Lost: that closing failed too; the first error says more.
            try? store.close()
            throw error
        }
    }

    private typealias Terms = (
        options: SubscriptionOptions, observer: (any SubscriptionObserver)?, logger: Logger
    )

    private func subscription(
        from source: any EventSource,
        into store: SQLiteReadModelStore,
        _ terms: Terms
    ) -> Subscription {
        var options = terms.options
        options.filter = before.terms.filter
        options.startAfter = before.terms.startAfter
        return Subscription(
            from: source,
            to: Projector(models, in: store, onFailure: onFailure),
            options: options,
            observer: RebuildSpaceKeeper(path: path, next: terms.observer),
            logger: terms.logger
        )
    }

    /// Throws where a feed does not go on from a checkpoint: it has another history, or ends before
    /// it.
    private func checkHistory(
        of source: any EventSource,
        at checkpoint: Checkpoint?,
        _ options: SubscriptionOptions
    ) async throws {
        guard let checkpoint else { return }
        var options = options
        options.filter = before.terms.filter
        options.batchSize = 1
        try await Subscription(
            from: source,
            to: HistoryProbe(checkpoint: checkpoint),
            options: options
        ).runOnce()
    }

    /// Opens the file beside the live one, emptied where it holds something else.
    private func openBeside(epoch: Epoch) async throws -> SQLiteReadModelStore {
        let pageSize = try ReadModelSwap.pageSize(of: path)
        let lock = try ReadModelTrouble.locking(besidePath)
        try ReadModelSwap.requireModel(besidePath)
        try ReadModelSwap.setPageSize(of: besidePath, to: pageSize)
        let store = try SQLiteReadModelStore(owning: lock, pageSize: pageSize)
        guard try !isUsable(store.path, epoch) else { return store }
        try await store.empty()
        return store
    }

    /// Whether a file has what this rebuild would build, as far as it goes.
    private func isUsable(_ path: String, _ epoch: Epoch) throws -> Bool {
        let status: ReadModelStatus
        do {
            status = try ReadModelStatus.read(path: path)
        } catch let error as CheckpointStoreError where error.code == .missing {
            return true
        }
        guard let checkpoint = status.checkpoint else { return true }
        return checkpoint.epoch == epoch && status.terms.filter == before.terms.filter
            && status.terms.startAfter == before.terms.startAfter
            && status.terms.models.difference(from: models.map(\.definition)) == nil
    }

    /// Takes the live file over from its subscriber, and copies the new model into it.
    ///
    /// ``build(from:options:observer:logger:)`` comes first. Before the swap the new model is
    /// brought up to the feed's end once more, so that readers never see time go back.
    ///
    /// - Parameters:
    ///   - source: The feed.
    ///   - patience: How long to wait for the subscriber to finish its batch.
    ///   - options: How to follow the feed.
    ///   - observer: Who is told how it goes.
    ///   - logger: Where it is logged.
    /// - Returns: What changed; nil if a graceful shutdown came before the swap.
    /// - Throws: `CheckpointStoreError`: `inUse` where the subscriber did not end in time, or
    ///   another takes the file over; `storageFull`; what a `Subscription` throws. The live file
    ///   has the old model then.
    public func swap(
        from source: any EventSource,
        patience: Duration,
        options: SubscriptionOptions = .standard,
        observer: (any SubscriptionObserver)? = nil,
        logger: Logger = Logger(label: "eventfeed.rebuild") { _ in SwiftLogNoOpLogHandler() }
    ) async throws -> Report? {
        // Before the subscriber is asked to end for nothing.
        let checkpoint = try ReadModelStatus.read(path: path).checkpoint
        try await checkHistory(of: source, at: checkpoint, options)
        try ReadModelSwap.requireModel(previousPath)
        return try await ReadModelSwap.owning(path, patience: patience) { live in
            let beside = try SQLiteReadModelStore(path: besidePath)
            defer {
                // A file of ours that nobody waits for; what it holds is in the live file.
                try? beside.close()
            }
            let caughtUp = try await subscription(
                from: source,
                into: beside,
                (options, observer, logger)
            ).catchUp()
            guard caughtUp != nil else { return nil }
            let old = try await live.checkpoint()
            let new = try await beside.checkpoint()
            try await checkHistory(of: source, at: old, options)
            try checkOrder(old, new)
            try await ReadModelSwap.carryOver(from: live, to: beside)
            try RebuildSpace.require(
                DatabaseFile.bytes(of: path) + 2 * DatabaseFile.bytes(of: besidePath),
                at: path
            )
            let leftBehind = try await ReadModelSwap.objects(of: live)
                .subtracting(try await ReadModelSwap.objects(of: beside))
            try await ReadModelSwap.copy(live, toFile: previousPath)
            try await live.replaceContents(with: beside)
            let report = Report(
                old: old,
                new: new,
                leftBehind: leftBehind.sorted(),
                parkedEvents: try await live.parkedCount(.all)
            )
            try await beside.empty()
            return report
        }
    }

    /// Throws where the new model is not as far as the old one.
    private func checkOrder(_ old: Checkpoint?, _ new: Checkpoint?) throws {
        guard let old, old.epoch == new?.epoch, old.number > new?.number ?? .beginning else {
            return
        }
        throw CheckpointStoreError(
            .conflict,
            "\(path) is at event \(old.number), the feed ends at \(new?.number ?? .beginning): it "
                + "lags, so try again when it has caught up"
        )
    }

    /// Copies the model before the last rebuild back into the live file, in a single step.
    ///
    /// - Parameters:
    ///   - path: The live file.
    ///   - patience: How long to wait for the subscriber to finish its batch.
    /// - Returns: How far the model is that was copied back.
    /// - Throws: `CheckpointStoreError`: `missing` where there is no `NAME.previous`; `inUse`,
    ///   `storageFull`. The live file is as it was then.
    public static func rollBack(_ path: String, patience: Duration) async throws -> Checkpoint? {
        let path = try ReadModelTrouble.canonical(path)
        let previous = Self.previous(of: path)
        let status = try ReadModelStatus.read(path: previous)
        let (size, other) = (
            try ReadModelSwap.pageSize(of: path), try ReadModelSwap.pageSize(of: previous)
        )
        guard size == other else {
            throw CheckpointStoreError(
                .io,
                "\(path) has pages of \(size) bytes, \(previous) of \(other): they have to be "
                    + "equal; change \(path) back with sqlite3 (PRAGMA journal_mode = DELETE; "
                    + "PRAGMA page_size = \(other); VACUUM)"
            )
        }
        try RebuildSpace.require(2 * DatabaseFile.bytes(of: previous), at: path)
        try await ReadModelSwap.owning(path, patience: patience) { live in
            let source = try SQLiteReadModelStore(path: previous)
            defer {
                // It was only read.
                try? source.close()
            }
            try await live.replaceContents(with: source)
        }
        return status.checkpoint
    }

    /// Has the feed's answer checked against a checkpoint, and keeps nothing of it.
    private struct HistoryProbe: BatchReceiver {
        let checkpoint: Checkpoint

        func begin(_ terms: SubscriptionTerms) async throws -> Checkpoint? { checkpoint }

        func receive(_ delivery: Delivery) async throws -> DeliveryOutcome { .applied }
    }

    private static func previous(of path: String) -> String { path + ".previous" }
}
