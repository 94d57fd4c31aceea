import AccessControl
import EventModel
import EventStoreWire
import FeedPages
import FeedServing
import Logging
import SQLiteStorage

/// What `serve` does, with every value from the source that counts.
struct ServeSettings: Sendable {
    var data: String
    var server: FeedServerConfiguration
    var limits: Limits
    /// What was said about a new store; nil where nothing was.
    var pageSize: Int?
    var title: String?
    var author: String?
    /// The roles that may read the feed.
    var feedReaders: Set<String>
    /// Whether a store without users gets those of a fresh Event Store.
    var usesEventStoreDefaults: Bool
    var logLevel: Logger.Level
    var logFormat: LogFormat
    /// What is allowed and still not as it should be.
    var warnings: [String]

    /// The settings that a configuration describes.
    ///
    /// - Parameter configuration: All sources.
    /// - Throws: ``CommandError`` that names the key.
    init(_ configuration: ServeConfiguration) async throws {
        guard let data = try await configuration.text(.data) else {
            throw CommandError(
                .usage,
                "name the store: --data FILE, EVENTFEED_SERVE_DATA or serve.data"
            )
        }
        self.data = data
        pageSize = try await configuration.number(.pageSize, in: Limits.pageSizes)
        title = try await configuration.text(.title)
        author = try await configuration.text(.author)
        let level = try await configuration.text(.logLevel) ?? "info"
        guard let logLevel = Logger.Level(rawValue: level) else {
            throw configuration.invalid(
                .logLevel,
                "log-level is \"\(level)\": choose trace, debug, info, notice, warning, error"
            )
        }
        self.logLevel = logLevel
        let format = try await configuration.text(.logFormat) ?? "text"
        guard let logFormat = LogFormat(rawValue: format) else {
            throw configuration.invalid(
                .logFormat,
                "log-format is \"\(format)\": choose text or json"
            )
        }
        self.logFormat = logFormat
        limits = try await Self.limits(configuration)
        feedReaders = try await Self.feedReaders(configuration)
        usesEventStoreDefaults = try await configuration.flag(.eventStoreDefaults) ?? false
        server = FeedServerConfiguration()
        let listen = try await configuration.text(.listen) ?? "127.0.0.1:2113"
        guard let address = ListenArgument(listen) else {
            throw configuration.invalid(
                .listen,
                "listen is \"\(listen)\": write host:port, such as 127.0.0.1:2113 or [::1]:2113"
            )
        }
        server.host = address.host
        server.port = address.port
        server.baseURL = try await configuration.text(.baseURL).map { text in
            guard let address = Self.baseURL(text) else {
                throw configuration.invalid(
                    .baseURL,
                    "base-url is \"\(text)\": write an address such as "
                        + "https://events.example.org"
                )
            }
            return address
        }
        (server.tls, warnings) = try await ServeTLS.identity(configuration)
        server.eventStore?.isOpenToAllOrigins =
            try await configuration.flag(.eventStoreCORS) ?? false
        server.wireLimits = WireLimits(store: limits)
        server.limits = try await Self.serverLimits(configuration)
        if let bytes = try await configuration.number(.maxBodiesBytes, in: (1 << 20)...(1 << 40)) {
            server.wireLimits.bodiesBytes = bytes
        }
    }

    private static func feedReaders(_ configuration: ServeConfiguration) async throws
        -> Set<String>
    {
        guard let roles = try await configuration.texts(.feedReaders), !roles.isEmpty else {
            return [Role.admins]
        }
        for role in roles where role != Role.all {
            do throws(InvalidUser) {
                try UserRules.checkGroup(role)
            } catch {
                throw configuration.invalid(
                    .feedReaders,
                    "feed-readers has \"\(role)\": \(error); name users or groups, or $all"
                )
            }
        }
        return Set(roles)
    }

    private static func limits(_ configuration: ServeConfiguration) async throws -> Limits {
        let most = Limits.standard
        return Limits(
            dataBytes: try await configuration.number(.maxDataBytes, in: 1...most.dataBytes)
                ?? most.dataBytes,
            metadataBytes: try await configuration.number(
                .maxMetadataBytes,
                in: 1...most.metadataBytes
            ) ?? most.metadataBytes,
            eventsPerAppend: try await configuration.number(
                .maxAppendEvents,
                in: 1...most.eventsPerAppend
            ) ?? most.eventsPerAppend,
            bytesPerAppend: try await configuration.number(
                .maxAppendBytes,
                in: 1...most.bytesPerAppend
            ) ?? most.bytesPerAppend
        )
    }

    private static func serverLimits(_ configuration: ServeConfiguration) async throws
        -> ServerLimits
    {
        var limits = ServerLimits()
        if let count = try await configuration.number(.maxConnections, in: 1...1_000_000) {
            limits.connections = count
        }
        if let count = try await configuration.number(.maxWaiting, in: 0...1_000_000) {
            limits.heldRequests = count
        }
        if let bytes = try await configuration.number(.cacheBytes, in: 0...(1 << 40)) {
            limits.cacheBytes = bytes
        }
        let day = Duration.seconds(86_400)
        let idle = try await configuration.duration(
            .idleTimeout,
            in: .seconds(1)...day,
            "1s to 24h"
        )
        if let idle { limits.idleTime = idle }
        // None at all: whatever runs at TERM is broken off.
        let stop = try await configuration.duration(.stopTimeout, in: .zero...day, "0s to 24h")
        if let stop { limits.stopTime = stop }
        return limits
    }

    /// An absolute http address without `/` at the end; nil where the text is none.
    private static func baseURL(_ text: String) -> String? {
        let rest = ["http://", "https://"].first { text.hasPrefix($0) }
            .map { text.dropFirst($0.count) }
        guard let rest, !rest.isEmpty, !rest.hasPrefix("/"),
            !rest.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value >= 0x7F }),
            !rest.contains(where: { "?#@".contains($0) })
        else { return nil }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    /// The store's choices, where it is yet to be made.
    func creation() throws -> StoreCreation {
        try StoreCreation(
            pageSize: pageSize ?? StoreCreation.standard.pageSize,
            title: title ?? StoreCreation.standard.title,
            author: author ?? StoreCreation.standard.author
        )
    }

    /// Says which choices an existing store does not follow.
    ///
    /// - Parameter identity: What the store has.
    /// - Returns: One sentence for each.
    func ignored(by identity: StoreIdentity) -> [String] {
        var sentences: [String] = []
        if let pageSize, pageSize != identity.pageSize {
            sentences.append("page size \(pageSize) is ignored, the store has \(identity.pageSize)")
        }
        if let title, title != identity.title {
            sentences.append("title \"\(title)\" is ignored, the store has \"\(identity.title)\"")
        }
        if let author, author != identity.author {
            let known = identity.author
            sentences.append("author \"\(author)\" is ignored, the store has \"\(known)\"")
        }
        return sentences.map { "\($0): it counts only when a store is made" }
    }
}

/// `HOST:PORT`, `[IPv6]:PORT`, or a port alone.
struct ListenArgument: Equatable {
    let host: String
    let port: Int

    /// Reads an address; nil where the text is none.
    init?(_ text: String) {
        let colon = text.lastIndex(of: ":")
        let port = colon.map { text[text.index(after: $0)...] } ?? text[...]
        var host = colon.map { text[..<$0] } ?? "127.0.0.1"
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard let number = Int(port), (0...65_535).contains(number), port.allSatisfy(\.isNumber),
            !host.isEmpty
        else { return nil }
        self.host = String(host)
        self.port = number
    }
}
