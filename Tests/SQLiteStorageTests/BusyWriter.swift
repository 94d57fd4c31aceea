import Dispatch
import EventModel
import EventTesting
import GRDB
import Testing

@testable import SQLiteStorage

/// Keeps a store's writing connection busy, so that appends gather in the queue.
struct BusyWriter: Sendable {
    private let store: SQLiteEventStore
    private let gate = DispatchSemaphore(value: 0)

    init(_ store: SQLiteEventStore) {
        self.store = store
        store.file.connections.asyncWriteWithoutTransaction { [gate] _ in gate.wait() }
    }

    /// Lets the writer get to the appends.
    func release() {
        gate.signal()
    }

    /// Queues appends in a certain order, lets the writer get to them as one group, and gathers
    /// what became of each.
    static func appendAsGroup(
        _ batches: [AppendBatch],
        to store: SQLiteEventStore
    ) async throws -> [Result<AppendResult, any Error>] {
        let busy = BusyWriter(store)
        return try await withThrowingTaskGroup(
            of: (Int, Result<AppendResult, any Error>).self
        ) { group in
            defer { busy.release() }
            for (place, batch) in batches.enumerated() {
                group.addTask {
                    do {
                        return (place, .success(try await store.append(batch)))
                    } catch {
                        return (place, .failure(error))
                    }
                }
                try await eventually("append \(place) in the queue") {
                    store.waitingAppends == place + 1
                }
            }
            busy.release()
            var outcomes: [Int: Result<AppendResult, any Error>] = [:]
            for try await (place, outcome) in group { outcomes[place] = outcome }
            return batches.indices.compactMap { outcomes[$0] }
        }
    }
}
