public import EventModel
import Synchronization

/// A directory without a disk: the reference for what a directory does.
public final class InMemoryUserDirectory: UserDirectory {
    private let stored = Mutex<[String: StoredUser]>([:])
    private let now: @Sendable () -> Timestamp

    /// Makes a directory without users.
    ///
    /// - Parameter now: The clock that ``User/updatedAt`` is read from.
    public init(now: @escaping @Sendable () -> Timestamp = { Timestamp.now() }) {
        self.now = now
    }

    /// Whether there is any user.
    public var hasUsers: Bool { stored.withLock { !$0.isEmpty } }

    /// Looks a user up.
    ///
    /// - Parameter login: The login.
    /// - Returns: The user, or nil.
    public func user(_ login: String) -> User? { storedUser(login)?.user }

    /// Looks a user up together with what proves the password.
    ///
    /// - Parameter login: The login.
    /// - Returns: The user and the hash, or nil.
    public func storedUser(_ login: String) -> StoredUser? {
        stored.withLock { users in
            // A dictionary finds what is canonically equivalent; a directory compares bytes.
            users[login].flatMap { $0.user.login.utf8.elementsEqual(login.utf8) ? $0 : nil }
        }
    }

    /// Lists all users.
    ///
    /// - Returns: The users in the order of the bytes of their logins.
    public func users() -> [User] {
        stored.withLock { $0.values.map(\.user) }
            .sorted { $0.login.utf8.lexicographicallyPrecedes($1.login.utf8) }
    }

    /// Adds a user.
    ///
    /// - Parameters:
    ///   - user: The names.
    ///   - password: What proves the password.
    /// - Returns: The user as it is now.
    /// - Throws: ``UserRefusal``.
    @discardableResult
    public func create(_ user: NewUser, password: PasswordHash) throws -> User {
        try stored.withLock { users in
            try UserRefusal.judgeCreation(
                user,
                count: users.count,
                isTaken: users[user.login] != nil
            )
            let added = User(
                login: user.login,
                fullName: user.fullName,
                groups: user.groups,
                updatedAt: now()
            )
            users[user.login] = StoredUser(user: added, password: password)
            return added
        }
    }

    /// Replaces a user's full name and groups.
    ///
    /// - Parameters:
    ///   - login: Who.
    ///   - fullName: The new name for people.
    ///   - groups: The new groups.
    /// - Returns: The user as it is now.
    /// - Throws: ``InvalidUser``; ``UserRefusal``.
    @discardableResult
    public func update(_ login: String, fullName: String, groups: [String]) throws -> User {
        try UserRules.checkFullName(fullName)
        try UserRules.checkGroups(groups)
        return try change(login) { old, now in
            old.changed(fullName: fullName, groups: groups, at: now)
        }
    }

    /// Has a user refused from now on, or no longer.
    ///
    /// - Parameters:
    ///   - login: Who.
    ///   - isDisabled: Whether the user is refused.
    /// - Returns: The user as it is now.
    /// - Throws: ``UserRefusal``.
    @discardableResult
    public func setDisabled(_ login: String, _ isDisabled: Bool) throws -> User {
        try change(login) { old, now in old.changed(isDisabled: isDisabled, at: now) }
    }

    /// Replaces a user's password.
    ///
    /// - Parameters:
    ///   - login: Who.
    ///   - password: What proves the new password.
    /// - Returns: The user as it is now.
    /// - Throws: ``UserRefusal``.
    @discardableResult
    public func setPassword(_ login: String, _ password: PasswordHash) throws -> User {
        try change(login) { old, now in old.changed(password: password, at: now) }
    }

    /// Removes a user.
    ///
    /// - Parameter login: Who.
    /// - Throws: ``UserRefusal``.
    public func delete(_ login: String) throws {
        try stored.withLock { users in
            let old = try Self.find(login, in: users).user
            try UserRefusal.judgeChange(
                of: old,
                to: nil,
                enabledAdmins: Self.enabledAdmins(in: users)
            )
            users[login] = nil
        }
    }

    private func change(_ login: String, _ change: (StoredUser, Timestamp) -> StoredUser) throws
        -> User
    {
        try stored.withLock { users in
            let old = try Self.find(login, in: users)
            let new = change(old, now())
            try UserRefusal.judgeChange(
                of: old.user,
                to: new.user,
                enabledAdmins: Self.enabledAdmins(in: users)
            )
            users[login] = new
            return new.user
        }
    }

    private static func find(_ login: String, in users: [String: StoredUser]) throws(UserRefusal)
        -> StoredUser
    {
        guard let found = users[login], found.user.login.utf8.elementsEqual(login.utf8) else {
            throw .unknown(login)
        }
        return found
    }

    private static func enabledAdmins(in users: [String: StoredUser]) -> Int {
        users.values.count { $0.user.isEnabledAdmin }
    }
}
