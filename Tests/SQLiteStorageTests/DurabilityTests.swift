import EventModel
import EventTesting
import Foundation
import GRDB
import Testing

@testable import SQLiteStorage

@Suite(.timeLimit(.minutes(1)))
struct `The durability of a store` {
    @Test(arguments: [
        ("synchronous", "2"), ("journal_mode", "wal"), ("wal_autocheckpoint", "20000"),
        ("foreign_keys", "1"), ("temp_store", "2"),
    ])
    func `is set on the live writing connection`(pragma: String, value: String) async throws {
        try await withStore { store in
            try await store.append([try Sample.event()])

            #expect(try await store.pragma(pragma) == value)
        }
    }

    @Test(.enabled(if: Trace.isPossible, "needs strace and the right to use it"))
    func `costs one wait for the disk a commit`() async throws {
        try await withTemporaryDirectory { folder in
            let few = try await Trace.waits(folder, appends: 5)
            let many = try await Trace.waits(folder, appends: 30)

            // Opening and closing cost the same in both.
            #expect(many - few == 25)
        }
    }

    @Test func `leaves one database file when the store closes`() async throws {
        try await withTemporaryDirectory { folder in
            let store = try SQLiteEventStore.open(path: "\(folder)/events.db", logger: quiet)
            for _ in 1...20 {
                try await store.append([try Sample.event()])
                _ = try await store.read(after: .beginning, limit: 1)
            }
            try await store.close()

            let files = try FileManager.default.contentsOfDirectory(atPath: folder)

            #expect(Set(files) == ["events.db", "events.db.lock"])
        }
    }

    @Test func `leaves readers unable to write`() async throws {
        try await withStore { store in
            let error = await #expect(throws: DatabaseError.self) {
                try await store.file.connections.read { db in
                    try db.execute(sql: "DELETE FROM event")
                }
            }
            #expect(error?.resultCode == .SQLITE_READONLY)
        }
    }
}

/// Counts what a process asks of the disk.
private enum Trace {
    static let isPossible: Bool = {
        // Where the trial fails for any reason, the test that needs it is skipped aloud.
        (try? run(["/usr/bin/strace", "-o", "/dev/null", "/bin/true"])) == 0
    }()

    /// How often a writer of so many appends waited for the disk.
    static func waits(_ folder: String, appends: Int) async throws -> Int {
        let log = "\(folder)/trace-\(appends)"
        let child = try ChildWriter(
            ["\(folder)/events-\(appends).db", "count", "\(appends)"],
            through: ["/usr/bin/strace", "-f", "-e", "trace=fdatasync,fsync", "-o", log]
        )
        #expect(try await child.end() == 0)
        return try String(contentsOfFile: log, encoding: .utf8)
            .split(separator: "\n")
            .count { $0.contains(" fdatasync(") || $0.contains(" fsync(") }
    }

    private static func run(_ words: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: words[0])
        process.arguments = Array(words.dropFirst())
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
