import EventModel
import Logging
import ServiceLifecycle
import Testing

@testable import FeedServing

@Suite(.timeLimit(.minutes(1)))
struct `A server that is told to stop` {
    /// Serves in a service group that the closure can stop.
    private func stoppable(
        _ body: @Sendable (_ port: Int, _ group: ServiceGroup) async throws -> Void
    ) async throws {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        var configuration = FeedServerConfiguration()
        configuration.port = 0
        configuration.onListening = { continuation.yield($0.port) }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = FeedServer(
            store: InMemoryEventStore(),
            configuration: configuration,
            logger: logger
        )
        let group = ServiceGroup(services: [server], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            for await port in ports {
                try await body(port, group)
                break
            }
            try await tasks.waitForAll()
        }
    }

    @Test func `closes idle connections and returns`() async throws {
        try await stoppable { port, group in
            try await RawClient.connect(port) { client in
                try await client.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await client.response().status == 200)
                await group.triggerGracefulShutdown()
                #expect(try await client.isClosed())
            }
        }
    }

    @Test func `answers held requests at once, then closes`() async throws {
        try await stoppable { port, group in
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

    @Test func `takes no new connection`() async throws {
        try await stoppable { port, group in
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

    @Test func `finishes a body that is arriving`() async throws {
        try await stoppable { port, group in
            try await RawClient.connect(port) { client in
                let line = "{\"stream\":\"a\",\"type\":\"T\",\"data\":1}"
                try await client.send(
                    "POST /events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                        + "Expect: 100-continue\r\nContent-Length: \(line.utf8.count)\r\n\r\n"
                )
                #expect(try await client.response().status == 100)
                let isIdleOneClosed = try await RawClient.connect(port) { idle in
                    await group.triggerGracefulShutdown()
                    return try await idle.isClosed()
                }
                #expect(isIdleOneClosed)
                try await client.send(line)
                let response = try await client.response()
                #expect(response.status == 201)
                #expect(response["connection"] == "close")
            }
        }
    }
}
