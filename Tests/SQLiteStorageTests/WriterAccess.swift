import GRDB
import Synchronization

@testable import SQLiteStorage

extension SQLiteEventStore {
    /// Lets the database grow by so many pages and no more: a disk that is nearly full.
    func limitPages(toMore pages: Int) async throws {
        try await file.connections.writeWithoutTransaction { db in
            let count = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(count + pages)")
        }
    }

    /// Takes the limit away again.
    func unlimitPages() async throws {
        try await file.connections.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA max_page_count = 1073741823")
        }
    }

    /// The value of a pragma on the live writing connection.
    func pragma(_ name: String) async throws -> String? {
        try await file.connections.writeWithoutTransaction { db in
            try String.fetchOne(db, sql: "PRAGMA \(name)")
        }
    }
}

/// Counts the commits of a store's writing connection.
final class CommitCounter: TransactionObserver, Sendable {
    private let commits = Mutex(0)

    var count: Int { commits.withLock { $0 } }

    static func watching(_ store: SQLiteEventStore) async throws -> CommitCounter {
        let counter = CommitCounter()
        try await store.file.connections.writeWithoutTransaction { db in
            db.add(transactionObserver: counter)
        }
        return counter
    }

    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { false }
    func databaseDidChange(with event: DatabaseEvent) {}
    func databaseDidCommit(_ db: Database) { commits.withLock { $0 += 1 } }
    func databaseDidRollback(_ db: Database) {}
}
