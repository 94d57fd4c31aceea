import FoundationEssentials
import HTTPTypes
import NIOHTTP1
import Synchronization

/// Carries requests over another transport and counts what travels.
public final class MeteredTransport: HTTPTransport {
    /// What travelled.
    public struct Traffic: Hashable, Sendable {
        /// Exchanges that were answered.
        public internal(set) var requests = 0
        /// Bytes of requests: request lines, fields and bodies, as HTTP/1.1 writes them.
        public internal(set) var bytesSent = 0
        /// Bytes of answers: status lines, fields and bodies as they travelled.
        ///
        /// What TCP and TLS add is not known here, nor is a field whose name is no token.
        public internal(set) var bytesReceived = 0

        /// Bytes in both directions.
        public var bytes: Int { bytesSent + bytesReceived }
    }

    private let transport: any HTTPTransport
    private let traffic = Mutex(Traffic())

    /// Puts a meter before a transport.
    ///
    /// - Parameter transport: What carries the requests.
    public init(_ transport: any HTTPTransport) {
        self.transport = transport
    }

    /// Takes what has travelled since it was last taken, and begins to count anew.
    ///
    /// - Returns: The counts.
    public func take() -> Traffic {
        traffic.withLock { traffic in
            defer { traffic = Traffic() }
            return traffic
        }
    }

    /// Sends a request and receives the whole answer, which is counted then.
    ///
    /// - Parameter request: What to ask, and how much to take at the most.
    /// - Returns: The answer, whatever its status.
    /// - Throws: What the transport throws.
    public func send(_ request: HTTPExchangeRequest) async throws -> HTTPExchangeAnswer {
        let answer = try await transport.send(request)
        let path = request.address.path(percentEncoded: true)
        let query = request.address.query(percentEncoded: true).map { "?\($0)" } ?? ""
        let line = "\(request.method.rawValue) \(path)\(query) HTTP/1.1\r\n"
        let host = "Host: \(request.address.host() ?? ""):\(request.address.port ?? 80)\r\n"
        let sent =
            line.utf8.count + host.utf8.count + Self.bytes(of: request.fields)
            + (request.body?.count ?? 0)
        let reason = HTTPResponseStatus(statusCode: answer.status).reasonPhrase
        let received =
            "HTTP/1.1 200 \(reason)\r\n".utf8.count + Self.bytes(of: answer.fields)
            + answer.body.count
        traffic.withLock { traffic in
            traffic.requests += 1
            traffic.bytesSent += sent
            traffic.bytesReceived += received
        }
        return answer
    }

    /// Bytes of fields and of the empty line after them.
    private static func bytes(of fields: HTTPFields) -> Int {
        fields.reduce(2) { $0 + $1.name.rawName.utf8.count + $1.value.utf8.count + 4 }
    }
}
