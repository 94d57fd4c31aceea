import Foundation
import Testing

/// Sends requests as a client of the product does.
struct WireClient: Sendable {
    let transport: any Transport
    /// Fields of every request.
    var fields: [PlainField] = []

    /// The same client with a login.
    func login(_ name: String, _ password: String) -> WireClient {
        WireClient(transport: transport, fields: [.login(name, password)])
    }

    /// The first user of a fresh product.
    var admin: WireClient { login("admin", "changeit") }

    /// Sends any request.
    func send(
        _ method: String,
        _ target: String,
        _ more: [PlainField] = [],
        body: String = ""
    ) async throws -> PlainAnswer {
        try await transport.answer(
            to: PlainRequest(method, path(of: target), fields + more, body: body)
        )
    }

    /// Reads, in the product's JSON if no other type is named; an empty one is no `Accept` at all.
    func get(
        _ target: String,
        accept: String = WireType.atomJSON,
        _ more: PlainField...
    ) async throws -> PlainAnswer {
        let wanted = accept.isEmpty ? [] : [PlainField.accept(accept)]
        return try await send("GET", target, wanted + more)
    }

    /// Appends a batch in JSON.
    func append(_ stream: String, _ events: [BatchEvent], _ more: PlainField...) async throws
        -> PlainAnswer
    {
        try await send(
            "POST",
            "/streams/\(stream)",
            [.contentType(WireType.eventsJSON)] + more,
            body: BatchEvent.batch(events)
        )
    }

    /// Posts a body of any type.
    func post(_ target: String, _ type: String, _ body: String, _ more: PlainField...) async throws
        -> PlainAnswer
    {
        try await send("POST", target, [.contentType(type)] + more, body: body)
    }

    /// Appends one event whose id and type stand in the header.
    func postSingle(
        _ target: String,
        id: String?,
        type: String? = "something-happened",
        _ data: String = #"{"a":1}"#,
        _ more: PlainField...
    ) async throws -> PlainAnswer {
        let named = [("ES-EventId", id), ("ES-EventType", type)].compactMap { name, value in
            value.map { PlainField(name, $0) }
        }
        return try await send(
            "POST",
            target,
            [.contentType("application/json")] + named + more,
            body: data
        )
    }

    /// Deletes a stream.
    func delete(_ stream: String, isHard: Bool = false, _ more: PlainField...) async throws
        -> PlainAnswer
    {
        let hard = isHard ? [PlainField("ES-HardDelete", "true")] : []
        return try await send("DELETE", "/streams/\(stream)", hard + more)
    }

    /// Reads a page in the product's JSON.
    func feed(_ target: String, _ more: PlainField...) async throws -> ShownFeed {
        let answer = try await send("GET", target, [.accept(WireType.atomJSON)] + more)
        try #require(answer.status == 200, "\(target): \(answer.status) \(answer.reason)")
        return try ShownFeed(answer)
    }

    /// Appends numbered events, each in a request of its own.
    func fill(_ stream: String, _ count: Int, type: String = "counted") async throws {
        for number in 0..<count {
            let answer = try await append(
                stream,
                [BatchEvent(type: type, data: #"{"n":\#(number)}"#)]
            )
            try #require(answer.status == 201, "\(answer.status) \(answer.reason)")
        }
    }

    /// The path of an address on this server, or what is one already.
    private func path(of target: String) -> String {
        target.hasPrefix(transport.origin)
            ? String(target.dropFirst(transport.origin.count)) : target
    }
}

/// Media types of the product.
enum WireType {
    static let atomJSON = "application/vnd.eventstore.atom+json"
    static let atomXML = "application/atom+xml"
    static let eventJSON = "application/vnd.eventstore.event+json"
    static let eventXML = "application/vnd.eventstore.event+xml"
    static let eventsJSON = "application/vnd.eventstore.events+json"
    static let eventsXML = "application/vnd.eventstore.events+xml"
    static let description = "application/vnd.eventstore.streamdesc+json"
}

/// An event of a batch in JSON.
struct BatchEvent: Sendable {
    var id: String
    var type: String
    var data: String
    var metadata: String?

    init(
        _ id: String = newID(),
        type: String = "something-happened",
        data: String = #"{"a":1}"#,
        metadata: String? = nil
    ) {
        self.id = id
        self.type = type
        self.data = data
        self.metadata = metadata
    }

    /// A link to an event of another stream.
    static func link(_ target: String) -> BatchEvent {
        BatchEvent(type: "$>", data: "\"\(target)\"")
    }

    /// The body of an append.
    static func batch(_ events: [BatchEvent]) -> String {
        let objects = events.map { event in
            #"{"eventId":"\#(event.id)","eventType":"\#(event.type)","data":\#(event.data)"#
                + (event.metadata.map { #","metadata":\#($0)"# } ?? "") + "}"
        }
        return "[" + objects.joined(separator: ",") + "]"
    }
}

/// An id as clients make them.
func newID() -> String { UUID().uuidString.lowercased() }
