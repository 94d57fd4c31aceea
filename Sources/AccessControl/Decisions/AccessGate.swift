public import EventModel

/// Who asks and what they may do, for every interface of a server.
///
/// Access control is on as soon as the directory has a user. It looks at the lists of a stream
/// each time, so that a list that was changed holds for the next request.
public struct AccessGate: Sendable {
    /// Finds out who asks.
    public let authenticator: Authenticator
    /// The roles that may read the feed.
    public let feedReaders: Set<String>
    private let store: any EventStore
    private let settings: AccessSettings

    /// Sets up access to a store.
    ///
    /// - Parameters:
    ///   - authenticator: Finds out who asks.
    ///   - store: Where streams say who may do what with them.
    ///   - feedReaders: The roles that may read the feed.
    public init(
        _ authenticator: Authenticator,
        store: any EventStore,
        feedReaders: Set<String> = [Role.admins]
    ) {
        self.authenticator = authenticator
        self.feedReaders = feedReaders
        self.store = store
        settings = AccessSettings(store)
    }

    /// Whether access control is on: whether there are users.
    public var isOn: Bool {
        get async throws { try await authenticator.directory.hasUsers }
    }

    /// Finds out who sent a request.
    ///
    /// - Parameter field: The value of its `Authorization` field; nil where there is none.
    /// - Returns: Who asks; while access control is off nobody is refused, whatever they say.
    /// - Throws: ``PasswordHasher/Busy``; `EventStoreError`; `CancellationError`.
    public func caller(authorizationField field: String?) async throws -> Authentication {
        guard try await isOn else { return .anonymous }
        return try await authenticator.authenticate(authorizationField: field)
    }

    /// Decides whether somebody may do something.
    ///
    /// - Parameters:
    ///   - caller: Who asks.
    ///   - resource: What they want.
    /// - Returns: Whether they may, and whether everybody may.
    /// - Throws: `EventStoreError`; `CancellationError`.
    public func decide(_ caller: Caller, _ resource: ProtectedResource) async throws
        -> AccessDecision
    {
        let policy = AccessPolicy(isOn: try await isOn, feedReaders: feedReaders)
        guard policy.isOn else { return policy.decide(caller, resource) }
        let settings = Self.stream(of: resource) == nil ? nil : try await settings.current()
        return policy.decide(
            caller,
            resource,
            try await lists(for: resource, settings: settings)
        )
    }

    /// Finds what somebody may not do of several things that they want to do together.
    ///
    /// - Parameters:
    ///   - caller: Who asks.
    ///   - resources: What they want.
    /// - Returns: The first thing that they may not do; nil where they may do all.
    /// - Throws: `EventStoreError`; `CancellationError`.
    /// - Complexity: One look-up for each stream, none at all for members of `$admins`.
    public func refused(_ caller: Caller, among resources: [ProtectedResource]) async throws
        -> ProtectedResource?
    {
        let policy = AccessPolicy(isOn: try await isOn, feedReaders: feedReaders)
        let needsLists = policy.isOn && !caller.roles.contains(Role.admins)
        let settings = needsLists ? try await settings.current() : nil
        for resource in resources {
            let lists =
                needsLists ? try await lists(for: resource, settings: settings) : AccessLists()
            guard policy.decide(caller, resource, lists).isAllowed else { return resource }
        }
        return nil
    }

    private func lists(
        for resource: ProtectedResource,
        settings: AccessSettings.Lists?
    ) async throws -> AccessLists {
        guard let name = Self.stream(of: resource) else { return AccessLists() }
        return AccessLists(
            stream: try await store.streamState(name).metadata.accessList,
            defaults: name.isSystem ? settings?.systemStreams : settings?.userStreams
        )
    }

    /// The stream whose lists decide, if there is one.
    private static func stream(of resource: ProtectedResource) -> StreamName? {
        switch resource {
        case .stream(let stream, let right): AccessPolicy.subject(stream, right).0
        case .all: StreamName(stored: Role.all)
        case .feed, .users, .ownUser, .node: nil
        }
    }
}
