import NIOCore
import Testing

@testable import FeedServing

@Suite(.timeLimit(.minutes(1)))
struct `A reason phrase` {
    private static func response(_ status: Int, _ reason: String?, _ body: String = "")
        -> FeedResponse
    {
        var response = FeedResponse(status, body: ByteBuffer(string: body))
        response.reason = reason
        return response
    }

    private static func get(_ index: Int, _ method: String = "GET") -> String {
        "\(method) /\(index) HTTP/1.1\r\nHost: a\r\n\r\n"
    }

    /// Asks for an answer with every method and code on a connection that must go on.
    private func check(
        _ status: Int,
        _ reason: String?,
        line: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let answers = ScriptedAnswers(
            Self.response(status, reason, "body"),
            Self.response(200, nil, "next")
        )
        let isBodiless = status == 204 || status == 304
        try await RunningServer.with(answers: answers) { port in
            try await RawClient.connect(port) { client in
                try await client.send(Self.get(0) + Self.get(0, "HEAD") + Self.get(1))
                for isHead in [false, true] {
                    let response = try await client.response(isHead: isHead)
                    #expect(response.statusLine == line, sourceLocation: sourceLocation)
                    #expect(
                        response["content-length"] == (isBodiless ? nil : "4"),
                        sourceLocation: sourceLocation
                    )
                    #expect(response["transfer-encoding"] == nil, sourceLocation: sourceLocation)
                    #expect(
                        response.text == (isHead || isBodiless ? "" : "body"),
                        sourceLocation: sourceLocation
                    )
                }
                let next = try await client.response()
                #expect(next.statusLine == "HTTP/1.1 200 OK", sourceLocation: sourceLocation)
                #expect(next.text == "next", sourceLocation: sourceLocation)
            }
        }
    }

    @Test(arguments: [200, 201, 204, 304, 307, 400, 401, 404, 410, 412, 500, 503, 599])
    func `stands on the wire as it was given`(status: Int) async throws {
        try await check(
            status,
            "Wrong expected EventNumber",
            line: "HTTP/1.1 \(status) Wrong expected EventNumber"
        )
    }

    @Test(arguments: [201, 204, 304, 307, 400])
    func `may be empty`(status: Int) async throws {
        try await check(status, "", line: "HTTP/1.1 \(status) ")
    }

    @Test(arguments: [
        (200, "OK"), (204, "No Content"), (304, "Not Modified"), (307, "Temporary Redirect"),
        (410, "Gone"),
    ])
    func `is the standard one where none is given`(status: Int, phrase: String) async throws {
        try await check(status, nil, line: "HTTP/1.1 \(status) \(phrase)")
    }

    @Test(arguments: [
        ("'a\r\nSet-Cookie: b=c\r\n\r\n' is not valid", "'a??Set-Cookie: b=c????' is not valid"),
        ("\n", "?"), ("\r", "?"), ("\0", "?"), ("a\tb", "a?b"), ("\u{7F}", "?"),
        ("caf\u{E9} \u{1F98A} \u{85}\u{2028}", "caf? ? ??"),
    ])
    func `never brings more than its line`(given: String, sent: String) async throws {
        try await check(400, given, line: "HTTP/1.1 400 \(sent)")
    }

    @Test func `is cut off where it is longer than its limit`() async throws {
        let limit = ReasonPhrase.limit
        try await check(
            400,
            String(repeating: "x", count: limit + 1),
            line: "HTTP/1.1 400 " + String(repeating: "x", count: limit)
        )
    }

    @Test func `is left alone in an answer that ends the connection`() async throws {
        var last = Self.response(204, "Stream deleted")
        last.closesConnection = true
        try await RunningServer.with(answers: ScriptedAnswers(last)) { port in
            try await RawClient.connect(port) { client in
                try await client.send(Self.get(0) + Self.get(0))
                let response = try await client.response()
                #expect(response.statusLine == "HTTP/1.1 204 Stream deleted")
                #expect(response["connection"] == "close")
                #expect(try await client.isClosed())
            }
        }
    }
}
