import EventModel
import FeedPages
import HTTPTypes
import Logging
import NIOCore

@testable import FeedServing

/// A store with invented events, and requests to a responder without a socket.
struct Sample: Sendable {
    let store: InMemoryEventStore
    let responder: FeedResponder

    /// Fills a store with pages of ten: event n goes to stream `loan-(n mod 3)` and has type
    /// `Type(n mod 2)`.
    init(
        events: Int,
        configure: (inout FeedServerConfiguration) -> Void = { _ in }
    ) async throws {
        let store = InMemoryEventStore(try StoreCreation(pageSize: 10))
        try await Self.fill(store, events: events)
        try self.init(store, configure: configure)
    }

    init(
        _ store: InMemoryEventStore,
        configure: (inout FeedServerConfiguration) -> Void = { _ in }
    ) throws {
        self.store = store
        var configuration = FeedServerConfiguration()
        configure(&configuration)
        responder = FeedResponder(
            store: store,
            configuration: configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Appends events one by one.
    static func fill(_ store: any EventStore, events: Int) async throws {
        let before = try await store.head().number.rawValue
        for number in Int(before) + 1..<Int(before) + 1 + events {
            try await store.append([
                NewEvent(
                    stream: StreamName("loan-\(number % 3)"),
                    type: EventType("Type\(number % 2)"),
                    data: .json(
                        "{\"number\":\(number),\"text\":\"\(String(repeating: "x", count: 40))\"}"
                    )
                )
            ])
        }
    }

    /// The first 12 digits of the epoch.
    var epoch: String { store.identity.epoch.shortForm }

    /// Answers a request without a body.
    func answer(
        _ method: String = "GET",
        _ target: String,
        _ fields: HTTPFields = [:]
    ) async -> FeedResponse {
        await responder.respond(
            to: FeedRequest(method, target, fields: fields),
            body: ReadyBody([]),
            inputClosed: Latch()
        )
    }

    /// Answers a request with a body.
    func post(_ target: String, _ fields: HTTPFields, _ body: String) async -> FeedResponse {
        await responder.respond(
            to: FeedRequest("POST", target, fields: fields),
            body: ReadyBody([Array(body.utf8)]),
            inputClosed: Latch()
        )
    }
}

/// A body whose pieces are there.
final class ReadyBody: RequestBody {
    let announcedBytes: Int?
    private var pieces: [[UInt8]]

    init(_ pieces: [[UInt8]], isChunked: Bool = false) {
        self.pieces = pieces
        announcedBytes = isChunked ? nil : pieces.map(\.count).reduce(0, +)
    }

    func next() async throws -> ByteBuffer? {
        pieces.isEmpty ? nil : ByteBuffer(bytes: pieces.removeFirst())
    }
}

extension FeedResponse {
    /// The body as text.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// A fact of the problem that the body is.
    func fact(_ name: String) -> ProblemDetails.Fact? {
        ProblemDetails(bytes, status: status)?.fact(name)
    }

    /// The kind of the problem that the body is.
    var problem: ProblemKind? { ProblemDetails(bytes, status: status)?.kind }
}
