public import EventModel

/// What the interface wants of whoever brings it a request.
public protocol WireConnection {
    /// Reads the request's body; called at most once.
    ///
    /// - Parameter limit: The most bytes that are wanted.
    /// - Returns: The whole body.
    /// - Throws: `LimitExceeded` where it is longer; any other error ends the request.
    func body(limit: Int) async throws -> [UInt8]

    /// Waits until the head is beyond a number, or there is no sense in waiting any more.
    ///
    /// - Parameters:
    ///   - number: The head that the client knows.
    ///   - deadline: When to stop waiting.
    /// - Returns: Whether the head is beyond the number.
    /// - Throws: Errors of the store; `CancellationError`.
    func wait(beyond number: EventNumber, until deadline: ContinuousClock.Instant) async throws
        -> Bool

    /// Renders a document in its turn, or finds the same one where it was kept.
    ///
    /// - Parameters:
    ///   - key: What the document is a function of; nil where that is too much to say.
    ///   - render: Reads and renders.
    /// - Returns: The document.
    /// - Throws: What `render` throws; errors of whoever is too busy; `CancellationError`.
    func document(
        for key: String?,
        render: () async throws -> WireDocument
    ) async throws -> WireDocument
}

/// A rendered document.
public struct WireDocument: Sendable {
    /// The bytes; none where the connection holds them itself.
    public var body: [UInt8]
    /// Whether the connection holds the bytes, and sends them with the answer.
    public var isHeld = false
    /// Whether the same key means the same bytes for ever.
    public var isFixed: Bool
    /// Whether everybody may read what is in it, apart from the stream that was asked for.
    public var isPublic: Bool

    /// States a document.
    ///
    /// - Parameters:
    ///   - body: The bytes.
    ///   - isFixed: Whether the same key means the same bytes for ever.
    ///   - isPublic: Whether everybody may read what is in it.
    public init(_ body: [UInt8], isFixed: Bool, isPublic: Bool = true) {
        self.body = body
        self.isFixed = isFixed
        self.isPublic = isPublic
    }
}

/// A request whose body is known, before a store that nobody else serves: for tests and tools.
public struct LocalConnection: WireConnection {
    private let store: any EventStore
    private let bytes: [UInt8]

    /// Brings a body.
    ///
    /// - Parameters:
    ///   - bytes: The body.
    ///   - store: Whose head is waited for.
    public init(_ bytes: [UInt8] = [], store: any EventStore) {
        self.bytes = bytes
        self.store = store
    }

    /// The body that was given.
    ///
    /// - Parameter limit: The most bytes that are wanted.
    /// - Returns: The whole body.
    /// - Throws: `LimitExceeded`.
    public func body(limit: Int) throws -> [UInt8] {
        guard bytes.count <= limit else {
            throw LimitExceeded(field: "body", limit: limit, actual: bytes.count)
        }
        return bytes
    }

    /// Waits until the head is beyond a number or the time is over.
    ///
    /// - Parameters:
    ///   - number: The head that the client knows.
    ///   - deadline: When to stop waiting.
    /// - Returns: Whether the head is beyond the number.
    /// - Throws: Errors of the store; `CancellationError`.
    public func wait(beyond number: EventNumber, until deadline: ContinuousClock.Instant)
        async throws -> Bool
    {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { [store] in
                _ = try await store.waitForHead(beyond: number)
                return true
            }
            group.addTask {
                try await Task.sleep(until: deadline)
                return false
            }
            defer { group.cancelAll() }
            return try await group.next() ?? false
        }
    }

    /// Renders each time.
    ///
    /// - Parameters:
    ///   - key: Not looked at.
    ///   - render: Reads and renders.
    /// - Returns: The document.
    /// - Throws: What `render` throws.
    public func document(
        for key: String?,
        render: () async throws -> WireDocument
    ) async throws -> WireDocument {
        try await render()
    }
}
