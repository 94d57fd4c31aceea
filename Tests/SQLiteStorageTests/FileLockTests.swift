import EventModel
import EventTesting
import Foundation
import Testing

@testable import SQLiteStorage

@Suite(.timeLimit(.minutes(1)))
struct `The lock of a database file` {
    @Test func `refuses a second holder in the same process, naming it`() async throws {
        try await withTemporaryDirectory { folder in
            let first = try FileLock(database: "\(folder)/a.db")
            defer { first.release() }

            let error = try #require(throws: EventStoreError.self) {
                try FileLock(database: "\(folder)/a.db")
            }

            #expect(error.code == .inUse)
            #expect(error.message.contains("in use by process \(getpid());"))
        }
    }

    @Test func `refuses a second process, naming the first`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/a.db"
            let child = try ChildWriter([path, "hold"])
            try await eventually("an open store") { child.lines == ["open"] }

            let error = try #require(throws: EventStoreError.self) {
                try SQLiteEventStore.open(path: path, logger: quiet)
            }

            #expect(error.code == .inUse)
            #expect(error.message.contains("in use by process \(child.processID);"))
            try await child.kill()
            try await SQLiteEventStore.open(path: path, logger: quiet).close()
        }
    }

    @Test func `goes with a killed process`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/a.db"
            let child = try ChildWriter([path, "hold"])
            try await eventually("an open store") { child.lines == ["open"] }

            try await child.kill()

            try await SQLiteEventStore.open(path: path, logger: quiet).close()
        }
    }

    @Test func `is not inherited by child processes`() async throws {
        try await withTemporaryDirectory { folder in
            let lock = try FileLock(database: "\(folder)/a.db")
            let child = Process()
            child.executableURL = URL(fileURLWithPath: "/bin/sleep")
            child.arguments = ["60"]
            try child.run()
            defer { child.terminate() }

            lock.release()

            try FileLock(database: "\(folder)/a.db").release()
        }
    }

    @Test(arguments: ["a.db", "./a.db", "sub/../a.db", "link/a.db", "other.db", ".//a.db"])
    func `is one for all spellings of a path`(_ spelling: String) async throws {
        try await withTemporaryDirectory { folder in
            let files = FileManager.default
            try files.createDirectory(atPath: "\(folder)/sub", withIntermediateDirectories: false)
            try files.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: folder)
            #expect(files.createFile(atPath: "\(folder)/a.db", contents: nil))
            try files.createSymbolicLink(
                atPath: "\(folder)/other.db",
                withDestinationPath: "\(folder)/a.db"
            )
            let first = try FileLock(database: "\(folder)/a.db")
            defer { first.release() }

            let error = try #require(throws: EventStoreError.self) {
                try FileLock(database: "\(folder)/\(spelling)")
            }

            #expect(error.code == .inUse)
        }
    }

    @Test func `can be taken again after it was given up, twice too`() async throws {
        try await withTemporaryDirectory { folder in
            for _ in 1...3 {
                let lock = try FileLock(database: "\(folder)/a.db")
                lock.release()
                lock.release()
            }
        }
    }

    @Test func `leaves its file behind, and the database file alone`() async throws {
        try await withTemporaryDirectory { folder in
            try FileLock(database: "\(folder)/a.db").release()

            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.db.lock"])
        }
    }

    @Test(arguments: ["", "/", "no such folder/a.db", "dangling.db", ".", "folder/.."])
    func `is refused for a path that can name no file`(_ name: String) async throws {
        try await withTemporaryDirectory { folder in
            let files = FileManager.default
            try files.createSymbolicLink(
                atPath: "\(folder)/dangling.db",
                withDestinationPath: "\(folder)/nothing"
            )
            let path = name.isEmpty || name == "/" ? name : "\(folder)/\(name)"

            let error = try #require(throws: EventStoreError.self) {
                try FileLock(database: path)
            }

            #expect(error.code == .io)
        }
    }
}
