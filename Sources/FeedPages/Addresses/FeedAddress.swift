public import EventModel

/// Data or metadata: the two values that an event carries.
public enum ValueKind: String, Hashable, Sendable, CaseIterable {
    /// What happened.
    case data
    /// What is known about the event itself.
    case metadata
}

/// A resource of the interface, by its path.
///
/// What comes from outside is only read here: whether a page exists, or an epoch is the store's, is
/// for the server to say.
public enum FeedAddress: Hashable, Sendable {
    /// `/`, the service document.
    case service
    /// `/categories`, the category document.
    case categories
    /// `/feed` without a form, `/feed.atom`, `/feed.json`, `/feed.ndjson`: the head document, and
    /// with a query an `after` document.
    case head(FeedForm?)
    /// `/feed/{e}/101-200.atom`: a complete page. `epoch` is 12 lower-case hex digits.
    case page(epoch: String, range: PageRange, form: FeedForm)
    /// `/feed/{e}/data/137`: a value that is out of line in the documents.
    case value(epoch: String, kind: ValueKind, number: EventNumber)
    /// Anything else below `/feed/{e}/`, where `{e}` is 12 hex digits.
    case unknown(epoch: String)
    /// `/feed/101-200`, for people.
    case plainPage(PageRange)
    /// `/feed/streams/{name}`.
    case stream(StreamName)
    /// `/events`.
    case events
    /// `/events/42`, `/events/42.atom`, `/events/42.json`.
    case event(EventNumber, FeedForm?)
    /// `/events/42/data`, `/events/42/metadata`.
    case eventValue(EventNumber, ValueKind)
    /// `/healthz`.
    case health
    /// `/readyz`.
    case readiness

    /// The absolute path, percent-encoded.
    public var path: String { "/" + relativePath }

    /// The path relative to where the server is mounted, percent-encoded; empty for the service
    /// document.
    public var relativePath: String {
        switch self {
        case .service: ""
        case .categories: "categories"
        case .head(let form): "feed\(Self.suffix(form))"
        case .page(let epoch, let range, let form): "feed/\(epoch)/\(range)\(Self.suffix(form))"
        case .value(let epoch, let kind, let number): "feed/\(epoch)/\(kind.rawValue)/\(number)"
        case .unknown(let epoch): "feed/\(epoch)/"
        case .plainPage(let range): "feed/\(range)"
        case .stream(let name): "feed/streams/\(PercentEncoding.encode(name.text))"
        case .events: "events"
        case .event(let number, let form): "events/\(number)\(Self.suffix(form))"
        case .eventValue(let number, let kind): "events/\(number)/\(kind.rawValue)"
        case .health: "healthz"
        case .readiness: "readyz"
        }
    }

    private static func suffix(_ form: FeedForm?) -> String {
        form.map { ".\($0.fileExtension)" } ?? ""
    }
}

/// A path that cannot be read; 400 `invalid-address`.
public struct InvalidAddress: Error, Hashable, Sendable, CustomStringConvertible {
    /// The part at fault as it was sent, shortened to 100 characters.
    public let value: String
    /// What is wrong with it and what is allowed, in one sentence.
    public let description: String
    /// The rule that the name of a stream breaks; nil where the path itself cannot be read.
    public let invalidName: InvalidName?

    package init(
        value: some StringProtocol,
        _ description: String,
        invalidName: InvalidName? = nil
    ) {
        self.value = String(value.prefix(100))
        self.description = description
        self.invalidName = invalidName
    }
}
