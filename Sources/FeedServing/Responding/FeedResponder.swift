import AccessControl
import EventModel
import EventStoreWire
import FeedPages
import HTTPTypes
import Logging
import NIOCore

/// From a request to its answer, without a socket.
struct FeedResponder: RequestResponder {
    let store: any EventStore
    let identity: StoreIdentity
    let layout: PageLayout
    let wire: WireLimits
    let configuration: FeedServerConfiguration
    let cache: DocumentCache<CodedKey>
    let renders: RenderGate
    let bodies: BodyBudget
    let holds: HoldLimit
    /// The Event Store product's interface; nil where it is not served.
    let eventStore: EventStoreInterface?
    /// Opened when the server begins to stop.
    let stopping = Latch()
    let logger: Logger

    init(store: any EventStore, configuration: FeedServerConfiguration, logger: Logger) {
        self.store = store
        self.configuration = configuration
        self.logger = logger
        identity = store.identity
        layout = PageLayout(pageSize: store.identity.pageSize)
        var wire = configuration.wireLimits
        wire.store = store.limits
        wire.appendBytes = min(wire.appendBytes, wire.bodiesBytes, store.limits.bytesPerAppend)
        self.wire = wire
        cache = DocumentCache(bytes: configuration.limits.cacheBytes)
        renders = RenderGate(configuration.limits)
        bodies = BodyBudget(bytes: wire.bodiesBytes)
        holds = HoldLimit(configuration.limits.heldRequests)
        eventStore = configuration.eventStore.map { settings in
            var settings = settings
            settings.bodyBytes = min(settings.bodyBytes, wire.bodiesBytes)
            return EventStoreInterface(
                store: store,
                access: configuration.access,
                settings: settings
            )
        }
    }

    /// Answers a request; whatever goes wrong becomes an answer, too.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - body: Its body, which may be left unread.
    ///   - inputClosed: Opened when the client will send no more, so that nothing is held for it.
    /// - Returns: The answer; for HEAD that of GET.
    func respond(to request: FeedRequest, body: any RequestBody, inputClosed: Latch) async
        -> FeedResponse
    {
        do {
            return try await answer(request, body, inputClosed)
        } catch {
            return problemResponse(for: error)
        }
    }

    /// Answers what was refused before it became a request.
    ///
    /// - Parameter refusal: Why it was refused.
    /// - Returns: The answer, after which the connection must close.
    func respond(to refusal: Refusal) -> FeedResponse {
        var response: FeedResponse
        do {
            if case .unknownMethod(_, let target) = refusal, target.hasPrefix("/"),
                eventStore == nil
                    || !EventStoreInterface.owns(path: FeedRequest("", target).path)
            {
                // What does not exist is 404 for every method.
                if case .unknown = try address(of: FeedRequest("", target)) {
                    throw Self.nothingHere
                }
            }
            response = problemResponse(for: refusal)
        } catch {
            response = problemResponse(for: error)
        }
        response.closesConnection = true
        return response
    }

    private func answer(_ request: FeedRequest, _ body: any RequestBody, _ inputClosed: Latch)
        async throws -> FeedResponse
    {
        guard RequestHeadCheck.methods.contains(request.method) else {
            return respond(to: .unknownMethod(request.method, target: request.path))
        }
        if request.method == "OPTIONS", request.path == "*" {
            return FeedResponse(204, fields: [.allow: Allowed.append.fieldValue])
        }
        try await checkOrigin(of: request)
        if let eventStore, EventStoreInterface.owns(path: request.path) {
            return try await respond(with: eventStore, to: request, body, inputClosed)
        }
        let address = try address(of: request)
        if case .unknown(let epoch) = address {
            try await checkEpoch(epoch)
            throw Self.nothingHere
        }
        let allowed = Allowed(address)
        switch request.method {
        case "GET", "HEAD":
            return try await admitted(to: address, request) {
                try await read(address, request, inputClosed)
            }
        case "OPTIONS":
            return FeedResponse(204, fields: [.allow: allowed.fieldValue])
        case "POST" where allowed == .append:
            return try await append(address, request, body, from: try await caller(of: request))
        default:
            throw FieldedProblem(
                ProblemDetails(
                    .methodNotAllowed,
                    "\(request.method) is not allowed here; \(allowed.fieldValue) are.",
                    facts: ["method": .text(request.method), "allowed": .texts(allowed.methods)]
                ),
                fields: [.allow: allowed.fieldValue]
            )
        }
    }

