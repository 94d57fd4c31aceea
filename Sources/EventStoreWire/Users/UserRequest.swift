/// What a request below `/users` is about.
enum UserRequest: Hashable {
    /// Something that may be done with a user.
    enum Command: String {
        case enable, disable
        case resetPassword = "reset-password"
        case changePassword = "change-password"
    }

    /// All users.
    case all
    /// Whoever asks.
    case current
    /// One user.
    case user(String)
    /// Something to be done with one.
    case command(String, Command)
    /// Nothing that is here.
    case unknown

    /// Reads a path.
    ///
    /// - Parameter path: The path with its escapes; returns nil where it is not below `/users`.
    init?(path: String) {
        var segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard segments.popFirst() == "users" else { return nil }
        // `/users` and `/users/` are the same.
        if segments.last?.isEmpty == true { segments.removeLast() }
        guard let first = segments.first else {
            self = .all
            return
        }
        guard let login = PercentText.decode(first), !login.isEmpty else {
            self = .unknown
            return
        }
        let rest = segments.dropFirst()
        if rest.isEmpty {
            self = login == "$current" ? .current : .user(login)
        } else if rest.count == 2, rest.first == "command",
            let command = rest.last.flatMap({ Command(rawValue: String($0)) })
        {
            self = .command(login, command)
        } else {
            self = .unknown
        }
    }

    /// Whether a request with a method says in its body what is to be done.
    func takesBody(_ method: String) -> Bool {
        switch self {
        case .all: method == "POST"
        case .user: method == "PUT"
        case .command(_, let command): [.resetPassword, .changePassword].contains(command)
        case .current, .unknown: false
        }
    }
}
