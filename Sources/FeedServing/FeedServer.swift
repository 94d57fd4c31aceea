public import EventModel
import HummingbirdCore
public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle

/// HTTP in front of an event store: the feed, single events, appends.
///
/// `run()` serves until its task is cancelled or the service group shuts down gracefully. Then no
/// connection is taken any more, idle ones close, long polls are answered at once with what there
/// is, running requests end, at the latest after ``ServerLimits/stopTime``.
public struct FeedServer: Service {
    private let store: any EventStore
    private let configuration: FeedServerConfiguration
    private let logger: Logger

    /// Describes a server; nothing happens before ``run()``.
    ///
    /// - Parameters:
    ///   - store: What is served; it must stay open until `run()` has returned.
    ///   - configuration: Where to listen, and the limits.
    ///   - logger: Takes one line for each request at `debug`, and errors of the server itself.
    public init(
        store: any EventStore,
        configuration: FeedServerConfiguration = FeedServerConfiguration(),
        logger: Logger
    ) {
        self.store = store
        self.configuration = configuration
        self.logger = logger
    }

    /// Serves until it is told to stop.
    ///
    /// - Throws: Errors of the operating system, if it cannot listen at the address.
    public func run() async throws {
        try await serve(
            FeedResponder(store: store, configuration: configuration, logger: logger)
        )
    }

    /// Serves whatever answers requests.
    func serve(_ responder: some RequestResponder) async throws {
        let limits = configuration.limits
        let channel = FeedChannel(
            responder: responder,
            limits: limits,
            table: ConnectionTable(limit: OpenFiles.connections(wanted: limits.connections)),
            tls: configuration.tls?.context,
            logger: logger
        )
        var quiet = logger
        // Hummingbird says at `info` where it listens, which `onListening` tells.
        quiet.logLevel = max(logger.logLevel, .notice)
        let server = Server(
            childChannelSetup: channel,
            configuration: ServerConfiguration(
                address: .hostname(configuration.host, port: configuration.port)
            ),
            onServerRunning: { [configuration] channel in
                guard let address = channel.localAddress else { return }
                await configuration.onListening(
                    ListeningAddress(
                        host: address.ipAddress ?? "",
                        port: address.port ?? 0,
                        isSecure: configuration.tls != nil
                    )
                )
            },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: quiet
        )
        try await withGracefulShutdownHandler {
            try await Self.run(server, stopTime: limits.stopTime)
        } onGracefulShutdown: {
            responder.stopping.open()
        }
    }

    /// Runs the server, and cuts off what does not end in time after a graceful shutdown.
    private static func run(_ server: some Service, stopTime: Duration) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await server.run()
                return true
            }
            group.addTask {
                try await gracefulShutdown()
                try await Task.sleep(for: stopTime)
                return false
            }
            defer { group.cancelAll() }
            // Either the server has ended, or its time is over and it is cancelled.
            _ = try await group.next()
        }
    }
}
