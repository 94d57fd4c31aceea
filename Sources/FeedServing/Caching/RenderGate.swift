import FeedPages
import Synchronization

/// Bounds the memory that documents take beyond those that are kept.
///
/// A few are rendered at a time, the others wait in the order in which they were asked for; and
/// while those that were rendered take too much memory, because their clients are slow to take
/// them, no other is begun. Who waits too long is told to come again.
final class RenderGate: Sendable {
    private enum Outcome: Sendable {
        case enters, tooLate, cancelled
    }

    private typealias Waiter = CheckedContinuation<Outcome, Never>

    private struct State {
        /// Renderings that run.
        var running = 0
        /// Bytes of all documents that somebody still holds.
        var bytes = 0
        /// Those who wait, by ticket; without a continuation while that is still on the way.
        var waiting: [UInt64: Waiter?] = [:]
        /// The tickets in order.
        var order: [UInt64] = []
        /// What was decided before the continuation came.
        var decided: [UInt64: Outcome] = [:]
        var nextTicket: UInt64 = 0
    }

    private let renderings: Int
    private let limit: Int
    private let patience: Duration
    private let state = Mutex(State())

    /// - Parameter limits: How many at a time, how many bytes beyond the cache, how long to wait.
    init(_ limits: ServerLimits) {
        renderings = max(1, limits.renderings)
        limit = limits.cacheBytes + limits.documentBytes
        patience = limits.renderingWait
    }

    /// Bytes of all documents that somebody still holds.
    var bytes: Int { state.withLock(\.bytes) }

    /// How many wait for their turn.
    var waiting: Int { state.withLock(\.waiting.count) }

    /// Renders when it is its turn.
    ///
    /// - Parameter render: Makes a document; it must not come here again.
    /// - Returns: The document, whose bytes count until nobody holds it any more.
    /// - Throws: What `render` throws; 503 after too long a wait; `CancellationError`.
    func document(_ render: () async throws -> RenderedDocument) async throws -> RenderedDocument {
        try await enter()
        defer { leave() }
        return counted(try await render())
    }

    /// Counts the bytes of a document until nobody holds it any more.
    func counted(_ document: RenderedDocument) -> RenderedDocument {
        guard document.lease == nil else { return document }
        var document = document
        let bytes = document.cost
        state.withLock { $0.bytes += bytes }
        document.lease = DocumentLease { [weak self] in self?.giveBack(bytes) }
        return document
    }

    private func giveBack(_ bytes: Int) {
        let admitted = state.withLock { state in
            state.bytes -= bytes
            return admit(&state)
        }
        for waiter in admitted { waiter.resume(returning: .enters) }
    }

    private func leave() {
        let admitted = state.withLock { state in
            state.running -= 1
            return admit(&state)
        }
        for waiter in admitted { waiter.resume(returning: .enters) }
    }

    /// Lets in who has waited the longest, as far as there is room.
    private func admit(_ state: inout State) -> [Waiter] {
        var admitted: [Waiter] = []
        var passed = 0
        while passed < state.order.count, hasRoom(state) {
            let ticket = state.order[passed]
            passed += 1
            guard let waiter = state.waiting.removeValue(forKey: ticket) else { continue }
            state.running += 1
            if let waiter { admitted.append(waiter) } else { state.decided[ticket] = .enters }
        }
        state.order.removeFirst(passed)
        return admitted
    }

    private func hasRoom(_ state: State) -> Bool {
        // The limit is looked at before and not after: one document is always let through.
        state.running < renderings && state.bytes <= limit
    }

    private func enter() async throws {
        let ticket = state.withLock { state -> UInt64? in
            if state.waiting.isEmpty, hasRoom(state) {
                state.running += 1
                return nil
            }
            state.nextTicket += 1
            state.waiting[state.nextTicket] = .some(nil)
            state.order.append(state.nextTicket)
            return state.nextTicket
        }
        guard let ticket else { return }
        async let _: Void = expire(ticket)
        let outcome = await wait(ticket)
        switch outcome {
        case .enters: return
        case .cancelled: throw CancellationError()
        case .tooLate:
            throw FieldedProblem.later(
                .overloaded,
                "Too many documents are on their way to slow clients: try again later.",
                seconds: 1
            )
        }
    }

    private func expire(_ ticket: UInt64) async {
        do {
            try await Task.sleep(for: patience)
            decide(ticket, .tooLate)
        } catch {
            // It is in, or cancelled, which the waiting itself notices.
        }
    }

    /// Ends the waiting of one, unless it has ended already.
    private func decide(_ ticket: UInt64, _ outcome: Outcome) {
        let waiter = state.withLock { state -> Waiter? in
            guard let waiter = state.waiting.removeValue(forKey: ticket) else { return nil }
            state.order.removeAll { $0 == ticket }
            if waiter == nil { state.decided[ticket] = outcome }
            return waiter
        }
        waiter?.resume(returning: outcome)
    }

    private func wait(_ ticket: UInt64) async -> Outcome {
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let outcome = state.withLock { state -> Outcome? in
                    if let outcome = state.decided.removeValue(forKey: ticket) { return outcome }
                    state.waiting[ticket] = waiter
                    return nil
                }
                if let outcome { waiter.resume(returning: outcome) }
            }
        } onCancel: {
            decide(ticket, .cancelled)
        }
    }
}

/// Says when nobody holds a document any more.
final class DocumentLease: Sendable {
    private let end: @Sendable () -> Void

    init(_ end: @escaping @Sendable () -> Void) {
        self.end = end
    }

    deinit { end() }
}
