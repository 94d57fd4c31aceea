import EventModel
import Testing

@testable import FeedServing

@Suite(.timeLimit(.minutes(1)))
struct `A body as it arrives` {
    private static let head =
        "POST /events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    private static let line = "{\"stream\":\"a\",\"type\":\"T\",\"data\":1}\n"

    @Test func `is taken in chunks of any size, with extensions and trailers`() async throws {
        let store = InMemoryEventStore()
        try await RunningServer.with(store) { port in
            try await RawClient.connect(port) { client in
                try await client.send(Self.head + "Transfer-Encoding: chunked\r\n\r\n")
                for byte in Self.line.utf8 {
                    try await client.send("1;ext=\"x\"\r\n")
                    try await client.send(bytes: [byte, 0x0D, 0x0A])
                }
                try await client.send(
                    "0\r\nX-Trailer: y\r\n\r\nGET /events/1 HTTP/1.1\r\nHost: a\r\n\r\n"
                )
                #expect(try await client.response().status == 201)
                #expect(try await client.response().status == 200)
            }
        }
    }

    @Test(arguments: ["GET", "HEAD", "OPTIONS", "DELETE"])
    func `is read over where nobody wants it`(method: String) async throws {
        try await RunningServer.with { port in
            try await RawClient.connect(port) { client in
                try await client.send(
                    "\(method) /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "5\r\nhello\r\n0\r\n\r\n"
                        + "GET /events/7 HTTP/1.1\r\nHost: a\r\n\r\n"
                )
                let response = try await client.response(isHead: method == "HEAD")
                #expect(response.status < 500)
                #expect(response["connection"] == nil)
                #expect(try await client.response().status == 404)
            }
        }
    }

    @Test func `is read over up to a limit`() async throws {
        try await RunningServer.with { port in
            try await RawClient.connect(port) { client in
                try await client.send(
                    "GET /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "100000\r\n" + String(repeating: "x", count: 200_000)
                )
                let response = try await client.response()
                #expect(response.status == 200)
                #expect(response["connection"] == "close")
            }
        }
    }

    @Test func `becomes no event when it is cut off`() async throws {
        let store = InMemoryEventStore()
        for framing in ["Content-Length: 500\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n24\r\n"] {
            try await RunningServer.with(store) { port in
                try await RawClient.connect(port) { client in
                    try await client.send(Self.head + framing + Self.line)
                    client.finish()
                    let response = try await client.response()
                    #expect(response.status == 400)
                    #expect(response.text.contains("bad-request"))
                    #expect(try await client.isClosed())
                }
            }
        }
        #expect(await store.head().number == .beginning)
    }

    @Test func `is asked for with 100, or refused without it`() async throws {
        try await RunningServer.with { port in
            try await RawClient.connect(port) { client in
                let length = Self.line.utf8.count
                try await client.send(
                    Self.head + "Content-Length: \(length)\r\nExpect: 100-continue\r\n\r\n"
                )
                #expect(try await client.response().status == 100)
                try await client.send(Self.line)
                #expect(try await client.response().status == 201)
            }
            try await RawClient.connect(port) { client in
                try await client.send(
                    Self.head + "Content-Length: 99999999\r\nExpect: 100-continue\r\n\r\n"
                )
                let response = try await client.response()
                #expect(response.status == 413)
                #expect(response.text.contains("\"size\":99999999"))
                #expect(response["connection"] == "close")
                #expect(try await client.isClosed())
            }
        }
    }

    @Test func `is refused at the limit, while it arrives`() async throws {
        let store = InMemoryEventStore(
            limits: Limits(
                dataBytes: 1_000,
                metadataBytes: 1_000,
                eventsPerAppend: 10,
                bytesPerAppend: 2_000
            )
        )
        try await RunningServer.with(store) { port in
            try await RawClient.connect(port) { client in
                // No end is ever sent.
                try await client.send(Self.head + "Transfer-Encoding: chunked\r\n\r\n")
                for _ in 0..<100 {
                    try await client.send("40\r\n" + String(repeating: " ", count: 64) + "\r\n")
                }
                let response = try await client.response()
                #expect(response.status == 413)
                #expect(response["connection"] == "close")
            }
        }
    }

    @Test func `that nobody wants does not keep the answer waiting`() async throws {
        try await RunningServer.with { port in
            try await RawClient.connect(port) { client in
                try await client.send(
                    "POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nxyz"
                )
                let response = try await client.response()
                #expect(response.status == 404)
                #expect(response["connection"] == "close")
            }
        }
    }

    @Test func `is refused when most of it is framing`() async throws {
        try await RunningServer.with { port in
            try await RawClient.connect(port) { client in
                try await client.send(Self.head + "Transfer-Encoding: chunked\r\n\r\n1;")
                for _ in 0..<10 {
                    try await client.send(String(repeating: "x", count: 8_192))
                }
                #expect(try await client.response().status == 400)
            }
        }
    }
}
