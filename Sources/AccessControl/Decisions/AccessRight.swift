public import EventModel

/// What somebody may do with one stream.
public enum AccessRight: Hashable, Sendable, CaseIterable {
    /// Reading its events.
    case read
    /// Appending events.
    case write
    /// Deleting it.
    case delete
    /// Reading what is said about it.
    case readMetadata
    /// Saying something about it.
    case writeMetadata
}

/// What somebody wants to do, and with what.
public enum ProtectedResource: Hashable, Sendable {
    /// A right on one stream.
    ///
    /// Reading and writing the metadata stream of a stream count as ``AccessRight/readMetadata``
    /// and ``AccessRight/writeMetadata`` of the stream that it describes.
    case stream(StreamName, AccessRight)
    /// Reading the events of all streams as the Event Store product shows them, its stream `$all`.
    case all
    /// Reading anything of `/feed`, `/events` and the addresses of data.
    case feed
    /// Reading and changing users.
    case users
    /// What users may do with themselves: looking at themselves and changing their password.
    case ownUser(String)
    /// What is for those who look after the server, such as its options.
    case node
}

/// The answer to whether somebody may do something.
public struct AccessDecision: Hashable, Sendable {
    /// Whether they may.
    public let isAllowed: Bool
    /// Whether everybody may, also those who did not say who they are: then shared caches may keep
    /// an answer.
    public let isPublic: Bool

    /// States an answer.
    ///
    /// - Parameters:
    ///   - isAllowed: Whether they may.
    ///   - isPublic: Whether everybody may.
    public init(isAllowed: Bool, isPublic: Bool) {
        self.isAllowed = isAllowed
        self.isPublic = isPublic
    }

    /// Everybody may.
    public static let everybody = AccessDecision(isAllowed: true, isPublic: true)
    /// Nobody may.
    public static let nobody = AccessDecision(isAllowed: false, isPublic: false)
}

/// The access lists that decide about one stream.
public struct AccessLists: Hashable, Sendable {
    /// That of the stream itself; of a metadata stream that of the stream that it describes.
    public var stream: StreamAccessList?
    /// That of all streams of the stream's kind, from the stream `$settings`.
    public var defaults: StreamAccessList?

    /// States the lists that were found.
    ///
    /// - Parameters:
    ///   - stream: That of the stream itself.
    ///   - defaults: That of all streams of its kind.
    public init(stream: StreamAccessList? = nil, defaults: StreamAccessList? = nil) {
        self.stream = stream
        self.defaults = defaults
    }
}
