import EventStoreWire
import HTTPTypes

/// A way from a request to its answer: the interface itself, or a socket with a server behind it.
protocol Transport: Sendable {
    /// Scheme, host and port that addresses in answers begin with.
    var origin: String { get }

    /// Whether the connection's own fields are there: lengths and content codings.
    var hasConnection: Bool { get }

    /// Sends a request and gives its answer.
    func answer(to request: PlainRequest) async throws -> PlainAnswer
}

/// The interface without a socket.
struct DirectTransport: Transport {
    /// A field that HTTP does not allow.
    struct NotAField: Error {
        let name: String
    }

    let origin = "http://127.0.0.1:2113"
    let hasConnection = false
    /// What answers.
    let respond: @Sendable (WireRequest, [UInt8]) async throws -> WireResponse

    func answer(to request: PlainRequest) async throws -> PlainAnswer {
        var fields = HTTPFields()
        for field in request.fields {
            guard let name = HTTPField.Name(field.name) else { throw NotAField(name: field.name) }
            fields.append(HTTPField(name: name, value: field.value))
        }
        let wire = WireRequest(
            request.method,
            request.path,
            query: request.query,
            fields: fields,
            origin: request["Host"].map { "http://\($0)" } ?? origin
        )
        let response = try await respond(wire, request.body)
        return PlainAnswer(
            response.status,
            response.reason,
            response.fields.map { PlainField($0.name.rawName, $0.value) },
            body: request.method == "HEAD" ? [] : response.body
        )
    }
}
