public import AccessControl
public import EventModel
import HTTPTypes

/// The Event Store product's Atom interface in front of a store, without a socket.
///
/// A request becomes a plan, the plan an action of the store, its result an answer. The words of
/// that product (numbers of a stream from 0; −1, −2 and −4; reason phrases as error texts) exist in
/// this module and nowhere else.
public struct EventStoreInterface: Sendable {
    /// What may be set.
    public struct Settings: Sendable {
        /// Whether web pages of any origin may use the interface, by the product's fields
        /// `Access-Control-…`; false.
        ///
        /// Where there are users they always may: then it takes a password to do harm.
        public var isOpenToAllOrigins = false
        /// The longest that an answer waits for a new event, in seconds; 60.
        ///
        /// `ES-LongPoll` with more waits so long.
        public var longPollSeconds = 60
        /// Bytes of data and metadata that a page may hold; 8 MiB.
        ///
        /// A page that would hold more ends earlier, and its links go on where it ended.
        public var pageBytes = 8 << 20
        /// Bytes of the longest body that is read; 32 MiB.
        public var bodyBytes = 32 << 20
        /// What `/stats` shows; asked for each time.
        public var statistics: @Sendable () async -> [NodeFigure] = { [] }

        /// Sets everything to its default.
        public init() {}
    }

    let store: any EventStore
    let access: AccessGate?
    let settings: Settings

    /// Puts the interface in front of a store.
    ///
    /// - Parameters:
    ///   - store: What is read and appended to.
    ///   - access: Who may do what, and who there is for `/users`; nil for everybody everything.
    ///   - settings: What may be set.
    public init(
        store: any EventStore,
        access: AccessGate? = nil,
        settings: Settings = Settings()
    ) {
        self.store = store
        self.access = access
        self.settings = settings
    }

    /// Whether a path belongs to this interface.
    ///
    /// - Parameter path: The path as it was sent.
    /// - Returns: True for `/streams`, `/ping`, `/info`, `/stats`, `/users`, `/web`, `/health` and
    ///   all below them.
    public static func owns(path: String) -> Bool {
        let first = path.utf8.dropFirst().prefix { $0 != UInt8(ascii: "/") }
        return path.utf8.first == UInt8(ascii: "/")
            && WireRoute.roots.contains(String(Substring(first)))
    }

    /// Answers a request; whatever goes wrong in the store becomes an answer, too.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - connection: Brings the body, waits and renders.
    /// - Returns: The answer; for HEAD that of GET.
    /// - Throws: What `connection` throws of its own; `CancellationError`.
    public func respond(to request: WireRequest, over connection: any WireConnection) async throws
        -> WireResponse
    {
        var (response, methods) = try await answer(request, connection)
        var isOpen = settings.isOpenToAllOrigins
        if !isOpen, let access { isOpen = try await access.isOn }
        if isOpen {
            CrossOrigin.add(
                to: &response,
                methods: methods,
                isPreflight: request.method == "OPTIONS"
            )
        }
        return response
    }

    /// The answer, and the methods of its address as far as it came to be known.
    private func answer(_ request: WireRequest, _ connection: any WireConnection) async throws
        -> (WireResponse, [String])
    {
        guard let route = WirePath(request.path).flatMap({ WireRoute($0) }) else {
            return (WireAnswers.notFound, ["OPTIONS"])
        }
        if request.method == "OPTIONS" {
            return (WireAnswers.options(route.methods), route.methods)
        }
        let headers = WireHeaders(request.fields)
        do {
            guard let caller = try await caller(of: request) else {
                return (WireAnswers.wrongLogin, [])
            }
            let exchange = Exchange(
                interface: self,
                request: request,
                caller: caller,
                addresses: WireAddresses(base: WireBase.of(request)),
                connection: connection
            )
            return (try await exchange.answer(route), route.methods)
        } catch let refusal as WireRefusal where [406, 415].contains(refusal.status) {
            // The product does not know the address's methods yet when it finds these out.
            return (WireAnswers.refusal(refusal), [])
        } catch let unread as BodyUnread {
            throw unread.cause
        } catch {
            guard let response = WireFailure.response(to: error, headers) else { throw error }
            return (response, route.methods)
        }
    }

    /// Who asks; nil for a login that is not right.
    func caller(of request: WireRequest) async throws -> Caller? {
        switch try await access?.caller(authorizationField: request.fields[.authorization]) {
        case nil, .anonymous: .anonymous
        case .caller(let known): known
        case .refused: nil
        }
    }
}

/// A body that could not be read; the connection knows what to say.
struct BodyUnread: Error {
    let cause: any Error
}
