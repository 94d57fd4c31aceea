public import EventModel
import GRDB
public import Logging
import Synchronization

/// An event store in one SQLite file.
///
/// The file is created on first use. One process writes it (and holds `NAME.lock` beside it);
/// others may open it for reading at the same time. Every acknowledged append survives the death
/// of the process and the loss of power: the write-ahead log is on the disk before
/// ``append(_:)`` returns. Appends that arrive while a commit runs share the next one.
///
/// A backup of a store in use is `sqlite3 -readonly FILE ".backup COPY"`; see
/// ``newEpoch(path:)`` for what to do after one was restored.
///
/// ## Limits
/// 4,096 appends and 64 MiB of them wait for the writer, more are refused with `unavailable`; 4
/// reads run at the same time, more wait.
public final class SQLiteEventStore: EventStore {
    /// How much room the disk must have for ``freeDiskBytes()`` to count as enough: 64 MiB, four
    /// of the largest appends.
    public static let diskReserveBytes: Int64 = 64 << 20

    /// What was fixed when the store was created.
    public let identity: StoreIdentity
    /// What the store takes at the most.
    public let limits: Limits

    let file: StoreFile
    let clock: RecordingClock
    private let signal: HeadSignal
    let recent: RecentChain
    /// Nil in a store that another process writes.
    let states: StreamStates?
    private let writer: GroupWriter?
    let calls = InFlight()
    let knownUsers = Mutex(KnownUsers())

    /// The canonical path of the file.
    public var path: String { file.path }

    /// Whether the store was opened for reading only.
    public var isReadOnly: Bool { writer == nil }

    /// Appends that wait for a commit to begin; at 4,096 more are refused.
    public var waitingAppends: Int { writer?.waitingAppends ?? 0 }

    private init(_ file: StoreFile, limits: Limits, logger: Logger, clock: RecordingClock) throws {
        (self.file, self.limits, self.clock) = (file, limits, clock)
        let head: Head
        (identity, head) = try file.trouble.translating("cannot open") {
            try file.connections.read { db in
                (try StoredIdentity.load(db, file.path), try StoreQueries(db: db).head())
            }
        }
        signal = HeadSignal(head)
        recent = RecentChain(pageSize: identity.pageSize)
        guard !file.isReadOnly else {
            (states, writer) = (nil, nil)
            return
        }
        let states = StreamStates(head.number)
        self.states = states
        writer = GroupWriter(
            file,
            clock: clock,
            ends: (signal, recent, states),
            logger: logger
        )
    }

    /// Opens a store as its one writer, creating the file where there is none.
    ///
    /// An older schema is migrated in one transaction. Blocks while the file is opened and, after
    /// a crash, while the log is read: at most some seconds.
    ///
    /// - Parameters:
    ///   - path: The file; its folder must exist.
    ///   - creation: Page size, title and author of a new store; an existing one keeps its own.
    ///   - limits: What the store takes at the most.
    ///   - logger: Where warnings go: recorded-at ahead of the clock.
    ///   - now: The clock that recorded-at is read from.
    /// - Returns: The open store; call ``close()`` when done.
    /// - Throws: `EventStoreError`: `inUse` with the id of the process that writes the file,
    ///   `unsupportedSchema` for a newer schema or the file of another application, `corrupt`,
    ///   `storageFull`, `io`.
    public static func open(
        path: String,
        creation: StoreCreation = .standard,
        limits: Limits = .standard,
        logger: Logger,
        now: @escaping @Sendable () -> Timestamp = { Timestamp.now() }
    ) throws -> SQLiteEventStore {
        let clock = RecordingClock(now: now)
        let file = try StoreFile(writing: path, schema: .current) { db in
            try StoredIdentity.insert(creation, createdAt: clock.instant(after: nil), db)
        }
        return try SQLiteEventStore(file, limits: limits, logger: logger, clock: clock)
    }