    /// The address of a request.
    ///
    /// - Throws: 404 where there is none, whatever the method; for a name that no stream can have
    ///   what the method calls for.
    private func address(of request: FeedRequest) throws -> FeedAddress {
        do throws(InvalidAddress) {
            if let address = try FeedAddress.parse(path: request.path) { return address }
        } catch {
            guard request.method == "POST", let name = error.invalidName else { throw error }
            throw InvalidSubmission(name, "stream")
        }
        throw Self.nothingHere
    }

    /// 404 without any facts.
    private static let nothingHere = ProblemDetails(
        .notFound,
        "Nothing is here: see / for what there is."
    )

    private func read(_ address: FeedAddress, _ request: FeedRequest, _ inputClosed: Latch)
        async throws -> FeedResponse
    {
        switch address {
        case .health:
            return Self.json("{\"status\":\"ok\"}\n")
        case .readiness:
            return await readiness()
        case .head(let form):
            return try await feed(form, request, inputClosed)
        case .stream(let name):
            return try await stream(name, request)
        default:
            try StreamQuery.refuseAll(request.query)
        }
        switch address {
        case .page(let epoch, let range, let form):
            return try await page(epoch, range, form, request)
        case .value(let epoch, let kind, let number):
            return try await pageValue(epoch, kind, number, request)
        case .plainPage(let range):
            return try await plainPage(range, request)
        case .events:
            return Self.redirect(to: "/feed", CachePolicy.revalidate, vary: Vary.fixed)
        case .event(let number, let form):
            return try await event(number, form, request)
        case .eventValue(let number, let kind):
            return try await eventValue(number, kind, request)
        case .categories:
            return try await categories(request)
        case .service, .head, .stream, .health, .readiness, .unknown:
            return try await service(request)
        }
    }

    /// A redirect that keeps the method (RFC 9110 section 15.4.8).
    static func redirect(to location: String, _ policy: String, vary: String) -> FeedResponse {
        FeedResponse(
            307,
            fields: [.location: location, .cacheControl: policy, .vary: vary]
        )
    }

    /// A small JSON answer of the moment.
    static func json(_ text: String, status: Int = 200) -> FeedResponse {
        FeedResponse(
            status,
            fields: [.contentType: "application/json", .cacheControl: CachePolicy.never],
            body: ByteBuffer(string: text)
        )
    }
}

/// The methods of an address.
enum Allowed {
    /// What can only be read.
    case read
    /// What can be read and takes appends.
    case append

    init(_ address: FeedAddress) {
        switch address {
        case .head(nil), .stream, .events: self = .append
        default: self = .read
        }
    }

    /// The methods in the order of the specification.
    var methods: [String] {
        self == .append ? ["GET", "HEAD", "POST", "OPTIONS"] : ["GET", "HEAD", "OPTIONS"]
    }

    /// The value of `Allow`.
    var fieldValue: String { methods.joined(separator: ", ") }
}

/// The values of `Vary`.
enum Vary {
    /// Addresses with a fixed form.
    static let fixed = "Accept-Encoding"
    /// Addresses whose form `Accept` chooses.
    static let negotiated = "Accept, Accept-Encoding"

    /// That of an answer to `after`, which `Prefer` may hold.
    static func held(_ vary: String) -> String { vary + ", Prefer" }
}
