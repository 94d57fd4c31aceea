import AccessControl
import EventModel
import EventStoreWire
import FeedServing
import Logging
import ServiceLifecycle

/// How a client reaches the interface.
enum Way: String, CaseIterable, Sendable {
    case direct, socket

    /// Gives a way to the interface in front of a store, for the length of a closure.
    func withTransport<Value: Sendable>(
        to store: any EventStore = InMemoryEventStore(),
        hasUsers: Bool = false,
        sendsCORS: Bool = false,
        _ body: @Sendable (any Transport) async throws -> Value
    ) async throws -> Value {
        switch self {
        case .direct:
            return try await body(
                try Interface.transport(store, hasUsers: hasUsers, sendsCORS: sendsCORS)
            )
        case .socket:
            var configuration = FeedServerConfiguration()
            configuration.port = 0
            configuration.access =
                hasUsers
                ? AccessGate(Authenticator(try FreshUsers.directory()), store: store) : nil
            var settings = EventStoreInterface.Settings()
            settings.isOpenToAllOrigins = sendsCORS
            configuration.eventStore = settings
            return try await Self.serve(store, configuration) { port in
                try await body(SocketTransport(port: port))
            }
        }
    }

    /// Gives a client of an empty store for the length of a closure.
    func withClient<Value: Sendable>(
        _ body: @Sendable (WireClient) async throws -> Value
    ) async throws -> Value {
        try await withTransport { try await body(WireClient(transport: $0)) }
    }

    private static func serve<Value: Sendable>(
        _ store: any EventStore,
        _ configuration: FeedServerConfiguration,
        _ body: @Sendable (_ port: Int) async throws -> Value
    ) async throws -> Value {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        var configuration = configuration
        configuration.onListening = { address in
            continuation.yield(address.port)
            continuation.finish()
        }
        let server = FeedServer(
            store: store,
            configuration: configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            defer { group.cancelAll() }
            for await port in ports { return try await body(port) }
            throw CancellationError()
        }
    }
}
