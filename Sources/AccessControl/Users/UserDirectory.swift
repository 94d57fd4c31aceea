/// Who may log in: users, their groups and what proves their passwords.
///
/// Users are never events: the feed would publish them. While a directory has no user, access
/// control is off. The first user must therefore be in `$admins`, and there is always one enabled
/// user in `$admins` from then on: whatever would leave none is refused. Whatever is changed holds
/// for the next call, from every connection; each change happens whole or not at all.
///
/// ## For implementers
/// Rules that look at other users (``UserRefusal``) are checked in the transaction that writes;
/// ``UserRefusal`` has them as functions. `UserDirectoryContract` in `EventTesting` is the
/// executable form of these sentences.
public protocol UserDirectory: Sendable {
    /// Whether there is any user: whether access control is on.
    var hasUsers: Bool { get async throws }

    /// Looks a user up.
    ///
    /// - Parameter login: The login, compared byte by byte.
    /// - Returns: The user, or nil where nobody has the login.
    /// - Throws: `EventStoreError`; `CancellationError`.
    func user(_ login: String) async throws -> User?

    /// Looks a user up together with what proves the password, both of one instant.
    ///
    /// - Parameter login: The login, compared byte by byte.
    /// - Returns: The user and the hash, or nil where nobody has the login.
    /// - Throws: `EventStoreError`; `CancellationError`.
    func storedUser(_ login: String) async throws -> StoredUser?

    /// Lists all users, at most ``UserRules/userCount``.
    ///
    /// - Returns: The users in the order of the bytes of their logins.
    /// - Throws: `EventStoreError`; `CancellationError`.
    func users() async throws -> [User]

    /// Adds a user, who is enabled.
    ///
    /// - Parameters:
    ///   - user: The names, which were checked.
    ///   - password: What proves the password.
    /// - Returns: The user as it is now.
    /// - Throws: ``UserRefusal`` (`loginTaken`, `firstMustBeAdmin`, `tooManyUsers`);
    ///   `EventStoreError`; `CancellationError`.
    @discardableResult
    func create(_ user: NewUser, password: PasswordHash) async throws -> User

    /// Replaces a user's full name and groups.
    ///
    /// - Parameters:
    ///   - login: Who.
    ///   - fullName: The new name for people.
    ///   - groups: The new groups.
    /// - Returns: The user as it is now.
    /// - Throws: ``InvalidUser``; ``UserRefusal`` (`unknown`, `lastAdmin`); `EventStoreError`;
    ///   `CancellationError`.
    @discardableResult
    func update(_ login: String, fullName: String, groups: [String]) async throws -> User

    /// Has a user refused from now on, or no longer.
    ///
    /// - Parameters:
    ///   - login: Who.
    ///   - isDisabled: Whether the user is refused; what is so already is no error.
    /// - Returns: The user as it is now.
    /// - Throws: ``UserRefusal`` (`unknown`, `lastAdmin`); `EventStoreError`; `CancellationError`.
    @discardableResult
    func setDisabled(_ login: String, _ isDisabled: Bool) async throws -> User

    /// Replaces a user's password.
    ///
    /// - Parameters:
    ///   - login: Who.
    ///   - password: What proves the new password.
    /// - Returns: The user as it is now.
    /// - Throws: ``UserRefusal`` (`unknown`); `EventStoreError`; `CancellationError`.
    @discardableResult
    func setPassword(_ login: String, _ password: PasswordHash) async throws -> User

    /// Removes a user.
    ///
    /// - Parameter login: Who.
    /// - Throws: ``UserRefusal`` (`unknown`, `lastAdmin`); `EventStoreError`; `CancellationError`.
    func delete(_ login: String) async throws
}

/// A change that a directory refuses because of the users that it has or has not.
public enum UserRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// Somebody has the login already.
    case loginTaken(String)
    /// Nobody has the login.
    case unknown(String)
    /// The first user turns access control on, and somebody must be able to do everything then.
    case firstMustBeAdmin(String)
    /// Nobody would be left who may do everything.
    case lastAdmin(String)
    /// There are as many users as there may be.
    case tooManyUsers(limit: Int)

    /// One sentence that says what to do.
    public var description: String {
        switch self {
        case .loginTaken(let login):
            "there is a user \(login) already: choose another login"
        case .unknown(let login):
            "there is no user \(login)"
        case .firstMustBeAdmin(let login):
            "access control is on as soon as there is a user, so the first one, \(login), must be "
                + "in the group $admins"
        case .lastAdmin(let login):
            "\(login) is the last enabled user in $admins, and somebody must be: add another first"
        case .tooManyUsers(let limit):
            "there are \(limit) users already, which is the limit: delete one first"
        }
    }
}

extension UserRefusal {
    /// Judges an addition.
    ///
    /// - Parameters:
    ///   - user: Who is to be added.
    ///   - count: How many users there are.
    ///   - isTaken: Whether somebody has the login.
    /// - Throws: The refusal.
    package static func judgeCreation(_ user: NewUser, count: Int, isTaken: Bool)
        throws(UserRefusal)
    {
        if isTaken { throw .loginTaken(user.login) }
        guard count > 0 || user.groups.contains(Role.admins) else {
            throw .firstMustBeAdmin(user.login)
        }
        guard count < UserRules.userCount else { throw .tooManyUsers(limit: UserRules.userCount) }
    }

    /// Judges a change or a removal.
    ///
    /// - Parameters:
    ///   - old: The user as it is.
    ///   - new: The user as it would be; nil for a removal.
    ///   - enabledAdmins: How many enabled users in `$admins` there are, that one included.
    /// - Throws: The refusal.
    package static func judgeChange(of old: User, to new: User?, enabledAdmins: Int)
        throws(UserRefusal)
    {
        guard old.isEnabledAdmin, new?.isEnabledAdmin != true, enabledAdmins <= 1 else { return }
        throw .lastAdmin(old.login)
    }
}
