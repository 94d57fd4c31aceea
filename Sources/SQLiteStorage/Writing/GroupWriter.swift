import EventModel
import GRDB
import Logging
import Synchronization

/// Commits appends in groups: those that arrive while one commit runs share the next.
///
/// A commit costs one wait for the disk whatever is in it, so the more writers there are, the less
/// each waits for itself. While others wait, the next commit gives those who were just answered a
/// moment to come again, so that it takes them along. All of it runs on the queue of the one
/// writing connection; no task is started, and none can be cancelled half-way through a
/// transaction.
final class GroupWriter: Sendable {
    private struct State {
        var names = NameRows()
        var lastWarning: ContinuousClock.Instant?
    }

    private static let warningInterval = Duration.seconds(60)

    private let file: StoreFile
    private let clock: RecordingClock
    private let signal: HeadSignal
    private let recent: RecentChain
    private let states: StreamStates
    private let logger: Logger
    private let queue = AppendQueue()
    /// Touched on the writer's queue alone.
    private let state = Mutex(State())

    /// Every commit is told to `ends`: the head, the chain up to it, and the streams it changes.
    init(
        _ file: StoreFile,
        clock: RecordingClock,
        ends: (signal: HeadSignal, recent: RecentChain, states: StreamStates),
        logger: Logger
    ) {
        self.file = file
        self.clock = clock
        (signal, recent, states) = ends
        self.logger = logger
    }

    /// Appends that wait for a commit to begin.
    var waitingAppends: Int { queue.count }

    /// Records a batch together with whatever else is waiting.
    func append(_ batch: AppendBatch) async throws -> AppendResult {
        try await queue.wait(with: batch) {
            file.connections.asyncWriteWithoutTransaction { db in
                var pace = CommitPace()
                while let group = self.queue.takeGroup() {
                    let began = ContinuousClock.now
                    self.commit(group, db)
                    pace.committed(group.count, in: .now - began)
                    self.queue.waitForCompany(pace)
                }
            }
        }
    }

    /// Commits a group and answers everybody in it.
    private func commit(_ group: [AppendQueue.Waiting], _ db: Database) {
        do {
            let answers = try transact(group.map(\.batch), db)
            for (waiting, answer) in zip(group, answers) {
                waiting.continuation.resume(with: answer)
            }
        } catch {
            let error = file.trouble.error(for: error, "cannot append to")
            guard (error as? EventStoreError)?.code == .storageFull, group.count > 1 else {
                for waiting in group { waiting.continuation.resume(throwing: error) }
                return
            }
            // The group did not fit; some of it may.
            for waiting in group { commit([waiting], db) }
        }
    }

    /// Runs one transaction and publishes its head.
    ///
    /// - Returns: An answer for each batch, in their order.
    /// - Throws: What made the whole transaction fail; nothing of it is recorded then.
    private func transact(
        _ batches: [AppendBatch],
        _ db: Database
    ) throws -> [Result<AppendResult, any Error>] {
        do {
            try db.cachedStatement(sql: "BEGIN IMMEDIATE").execute()
            let names = state.withLock { $0.names }
            var recorder = try EventRecorder(db, clock: clock, names: names)
            var answers: [Result<AppendResult, any Error>] = []
            for batch in batches { answers.append(try attempt(batch, &recorder, db)) }
            states.forget(recorder.changed, before: recorder.head.number)
            try db.cachedStatement(sql: "COMMIT").execute()
            states.settle(at: recorder.head.number)
            state.withLock { $0.names = recorder.names }
            // Committed all the same; what could not be read now is read by those who ask for it.
            try? recent.follow(recorder.head.number, db)
            signal.publish(recorder.head)
            warnIfAhead(recorder.head)
            return answers
        } catch {
            // A full disk may have made SQLite roll back already
            // (<https://www.sqlite.org/lang_transaction.html>, section 3).
            if db.isInsideTransaction { try db.cachedStatement(sql: "ROLLBACK").execute() }
            states.settle(at: signal.head.number)
            throw error
        }
    }

    /// Records one batch in a savepoint, so that its failure is its own.
    ///
    /// - Throws: What makes the whole transaction fail.
    private func attempt(
        _ batch: AppendBatch,
        _ recorder: inout EventRecorder,
        _ db: Database
    ) throws -> Result<AppendResult, any Error> {
        let before = recorder
        try db.cachedStatement(sql: "SAVEPOINT append").execute()
        do {
            let result = try recorder.record(batch)
            try db.cachedStatement(sql: "RELEASE append").execute()
            return .success(result)
        } catch {
            guard db.isInsideTransaction else { throw error }
            try db.cachedStatement(sql: "ROLLBACK TO append").execute()
            try db.cachedStatement(sql: "RELEASE append").execute()
            recorder = before
            return .failure(file.trouble.error(for: error, "cannot append to"))
        }
    }

    private func warnIfAhead(_ head: Head) {
        let lead = clock.lead(of: head.recordedAt)
        guard lead > RecordingClock.toleratedLead else { return }
        let isDue = state.withLock { state in
            let now = ContinuousClock.now
            if let last = state.lastWarning, now - last < Self.warningInterval { return false }
            state.lastWarning = now
            return true
        }
        guard isDue else { return }
        logger.warning(
            "recorded-at is ahead of the clock; it stands still until the clock has caught up",
            metadata: [
                "event.number": .stringConvertible(head.number.rawValue),
                "lead": .stringConvertible(lead),
            ]
        )
    }
}
