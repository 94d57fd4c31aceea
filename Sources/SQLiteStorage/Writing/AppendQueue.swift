import EventModel
import Foundation
import Synchronization

/// Appends that wait for the writer, in order of arrival, bounded in count and bytes.
///
/// It also knows whether the writer is on its way, so that one is called for exactly when there is
/// work and none is coming.
final class AppendQueue: Sendable {
    /// An append whose caller waits.
    struct Waiting: Sendable {
        let ticket: UInt64
        let batch: AppendBatch
        let continuation: CheckedContinuation<AppendResult, any Error>
    }

    /// Appends that may wait: 4,096.
    static let maximumAppends = 4_096
    /// Bytes that may wait: 64 MiB, by ``cost(of:)``.
    static let maximumBytes = 64 << 20
    /// Appends that share one transaction, so that the first is not kept waiting by the last.
    static let groupAppends = 1_024
    /// Bytes that share one transaction, though a single append may be larger.
    static let groupBytes = 16 << 20

    private struct State {
        var waiting: [Waiting] = []
        var bytes = 0
        var isWriterComing = false
        var lastTicket: UInt64 = 0
        /// Appends on their way here; one that is missing when it arrives was cancelled.
        var arriving: Set<UInt64> = []
    }

    private let state = Mutex(State())

    /// What an append counts for: its data and metadata, and 256 bytes an event for the rest of it,
    /// without which millions of events without data would fit.
    static func cost(of batch: AppendBatch) -> Int {
        batch.byteCount + 256 * batch.events.count
    }

    /// Appends that wait and were not yet taken.
    var count: Int { state.withLock { $0.waiting.count } }

    /// Waits in the queue, then for the commit.
    ///
    /// - Parameters:
    ///   - batch: What is to be appended.
    ///   - callWriter: Called where no writer is coming; it must lead to calls of
    ///     ``takeGroup()`` until that returns nil.
    /// - Returns: What the writer answers.
    /// - Throws: ``EventStoreError`` with code `unavailable` where the queue is full;
    ///   `CancellationError` if the task was cancelled before the writer took the append; and what
    ///   the writer answers.
    func wait(with batch: AppendBatch, callWriter: () -> Void) async throws -> AppendResult {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            state.arriving.insert(state.lastTicket)
            return state.lastTicket
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let waiting = Waiting(ticket: ticket, batch: batch, continuation: continuation)
                switch enqueue(waiting) {
                case .success(let isWriterNeeded): if isWriterNeeded { callWriter() }
                case .failure(let error): continuation.resume(throwing: error)
                }
            }
        } onCancel: {
            cancel(ticket)
        }
    }

    /// Takes what has arrived, up to the limits of a group; nil ends the writer's turn.
    func takeGroup() -> [Waiting]? {
        state.withLock { state in
            var count = 0
            var bytes = 0
            for waiting in state.waiting.prefix(Self.groupAppends) {
                let cost = Self.cost(of: waiting.batch)
                guard count == 0 || bytes + cost <= Self.groupBytes else { break }
                count += 1
                bytes += cost
            }
            guard count > 0 else {
                state.isWriterComing = false
                return nil
            }
            let group = Array(state.waiting.prefix(count))
            state.waiting.removeFirst(count)
            state.bytes -= bytes
            return group
        }
    }

    /// Waits a moment for those who were answered just now, if somebody waits already.
    ///
    /// It blocks the writer's thread, as commits do.
    func waitForCompany(_ pace: CommitPace) {
        let waiting = count
        guard waiting > 0 else { return }
        let deadline = ContinuousClock.now + pace.patience
        while count < waiting + pace.answered, ContinuousClock.now < deadline {
            Thread.sleep(forTimeInterval: CommitPace.look)
        }
    }

    /// Puts an append at the end; the result says whether a writer must be called for.
    private func enqueue(_ waiting: Waiting) -> Result<Bool, any Error> {
        state.withLock { state in
            guard state.arriving.remove(waiting.ticket) != nil else {
                return .failure(CancellationError())
            }
            let bytes = state.bytes + Self.cost(of: waiting.batch)
            guard state.waiting.count < Self.maximumAppends, bytes <= Self.maximumBytes else {
                return .failure(Self.full(count: state.waiting.count, bytes: state.bytes))
            }
            state.waiting.append(waiting)
            state.bytes = bytes
            defer { state.isWriterComing = true }
            return .success(!state.isWriterComing)
        }
    }

    private func cancel(_ ticket: UInt64) {
        let waiting = state.withLock { state -> Waiting? in
            guard state.arriving.remove(ticket) == nil else { return nil }
            // Not found: the writer has it, and its answer is on the way.
            guard let place = state.waiting.firstIndex(where: { $0.ticket == ticket }) else {
                return nil
            }
            let waiting = state.waiting.remove(at: place)
            state.bytes -= Self.cost(of: waiting.batch)
            return waiting
        }
        waiting?.continuation.resume(throwing: CancellationError())
    }

    private static func full(count: Int, bytes: Int) -> EventStoreError {
        EventStoreError(
            .unavailable,
            "\(count) appends of \(bytes) bytes wait already, the limits are \(maximumAppends) "
                + "appends and \(maximumBytes) bytes: try again later"
        )
    }
}
