import ArgumentParser
import Configuration
import EventModel

/// The options of `serve` as they stand on the command line; what is absent there may come from the
/// environment or a file.
struct ServeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The store's file, made if it is not there.", valueName: "file"))
    var data: String?

    @Option(
        help: ArgumentHelp("Where to listen. (default: 127.0.0.1:2113)", valueName: "host:port")
    )
    var listen: String?

    @Option(
        help: ArgumentHelp(
            "Events on a page, 10 to 500; counts when the store is made. (default: 100)",
            valueName: "n"
        )
    )
    var pageSize: Int?

    @Option(help: "The feed's title; counts when the store is made. (default: EventFeed)")
    var title: String?

    @Option(help: "The feed's author; counts when the store is made. (default: EventFeed)")
    var author: String?

    @Option(
        help: ArgumentHelp(
            "What makes the Location of an append absolute, such as https://events.example.org.",
            valueName: "url"
        )
    )
    var baseUrl: String?

    @Option(
        help: ArgumentHelp(
            "Certificates in PEM, the server's own first: serve https. Read once, at the start.",
            valueName: "file"
        )
    )
    var tlsCert: String?

    @Option(
        help: ArgumentHelp(
            "The private key of --tls-cert in PEM, without a passphrase.",
            valueName: "file"
        )
    )
    var tlsKey: String?

    @Option(help: ArgumentHelp("Connections at the same time. (default: 4096)", valueName: "n"))
    var maxConnections: Int?

    @Option(help: ArgumentHelp("Requests that wait for an event. (default: 2048)", valueName: "n"))
    var maxWaiting: Int?

    @Option(
        help: ArgumentHelp("Bytes of rendered pages kept. (default: 33554432)", valueName: "bytes")
    )
    var cacheBytes: Int?

    @Option(
        help: ArgumentHelp(
            "Bytes of all request bodies in memory. (default: 67108864)",
            valueName: "bytes"
        )
    )
    var maxBodiesBytes: Int?

    @Option(help: ArgumentHelp("Bytes of one event's data. (default: 4194304)", valueName: "bytes"))
    var maxDataBytes: Int?

    @Option(
        help: ArgumentHelp("Bytes of one event's metadata. (default: 65536)", valueName: "bytes")
    )
    var maxMetadataBytes: Int?

    @Option(help: ArgumentHelp("Events in one append. (default: 10000)", valueName: "n"))
    var maxAppendEvents: Int?

    @Option(help: ArgumentHelp("Bytes of one append. (default: 16777216)", valueName: "bytes"))
    var maxAppendBytes: Int?

    @Option(help: ArgumentHelp("How long an idle connection is kept. (default: 75s)"))
    var idleTimeout: DurationArgument?

    @Option(help: ArgumentHelp("How long requests may run on after TERM. (default: 5s)"))
    var stopTimeout: DurationArgument?

    @Option(
        name: .customLong("feed-readers"),
        help: ArgumentHelp(
            "A user or group who may read the feed once there are users; may be given more than "
                + "once, $all is everybody. (default: $admins)",
            valueName: "role"
        )
    )
    var feedReaders: [String] = []

    @Flag(
        help: """
            Give a store without users those of a fresh Event Store, admin and ops with the \
            password changeit; at a loopback address alone.
            """
    )
    var eventStoreDefaults = false

    @Flag(
        help: """
            Let web pages of any origin use /streams and what belongs to it, also while there are \
            no users and everybody may do everything.
            """
    )
    var eventStoreCors = false

    @Option(help: "From here on messages are logged: trace, debug, info, … (default: info)")
    var logLevel: String?

    @Option(help: "How messages are written: text, or json, one object a line. (default: text)")
    var logFormat: String?

    /// What was given, by key.
    var given: [ServeKey: ConfigContent] {
        let texts: [ServeKey: String?] = [
            .data: data, .listen: listen, .title: title, .author: author, .baseURL: baseUrl,
            .idleTimeout: idleTimeout?.defaultValueDescription,
            .stopTimeout: stopTimeout?.defaultValueDescription, .logLevel: logLevel,
            .logFormat: logFormat, .tlsCert: tlsCert, .tlsKey: tlsKey,
        ]
        let numbers: [ServeKey: Int?] = [
            .pageSize: pageSize, .maxConnections: maxConnections, .maxWaiting: maxWaiting,
            .cacheBytes: cacheBytes, .maxBodiesBytes: maxBodiesBytes, .maxDataBytes: maxDataBytes,
            .maxMetadataBytes: maxMetadataBytes, .maxAppendEvents: maxAppendEvents,
            .maxAppendBytes: maxAppendBytes,
        ]
        var given = texts.compactMapValues { $0.map(ConfigContent.string) }
            .merging(numbers.compactMapValues { $0.map(ConfigContent.int) }) { text, _ in text }
        if !feedReaders.isEmpty { given[.feedReaders] = .stringArray(feedReaders) }
        if eventStoreDefaults { given[.eventStoreDefaults] = .bool(true) }
        if eventStoreCors { given[.eventStoreCORS] = .bool(true) }
        return given
    }
}

/// The keys below `serve` in a configuration file; `page-size` is `--page-size` on the command line
/// and `EVENTFEED_SERVE_PAGE_SIZE` in the environment.
enum ServeKey: String, CaseIterable {
    case data, listen, title, author
    case pageSize = "page-size"
    case baseURL = "base-url"
    case tlsCert = "tls-cert"
    case tlsKey = "tls-key"
    case maxConnections = "max-connections"
    case maxWaiting = "max-waiting"
    case cacheBytes = "cache-bytes"
    case maxBodiesBytes = "max-bodies-bytes"
    case maxDataBytes = "max-data-bytes"
    case maxMetadataBytes = "max-metadata-bytes"
    case maxAppendEvents = "max-append-events"
    case maxAppendBytes = "max-append-bytes"
    case idleTimeout = "idle-timeout"
    case stopTimeout = "stop-timeout"
    case feedReaders = "feed-readers"
    case eventStoreDefaults = "event-store-defaults"
    case eventStoreCORS = "event-store-cors"
    case logLevel = "log-level"
    case logFormat = "log-format"

    /// The name of the environment variable.
    var variable: String {
        "EVENTFEED_SERVE_" + rawValue.uppercased().replacing("-", with: "_")
    }
}
