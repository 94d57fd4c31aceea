/// Who asks: nobody in particular, or a user who has proved who they are.
public struct Caller: Hashable, Sendable {
    /// The login; nil for somebody who did not say.
    public let login: String?
    /// The login and the names of the groups; none for somebody who did not say.
    public let roles: Set<String>

    /// Somebody who did not say who they are.
    public static let anonymous = Caller(login: nil, groups: [])

    /// Names who asks.
    ///
    /// - Parameters:
    ///   - login: The login, or nil.
    ///   - groups: The groups that the user is in.
    public init(login: String?, groups: some Sequence<String>) {
        self.login = login
        roles = Set(groups).union(login.map { [$0] } ?? [])
    }
}
