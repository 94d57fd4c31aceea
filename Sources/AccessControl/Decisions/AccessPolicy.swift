package import EventModel

/// The rules of who may do what, the same for every interface.
public struct AccessPolicy: Hashable, Sendable {
    /// Whether anything is refused at all; off while a store has no users.
    public var isOn: Bool
    /// The roles that may read `/feed`, `/events` and the addresses of data; `$all` opens them.
    public var feedReaders: Set<String>

    /// Sets up the rules.
    ///
    /// - Parameters:
    ///   - isOn: Whether anything is refused at all.
    ///   - feedReaders: The roles that may read the feed.
    public init(isOn: Bool = true, feedReaders: Set<String> = [Role.admins]) {
        self.isOn = isOn
        self.feedReaders = feedReaders
    }

    /// Decides whether somebody may do something.
    ///
    /// A stream's own list comes first; each right that it leaves out is taken from the list of all
    /// streams of its kind, then from the default: everybody may do everything with streams of
    /// users, only `$admins` anything with those whose names begin with `$`. Members of `$admins`
    /// may do whatever anybody may. Nobody may write or delete `$all`, or delete a metadata stream,
    /// also while access control is off: those are no things that can be done.
    ///
    /// - Parameters:
    ///   - caller: Who asks.
    ///   - resource: What they want.
    ///   - lists: The access lists, where it is about a stream.
    /// - Returns: Whether they may, and whether everybody may.
    public func decide(
        _ caller: Caller,
        _ resource: ProtectedResource,
        _ lists: AccessLists = AccessLists()
    ) -> AccessDecision {
        switch resource {
        case .stream(let name, let right):
            let (stream, right) = Self.subject(name, right)
            guard let right, !(stream.isAll && (right == .write || right == .delete)) else {
                return .nobody
            }
            return decide(caller, roles: Self.roles(for: right, on: stream, lists))
        case .all:
            return decide(caller, .stream(StreamName(stored: Role.all), .read), lists)
        case .feed:
            return decide(caller, roles: feedReaders)
        case .users:
            return decide(caller, roles: [Role.admins])
        case .ownUser(let login):
            return decide(caller, roles: [login])
        case .node:
            return decide(caller, roles: [Role.admins, Role.operators])
        }
    }

    private func decide(_ caller: Caller, roles: Set<String>) -> AccessDecision {
        guard isOn, !roles.contains(Role.all) else { return .everybody }
        let isAllowed =
            caller.roles.contains(Role.admins) || !caller.roles.isDisjoint(with: roles)
        return AccessDecision(isAllowed: isAllowed, isPublic: false)
    }

    /// The stream and right that decide about a right on a stream; without a right nobody may.
    package static func subject(_ name: StreamName, _ right: AccessRight) -> (
        StreamName, AccessRight?
    ) {
        guard let described = name.describedStream else { return (name, right) }
        switch right {
        case .read: return (described, .readMetadata)
        case .write: return (described, .writeMetadata)
        case .delete, .readMetadata, .writeMetadata: return (described, nil)
        }
    }

    private static func roles(for right: AccessRight, on stream: StreamName, _ lists: AccessLists)
        -> Set<String>
    {
        if let own = lists.stream?.roles(for: right) { return Set(own) }
        if let usual = lists.defaults?.roles(for: right) { return Set(usual) }
        return [stream.isSystem ? Role.admins : Role.all]
    }
}

extension StreamAccessList {
    /// The roles that a list names for a right; nil where it leaves it to the defaults.
    func roles(for right: AccessRight) -> [String]? {
        switch right {
        case .read: read
        case .write: write
        case .delete: delete
        case .readMetadata: readMetadata
        case .writeMetadata: writeMetadata
        }
    }
}

extension StreamName {
    /// Whether this is the product's stream of all events.
    var isAll: Bool { text.utf8.elementsEqual(Role.all.utf8) }
}
