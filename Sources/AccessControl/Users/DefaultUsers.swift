/// The users of a fresh Event Store, which everybody knows.
public enum DefaultUsers {
    /// The password of both, until somebody changes it.
    public static let password = "changeit"

    private static let users = [
        (login: "admin", fullName: "Event Store Administrator", groups: [Role.admins]),
        (login: "ops", fullName: "Event Store Operations", groups: [Role.operators]),
    ]

    /// Adds `admin` and `ops` to a directory that has no user.
    ///
    /// - Parameters:
    ///   - directory: The directory; one that has users stays as it is.
    ///   - hasher: Where passwords are hashed.
    /// - Returns: Whether they were added.
    /// - Throws: Errors of the directory; `CancellationError`.
    public static func add(to directory: any UserDirectory, hasher: PasswordHasher) async throws
        -> Bool
    {
        guard try await !directory.hasUsers else { return false }
        for user in users {
            try await directory.create(
                NewUser(login: user.login, fullName: user.fullName, groups: user.groups),
                password: hasher.hash(password)
            )
        }
        return true
    }

    /// Finds those who still have the password that everybody knows.
    ///
    /// - Parameters:
    ///   - directory: The directory.
    ///   - hasher: Where passwords are checked.
    /// - Returns: Their logins; those who are disabled are not among them.
    /// - Throws: Errors of the directory; `CancellationError`.
    public static func unchanged(in directory: any UserDirectory, hasher: PasswordHasher)
        async throws -> [String]
    {
        var logins: [String] = []
        for user in users {
            guard let stored = try await directory.storedUser(user.login), !stored.user.isDisabled,
                try await hasher.matches(stored.password, password)
            else { continue }
            logins.append(user.login)
        }
        return logins
    }
}
