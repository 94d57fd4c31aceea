import AccessControl
import EventModel
import EventTesting
import GRDB
import Testing

@testable import SQLiteStorage

@Suite(.timeLimit(.minutes(1)))
struct `The users of a store` {
    @Test(arguments: UserDirectoryContract.cases)
    func `keep the contract of directories`(_ promise: UserDirectoryCase) async throws {
        try await withStore { try await promise.run(on: SQLiteUserDirectory($0)) }
    }

    @Test func `are there after the store was opened again, to be read by all`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/events.db"
            let first = try SQLiteEventStore.open(path: path, logger: quiet)
            let user = try await SQLiteUserDirectory(first).add("ann", ["$admins", "b"])
            try await first.close()

            let store = try SQLiteEventStore.open(path: path, logger: quiet)
            let reader = try SQLiteEventStore.openReadOnly(path: path, logger: quiet)
            for directory in [SQLiteUserDirectory(store), SQLiteUserDirectory(reader)] {
                #expect(try await directory.hasUsers)
                #expect(try await directory.users() == [user])
            }
            let error = await #expect(throws: EventStoreError.self) {
                try await SQLiteUserDirectory(reader).add("bob")
            }
            #expect(error?.code == .readOnly)
            try await reader.close()
            try await store.close()
        }
    }

    @Test func `are seen through every directory of the store at once`() async throws {
        try await withStore { store in
            let (one, other) = (SQLiteUserDirectory(store), SQLiteUserDirectory(store))
            #expect(try await !one.hasUsers)
            #expect(try await !other.hasUsers)
            try await one.add("ann", ["$admins"])
            #expect(try await other.hasUsers)
        }
    }

    @Test func `can be added to a store of the first shape`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/events.db"
            let first = StoreSchema(steps: Array(StoreSchema.current.steps.prefix(1)))
            let old = try StoreFile(writing: path, schema: first) { db in
                try StoredIdentity.insert(.standard, createdAt: .now(), db)
            }
            #expect(try await old.connections.read { try !$0.tableExists("user") })
            try old.close()

            let store = try SQLiteEventStore.open(path: path, logger: quiet)
            let directory = SQLiteUserDirectory(store)
            #expect(try await !directory.hasUsers)
            try await directory.add("ann", ["$admins"])
            #expect(try await directory.users().map(\.login) == ["ann"])
            try await store.close()
        }
    }

    @Test func `are no events and leave no password in the file`() async throws {
        try await withStore { store in
            let directory = SQLiteUserDirectory(store)
            try await directory.add("ann", ["$admins"], password: "correct horse battery")
            #expect(try await store.head().number == .beginning)
            let text = try await store.file.connections.read { db in
                try String.fetchOne(db, sql: "SELECT group_concat(password) FROM user")
            }
            #expect(text?.hasPrefix("scrypt:") == true)
            #expect(text?.contains("horse") == false)
        }
    }

    @Test func `with a damaged password are an error, not nobody`() async throws {
        try await withClosedStore { path in
            let first = try SQLiteEventStore.open(path: path, logger: quiet)
            try await SQLiteUserDirectory(first).add("ann", ["$admins"])
            try await first.close()
            try edit(path, "UPDATE user SET password = 'scrypt:1073741824:8:1:00:00'")

            let store = try SQLiteEventStore.open(path: path, logger: quiet)
            let error = await #expect(throws: EventStoreError.self) {
                try await SQLiteUserDirectory(store).storedUser("ann")
            }
            #expect(error?.code == .corrupt)
            try await store.close()
        }
    }

    @Test func `change while events are appended`() async throws {
        try await withStore { store in
            let directory = SQLiteUserDirectory(store)
            try await directory.add("ann", ["$admins"])
            try await withThrowingTaskGroup { group in
                group.addTask {
                    for index in 0..<50 { try await directory.add("user\(index)", ["a"]) }
                }
                for event in try Sample.events(50) {
                    group.addTask { try await store.append([event]) }
                }
                try await group.waitForAll()
            }
            #expect(try await directory.users().count == 51)
            #expect(try await store.head().number == EventNumber(50))
        }
    }
}
