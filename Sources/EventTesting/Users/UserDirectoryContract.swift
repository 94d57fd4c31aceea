public import AccessControl
import EventModel
public import Testing

/// What every directory of users does, as cases that any directory's tests can run.
///
/// ```swift
/// @Test(arguments: UserDirectoryContract.cases)
/// func `keeps the contract of directories`(_ promise: UserDirectoryCase) async throws {
///     try await promise.run(on: MyDirectory())
/// }
/// ```
public enum UserDirectoryContract {
    /// All cases, each on an empty directory of its own.
    public static var cases: [UserDirectoryCase] { additions + changes + removals }
}

/// One promise of a directory of users as something that can be run.
public struct UserDirectoryCase: Sendable, CustomTestStringConvertible {
    /// The promise in one sentence.
    public let name: String
    private let body: @Sendable (any UserDirectory) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (any UserDirectory) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// The name, as reports show it.
    public var testDescription: String { name }

    /// Runs the case; what does not hold is recorded as an issue of the test.
    ///
    /// - Parameter directory: An empty directory.
    /// - Throws: What the directory throws where it should not.
    public func run(on directory: any UserDirectory) async throws {
        try await body(directory)
    }
}

extension UserDirectory {
    /// Adds a user with a password that costs little to hash.
    @discardableResult
    package func add(_ login: String, _ groups: [String] = [], password: String = "pw")
        async throws -> User
    {
        try await create(
            NewUser(login: login, fullName: "Full \(login)", groups: groups),
            password: PasswordHash(of: password, rounds: 16)
        )
    }
}

