import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// The requests of one connection, answered one after the other.
struct Connection {
    typealias Inbound = NIOAsyncChannelInboundStream<RequestPart>.AsyncIterator
    typealias Outbound = NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>

    let channel: any Channel
    let responder: any RequestResponder
    let limits: ServerLimits
    let inputClosed: Latch
    /// By which way requests come, but for their `Host`.
    let origin: RequestOrigin
    let date: DateField
    let logger: Logger

    /// Answers requests until one of the two sides has had enough.
    ///
    /// - Throws: Errors of the socket.
    @concurrent
    func run(_ inbound: NIOAsyncChannelInboundStream<RequestPart>, _ outbound: Outbound)
        async throws
    {
        let parts = RequestParts(inbound.makeAsyncIterator(), outbound)
        while let part = try await parts.next() {
            let goesOn: Bool
            switch part {
            case .head(let head, let fieldsAreUTF8):
                goesOn = try await answer(head, fieldsAreUTF8: fieldsAreUTF8, parts)
            case .refused(let refusal):
                var response = responder.respond(to: refusal)
                response.closesConnection = true
                try await write(response, for: nil, to: outbound)
                goesOn = false
            case .body, .end:
                // What was left of a body that nobody wanted.
                goesOn = true
            }
            guard goesOn else { break }
        }
        // Nothing more is sent, but what still comes is read until the client closes or the
        // deadline is over: closing on unread bytes would take the answer away from the client.
        outbound.finish()
        while try await parts.next() != nil {}
    }

    private func answer(
        _ head: HTTPRequestHead,
        fieldsAreUTF8: Bool,
        _ parts: RequestParts
    ) async throws -> Bool {
        let began = ContinuousClock.now
        var request = FeedRequest(head.method.rawValue, head.uri, fields: Self.fields(head.headers))
        request.fieldsAreUTF8 = fieldsAreUTF8
        request.origin = origin
        request.origin.host = head.headers.first(name: "host")
        let body = ConnectionBody(parts, head: head)
        var response: FeedResponse
        do {
            // Only these want their bodies; what others bring is read over.
            if !["POST", "PUT"].contains(request.method) { try await body.readOver() }
            response = await responder.respond(to: request, body: body, inputClosed: inputClosed)
        } catch let refusal as Refusal {
            response = responder.respond(to: refusal)
        }
        try Task.checkCancellation()
        // The next request begins where this one's body ends, so the rest of it must be read.
        if !body.isSkippable { response.closesConnection = true }
        if !head.isKeepAlive || responder.stopping.isOpen { response.closesConnection = true }
        try await write(response, for: head, to: parts.outbound)
        withExtendedLifetime(response.lease) {}
        logger.debug(
            "answered",
            metadata: [
                "method": "\(request.method)", "path": "\(request.path)",
                "query": "\(request.query ?? "")",
                "status": .stringConvertible(response.status),
                "bytes": .stringConvertible(response.body.readableBytes),
                "took": .stringConvertible(ContinuousClock.now - began),
            ]
        )
        guard !response.closesConnection else { return false }
        return try await body.skip()
    }

