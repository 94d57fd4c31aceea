import AccessControl
import EventModel
import HTTPTypes

/// The product's resource `/users`: reading and changing users as JSON.
///
/// Members of `$admins` may do everything, anybody else may look at themselves (`$current`) and
/// change their own password. While there is no user, everybody may read, which shows nothing, and
/// add the first member of `$admins`. Every body must be of type `application/json`, so that no web
/// page can send one without asking the server first. Whether an address has the method was found
/// out before.
struct UsersInterface: Sendable {
    /// Bytes of a body.
    static let bodyBytes = 64 << 10

    private let hasher: PasswordHasher

    /// Makes the resource.
    ///
    /// - Parameter hasher: Where passwords are hashed; one for the whole process.
    init(hasher: PasswordHasher) {
        self.hasher = hasher
    }

    /// Answers a request.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - body: Its body.
    ///   - caller: Who asks; those who are not who they say must have been refused before.
    ///   - directory: The users.
    /// - Returns: The answer; nil where the path is not below `/users`.
    /// - Throws: Errors of the directory that are no refusals; `CancellationError`.
    func respond(
        to request: WireRequest,
        body: [UInt8],
        caller: Caller,
        directory: any UserDirectory
    ) async throws -> WireResponse? {
        guard let subject = UserRequest(path: request.path) else { return nil }
        guard subject != .unknown else { return WireAnswers.notFound }
        guard try await isAllowed(caller, subject, directory) else {
            return WireAnswers.unauthorized
        }
        do {
            return try await UserExchange(
                request: request,
                body: body,
                caller: caller,
                directory: directory,
                hasher: hasher
            ).answer(subject)
        } catch let error as UserBody.Unreadable {
            return WireResponse(400, error.reason)
        } catch let error as InvalidUser {
            return WireResponse(400, "Bad Request: \(error)")
        }
    }

    private func isAllowed(_ caller: Caller, _ subject: UserRequest, _ directory: any UserDirectory)
        async throws -> Bool
    {
        if subject == .current { return caller.login != nil }
        let policy = AccessPolicy(isOn: try await directory.hasUsers)
        if case .command(let login, .changePassword) = subject {
            return policy.decide(caller, .ownUser(login)).isAllowed
        }
        return policy.decide(caller, .users).isAllowed
    }
}

/// One request about users that is allowed.
private struct UserExchange {
    static let contentType = "application/json; charset=utf-8"

    let request: WireRequest
    let body: [UInt8]
    let caller: Caller
    let directory: any UserDirectory
    let hasher: PasswordHasher

    func answer(_ subject: UserRequest) async throws -> WireResponse {
        // What is needed is a body; what is sent all the same must not be of a type that a web page
        // can send, either.
        guard !subject.takesBody(request.method) && body.isEmpty || isJSON else {
            return WireAnswers.refusal(WireAnswers.unsupportedType)
        }
        switch (subject, request.method) {
        case (.all, "POST"): return try await create()
        case (.all, _): return Self.json(UserText.list(try await directory.users(), links: address))
        case (.current, "PUT"), (.current, "DELETE"):
            return WireAnswers.wrongMethod(["GET", "OPTIONS"])
        case (.current, _): return try await details(of: caller.login ?? "", links: nil)
        case (.user(let login), "PUT"):
            return try await changing(login) { try await replace(login) }
        case (.user(let login), "DELETE"):
            return try await changing(login) { try await directory.delete(login) }
        case (.user(let login), _): return try await details(of: login, links: address)
        case (.command(let login, .enable), _):
            return try await changing(login) { try await directory.setDisabled(login, false) }
        case (.command(let login, .disable), _):
            return try await changing(login) { try await directory.setDisabled(login, true) }
        case (.command(let login, .resetPassword), _):
            return try await changing(login) { try await resetPassword(of: login) }
        case (.command(let login, .changePassword), _):
            return try await changePassword(of: login)
        case (.unknown, _): return WireAnswers.notFound
        }
    }

    private func details(of login: String, links: ((String) -> String)?) async throws
        -> WireResponse
    {
        guard let user = try await directory.user(login) else {
            return Self.json(UserText.failure(.notFound), 404, "Not Found")
        }
        return Self.json(UserText.details(user, links: links))
    }