extension UserDirectoryContract {
    private static let additions = [
        UserDirectoryCase("is empty at first") { directory async throws in
            #expect(try await !directory.hasUsers)
            #expect(try await directory.users().isEmpty)
            #expect(try await directory.user("ann") == nil)
            #expect(try await directory.storedUser("ann") == nil)
        },
        UserDirectoryCase("returns what was added") { directory async throws in
            let hash = try PasswordHash(of: "secret", rounds: 16)
            let groups = ["$admins", "staff", "Ärzte"]
            let user = try await directory.create(
                NewUser(login: "ann", fullName: "Ann O'Neil", groups: groups),
                password: hash
            )
            #expect(user.login == "ann" && user.fullName == "Ann O'Neil")
            #expect(user.groups == groups && !user.isDisabled)
            #expect(try await directory.hasUsers)
            #expect(try await directory.user("ann") == user)
            let stored = try #require(try await directory.storedUser("ann"))
            #expect(stored == StoredUser(user: user, password: hash))
            #expect(try stored.password.matches("secret"))
        },
        UserDirectoryCase("lists users in the order of the bytes of their logins") {
            directory async throws in
            for login in ["zoe", "Bob", "ölaf", "ann"] {
                try await directory.add(login, ["$admins"])
            }
            let logins = try await directory.users().map(\.login)
            #expect(logins == ["Bob", "ann", "zoe", "ölaf"])
        },
        UserDirectoryCase("refuses a first user who is no admin") { directory async throws in
            await #expect(throws: UserRefusal.firstMustBeAdmin("ann")) {
                try await directory.add("ann", ["staff"])
            }
            #expect(try await !directory.hasUsers)
        },
        UserDirectoryCase("refuses a login that somebody has, and changes nothing") {
            directory async throws in
            let ann = try await directory.add("ann", ["$admins"])
            await #expect(throws: UserRefusal.loginTaken("ann")) {
                try await directory.add("ann", ["staff"], password: "other")
            }
            #expect(try await directory.user("ann") == ann)
            let stored = try #require(try await directory.storedUser("ann"))
            #expect(try stored.password.matches("pw"))
        },
        UserDirectoryCase("compares logins byte by byte") { directory async throws in
            try await directory.add("ann", ["$admins"])
            try await directory.add("\u{E9}va")
            #expect(try await directory.user("Ann") == nil)
            #expect(try await directory.user("e\u{301}va") == nil)
            #expect(try await directory.user("\u{E9}va") != nil)
        },
        UserDirectoryCase("adds a login once, however many try at the same time") {
            directory async throws in
            try await directory.add("ann", ["$admins"])
            let added = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        do {
                            try await directory.add("bob")
                            return true
                        } catch UserRefusal.loginTaken {
                            return false
                        }
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(added == 1)
        },
    ]

    private static let changes = [
        UserDirectoryCase("replaces full name and groups") { directory async throws in
            try await directory.add("ann", ["$admins"])
            let bob = try await directory.add("bob", ["a", "b", "c"])
            let changed = try await directory.update("bob", fullName: "", groups: ["c"])
            #expect(changed.fullName.isEmpty && changed.groups == ["c"])
            #expect(changed.updatedAt >= bob.updatedAt)
            #expect(try await directory.user("bob") == changed)
            let stored = try #require(try await directory.storedUser("bob"))
            #expect(try stored.password.matches("pw"))
        },
        UserDirectoryCase("checks what a change gives") { directory async throws in
            try await directory.add("ann", ["$admins"])
            await #expect(throws: InvalidUser.self) {
                try await directory.update("ann", fullName: "", groups: ["$admins", "$all"])
            }
            await #expect(throws: InvalidUser.self) {
                try await directory.update("ann", fullName: "\n", groups: ["$admins"])
            }
        },
        UserDirectoryCase("disables and enables, again and again") { directory async throws in
            try await directory.add("ann", ["$admins"])
            try await directory.add("bob", ["a"])
            for isDisabled in [true, true, false, false] {
                let user = try await directory.setDisabled("bob", isDisabled)
                #expect(user.isDisabled == isDisabled && user.groups == ["a"])
                #expect(try await directory.user("bob")?.isDisabled == isDisabled)
            }
        },
        UserDirectoryCase("replaces a password") { directory async throws in
            try await directory.add("ann", ["$admins"])
            try await directory.setPassword("ann", PasswordHash(of: "new", rounds: 16))
            let stored = try #require(try await directory.storedUser("ann"))
            #expect(try stored.password.matches("new"))
            #expect(try !stored.password.matches("pw"))
            #expect(stored.user.groups == ["$admins"])
        },
        UserDirectoryCase("changes nobody who is not there") { directory async throws in
            try await directory.add("ann", ["$admins"])
            let unknown = UserRefusal.unknown("bob")
            await #expect(throws: unknown) { try await directory.setDisabled("bob", true) }
            await #expect(throws: unknown) { try await directory.delete("bob") }
            await #expect(throws: unknown) {
                try await directory.update("bob", fullName: "", groups: [])
            }
            await #expect(throws: unknown) {
                try await directory.setPassword("bob", PasswordHash(of: "new", rounds: 16))
            }
        },
    ]

    private static let removals = [
        UserDirectoryCase("removes a user, whose login is free again") { directory async throws in
            try await directory.add("ann", ["$admins"])
            try await directory.add("bob", ["a", "b"])
            try await directory.delete("bob")
            #expect(try await directory.user("bob") == nil)
            #expect(try await directory.users().map(\.login) == ["ann"])
            #expect(try await directory.add("bob", ["c"]).groups == ["c"])
        },
        UserDirectoryCase("keeps the last enabled admin, whatever is tried") {
            directory async throws in
            try await directory.add("ann", ["$admins"])
            try await directory.add("bob", ["$admins"])
            try await directory.setDisabled("bob", true)
            let last = UserRefusal.lastAdmin("ann")
            await #expect(throws: last) { try await directory.setDisabled("ann", true) }
            await #expect(throws: last) { try await directory.delete("ann") }
            await #expect(throws: last) {
                try await directory.update("ann", fullName: "Ann", groups: ["staff"])
            }
            // Those who are no enabled admins may go.
            try await directory.delete("bob")
            try await directory.add("eve", ["$admins"])
            try await directory.delete("ann")
            #expect(try await directory.users().map(\.login) == ["eve"])
        },
    ]
}
