public import EventModel

/// A source did not give the events that it was asked for, or gave some that cannot be trusted.
public struct SourceError: Error, Sendable, CustomStringConvertible {
    /// What a subscription does about an error: the one place where that is decided.
    public enum Kind: Hashable, Sendable {
        /// The source may answer later: asked again with back-off, for as long as it takes.
        case transient
        /// The source is behind what was read from it before: waited out with back-off, nothing
        /// applied.
        case lagging
        /// The answer cannot be trusted: reported at once, the same place asked for again with
        /// back-off, and counted; after so many in a row the subscription gives up.
        case malformed
        /// Asking again cannot help: the subscription ends.
        case fatal
    }

    /// What happened.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Name: String, Sendable {
            case unreachable, timedOut, unavailable
            case afterHead, headWentBack
            case malformedDocument, wrongMediaType, tooLarge, hole, changedDocument, unexpected
            case untrusted
            case anotherEpoch, chainMismatch, notAnEventFeed, unsupportedFormat
            case unauthorised, refused, forbiddenRedirect, unusableAddress, closed
        }

        private let name: Name
        /// What a subscription does about it.
        public let kind: Kind

        private init(_ name: Name, _ kind: Kind) {
            self.name = name
            self.kind = kind
        }

        /// No connection, or it broke before the answer was whole.
        public static let unreachable = Code(.unreachable, .transient)
        /// The answer was not whole before the deadline.
        public static let timedOut = Code(.timedOut, .transient)
        /// The source said that it cannot answer now: HTTP 429, 5xx, a busy store.
        public static let unavailable = Code(.unavailable, .transient)

        /// The history, still of the same epoch, ends before the number that was asked for.
        public static let afterHead = Code(.afterHead, .lagging)
        /// The history, still of the same epoch, ends before the head that was seen earlier.
        public static let headWentBack = Code(.headWentBack, .lagging)

        /// The document does not parse, lacks a fact, or its facts contradict each other.
        public static let malformedDocument = Code(.malformedDocument, .malformed)
        /// The answer is not of a media type that was asked for: a log-in page, say.
        public static let wrongMediaType = Code(.wrongMediaType, .malformed)
        /// The answer is longer than its limit.
        public static let tooLarge = Code(.tooLarge, .malformed)
        /// Numbers are missing.
        public static let hole = Code(.hole, .malformed)
        /// The events are not those that the chain or the digest of the same answer was made from.
        public static let changedDocument = Code(.changedDocument, .malformed)
        /// A failure that the source did not expect.
        public static let unexpected = Code(.unexpected, .malformed)

        /// The server's certificate is not one that is trusted, or is for another host.
        public static let untrusted = Code(.untrusted, .malformed)

        /// The source reads another history than the checkpoint belongs to.
        public static let anotherEpoch = Code(.anotherEpoch, .fatal)
        /// The history up to the checkpoint is not the one that was applied: it forked.
        public static let chainMismatch = Code(.chainMismatch, .fatal)
        /// What is there is no event feed.
        public static let notAnEventFeed = Code(.notAnEventFeed, .fatal)
        /// The feed has a format number that this software does not know.
        public static let unsupportedFormat = Code(.unsupportedFormat, .fatal)
        /// Credentials are missing or wrong: HTTP 401, 403, 407.
        public static let unauthorised = Code(.unauthorised, .fatal)
        /// The request can never succeed: another HTTP 4xx.
        public static let refused = Code(.refused, .fatal)
        /// A redirect to another scheme, or too many of them.
        public static let forbiddenRedirect = Code(.forbiddenRedirect, .fatal)
        /// The address is none that can be followed.
        public static let unusableAddress = Code(.unusableAddress, .fatal)
        /// The source was closed by this process.
        public static let closed = Code(.closed, .fatal)

        /// The code's name.
        public var description: String { name.rawValue }
    }

    /// What was expected and what came, where two values can be compared.
    public enum Difference: Hashable, Sendable {
        /// The number that had to follow, and the one that came.
        case number(expected: EventNumber, actual: EventNumber)
        /// The number that was asked for or seen before, the head now, and the epoch that has it.
        case head(expected: EventNumber, actual: EventNumber, epoch: Epoch)
        /// The epoch of the checkpoint, and that of the source.
        case epoch(expected: Epoch, actual: Epoch)
        /// The chain that was computed, and the one that the source states for the same number.
        case chain(at: EventNumber, expected: ChainDigest, actual: ChainDigest)
        /// The HTTP status of the answer.
        case status(Int)
    }

    /// What happened.
    public let code: Code
    /// One sentence for people: what came from where, and what to do where anything can be done.
    public let message: String
    /// What was expected and what came.
    public let difference: Difference?
    /// How long the source asked to be left alone, exactly as it said; the schedule clamps it.
    public let retryAfter: Duration?
    /// The error underneath, for logs.
    public let cause: (any Error)?

    /// States what went wrong at a source.
    ///
    /// - Parameters:
    ///   - code: What happened.
    ///   - message: One sentence for people, with the address.
    ///   - difference: What was expected and what came.
    ///   - retryAfter: How long the source asked to be left alone.
    ///   - cause: The error underneath.
    public init(
        _ code: Code,
        _ message: String,
        difference: Difference? = nil,
        retryAfter: Duration? = nil,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.difference = difference
        self.retryAfter = retryAfter
        self.cause = cause
    }

    /// What a subscription does about it.
    public var kind: Kind { code.kind }

    /// The message.
    public var description: String { message }
}
