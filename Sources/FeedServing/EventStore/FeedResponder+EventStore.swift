import AccessControl
import EventModel
import EventStoreWire
import FeedPages
import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1

/// The Event Store product's interface, beside the feed and over the same store.
extension FeedResponder {
    /// Answers a request of that interface.
    ///
    /// - Parameters:
    ///   - interface: The interface.
    ///   - request: The request.
    ///   - body: Its body.
    ///   - inputClosed: Opened when the client will send no more.
    /// - Returns: The answer.
    /// - Throws: What has no answer of that interface: bodies that do not arrive, too many
    ///   renderings at once.
    func respond(
        with interface: EventStoreInterface,
        to request: FeedRequest,
        _ body: any RequestBody,
        _ inputClosed: Latch
    ) async throws -> FeedResponse {
        let connection = EventStoreConnection(self, body: body, inputClosed: inputClosed)
        let answer = try await interface.respond(
            to: WireRequest(
                request.method,
                request.path,
                query: request.query,
                fields: request.fields,
                origin: "\(request.origin.scheme)://\(request.origin.authority)"
            ),
            over: connection
        )
        if let cause = answer.cause {
            logger.error("\(cause)", metadata: ["path": "\(request.path)"])
        }
        var response = FeedResponse(answer.status, fields: answer.fields)
        // Where the phrase is the usual one, nothing has to be made safe.
        response.reason =
            answer.reason == HTTPResponseStatus(statusCode: answer.status).reasonPhrase
            ? nil : answer.reason
        response.body = ByteBuffer(bytes: answer.body)
        let wantsGzip = Negotiation.allowsGzip(acceptEncoding: request.fields.list(.acceptEncoding))
        if answer.sendsHeldDocument, let document = connection.held {
            let sent = wantsGzip ? try await gzipped(document, connection.heldKey) : document
            response.body = sent.body
            response.lease = sent.lease
            response.fields[.contentEncoding] = sent.fields[.contentEncoding]
        } else if wantsGzip, response.body.readableBytes >= Gzip.leastBytes {
            response.body = ByteBuffer(bytes: try Gzip.compress(response.body))
            response.fields[.contentEncoding] = "gzip"
        }
        if response.fields[.contentEncoding] != nil {
            // The product leaves it at `Accept`; a shared cache would then hand the compressed
            // answer to clients that cannot read it.
            response.fields[.vary] = Vary.negotiated
        }
        return response
    }

    /// A document with gzip, made once where the document itself is kept.
    private func gzipped(_ document: RenderedDocument, _ key: String?) async throws
        -> RenderedDocument
    {
        guard document.body.readableBytes >= Gzip.leastBytes else { return document }
        guard let key, document.isKept else { return renders.counted(try document.gzipped()) }
        return try await cache.document(
            for: CodedKey(document: .eventStore(key), isGzipped: true)
        ) {
            renders.counted(try document.gzipped())
        }
    }
}

/// What the interface wants of one request: its body, patience, and its turn to render.
private final class EventStoreConnection: WireConnection {
    private let responder: FeedResponder
    private let unread: any RequestBody
    private let inputClosed: Latch
    /// The body counts against the budget of all bodies until the request was answered.
    private var read: BoundedBody?
    /// The document that was asked for, whose bytes count until they are sent.
    private(set) var held: RenderedDocument?
    /// What it is found by again.
    private(set) var heldKey: String?

    init(_ responder: FeedResponder, body: any RequestBody, inputClosed: Latch) {
        self.responder = responder
        self.inputClosed = inputClosed
        unread = body
    }

    func body(limit: Int) async throws -> [UInt8] {
        let bounded = try BoundedBody(
            unread,
            field: "body",
            limit: limit,
            budget: responder.bodies
        )
        read = bounded
        return try await bounded.bytes()
    }

    func wait(beyond number: EventNumber, until deadline: ContinuousClock.Instant) async throws
        -> Bool
    {
        try await Hold(until: deadline, inputClosed: inputClosed, responder: responder)
            .wait(beyond: number)
    }

    func document(
        for key: String?,
        render: () async throws -> WireDocument
    ) async throws -> WireDocument {
        let document: RenderedDocument
        if let key {
            let coded = CodedKey(document: .eventStore(key), isGzipped: false)
            document = try await responder.cache.document(for: coded) {
                try await rendered(render)
            }
        } else {
            document = try await rendered(render)
        }
        held = document
        heldKey = key
        var answer = WireDocument(
            [],
            isFixed: document.isKept,
            isPublic: document.isPublic
        )
        answer.isHeld = true
        return answer
    }

    private func rendered(_ render: () async throws -> WireDocument) async throws
        -> RenderedDocument
    {
        try await responder.renders.document {
            let document = try await render()
            var made = RenderedDocument(
                document.body,
                tag: EntityTag(opaque: ""),
                fields: [:]
            )
            made.isKept = document.isFixed
            made.isPublic = document.isPublic
            return made
        }
    }
}
