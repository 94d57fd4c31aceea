import Testing

@testable import FeedServing

@Suite(.timeLimit(.minutes(1)))
struct `A request that is no HTTP` {
    @Test(arguments: [
        ("no Host", "GET /healthz HTTP/1.1\r\n\r\n", 400),
        ("two Hosts", "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
        ("invalid Host", "GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
        ("Host with a path", "GET /healthz HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
        ("Host with a bad port", "GET /healthz HTTP/1.1\r\nHost: a:b\r\n\r\n", 400),
        ("space before colon", "GET /healthz HTTP/1.1\r\nHost: a\r\nX-A : b\r\n\r\n", 400),
        ("space before the first field", "GET /healthz HTTP/1.1\r\n Host: a\r\n\r\n", 400),
        ("folded field", "GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n\r\n", 400),
        ("field without colon", "GET /healthz HTTP/1.1\r\nHost: a\r\nX-A\r\n\r\n", 400),
        ("field without name", "GET /healthz HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400),
        ("NUL in a field", "GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: b\0c\r\n\r\n", 400),
        ("bare CR in a field", "GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: b\rc\r\n\r\n", 400),
        ("bare LF", "GET /healthz HTTP/1.1\nHost: a\n\n", 400),
        (
            "bad Content-Length", "POST /events HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
            400
        ),
        ("negative length", "POST /events HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
        ("signed length", "POST /events HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", 400),
        (
            "list of lengths", "POST /events HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n",
            400
        ),
        (
            "length too high",
            "POST /events HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", 400
        ),
        (
            "differing lengths",
            "POST /events HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
            400
        ),
        (
            "coding not ending in chunked",
            "POST /events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", 400
        ),
        (
            "unknown coding",
            "POST /events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: rot13, chunked\r\n\r\n", 501
        ),
        (
            "chunked twice",
            "POST /events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", 400
        ),
        (
            "chunked twice in two fields",
            "POST /events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n", 400
        ),
        ("unknown method elsewhere", "FROBNICATE /nope HTTP/1.1\r\nHost: a\r\n\r\n", 404),
        (
            "chunked and a length",
            "POST /events HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400
        ),
        (
            "chunked in HTTP/1.0",
            "POST /events HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400
        ),
        (
            "bad chunk size",
            "POST /events HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-ndjson\r\n"
                + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400
        ),
        ("no version", "GET /healthz\r\nHost: a\r\n\r\n", 400),
        ("two spaces", "GET  /healthz HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("other version", "GET /healthz HTTP/2.0\r\nHost: a\r\n\r\n", 400),
        ("no such protocol", "GET /healthz ICE/1.0\r\nHost: a\r\n\r\n", 400),
        ("method with a slash", "G/T /healthz HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("TLS", "\u{16}\u{03}\u{01}\u{02}\r\n\r\n", 400),
        ("unknown method", "FROBNICATE /healthz HTTP/1.1\r\nHost: a\r\n\r\n", 501),
        ("method in lower case", "get /healthz HTTP/1.1\r\nHost: a\r\n\r\n", 501),
        ("CONNECT", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 501),
        ("raw space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("raw UTF-8 in the target", "GET /feed/streams/ü HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ])
    func `is refused with the right status, and the connection closes`(
        name: String,
        request: String,
        status: Int
    ) async throws {
        try await RunningServer.with { port in
            try await RawClient.connect(port) { client in
                try await client.send(request)
                let response = try await client.response()
                #expect(response.status == status, "\(name)")
                #expect(response["content-type"] == "application/problem+json")
                #expect(response["connection"] == "close")
                #expect(response["date"] != nil)
                #expect(response["cache-control"] == "no-store")
                #expect(try await client.isClosed())
            }
        }
    }

    @Test func `is told which coding is not known`() async throws {
        let response = try await RunningServer.answer(
            to: "POST /events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: rot13, chunked\r\n\r\n"
        )
        #expect(response.text.contains("\"title\":\"Not implemented here\""))
        #expect(response.text.contains("\"transferCoding\":\"rot13\""))
    }

    /// Bytes of filling in the target, in one field, and how many fields.
    @Test(arguments: [
        (16_385, 0, 0, true, 414), (200_000, 0, 0, false, 414), (0, 33_000, 0, true, 431),
        (0, 200_000, 0, false, 431), (0, 0, 200, true, 431), (16_000, 30_000, 100, true, 404),
    ])
    func `is refused when its head is too large`(
        target: Int,
        field: Int,
        fields: Int,
        isWhole: Bool,
        status: Int
    ) async throws {
        var request = "GET /" + String(repeating: "a", count: target)
        if isWhole || target == 0 {
            request += " HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X-A: b\r\n", count: fields)
            request += "X-B: " + String(repeating: "b", count: field)
        }
        if isWhole { request += "\r\n\r\n" }
        let response = try await RunningServer.answer(to: request)
        #expect(response.status == status)
        #expect(status == 404 || response.text.contains("\"limit\":"))
    }
}
