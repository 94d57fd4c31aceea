import AccessControl
import EventModel
import FeedPages
import HTTPTypes

/// Who may do what at `/feed`, `/events` and the addresses of data, which are one resource: pages
/// are the same for all readers.
extension FeedResponder {
    /// A read that took longer than this is judged again: what was allowed when a long poll began
    /// may not be when it ends.
    private static let judgementLasts = Duration.seconds(1)

    /// Answers a read if the one who asks may read there.
    ///
    /// - Parameters:
    ///   - address: What is to be read.
    ///   - request: The request.
    ///   - answer: Makes the answer.
    /// - Returns: The answer, which no shared cache may keep where it needed a login.
    /// - Throws: 401 and 403; what `answer` throws.
    func admitted(
        to address: FeedAddress,
        _ request: FeedRequest,
        _ answer: () async throws -> FeedResponse
    ) async throws -> FeedResponse {
        guard let access = configuration.access, address.isProtected else {
            return try await answer()
        }
        let judgedAt = ContinuousClock.now
        var isPublic = try await checkReading(access, request)
        var response = try await answer()
        if .now - judgedAt > Self.judgementLasts {
            isPublic = try await checkReading(access, request) && isPublic
        }
        if !isPublic, let policy = response.fields[.cacheControl] {
            response.fields[.cacheControl] = CachePolicy.private(policy)
        }
        return response
    }

    /// Finds out who sent a request.
    ///
    /// - Throws: 401 where they are not who they say, whatever they want.
    func caller(of request: FeedRequest) async throws -> Caller {
        guard let access = configuration.access else { return .anonymous }
        let fields = request.fields[values: .authorization]
        // Of two one would have to be believed and the other not.
        guard fields.count <= 1 else { throw Self.notAuthenticated(Self.wrongLogin) }
        switch try await access.caller(authorizationField: fields.first) {
        case .anonymous: return .anonymous
        case .caller(let caller): return caller
        case .refused: throw Self.notAuthenticated(Self.wrongLogin)
        }
    }

    /// Throws unless somebody may append all of these events.
    ///
    /// - Throws: 401 where they did not say who they are, otherwise 403.
    func checkRights(of caller: Caller, toAppend events: [NewEvent]) async throws {
        guard let access = configuration.access else { return }
        let needed = ProtectedResource.needed(toAppend: events)
        guard let refused = try await access.refused(caller, among: needed) else { return }
        // While access control is off a login would not help: what is refused then nobody may.
        if caller.login == nil, try await access.isOn {
            throw Self.notAuthenticated(Self.noLogin)
        }
        let login = caller.login ?? "Nobody"
        // In the words of a metadata stream's own stream, whose list decides.
        guard case .stream(let asked, let wanted) = refused,
            case (let stream, let right?) = AccessPolicy.subject(asked, wanted)
        else {
            throw ProblemDetails(.notPermitted, "\(login) may not do that.")
        }
        throw ProblemDetails(
            .notPermitted,
            "\(login) may not \(right.sentence) \(stream): nothing was recorded.",
            facts: ["stream": .text(stream.text), "right": .text(right.name)]
        )
    }

    /// Whether everybody may read.
    ///
    /// - Throws: 401 or 403 where the one who asks may not.
    private func checkReading(_ access: AccessGate, _ request: FeedRequest) async throws -> Bool {
        let caller = try await caller(of: request)
        let decision = try await access.decide(caller, .feed)
        guard !decision.isAllowed else { return decision.isPublic }
        guard let login = caller.login else { throw Self.notAuthenticated(Self.noLogin) }
        throw ProblemDetails(.notPermitted, "\(login) may not read the feed.")
    }

    private static let noLogin = "Say who you are, with a login and a password."
    private static let wrongLogin = "There is no such login, or the password is not its own."

    private static func notAuthenticated(_ detail: String) -> FieldedProblem {
        FieldedProblem(
            ProblemDetails(.notAuthenticated, detail),
            fields: [.wwwAuthenticate: "Basic realm=\"EventFeed\""]
        )
    }
}

extension FeedAddress {
    /// Whether it takes a role to read it.
    fileprivate var isProtected: Bool {
        switch self {
        case .service, .categories, .health, .readiness, .unknown: false
        case .head, .page, .value, .plainPage, .events, .event, .eventValue, .stream: true
        }
    }
}

extension AccessRight {
    /// The right as a fact of a problem.
    fileprivate var name: String {
        switch self {
        case .read: "read"
        case .write: "write"
        case .delete: "delete"
        case .readMetadata: "read-metadata"
        case .writeMetadata: "write-metadata"
        }
    }

    /// What somebody may not do, between "may not" and the stream's name.
    fileprivate var sentence: String {
        switch self {
        case .read: "read the stream"
        case .write: "append to the stream"
        case .delete: "delete the stream"
        case .readMetadata: "read the metadata of the stream"
        case .writeMetadata: "write the metadata of the stream"
        }
    }
}

extension CachePolicy {
    /// The same for one reader alone: shared caches keep nothing of it.
    static func `private`(_ policy: String) -> String {
        switch policy {
        case immutable: "private, max-age=31536000, immutable"
        case never: never
        default: "private, \(policy)"
        }
    }
}
