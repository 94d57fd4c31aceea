import ArgumentParser
import EventModel
import EventStoreWire
import FeedServing
import FoundationEssentials
import Logging
import NIOCore
import SQLiteStorage
import ServiceLifecycle

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `eventfeed serve`: an event store with its feed over HTTP.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve an event store and its feed over HTTP.",
        discussion: """
            Every option is also an environment variable (--page-size is EVENTFEED_SERVE_PAGE_SIZE)
            and a key of the configuration file ({"serve": {"page-size": 100}}). The command line
            counts more than the environment, the environment more than the file.

            Everybody may do everything until the store has a user (eventfeed user add). Then
            reading the feed takes a role in --feed-readers, and appending the right to write the
            stream.
            With --tls-cert and --tls-key it speaks https, TLS 1.2 and newer. Both files are read
            once: a renewed certificate counts from the next start.

            It also speaks the Atom interface of the Event Store product, at /streams and beside it,
            so that its clients work unchanged.

            TERM and INT stop it gently: running requests end, then it does.

            Examples:
              eventfeed serve --data store.db
              eventfeed serve --data store.db --listen 0.0.0.0:8080 --base-url https://example.org
              eventfeed serve --data store.db --feed-readers staff --feed-readers mirror
              eventfeed serve --data store.db --event-store-defaults
              eventfeed serve --data store.db --tls-cert server.pem --tls-key server.key
              eventfeed serve --config eventfeed.json
            """
    )

    @Option(help: ArgumentHelp("A configuration file in JSON.", valueName: "file"))
    var config: String?

    @OptionGroup var options: ServeOptions

    func run() async throws {
        let settings = try await ServeSettings(
            ServeConfiguration(
                given: options.given,
                environment: ProcessInfo.processInfo.environment,
                file: config
            )
        )
        try await settings.logFormat.use("serve") { try await Self.run(settings) }
    }

    private static func run(_ settings: ServeSettings) async throws {
        let logger = Logger.command("serve", level: settings.logLevel)
        for sentence in settings.warnings { logger.warning("\(sentence)") }
        let existed = FileManager.default.fileExists(atPath: settings.data)
        if !existed { try ServeAccess.checkFirstStart(settings) }
        let store = try SQLiteEventStore.open(
            path: settings.data,
            creation: settings.creation(),
            limits: settings.limits,
            logger: logger
        )
        if existed {
            for sentence in settings.ignored(by: store.identity) { logger.warning("\(sentence)") }
        }
        do {
            try await serve(store, settings, logger)
        } catch {
            // Lost: that closing failed too; the first error says more.
            try? await store.close()
            throw error
        }
        try await store.close()
        logger.info("stopped")
    }

    private static func serve(
        _ store: SQLiteEventStore,
        _ settings: ServeSettings,
        _ logger: Logger
    ) async throws {
        var configuration = settings.server
        configuration.access = try await ServeAccess.prepare(store, settings, logger)
        let statistics = NodeStatistics(store: store, startedAt: .now())
        configuration.eventStore?.statistics = { await statistics.read() }
        configuration.readiness = { await StoreReadiness.of(store) }
        configuration.onListening = { address in await announce(store, at: address, logger) }
        let server = FeedServer(store: store, configuration: configuration, logger: logger)
        let host = "\(configuration.host):\(configuration.port)"
        try await Foreground.run {
            do {
                try await server.run()
            } catch {
                throw Self.listenError(error, at: host) ?? error
            }
        }
    }

    /// What it means that the system refused the address; nil where that was not the matter.
    private static func listenError(_ error: any Error, at host: String) -> CommandError? {
        let status: ExitStatus
        switch error {
        case let error as IOError:
            switch error.errnoCode {
            case EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT: status = .unavailable
            case EACCES, EPERM: status = .permission
            default: return nil
            }
        // A name that stands for no address.
        case is SocketAddressError, is SocketAddressError.UnknownHost: status = .unavailable
        default: return nil
        }
        return CommandError(status, "cannot serve at \(host): \(error); choose another --listen")
    }

    /// Says on one line where it listens and what is in the store.
    private static func announce(
        _ store: SQLiteEventStore,
        at address: ListeningAddress,
        _ logger: Logger
    ) async {
        do {
            let head = try await store.head()
            let lead = try await store.recordedAtLead()
            let count = Quantity.grouped(head.number.rawValue)
            try StandardStream.output.writeLine(
                "Listening at \(address.url) with \(count) events in \(store.path), "
                    + "\(store.identity.pageSize) a page, epoch \(store.identity.epoch)"
            )
            if lead > .seconds(60) {
                logger.warning(
                    "the newest event is ahead of the clock",
                    metadata: ["lead": .time(lead)]
                )
            }
        } catch {
            logger.error("the first line cannot be written: \(error)")
        }
    }
}

/// What `/readyz` says about a store.
enum StoreReadiness {
    /// Asks store and disk.
    static func of(_ store: SQLiteEventStore) async -> Readiness {
        do {
            let lead = try await store.recordedAtLead()
            return Readiness(
                isStoreOpen: true,
                diskFree: try store.freeDiskBytes(),
                diskReserve: SQLiteEventStore.diskReserveBytes,
                recordedAheadMicroseconds: max(0, lead.inMicroseconds)
            )
        } catch {
            return Readiness(isStoreOpen: false)
        }
    }
}

extension Duration {
    /// The duration in whole microseconds.
    var inMicroseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}
