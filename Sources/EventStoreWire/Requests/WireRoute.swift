/// What an address of the product's interface names.
enum WireRoute: Equatable, Sendable {
    /// `/streams/{s}`.
    case stream(String)
    /// `/streams/{s}/incoming/{guid}`.
    case incoming(String, id: String)
    /// `/streams/{s}/{n}`; the number as it was sent, or `head`.
    case event(String, number: String)
    /// `/streams/{s}/{n}/{count}` in one of its spellings.
    case page(String, PageAddress)
    /// `/streams/{s}/metadata`.
    case metadata(String)
    /// `/streams/{s}/metadata/{n}`.
    case metadataEvent(String, number: String)
    /// `/streams/{s}/metadata/{n}/{count}` in one of its spellings.
    case metadataPage(String, PageAddress)
    /// `/streams/$all`.
    case all
    /// `/streams/$all/{pos}/{count}` in one of its spellings.
    case allPage(PageAddress)
    /// `/streams/$all/filtered` and its pages.
    case filtered(PageAddress?)
    /// An address that differs from another by its last slash; the other one's segments.
    case withoutSlash([String])
    /// `/ping`.
    case ping
    /// `/info`.
    case info
    /// `/info/options`.
    case options
    /// `/stats` with what is chosen of it.
    case statistics([String])
    /// `/users` and below; how many segments stand below.
    case users(depth: Int)
    /// `/web`.
    case web
    /// `/web/index.html`.
    case webPage
    /// `/health/live`.
    case live

    /// A page as its address has it, unchecked.
    struct PageAddress: Equatable, Sendable {
        /// A number, a place in `$all`, or `head`.
        var from: String
        /// How many events.
        var count: String
        /// The direction.
        var isForward: Bool
    }

    /// The names that the first segment of an address of this interface may have.
    static let roots: Set<String> = [
        "streams", "ping", "info", "stats", "users", "web", "health",
    ]

    /// What a path names.
    ///
    /// - Parameter path: The decoded path; returns nil where there is nothing.
    init?(_ path: WirePath) {
        let segments = path.segments
        guard let root = segments.first else { return nil }
        if root == "users" {
            // A user, or a command to one; nothing stands between the two.
            guard [0, 1, 3].contains(segments.count - 1) else { return nil }
            self = .users(depth: segments.count - 1)
            return
        }
        if path.endsWithSlash {
            let isRedirected =
                root == "streams"
                && (segments.count == 2 || segments.count == 3 && segments[2] == "metadata")
            guard isRedirected, segments[1] != "" else { return nil }
            self = .withoutSlash(segments)
            return
        }
        guard let route = root == "streams" ? Self.ofStream(segments) : Self.ofNode(segments)
        else { return nil }
        self = route
    }

    private static func ofNode(_ segments: [String]) -> WireRoute? {
        switch (segments[0], segments.count) {
        case ("ping", 1): .ping
        case ("info", 1): .info
        case ("info", 2) where segments[1] == "options": .options
        case ("stats", _): .statistics(Array(segments.dropFirst()))
        case ("web", 1): .web
        case ("web", 2) where segments[1] == "index.html": .webPage
        case ("health", 2) where segments[1] == "live": .live
        default: nil
        }
    }

    private static func ofStream(_ segments: [String]) -> WireRoute? {
        guard segments.count >= 2, !segments[1].isEmpty else { return nil }
        let name = segments[1]
        let rest = Array(segments[2...])
        if name == "$all" { return ofAll(rest) }
        guard let first = rest.first else { return .stream(name) }
        switch (first, rest.count) {
        case ("metadata", 1): return .metadata(name)
        case ("metadata", 2): return .metadataEvent(name, number: rest[1])
        case ("metadata", _):
            return page(Array(rest.dropFirst())).map { .metadataPage(name, $0) }
        case ("incoming", 2): return .incoming(name, id: rest[1])
        case (_, 1): return .event(name, number: first)
        default: return page(rest).map { .page(name, $0) }
        }
    }

    private static func ofAll(_ rest: [String]) -> WireRoute? {
        guard let first = rest.first else { return .all }
        if first == "filtered" {
            guard rest.count > 1 else { return .filtered(nil) }
            return page(Array(rest.dropFirst())).map { .filtered($0) }
        }
        if first == "metadata" {
            switch rest.count {
            case 1: return .metadata("$all")
            case 2: return .metadataEvent("$all", number: rest[1])
            default: return page(Array(rest.dropFirst())).map { .metadataPage("$all", $0) }
            }
        }
        return page(rest).map { .allPage($0) }
    }

    /// `{n}/{count}`, `{n}/backward/{count}` or `{n}/forward/{count}`.
    private static func page(_ parts: [String]) -> PageAddress? {
        switch parts.count {
        case 2:
            return PageAddress(from: parts[0], count: parts[1], isForward: false)
        case 3 where parts[1] == "backward" || parts[1] == "forward":
            return PageAddress(
                from: parts[0],
                count: parts[2],
                isForward: parts[1] == "forward"
            )
        default:
            return nil
        }
    }

    /// The methods of the address, in the order in which the product lists them.
    var methods: [String] {
        switch self {
        case .stream: ["POST", "DELETE", "GET", "OPTIONS"]
        case .all: ["POST", "DELETE", "GET", "GET", "OPTIONS"]
        case .incoming: ["GET", "POST", "OPTIONS"]
        case .metadata: ["GET", "POST", "GET", "OPTIONS"]
        case .metadataEvent, .allPage: ["GET", "GET", "OPTIONS"]
        case .withoutSlash(let segments):
            segments.count == 2
                ? ["POST", "DELETE", "GET", "OPTIONS"] : ["GET", "POST", "OPTIONS"]
        case .users(depth: 0): ["GET", "POST", "OPTIONS"]
        case .users(depth: 1): ["GET", "PUT", "DELETE", "GET", "OPTIONS"]
        case .users: ["POST", "OPTIONS"]
        default: ["GET", "OPTIONS"]
        }
    }

    /// The codecs of answers, the favourite first; empty where there is nothing to choose.
    func offered(method: String) -> [WireCodec] {
        switch self {
        case .stream, .all, .metadata, .incoming:
            if method == "POST" {
                if case .incoming = self { return WireCodec.idempotentWrites }
                return WireCodec.writes
            }
            if method == "DELETE" { return WireCodec.writes }
            if case .metadata = self { return WireCodec.entries }
            return WireCodec.feeds
        case .page, .metadataPage, .allPage, .filtered: return WireCodec.feeds
        case .event, .metadataEvent: return WireCodec.entries
        case .ping, .info: return WireCodec.nodeWithText
        case .options, .statistics: return [.json]
        case .withoutSlash, .users, .web, .webPage, .live: return []
        }
    }
}
