public import EventModel

/// Somebody who may prove who they are, apart from the password.
public struct User: Hashable, Sendable {
    /// The name to log in with, which is also a role.
    public let login: String
    /// The name for people; it may be empty.
    public let fullName: String
    /// The groups that the user is in, each of them a role.
    public let groups: [String]
    /// Whether the user is refused, whatever the password.
    public let isDisabled: Bool
    /// When anything about the user was last changed, the password included.
    public let updatedAt: Timestamp

    /// States what is known of a user, as a directory has it.
    ///
    /// - Parameters:
    ///   - login: The name to log in with.
    ///   - fullName: The name for people.
    ///   - groups: The groups that the user is in.
    ///   - isDisabled: Whether the user is refused.
    ///   - updatedAt: When anything was last changed.
    public init(
        login: String,
        fullName: String,
        groups: [String],
        isDisabled: Bool = false,
        updatedAt: Timestamp
    ) {
        self.login = login
        self.fullName = fullName
        self.groups = groups
        self.isDisabled = isDisabled
        self.updatedAt = updatedAt
    }

    /// Whether the user is in `$admins` and not disabled.
    public var isEnabledAdmin: Bool { !isDisabled && groups.contains(Role.admins) }

    /// The user as somebody who asks.
    public var caller: Caller { Caller(login: login, groups: groups) }
}

/// A user that a directory is to have, whose names were checked.
public struct NewUser: Hashable, Sendable {
    /// The name to log in with.
    public let login: String
    /// The name for people; it may be empty.
    public let fullName: String
    /// The groups that the user is to be in.
    public let groups: [String]

    /// Checks what came from outside.
    ///
    /// - Parameters:
    ///   - login: The name to log in with.
    ///   - fullName: The name for people; it may be empty.
    ///   - groups: The groups that the user is to be in.
    /// - Throws: ``InvalidUser`` that names the field and the rule.
    public init(login: String, fullName: String, groups: [String]) throws(InvalidUser) {
        try UserRules.checkLogin(login)
        try UserRules.checkFullName(fullName)
        try UserRules.checkGroups(groups)
        self.login = login
        self.fullName = fullName
        self.groups = groups
    }
}

/// What a directory has of one user: the user and what proves the password.
public struct StoredUser: Hashable, Sendable {
    /// The user.
    public let user: User
    /// What proves the password.
    public let password: PasswordHash

    /// States what a directory has.
    ///
    /// - Parameters:
    ///   - user: The user.
    ///   - password: What proves the password.
    public init(user: User, password: PasswordHash) {
        self.user = user
        self.password = password
    }

    /// The same with something else; what is not named stays as it is.
    ///
    /// - Parameters:
    ///   - fullName: The new name for people.
    ///   - groups: The new groups.
    ///   - isDisabled: Whether the user is refused from now on.
    ///   - password: What proves the new password.
    ///   - instant: When it is changed.
    /// - Returns: The user after the change.
    package func changed(
        fullName: String? = nil,
        groups: [String]? = nil,
        isDisabled: Bool? = nil,
        password: PasswordHash? = nil,
        at instant: Timestamp
    ) -> StoredUser {
        let changed = User(
            login: user.login,
            fullName: fullName ?? user.fullName,
            groups: groups ?? user.groups,
            isDisabled: isDisabled ?? user.isDisabled,
            updatedAt: instant
        )
        return StoredUser(user: changed, password: password ?? self.password)
    }
}

/// The roles with a meaning of their own.
public enum Role {
    /// Everybody, whether they said who they are or not.
    public static let all = "$all"
    /// Those who may do everything.
    public static let admins = "$admins"
    /// Those who look after the server.
    public static let operators = "$ops"
}