    /// Adds a user; who adds the same login with the same password again is told the same.
    private func create() async throws -> WireResponse {
        let body = try UserBody(body)
        guard let login = body.loginName, let password = body.password else {
            throw UserBody.Unreadable(reason: "The body must have loginName and password")
        }
        let user = try NewUser(
            login: login,
            fullName: body.fullName ?? "",
            groups: body.groups ?? []
        )
        try UserRules.checkPassword(password)
        if let stored = try await directory.storedUser(login) {
            let isSame = try await hasher.matches(stored.password, password)
            return isSame ? created(login) : conflict(login)
        }
        let hash = try await hasher.hash(password)
        do {
            try await directory.create(user, password: hash)
        } catch UserRefusal.loginTaken {
            return conflict(login)
        } catch let refusal as UserRefusal {
            return conflict(login, reason: Self.reason(of: refusal))
        }
        return created(login)
    }

    private func created(_ login: String) -> WireResponse {
        var response = Self.json(UserText.update(login, .success), 201, "Created")
        response.fields[.location] = address(PercentEncoding.encode(login))
        return response
    }

    private func conflict(_ login: String, reason: String = "Conflict") -> WireResponse {
        Self.json(UserText.update(login, .conflict), 409, reason)
    }

    /// Runs a change of one user and says what became of it.
    private func changing(_ login: String, _ change: () async throws -> Void) async throws
        -> WireResponse
    {
        do {
            try await change()
            return Self.json(UserText.update(login, .success))
        } catch UserRefusal.unknown {
            return Self.json(UserText.update(login, .notFound), 404, "Not Found")
        } catch let refusal as UserRefusal {
            return conflict(login, reason: Self.reason(of: refusal))
        }
    }

    /// Replaces full name and groups; what the body leaves out stays.
    private func replace(_ login: String) async throws {
        guard let old = try await directory.user(login) else { throw UserRefusal.unknown(login) }
        let body = try UserBody(body)
        try await directory.update(
            login,
            fullName: body.fullName ?? old.fullName,
            groups: body.groups ?? old.groups
        )
    }

    private func resetPassword(of login: String) async throws {
        guard let password = try UserBody(body).newPassword else {
            throw UserBody.Unreadable(reason: "The body must have newPassword")
        }
        guard try await directory.user(login) != nil else { throw UserRefusal.unknown(login) }
        try await directory.setPassword(login, try await hasher.hash(password))
    }

    private func changePassword(of login: String) async throws -> WireResponse {
        let body = try UserBody(body)
        guard let current = body.currentPassword, let new = body.newPassword else {
            throw UserBody.Unreadable(reason: "The body must have currentPassword and newPassword")
        }
        guard let stored = try await directory.storedUser(login) else {
            return Self.json(UserText.update(login, .notFound), 404, "Not Found")
        }
        guard try await hasher.matches(stored.password, current) else {
            var answer = WireAnswers.unauthorized
            answer.fields[.contentType] = Self.contentType
            answer.body = UserText.update(login, .unauthorized)
            return answer
        }
        return try await changing(login) {
            try await directory.setPassword(login, try await hasher.hash(new))
        }
    }

    private var isJSON: Bool {
        let type = request.fields[.contentType] ?? ""
        return type.prefix { $0 != ";" }.filter { $0 != " " }.lowercased() == "application/json"
    }

    /// The absolute address of what stands below `/users/`.
    private func address(_ path: String) -> String { "\(request.origin)/users/\(path)" }

    private static func json(_ body: [UInt8], _ status: Int = 200, _ reason: String = "OK")
        -> WireResponse
    {
        WireResponse(status, reason, fields: [.contentType: contentType], body: body)
    }

    /// A refusal as a reason phrase, which holds no text of a user.
    private static func reason(of refusal: UserRefusal) -> String {
        switch refusal {
        case .loginTaken: "Conflict"
        case .unknown: "Not Found"
        case .firstMustBeAdmin: "The first user must be in the group $admins"
        case .lastAdmin: "The last enabled user in $admins must stay"
        case .tooManyUsers(let limit): "There are \(limit) users already"
        }
    }
}
