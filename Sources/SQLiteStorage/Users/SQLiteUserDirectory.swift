public import AccessControl
public import EventModel
import GRDB
import Synchronization

/// The users of an event store, in the store's own file and written by its one writer.
///
/// A backup of the store has them, too. Whoever can read the file can read the hashes of the
/// passwords, so keep it from others.
public struct SQLiteUserDirectory: UserDirectory {
    private let store: SQLiteEventStore
    private let now: @Sendable () -> Timestamp

    /// Looks at the users of an open store.
    ///
    /// - Parameters:
    ///   - store: The store; it must stay open as long as this is used.
    ///   - now: The clock that `User.updatedAt` is read from.
    public init(
        _ store: SQLiteEventStore,
        now: @escaping @Sendable () -> Timestamp = { Timestamp.now() }
    ) {
        self.store = store
        self.now = now
    }

    /// Whether there is any user.
    ///
    /// The one writer of a file knows it without asking the file.
    public var hasUsers: Bool {
        get async throws {
            let (known, changes) = store.knownUsers.withLock { ($0.hasUsers, $0.changes) }
            if let known { return known }
            let found = try await store.users { try $0.isAny() }
            if !store.isReadOnly {
                store.knownUsers.withLock { if $0.changes == changes { $0.hasUsers = found } }
            }
            return found
        }
    }

    /// Looks a user up.
    ///
    /// - Parameter login: The login.
    /// - Returns: The user, or nil.
    /// - Throws: `EventStoreError`; `CancellationError`.
    public func user(_ login: String) async throws -> User? {
        try await storedUser(login)?.user
    }

    /// Looks a user up together with what proves the password.
    ///
    /// - Parameter login: The login.
    /// - Returns: The user and the hash, or nil.
    /// - Throws: `EventStoreError`, also `corrupt` for a hash that is none; `CancellationError`.
    public func storedUser(_ login: String) async throws -> StoredUser? {
        try await store.users { try $0.storedUser(login) }
    }

    /// Lists all users.
    ///
    /// - Returns: The users in the order of the bytes of their logins.
    /// - Throws: `EventStoreError`; `CancellationError`.
    public func users() async throws -> [User] {
        try await store.users { try $0.users() }
    }

    /// Adds a user.
    ///
    /// - Parameters:
    ///   - user: The names.
    ///   - password: What proves the password.
    /// - Returns: The user as it is now.
    /// - Throws: `UserRefusal`; `EventStoreError`; `CancellationError`.
    @discardableResult
    public func create(_ user: NewUser, password: PasswordHash) async throws -> User {
        let added = User(
            login: user.login,
            fullName: user.fullName,
            groups: user.groups,
            updatedAt: now()
        )
        try await store.changeUsers { users in
            try UserRefusal.judgeCreation(
                user,
                count: users.count(),
                isTaken: users.storedUser(user.login) != nil
            )
            try users.put(StoredUser(user: added, password: password))
        }
        return added
    }

    /// Replaces a user's full name and groups.
    ///
    /// - Parameters:
    ///   - login: Who.
    ///   - fullName: The new name for people.
    ///   - groups: The new groups.
    /// - Returns: The user as it is now.
    /// - Throws: `InvalidUser`; `UserRefusal`; `EventStoreError`; `CancellationError`.
    @discardableResult
    public func update(_ login: String, fullName: String, groups: [String]) async throws -> User {
        try UserRules.checkFullName(fullName)
        try UserRules.checkGroups(groups)
        return try await change(login) { old, now in
            old.changed(fullName: fullName, groups: groups, at: now)
        }
    }

    /// Has a user refused from now on, or no longer.
    ///
    /// - Parameters:
    ///   - login: Who.
    ///   - isDisabled: Whether the user is refused.
    /// - Returns: The user as it is now.
    /// - Throws: `UserRefusal`; `EventStoreError`; `CancellationError`.
    @discardableResult
    public func setDisabled(_ login: String, _ isDisabled: Bool) async throws -> User {
        try await change(login) { old, now in old.changed(isDisabled: isDisabled, at: now) }
    }

    /// Replaces a user's password.
    ///
    /// - Parameters:
    ///   - login: Who.
    ///   - password: What proves the new password.
    /// - Returns: The user as it is now.
    /// - Throws: `UserRefusal`; `EventStoreError`; `CancellationError`.
    @discardableResult
    public func setPassword(_ login: String, _ password: PasswordHash) async throws -> User {
        try await change(login) { old, now in old.changed(password: password, at: now) }
    }

    /// Removes a user.
    ///
    /// - Parameter login: Who.
    /// - Throws: `UserRefusal`; `EventStoreError`; `CancellationError`.
    public func delete(_ login: String) async throws {
        try await store.changeUsers { users in
            guard let old = try users.storedUser(login) else { throw UserRefusal.unknown(login) }
            try UserRefusal.judgeChange(
                of: old.user,
                to: nil,
                enabledAdmins: users.enabledAdmins()
            )
            try users.remove(login)
        }
    }

    private func change(
        _ login: String,
        _ change: @escaping @Sendable (StoredUser, Timestamp) -> StoredUser
    ) async throws -> User {
        let now = now()
        return try await store.changeUsers { users in
            guard let old = try users.storedUser(login) else { throw UserRefusal.unknown(login) }
            let new = change(old, now)
            try UserRefusal.judgeChange(
                of: old.user,
                to: new.user,
                enabledAdmins: users.enabledAdmins()
            )
            try users.put(new)
            return new.user
        }
    }
}

/// Whether there are users, as far as a store knows it without asking its file.
struct KnownUsers {
    /// Nil until somebody asks, and after each change.
    var hasUsers: Bool?
    /// Counts changes: what was read before one is not kept after it.
    var changes = 0
}

extension SQLiteEventStore {
    /// Reads users in one transaction.
    func users<T: Sendable>(_ body: @escaping @Sendable (UserRows) throws -> T) async throws -> T {
        try await calls.use {
            do {
                return try await file.connections.read { try body(UserRows(db: $0)) }
            } catch {
                throw file.trouble.error(for: error, "cannot read the users of")
            }
        }
    }

    /// Changes users in one transaction of the writing connection, between two groups of appends.
    func changeUsers<T: Sendable>(_ body: @escaping @Sendable (UserRows) throws -> T)
        async throws -> T
    {
        guard !isReadOnly else {
            throw EventStoreError(.readOnly, "\(path) was opened for reading only")
        }
        defer {
            knownUsers.withLock { known in
                known.hasUsers = nil
                known.changes += 1
            }
        }
        return try await calls.use {
            do {
                return try await file.connections.write { try body(UserRows(db: $0)) }
            } catch {
                throw file.trouble.error(for: error, "cannot change the users of")
            }
        }
    }
}
