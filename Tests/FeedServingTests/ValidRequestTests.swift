import Testing

@testable import FeedServing

@Suite(.timeLimit(.minutes(1)))
struct `A request that is HTTP` {
    @Test(arguments: [
        "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost:\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nhOsT: a\r\nX-Empty:\r\n\r\n",
        "\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /healthz HTTP/1.0\r\n\r\n",
        "GET http://other.example/healthz HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: a\r\nRange: bytes=0-1\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
    ])
    func `is answered`(request: String) async throws {
        let response = try await RunningServer.answer(to: request)
        #expect(response.status == 200)
        #expect(response.text == "{\"status\":\"ok\"}\n")
        #expect(response["x-content-type-options"] == "nosniff")
        #expect(response["cache-control"] == "no-store")
    }

    @Test func `is answered after another one on the same connection, in order`() async throws {
        try await RunningServer.with { port in
            try await RawClient.connect(port) { client in
                try await client.send(
                    "GET /healthz HTTP/1.1\r\nHost: a\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"
                        + "POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde"
                        + "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n"
                        + "HEAD /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
                        + "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"
                )
                #expect(try await client.response().status == 200)
                let refused = try await client.response()
                #expect(refused.status == 405)
                #expect(refused["allow"] == "GET, HEAD, OPTIONS")
                #expect(try await client.response().status == 404)
                let head = try await client.response(isHead: true)
                #expect(head.status == 200)
                #expect(head["content-length"] == "16")
                #expect(try await client.response().status == 204)
            }
        }
    }

    @Test func `may end its side of the connection before the answer`() async throws {
        try await RunningServer.with { port in
            try await RawClient.connect(port) { client in
                try await client.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                client.finish()
                #expect(try await client.response().status == 200)
                #expect(try await client.isClosed())
            }
        }
    }

    @Test func `arrives byte by byte`() async throws {
        try await RunningServer.with { port in
            try await RawClient.connect(port) { client in
                for byte in "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n".utf8 {
                    try await client.send(bytes: [byte])
                }
                #expect(try await client.response().status == 200)
            }
        }
    }

    @Test func `closes the connection where it says so`() async throws {
        try await RunningServer.with { port in
            try await RawClient.connect(port) { client in
                try await client.send(
                    "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                )
                let response = try await client.response()
                #expect(response["connection"] == "close")
                #expect(try await client.isClosed())
            }
        }
    }
}
