import EventModel
import Logging
import ServiceLifecycle

@testable import FeedServing

/// A server on a port of its own.
enum RunningServer {
    /// Says nothing.
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Serves a store, or else the answers of a test, for the length of a closure.
    static func with<Result: Sendable>(
        _ store: any EventStore = InMemoryEventStore(),
        answers: ScriptedAnswers? = nil,
        logger: Logger = quiet,
        configure: (inout FeedServerConfiguration) -> Void = { _ in },
        _ body: @Sendable (_ port: Int) async throws -> Result
    ) async throws -> Result {
        let (stream, continuation) = AsyncStream.makeStream(of: Int.self)
        var configuration = FeedServerConfiguration()
        configuration.port = 0
        configuration.tls = Wire.ends?.identity
        configure(&configuration)
        configuration.onListening = { address in
            continuation.yield(address.port)
            continuation.finish()
        }
        let server = FeedServer(store: store, configuration: configuration, logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                guard let answers else { return try await server.run() }
                try await server.serve(answers)
            }
            defer { group.cancelAll() }
            for await port in stream { return try await body(port) }
            throw CancellationError()
        }
    }

    /// Sends one request and reads its answer.
    static func answer(
        to request: String,
        store: any EventStore = InMemoryEventStore(),
        configure: (inout FeedServerConfiguration) -> Void = { _ in }
    ) async throws -> RawResponse {
        try await with(store, configure: configure) { port in
            try await RawClient.connect(port) { client in
                try await client.send(request)
                return try await client.response(isHead: request.hasPrefix("HEAD"))
            }
        }
    }
}
