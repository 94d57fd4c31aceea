import EventModel
import Logging
import ServiceLifecycle
import Testing

@testable import FeedServing

@Suite(.timeLimit(.minutes(1)))
struct `A server that is told to stop` {
    /// Serves in a service group that the closure can stop, and that cuts nothing off by time.
    private func stoppable(
        over wire: Wire,
        _ body: @Sendable (_ port: Int, _ group: ServiceGroup, _ ended: Latch) async throws -> Void
    ) async throws {
        try await wire.run { try await stoppable(body) }
    }

    private func stoppable(
        _ body: @Sendable (_ port: Int, _ group: ServiceGroup, _ ended: Latch) async throws -> Void
    ) async throws {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        var configuration = FeedServerConfiguration()
        configuration.port = 0
        configuration.tls = Wire.ends?.identity
        configuration.limits.stopTime = .seconds(3_600)
        configuration.limits.lingerTime = .seconds(3_600)
        configuration.onListening = { continuation.yield($0.port) }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = FeedServer(
            store: InMemoryEventStore(),
            configuration: configuration,
            logger: logger
        )
        let group = ServiceGroup(services: [server], logger: logger)
        let ended = Latch()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { ended.open() }
                try await group.run()
            }
            for await port in ports {
                try await body(port, group, ended)
                break
            }
            try await tasks.waitForAll()
        }
    }

    @Test(arguments: Wire.available)
    func `closes idle connections and returns`(wire: Wire) async throws {
        try await stoppable(over: wire) { port, group, _ in
            try await RawClient.connect(port) { client in
                try await client.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await client.response().status == 200)
                await group.triggerGracefulShutdown()
                #expect(try await client.isClosed())
            }
        }
    }

    @Test(arguments: Wire.available)
    func `answers held requests at once, then closes`(wire: Wire) async throws {
        try await stoppable(over: wire) { port, group, _ in
            try await RawClient.connect(port) { client in
                // The first answer comes at once; the second request is held.
                try await client.send(
                    "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
                        + "GET /feed.json?after=0&wait=60 HTTP/1.1\r\nHost: a\r\n\r\n"
                )
                #expect(try await client.response().status == 200)
                await group.triggerGracefulShutdown()
                let response = try await client.response()
                #expect(response.status == 200)
                #expect(response["eventfeed-head"] == "0")
                #expect(response["connection"] == "close")
                #expect(try await client.isClosed())
            }
        }
    }

    @Test(arguments: Wire.available)
    func `takes no new connection`(wire: Wire) async throws {
        try await stoppable(over: wire) { port, group, _ in
            await group.triggerGracefulShutdown()
            await #expect(throws: (any Error).self) {
                while true {
                    try await RawClient.connect(port) { client in
                        try await client.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                        _ = try await client.response()
                    }
                }
            }
        }
    }

    @Test(
        arguments: Wire.available,
        [
            "POST /events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Content-Length: 100\r\n\r\n{\"stream\":\"a\",",
            "POST /events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n4\r\n{\"st",
            "GET /feed HTTP/1.1\r\nHost: a\r\n", "GE",
        ]
    )
    func `does not wait for a request that is not whole`(wire: Wire, part: String) async throws {
        try await stoppable(over: wire) { port, group, _ in
            try await RawClient.connect(port) { client in
                // With the answer to the first request, the second has begun.
                try await client.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n" + part)
                #expect(try await client.response().status == 200)
                await group.triggerGracefulShutdown()
                if part.hasPrefix("POST") {
                    let response = try await client.response()
                    #expect(response.status == 503)
                    #expect(response.text.contains("shutting-down"))
                    #expect(response["retry-after"] == "5")
                    #expect(response["connection"] == "close")
                }
                #expect(try await client.isClosed())
            }
        }
    }

    @Test(arguments: Wire.available)
    func `does not wait for a client that neither sends nor closes`(wire: Wire) async throws {
        try await stoppable(over: wire) { port, group, ended in
            try await RawClient.connect(port) { client in
                try await client.send(
                    "POST /events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                        + "Expect: 100-continue\r\nContent-Length: 100\r\n\r\n"
                )
                #expect(try await client.response().status == 100)
                try await client.send("{")
                await group.triggerGracefulShutdown()
                #expect(try await client.response().status == 503)
                try await ended.wait()
            }
        }
    }
}
