/// The problems that a server answers with (RFC 9457); clients decide by these alone.
public enum ProblemKind: String, CaseIterable, Hashable, Sendable {
    /// The address is not valid: 400.
    case invalidAddress = "invalid-address"
    /// A query parameter is not valid: 400.
    case invalidParameter = "invalid-parameter"
    /// A request header is not valid: 400.
    case invalidHeader = "invalid-header"
    /// The body cannot be read: 400.
    case invalidBody = "invalid-body"
    /// An event is not valid: 400.
    case invalidEvent = "invalid-event"
    /// The request is not valid HTTP: 400.
    case badRequest = "bad-request"
    /// Nobody said who they are, or not rightly: 401.
    case notAuthenticated = "not-authenticated"
    /// Who asks may not do it: 403.
    case notPermitted = "not-permitted"
    /// Nothing is here: 404.
    case notFound = "not-found"
    /// No such page: 404.
    case noSuchPage = "no-such-page"
    /// No such event: 404.
    case noSuchEvent = "no-such-event"
    /// The event has no metadata: 404.
    case noMetadata = "no-metadata"
    /// No such stream: 404.
    case noSuchStream = "no-such-stream"
    /// The stream was deleted, until somebody appends to it: 404.
    case streamDeleted = "stream-deleted"
    /// The page belongs to another epoch: 404.
    case anotherEpoch = "another-epoch"
    /// The number is beyond the head: 404.
    case afterHead = "after-head"
    /// The version is beyond the stream's: 404.
    case afterVersion = "after-version"
    /// The method is not allowed here: 405.
    case methodNotAllowed = "method-not-allowed"
    /// No acceptable form: 406.
    case notAcceptable = "not-acceptable"
    /// The request took too long: 408.
    case requestTimeout = "request-timeout"
    /// The id is known with other content: 409.
    case duplicateEvent = "duplicate-event"
    /// Some of the events are recorded already: 409.
    case partlyRecorded = "partly-recorded"
    /// The stream was deleted for ever: 410.
    case streamEnded = "stream-ended"
    /// The stream is not at the expected version: 412.
    case versionConflict = "version-conflict"
    /// The entity tag does not match: 412.
    case preconditionFailed = "precondition-failed"
    /// Too large: 413.
    case tooLarge = "too-large"
    /// The address is too long: 414.
    case uriTooLong = "uri-too-long"
    /// The media type is not supported here: 415.
    case unsupportedMediaType = "unsupported-media-type"
    /// The headers are too large: 431.
    case headerTooLarge = "header-too-large"
    /// Internal error: 500.
    case `internal` = "internal"
    /// The method or the transfer coding is not known: 501.
    case notImplemented = "not-implemented"
    /// Too much at once: 503.
    case overloaded = "overloaded"
    /// The server is stopping: 503.
    case shuttingDown = "shutting-down"
    /// The store is not available: 503.
    case unavailable = "unavailable"
    /// The disk is full: 507.
    case storageFull = "storage-full"

    /// `urn:eventfeed:problem:NAME`.
    public var uri: String { Self.prefix + rawValue }

    private static let prefix = "urn:eventfeed:problem:"

    /// Finds the problem of a `type`.
    ///
    /// - Parameter uri: The member `type`; returns nil for one that this software does not know.
    public init?(uri: String) {
        guard uri.hasPrefix(Self.prefix) else { return nil }
        self.init(rawValue: String(uri.dropFirst(Self.prefix.count)))
    }

    /// The HTTP status code.
    public var status: Int {
        switch self {
        case .invalidAddress, .invalidParameter, .invalidHeader, .invalidBody, .invalidEvent,
            .badRequest:
            400
        case .notAuthenticated: 401
        case .notPermitted: 403
        case .notFound, .noSuchPage, .noSuchEvent, .noMetadata, .noSuchStream, .streamDeleted,
            .anotherEpoch, .afterHead, .afterVersion:
            404
        case .methodNotAllowed: 405
        case .notAcceptable: 406
        case .requestTimeout: 408
        case .duplicateEvent, .partlyRecorded: 409
        case .streamEnded: 410
        case .versionConflict, .preconditionFailed: 412
        case .tooLarge: 413
        case .uriTooLong: 414
        case .unsupportedMediaType: 415
        case .headerTooLarge: 431
        case .internal: 500
        case .notImplemented: 501
        case .overloaded, .shuttingDown, .unavailable: 503
        case .storageFull: 507
        }
    }

    /// Seconds for `Retry-After`; nil where the header is not sent.
    public var retryAfter: Int? {
        switch self {
        case .overloaded: 1
        case .shuttingDown, .unavailable: 5
        default: nil
        }
    }

    /// The title, fixed by the problem.
    public var title: String {
        switch self {
        case .invalidAddress: "The address is not valid"
        case .invalidParameter: "A query parameter is not valid"
        case .invalidHeader: "A request header is not valid"
        case .invalidBody: "The body cannot be read"
        case .invalidEvent: "An event is not valid"
        case .badRequest: "The request is not valid HTTP"
        case .notAuthenticated: "A login is needed"
        case .notPermitted: "Not permitted"
        case .notFound: "Nothing is here"
        case .noSuchPage: "No such page"
        case .noSuchEvent: "No such event"
        case .noMetadata: "The event has no metadata"
        case .noSuchStream: "No such stream"
        case .streamDeleted: "The stream was deleted"
        case .anotherEpoch: "The page belongs to another epoch"
        case .afterHead: "The number is beyond the head"
        case .afterVersion: "The version is beyond the stream's"
        case .methodNotAllowed: "The method is not allowed here"
        case .notAcceptable: "No acceptable form"
        case .requestTimeout: "The request took too long"
        case .duplicateEvent: "The id is known with other content"
        case .partlyRecorded: "Some of the events are recorded already"
        case .streamEnded: "The stream was deleted for ever"
        case .versionConflict: "The stream is not at the expected version"
        case .preconditionFailed: "The entity tag does not match"
        case .tooLarge: "Too large"
        case .uriTooLong: "The address is too long"
        case .unsupportedMediaType: "The media type is not supported here"
        case .headerTooLarge: "The headers are too large"
        case .internal: "Internal error"
        case .notImplemented: "Not implemented here"
        case .overloaded: "Too much at once"
        case .shuttingDown: "The server is stopping"
        case .unavailable: "The store is not available"
        case .storageFull: "The disk is full"
        }
    }
}
