import EventModel
import EventTesting
import Logging
import SQLiteStorage

/// A logger that says nothing.
let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// Opens a store in a folder of its own and disposes of both.
func withStore(
    limits: Limits = .standard,
    now: @escaping @Sendable () -> Timestamp = { .now() },
    _ use: (SQLiteEventStore) async throws -> Void
) async throws {
    try await withTemporaryDirectory { folder in
        let store = try SQLiteEventStore.open(
            path: "\(folder)/events.db",
            limits: limits,
            logger: quiet,
            now: now
        )
        try await use(store)
        try await store.close()
    }
}
