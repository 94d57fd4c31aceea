import AsyncHTTPClient
import FoundationEssentials
import HTTPTypes
public import Logging
import NIOCore
import NIOHTTP1
import NIOSSL

/// HTTP over AsyncHTTPClient: connections are kept alive and shared by all exchanges.
///
/// It lives as long as the closure of ``withTransport(settings:logger:_:)``, which closes all
/// connections at its end, whether the closure throws or not.
public struct AsyncHTTPTransport: HTTPTransport {
    /// How connections are made and kept.
    public struct Settings: Sendable {
        /// How long the making of a connection may take: 10 seconds.
        public var connectTimeout: Duration
        /// How long an idle connection is kept: 30 seconds.
        ///
        /// That is less than servers commonly do, so that a request rarely meets a connection
        /// which the server is just closing.
        public var idleTimeout: Duration
        /// Connections to one server at a time: 8.
        ///
        /// Further exchanges wait for one.
        public var connectionsPerServer: Int
        /// Who asks; nil for nobody in particular.
        public var credentials: Credentials?
        /// Who may vouch for a server; nil for those whom the system trusts.
        public var authorities: CertificateAuthorities?

        /// 10 seconds, 30 seconds, 8 connections.
        public static let standard = Settings(
            connectTimeout: .seconds(10),
            idleTimeout: .seconds(30),
            connectionsPerServer: 8
        )

        /// Sets how connections are made and kept.
        ///
        /// - Parameters:
        ///   - connectTimeout: How long the making of a connection may take.
        ///   - idleTimeout: How long an idle connection is kept.
        ///   - connectionsPerServer: Connections to one server at a time, at least 1.
        public init(connectTimeout: Duration, idleTimeout: Duration, connectionsPerServer: Int) {
            self.connectTimeout = connectTimeout
            self.idleTimeout = idleTimeout
            self.connectionsPerServer = max(1, connectionsPerServer)
        }
    }

    private let client: HTTPClient
    private let credentials: Credentials?
    private let logger: Logger