    /// Writes an answer, no more at a time than the client takes.
    private func write(
        _ response: FeedResponse,
        for request: HTTPRequestHead?,
        to outbound: Outbound
    ) async throws {
        var headers = HTTPHeaders(response.fields.map { ($0.name.rawName, $0.value) })
        headers.add(name: "Date", value: date.now)
        // Neither has a body, whatever it announces (RFC 9110 section 8.6): clients that would wait
        // for one have nothing to wait for.
        let isBodiless = response.status == 204 || response.status == 304
        if !isBodiless {
            headers.add(name: "Content-Length", value: String(response.body.readableBytes))
        }
        if response.closesConnection {
            headers.add(name: "Connection", value: "close")
        } else if request?.version == .http1_0 {
            headers.add(name: "Connection", value: "keep-alive")
        }
        let head = HTTPResponseHead(
            version: .http1_1,
            status: ReasonPhrase.status(response.status, response.reason),
            headers: headers
        )
        var body = response.body
        if isBodiless || request?.method == .HEAD { body.clear() }
        guard body.readableBytes > limits.writeBytes else {
            let parts: [HTTPServerResponsePart] =
                body.readableBytes > 0
                ? [.head(head), .body(.byteBuffer(body)), .end(nil)] : [.head(head), .end(nil)]
            return try await outbound.write(contentsOf: parts)
        }
        try await outbound.write(.head(head))
        while let slice = body.readSlice(length: min(limits.writeBytes, body.readableBytes)),
            slice.readableBytes > 0
        {
            // The writer would take the whole body before it hears that the client is slow; each
            // slice is out of memory before the next one goes in.
            let part = HTTPServerResponsePart.body(.byteBuffer(slice))
            try await channel.writeAndFlush(part).get()
        }
        try await outbound.write(.end(nil))
    }

    private static func fields(_ headers: HTTPHeaders) -> HTTPFields {
        var fields = HTTPFields()
        fields.reserveCapacity(headers.count)
        for (name, value) in headers {
            guard let name = HTTPField.Name(name) else { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        return fields
    }
}

/// The parts of a connection's requests, and the way back.
final class RequestParts {
    private var inbound: Connection.Inbound
    let outbound: Connection.Outbound

    init(_ inbound: Connection.Inbound, _ outbound: Connection.Outbound) {
        self.inbound = inbound
        self.outbound = outbound
    }

    /// Waits for the next part; nil when the client has closed.
    func next() async throws -> RequestPart? {
        try await inbound.next(isolation: #isolation)
    }
}

/// The body of the request whose head was read last.
final class ConnectionBody: RequestBody {
    /// 64 KiB.
    private static let skippedBytes = 64 << 10

    let announcedBytes: Int?

    private let parts: RequestParts
    private var continues: Bool
    private var isWhole = false
    private var readBytes = 0
    private var failure: Refusal?

    init(_ parts: RequestParts, head: HTTPRequestHead) {
        self.parts = parts
        announcedBytes =
            head.headers.contains(name: "transfer-encoding")
            ? nil : head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        // An HTTP/1.0 client knows no interim answers (RFC 9110 section 10.1.1).
        continues =
            head.version != .http1_0
            && head.headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" }
    }

    func next() async throws -> ByteBuffer? {
        if let failure { throw failure }
        if isWhole { return nil }
        if continues {
            continues = false
            let head = HTTPResponseHead(version: .http1_1, status: .continue)
            try await parts.outbound.write(.head(head))
        }
        switch try await parts.next() {
        case .body(let buffer):
            readBytes += buffer.readableBytes
            return buffer
        case .end:
            isWhole = true
            return nil
        case .refused(let refusal):
            failure = refusal
            throw refusal
        case .head, nil:
            let refusal = Refusal.malformed("the request ended before it was whole")
            failure = refusal
            throw refusal
        }
    }

    /// Whether what was not read is so little that reading it is cheaper than a new connection.
    var isSkippable: Bool {
        if isWhole { return true }
        // A client that still waits for 100 may leave its body out, or not.
        guard failure == nil, !continues, let announcedBytes else { return false }
        return announcedBytes - readBytes <= Self.skippedBytes
    }

    /// Reads a chunked body that nobody wants, as long as it is small: only its end tells whether
    /// another request can follow.
    ///
    /// - Throws: ``Refusal`` where it does not arrive whole.
    func readOver() async throws {
        guard announcedBytes == nil, !continues else { return }
        while readBytes <= Self.skippedBytes, try await next() != nil {}
    }

    /// Reads what was not read.
    ///
    /// - Returns: False if no other request can follow.
    func skip() async throws -> Bool {
        do {
            while try await next() != nil {}
            return true
        } catch is Refusal {
            // It was answered already.
            return false
        }
    }
}