    /// Opens a store for reading, beside its writer or without one.
    ///
    /// ``append(_:)`` throws `readOnly`. The head is read from the file whenever it is asked for,
    /// and ``waitForHead(beyond:)`` asks four times a second. The folder must be writable, since
    /// readers and writer share a memory file there.
    ///
    /// - Parameters:
    ///   - path: The file of an existing store.
    ///   - logger: Where warnings go.
    /// - Returns: The open store; call ``close()`` when done.
    /// - Throws: `EventStoreError`: `unsupportedSchema` for any schema but the current one or
    ///   the file of another application, `io` where there is no file, `corrupt`.
    public static func openReadOnly(path: String, logger: Logger) throws -> SQLiteEventStore {
        try SQLiteEventStore(
            StoreFile(reading: path, schema: .current),
            limits: .standard,
            logger: logger,
            clock: RecordingClock()
        )
    }

    /// Takes no more calls, lets those that run finish, and closes the file.
    ///
    /// Appends in the queue are still committed and answered; those who wait for a head get
    /// `closed`. A second call returns at once.
    ///
    /// - Throws: `EventStoreError` if SQLite reports an error; the lock is given up all the same
    ///   and nothing acknowledged is lost.
    public func close() async throws {
        signal.close()
        guard await calls.close() else { return }
        try file.close()
    }

    /// Records all events of a batch at the end of the history, or none.
    ///
    /// After `io` the batch may or may not have been recorded: repeat it, which records it once.
    ///
    /// - Parameter batch: The events and what is expected of their streams.
    /// - Returns: The numbers and versions given, or those of the append that this one repeats.
    /// - Throws: As `EventStore.append(_:)`.
    /// - Complexity: One transaction and one `fdatasync`, which other appends may share.
    @discardableResult
    public func append(_ batch: AppendBatch) async throws -> AppendResult {
        try Task.checkCancellation()
        guard let writer else {
            throw EventStoreError(.readOnly, "\(path) was opened for reading only")
        }
        try batch.check(against: limits)
        return try await calls.use { try await writer.append(batch) }
    }

    /// Waits until the head is beyond a number.
    ///
    /// - Parameter number: Returns at once where the head is higher already.
    /// - Returns: The head that ended the waiting.
    /// - Throws: `EventStoreError` (`closed`) when the store closes; `CancellationError`.
    public func waitForHead(beyond number: EventNumber) async throws -> Head {
        guard isReadOnly else { return try await signal.wait(beyond: number) }
        while true {
            let head = try await head()
            if head.number > number { return head }
            try await Task.sleep(for: .milliseconds(250))
        }
    }

    /// Tells where the history ends now.
    ///
    /// - Returns: A head at least as high as that of every append that returned before.
    /// - Throws: `EventStoreError`; `CancellationError`.
    public func head() async throws -> Head {
        try await isReadOnly
            ? read { try $0.head() } : calls.use { signal.head }
    }

    /// How far the newest event's recorded-at is ahead of the clock; zero or less where it is not.
    ///
    /// - Returns: The lead; above one minute it is worth telling somebody.
    /// - Throws: As ``head()``.
    public func recordedAtLead() async throws -> Duration {
        clock.lead(of: try await head().recordedAt)
    }

    /// Asks the file system for its room; see ``diskReserveBytes``.
    ///
    /// - Returns: Bytes that this process may still write.
    /// - Throws: `EventStoreError` with code `io`.
    public func freeDiskBytes() throws -> Int64 {
        try DiskSpace.freeBytes(at: path)
    }

    /// Runs queries in one read transaction: all of them see the same history.
    func read<T: Sendable>(
        _ body: @Sendable (StoreQueries) throws -> T
    ) async throws -> T {
        try await calls.use {
            do {
                return try await file.connections.read { db in
                    try body(StoreQueries(db: db, recent: recent, states: states))
                }
            } catch {
                throw file.trouble.error(for: error, "cannot read")
            }
        }
    }

    /// What is known of a stream without a look into the file, at the newest head.
    func knownState(of stream: StreamName) async throws -> StreamState? {
        guard let states else { return nil }
        return try await calls.use {
            states.standing(of: stream, at: signal.head.number)?.state
        }
    }
}