    /// Runs `body` with a transport and closes its connections afterwards.
    ///
    /// - Parameters:
    ///   - settings: How connections are made and kept.
    ///   - logger: Gets what happens on connections in the background, at `debug` and below.
    ///   - body: What to do with the transport, which must not leave the closure.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public static func withTransport<Result: Sendable>(
        settings: Settings = .standard,
        logger: Logger,
        _ body: (AsyncHTTPTransport) async throws -> Result
    ) async throws -> Result {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(settings.connectTimeout)),
            decompression: .disabled
        )
        configuration.connectionPool.idleTimeout = TimeAmount(settings.idleTimeout)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit =
            settings.connectionsPerServer
        // Whoever polls has a back-off of its own and wants to know at once why it has to wait.
        configuration.connectionPool.retryConnectionEstablishment = false
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let authorities = settings.authorities {
            tls.trustRoots = .certificates(authorities.certificates)
        }
        configuration.tlsConfiguration = tls
        return try await HTTPClient.withHTTPClient(
            configuration: configuration,
            backgroundActivityLogger: logger
        ) { client in
            try await body(
                AsyncHTTPTransport(
                    client: client,
                    credentials: settings.credentials,
                    logger: logger
                )
            )
        }
    }

    /// Sends a request and receives the whole answer.
    ///
    /// - Parameter request: What to ask, and how much to take at the most.
    /// - Returns: The answer, whatever its status.
    /// - Throws: ``ExchangeError``; what ``HTTPExchangeRequest/largerLimit`` throws;
    ///   `CancellationError`.
    public func send(_ request: HTTPExchangeRequest) async throws -> HTTPExchangeAnswer {
        do {
            return try await exchange(request)
        } catch let error as ExchangeError {
            throw error
        } catch let error as BodyRefused {
            throw error.reason
        } catch {
            // AsyncHTTPClient has errors of its own for what a cancellation brings about.
            try Task.checkCancellation()
            throw ExchangeError(
                Self.reason(for: error),
                address: request.address.absoluteString
            )
        }
    }

    private func exchange(_ request: HTTPExchangeRequest) async throws -> HTTPExchangeAnswer {
        var outgoing = HTTPClientRequest(url: request.address.absoluteString)
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        // RFC 9110 section 7.2: Host should be the first field.
        outgoing.headers.add(name: "Host", value: Self.host(of: request.address))
        for field in request.fields {
            outgoing.headers.add(name: field.name.rawName, value: field.value)
        }
        let authorization = credentials?.authorization(for: request.address)
        if let authorization {
            outgoing.headers.replaceOrAdd(name: "Authorization", value: authorization)
        }
        if let body = request.body { outgoing.body = .bytes(ByteBuffer(bytes: body)) }
        // The deadline of the whole answer is set around this call; this one only has to exist.
        let response = try await client.execute(outgoing, deadline: .distantFuture, logger: logger)
        var answer = HTTPExchangeAnswer(
            status: Int(response.status.code),
            fields: Self.fields(response.headers),
            body: [],
            address: request.address
        )
        if credentials != nil { answer.credentials = authorization == nil ? .withheld : .sent }
        answer.body = try await Self.body(of: response, answering: request, answer)
        return answer
    }

    /// Receives a body, up to the limit of its kind.
    private static func body(
        of response: HTTPClientResponse,
        answering request: HTTPExchangeRequest,
        _ answer: HTTPExchangeAnswer
    ) async throws -> [UInt8] {
        let isSuccess = answer.statusClass == 2
        var limit = isSuccess ? request.bodyLimit : request.problemLimit
        var largerLimit = isSuccess ? request.largerLimit : nil
        let announced = answer.fields[.contentLength].flatMap { Int($0) }
        if isSuccess, largerLimit == nil, request.method != .head, let announced, announced > limit
        {
            throw ExchangeError(.tooLarge(limit: limit), address: request.address.absoluteString)
        }
        var body: [UInt8] = []
        body.reserveCapacity(min(limit, announced ?? 0))
        for try await piece in response.body {
            if let larger = largerLimit, body.count + piece.readableBytes > limit {
                largerLimit = nil
                var beginning = answer
                beginning.body = body + piece.readableBytesView
                do {
                    limit = max(limit, try larger(beginning))
                } catch {
                    throw BodyRefused(reason: error)
                }
            }
            let room = limit - body.count
            guard piece.readableBytes > room else {
                body.append(contentsOf: piece.readableBytesView)
                continue
            }
            guard !isSuccess else {
                throw ExchangeError(
                    .tooLarge(limit: limit),
                    address: request.address.absoluteString
                )
            }
            body.append(contentsOf: piece.readableBytesView.prefix(room))
            break
        }
        // A sequence may also end because the task was cancelled.
        try Task.checkCancellation()
        return body
    }

    /// Carries what a body was refused for past the classing of all other errors.
    private struct BodyRefused: Error {
        let reason: any Error
    }

    private static func fields(_ headers: HTTPHeaders) -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in headers {
            // A name that is no token cannot be one that anybody looks for.
            guard let name = HTTPField.Name(name) else { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        return fields
    }

    private static func host(of address: URL) -> String {
        let host = address.host ?? ""
        let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        return address.port.map { "\(name):\($0)" } ?? name
    }

    private static func reason(for error: any Error) -> ExchangeError.Reason {
        switch error {
        case let error as HTTPClientError
        where error == .connectTimeout || error == .tlsHandshakeTimeout:
            .connection("no connection could be made in time")
        case let error as HTTPClientError where error == .remoteConnectionClosed:
            .connection("the server closed the connection before its answer was complete")
        case let error as HTTPClientError where error == .invalidURL || error == .emptyHost:
            .address("this is no address that a request can be sent to")
        case let error as HTTPParserError where error == .invalidEOFState:
            .connection("the server closed the connection before its answer was complete")
        case let error as HTTPParserError:
            .malformed("\(error)")
        case NIOSSLError.handshakeFailed(let error):
            Self.reason(forHandshake: "\(error)")
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            .untrusted("the server's certificate is for another host")
        default:
            .connection(excerpt("\(error)"))
        }
    }
}

extension AsyncHTTPTransport {
    /// What a failed handshake means; its reason is only there as text.
    private static func reason(forHandshake text: String) -> ExchangeError.Reason {
        guard text.contains("CERTIFICATE_VERIFY_FAILED") else {
            return .connection("no TLS is spoken there, or no version in common: \(excerpt(text))")
        }
        return .untrusted(
            "the server's certificate is not trusted: it has expired, or none of the trusted "
                + "authorities signed it"
        )
    }
}

extension TimeAmount {
    /// As many nanoseconds as fit: what is longer than 292 years is as good as for ever.
    init(_ duration: Duration) {
        let longest = Duration.seconds(Int64.max / 1_000_000_000 - 1)
        let parts = min(max(duration, .zero - longest), longest).components
        self = .nanoseconds(parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000)
    }
}
