public import EventModel
public import Testing

/// One promise of an event store as something that can be run.
public struct EventStoreCase: Sendable, CustomTestStringConvertible {
    /// What a store can be made to do, apart from what all of them do.
    public struct Capabilities: OptionSet, Sendable {
        /// The capabilities as bits.
        public let rawValue: Int

        /// Takes capabilities as bits.
        ///
        /// - Parameter rawValue: The bits.
        public init(rawValue: Int) {
            self.rawValue = rawValue
        }

        /// Recorded-at comes from the clock in ``EventStoreCase/Conditions``.
        public static let clock = Capabilities(rawValue: 1)
        /// The store keeps to the limits in ``EventStoreCase/Conditions``.
        public static let limits = Capabilities(rawValue: 2)
        /// Metadata may be any bytes, not only a JSON object.
        public static let anyMetadata = Capabilities(rawValue: 4)
        /// Appends may have ids that count in their stream (`IDScope.stream`).
        public static let idsInStream = Capabilities(rawValue: 8)
        /// Every expectation can be told from every other, and may be of a stream of which the
        /// append holds the metadata alone.
        public static let allExpectations = Capabilities(rawValue: 16)

        /// All that the cases know of.
        public static let all: Capabilities = [
            .clock, .limits, .anyMetadata, .idsInStream, .allExpectations,
        ]
    }

    /// What the store of a case must be made with, as far as it can.
    public struct Conditions: Sendable {
        /// What the store takes at the most.
        public let limits: Limits
        /// The clock that recorded-at is read from.
        public let clock: ManualClock
    }

    /// Makes an empty store, lends it, and disposes of it.
    public typealias Factory =
        @Sendable (
            _ conditions: Conditions,
            _ use: @Sendable (any EventStore) async throws -> Void
        ) async throws -> Void

    /// A store while a case runs.
    struct Run: Sendable {
        let store: any EventStore
        let clock: ManualClock
    }

    /// The promise in one sentence.
    public let name: String
    /// What the store must be able to do, for the case to make sense.
    public let needs: Capabilities
    private let limits: Limits
    private let body: @Sendable (Run) async throws -> Void

    init(
        _ name: String,
        needs: Capabilities = [],
        limits: Limits = .standard,
        _ body: @escaping @Sendable (Run) async throws -> Void
    ) {
        self.name = name
        self.needs = needs
        self.limits = limits
        self.body = body
    }

    /// The name, as reports show it.
    public var testDescription: String { name }

    /// Runs the case on a new store; what does not hold is recorded as an issue of the test.
    ///
    /// - Parameter withStore: Makes an empty store, lends it, and disposes of it.
    /// - Throws: What the store throws where it should not.
    public func run(_ withStore: Factory) async throws {
        let clock = ManualClock()
        try await withStore(Conditions(limits: limits, clock: clock)) { store in
            try await body(Run(store: store, clock: clock))
        }
    }
}

extension EventStoreCase.Run {
    /// Appends events with one expectation for the stream of each.
    @discardableResult
    func append(_ events: [NewEvent], expecting expected: ExpectedVersion = .any) async throws
        -> AppendResult
    {
        try await store.append(events, expecting: expected)
    }

    /// The whole history, read in batches.
    func history(batch: Int = 100) async throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        var after = EventNumber.beginning
        while true {
            let batch = try await store.read(after: after, limit: batch)
            events += batch.events
            after = batch.scannedTo
            if batch.isCaughtUp { return events }
        }
    }
}

extension EventStoreCase.Run {
    /// Writes metadata of a stream, of any text.
    @discardableResult
    func say(_ text: String, of stream: String, type: String = "$metadata") async throws
        -> AppendResult
    {
        try await append([try Sample.event("$$" + stream, type: type, json: text)])
    }

    /// The versions that a read of a stream returns.
    func versions(of stream: String, _ range: StreamRange = .after(.empty), limit: Int = 1_000)
        async throws -> [Int64]
    {
        let slice = try await store.readStream(
            try StreamName(stream),
            range,
            limit: ReadLimit(events: limit)
        )
        return slice.events.map(\.version.rawValue)
    }

    /// What holds of a stream.
    func state(of stream: String) async throws -> StreamState {
        try await store.streamState(try StreamName(stream))
    }
}
