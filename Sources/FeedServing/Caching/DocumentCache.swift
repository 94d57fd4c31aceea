import Synchronization

/// Rendered documents, each made once however many ask for it at the same time.
///
/// Whoever asks first renders, in its own task; the others wait. If the one who renders is
/// cancelled, one of those who wait takes over; if rendering fails, it fails for all who waited.
/// A document that is not to be kept is for the one who rendered it alone; others render theirs.
final class DocumentCache<Key: Hashable & Sendable>: Sendable {
    private enum Outcome: Sendable {
        case document(RenderedDocument)
        case failure(any Error)
        /// The one who rendered gave up: ask again.
        case abandoned
    }

    private typealias Waiter = CheckedContinuation<Outcome, Never>

    /// Somebody who asked for a document while it was being rendered.
    private enum Call {
        /// The continuation is still on the way.
        case starting
        case waiting(Waiter)
    }

    private struct State {
        var documents: LeastRecentlyUsed<Key, RenderedDocument>
        /// Those who wait for a document that is being rendered, by ticket.
        var calls: [Key: [UInt64: Call]] = [:]
        var nextTicket: UInt64 = 0
    }

    private enum Role {
        case has(RenderedDocument)
        case renders
        case waits(ticket: UInt64)
    }

    private let state: Mutex<State>

    /// - Parameter bytes: The most that all documents together may cost.
    init(bytes: Int) {
        state = Mutex(State(documents: LeastRecentlyUsed(limit: bytes)))
    }

    /// The cost of all documents that are kept.
    var cost: Int { state.withLock { $0.documents.cost } }

    /// How many wait for a document that is being rendered.
    func waiting(for key: Key) -> Int { state.withLock { $0.calls[key]?.count ?? 0 } }

    /// Finds a document or has it rendered.
    ///
    /// - Parameters:
    ///   - key: What the document is found by.
    ///   - render: Makes the document; called at most once at a time for a key.
    /// - Returns: The document.
    /// - Throws: What `render` throws; `CancellationError` if this task is cancelled.
    func document(
        for key: Key,
        render: () async throws -> RenderedDocument
    ) async throws -> RenderedDocument {
        while true {
            try Task.checkCancellation()
            switch role(for: key) {
            case .has(let document):
                return document
            case .renders:
                return try await lead(key, render)
            case .waits(let ticket):
                switch await wait(for: key, ticket) {
                case .document(let document): return document
                case .failure(let error): throw error
                case .abandoned: continue
                }
            }
        }
    }

    private func role(for key: Key) -> Role {
        state.withLock { state in
            if let document = state.documents.value(for: key) { return .has(document) }
            guard state.calls[key] != nil else {
                state.calls[key] = [:]
                return .renders
            }
            state.nextTicket += 1
            state.calls[key]?[state.nextTicket] = .starting
            return .waits(ticket: state.nextTicket)
        }
    }

    private func lead(_ key: Key, _ render: () async throws -> RenderedDocument) async throws
        -> RenderedDocument
    {
        do {
            let document = try await render()
            finish(key, document.isKept ? .document(document) : .abandoned)
            return document
        } catch {
            finish(key, Task.isCancelled ? .abandoned : .failure(error))
            throw error
        }
    }

    private func finish(_ key: Key, _ outcome: Outcome) {
        let calls = state.withLock { state in
            if case .document(let document) = outcome {
                state.documents.insert(document, for: key, cost: document.cost)
            }
            return state.calls.removeValue(forKey: key) ?? [:]
        }
        for case .waiting(let waiter) in calls.values { waiter.resume(returning: outcome) }
    }

    private func wait(for key: Key, _ ticket: UInt64) async -> Outcome {
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let isLate = state.withLock { state in
                    // Without its call this task was cancelled, or the rendering has ended.
                    guard state.calls[key]?[ticket] != nil else { return true }
                    state.calls[key]?[ticket] = .waiting(waiter)
                    return false
                }
                // Asking again finds the document, or notices the cancellation.
                if isLate { waiter.resume(returning: .abandoned) }
            }
        } onCancel: {
            let call = state.withLock { $0.calls[key]?.removeValue(forKey: ticket) }
            if case .waiting(let waiter) = call { waiter.resume(returning: .abandoned) }
        }
    }
}
