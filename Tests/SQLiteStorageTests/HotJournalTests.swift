import EventModel
import EventTesting
import Foundation
import GRDB
import Testing

@testable import SQLiteStorage

@Suite(.timeLimit(.minutes(1))) struct `A file whose writer was killed before it had a log` {
    /// Leaves a rollback journal that the next reader has to roll back.
    private static func leaveJournal(_ path: String) async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let queue = try DatabaseQueue(path: path)
            try await queue.write { db in try db.execute(sql: "CREATE TABLE mine (a)") }
            try await queue.writeWithoutTransaction { db in
                // Pages go to the file, and the journal to the disk, before the commit.
                try db.execute(sql: "PRAGMA cache_size = 2; BEGIN IMMEDIATE")
                for _ in 0..<200 {
                    try db.execute(sql: "INSERT INTO mine VALUES (zeroblob(4000))")
                }
                kill(getpid(), SIGKILL)
            }
        }
        let journal = try Data(contentsOf: URL(filePath: path + "-journal"))
        try #require(!journal.isEmpty)
    }

    @Test func `can be made a read model's`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            try await Self.leaveJournal(path)

            let store = try SQLiteReadModelStore(path: path)

            let rows = try await store.transaction("cannot read") {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM mine")
            }
            #expect(rows == 0)
            try store.close()
        }
    }

    @Test func `is refused as a store's, since it is something else`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/store.db"
            try await Self.leaveJournal(path)

            let error = #expect(throws: EventStoreError.self) {
                _ = try StoreFile(writing: path, schema: .current) { _ in }
            }
            #expect(error?.code == .unsupportedSchema, "\(String(describing: error))")
        }
    }
}
