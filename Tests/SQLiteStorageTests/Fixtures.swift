import EventModel
import EventTesting
import GRDB
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

/// Changes a file behind the store's back.
func edit(_ path: String, _ sql: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: sql) }
    try queue.close()
}

/// Makes a store, closes it, and disposes of it afterwards.
func withClosedStore(
    events: Int = 0,
    _ body: (String) async throws -> Void
) async throws {
    try await withTemporaryDirectory { folder in
        let path = "\(folder)/events.db"
        let store = try SQLiteEventStore.open(path: path, logger: quiet)
        if events > 0 { try await store.append(try Sample.events(events)) }
        try await store.close()
        try await body(path)
    }
}
