import EventModel
import FeedReading
import FeedServing
import Logging
import Testing

/// A real server in front of a store, on a port of its own, for the length of a closure.
enum LiveServer {
    /// Errors of the server itself are worth reading; requests are not.
    static let logger: Logger = {
        var logger = Logger(label: "test")
        logger.logLevel = .error
        return logger
    }()

    /// Runs `body` with the address of the server, such as `http://127.0.0.1:4711/`.
    @discardableResult
    static func run<Result: Sendable>(
        _ store: any EventStore,
        _ body: (String) async throws -> Result
    ) async throws -> Result {
        let (addresses, listening) = AsyncStream.makeStream(of: ListeningAddress.self)
        var configuration = FeedServerConfiguration()
        configuration.port = 0
        configuration.onListening = { listening.yield($0) }
        let server = FeedServer(store: store, configuration: configuration, logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { listening.finish() }
                try await server.run()
            }
            defer { group.cancelAll() }
            var iterator = addresses.makeAsyncIterator()
            let address = try #require(await iterator.next(), "the server did not come up")
            return try await body(address.url)
        }
    }

    /// Runs `body` with a client for the feed of a server in front of a store.
    static func follow<Result: Sendable>(
        _ store: any EventStore,
        at path: String = "feed",
        _ body: (FeedClient) async throws -> Result
    ) async throws -> Result {
        try await run(store) { address in
            try await FeedClient.withClient(
                of: try FeedLocation(address + path),
                logger: logger,
                body
            )
        }
    }

    /// Runs `body` with a store behind a server in front of a store.
    static func open<Result: Sendable>(
        _ store: any EventStore,
        _ body: (HTTPEventStore) async throws -> Result
    ) async throws -> Result {
        try await run(store) { address in
            try await AsyncHTTPTransport.withTransport(logger: logger) { transport in
                let store = try await HTTPEventStore.open(
                    at: try FeedLocation(address),
                    over: transport,
                    logger: logger
                )
                return try await body(store)
            }
        }
    }
}
