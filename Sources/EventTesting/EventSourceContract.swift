public import EventModel
public import Subscriptions
public import Testing

/// What every event source owes a subscription, as something that can be run.
///
/// A case puts events into a store and looks at them through the source. Run all of them for each
/// source: `@Test(arguments: EventSourceContract.cases)`.
public struct EventSourceContract: Sendable, CustomTestStringConvertible {
    /// Makes a source over a store, lends it to the body, and takes it away afterwards.
    public typealias Provider =
        @Sendable (any EventStore, _ body: (any EventSource) async throws -> Void) async throws ->
        Void

    /// The claim.
    public let testDescription: String
    private let body: @Sendable (InMemoryEventStore, any EventSource) async throws -> Void

    private init(
        _ claim: String,
        _ body: @escaping @Sendable (InMemoryEventStore, any EventSource) async throws -> Void
    ) {
        testDescription = claim
        self.body = body
    }

    /// Runs the case over a store and a source of its own.
    ///
    /// - Parameter provider: Makes the source.
    /// - Throws: What the source throws where it should not.
    public func run(_ provider: Provider) async throws {
        let store = InMemoryEventStore(try StoreCreation(pageSize: 10, title: "A history"))
        let body = body
        try await provider(store) { try await body(store, $0) }
    }

    /// All cases.
    public static let cases: [EventSourceContract] = reading + bounds + filtering + waiting

    private static let reading = [
        EventSourceContract("an empty history is at its end") { store, source in
            let batch = try await source.batch(after: 0)

            #expect(batch.events.isEmpty)
            #expect(batch.isCaughtUp)
            #expect(batch.epoch == store.identity.epoch)
            #expect(batch.chainAfter == .beginning && batch.chain == .beginning)
        },
        EventSourceContract("it says which history it is and where it ends") { store, source in
            try await store.fill(12)

            let description = try await source.describe()

            #expect(description.epoch == store.identity.epoch)
            #expect(description.title == "A history")
            #expect(description.head == EventNumber(12))
        },
        EventSourceContract("from any place on, all events come, in order, as they are") {
            store,
            source in
            try await store.fill(25)
            let history = try await store.read(after: .beginning, limit: 1_000).events

            for start in [0, 1, 9, 10, 11, 19, 20, 21, 24, 25] {
                var after = EventNumber(Int64(start))
                var seen: [RecordedEvent] = []
                while true {
                    let batch = try await source.batch(after: after.rawValue, limit: 7)
                    #expect(batch.after == after && batch.head == EventNumber(25))
                    #expect(batch.events.count <= 7)
                    seen += batch.events
                    if batch.isCaughtUp { break }
                    try #require(batch.scannedTo > after)
                    after = batch.scannedTo
                }
                #expect(seen == Array(history.dropFirst(start)))
            }
        },
        EventSourceContract("the chain at both ends is that of the history") { store, source in
            try await store.fill(25)
            let whole = try await store.read(after: .beginning, limit: 1_000)
            var chain = ChainDigest.beginning

            for event in whole.events {
                let batch = try await source.batch(after: event.number.rawValue - 1, limit: 1)
                #expect(batch.chainAfter == chain)
                chain = chain.appending(event)
                if batch.scannedTo == event.number { #expect(batch.chain == chain) }
            }
            #expect(chain == whole.chain)
        },
        EventSourceContract("events that come later are seen later") { store, source in
            try await store.fill(9)
            #expect(try await source.batch(after: 9).events.isEmpty)

            try await store.fill(3)

            let batch = try await source.batch(after: 9)
            #expect(batch.events.map(\.number.rawValue) == [10, 11, 12])
        },
    ]

    private static let bounds = [
        EventSourceContract("beyond the head it says where the head is") { store, source in
            try await store.fill(3)

            for wait in [nil, Duration.milliseconds(50)] {
                let error = await #expect(throws: SourceError.self) {
                    _ = try await source.events(
                        after: EventNumber(4),
                        limit: 10,
                        matching: .everything,
                        waitingUpTo: wait
                    )
                }
                #expect(error?.code == .afterHead)
                #expect(
                    error?.difference
                        == .head(
                            expected: EventNumber(4),
                            actual: EventNumber(3),
                            epoch: store.identity.epoch
                        )
                )
            }
        }
    ]

    private static let filtering = [
        EventSourceContract("a filter leaves out what does not match, and looks to the end") {
            store,
            source in
            try await store.fill(30)
            let wanted = EventFilter(streams: [StreamName(stored: "odd-1")])

            let batch = try await source.batch(after: 4, matching: wanted)

            #expect(batch.events.map(\.number.rawValue) == Array(stride(from: 5, to: 31, by: 2)))
            #expect(batch.scannedTo == EventNumber(30) && batch.isCaughtUp)
            let whole = try await store.read(after: EventNumber(4), limit: 1_000)
            #expect(batch.chainAfter == whole.chainAfter && batch.chain == whole.chain)
        },
        EventSourceContract("a filter that matches nothing still gets to the end") {
            store,
            source in
            try await store.fill(30)
            let wanted = EventFilter(types: [.prefix("Nothing")])

            let batch = try await source.batch(after: 0, matching: wanted)

            #expect(batch.events.isEmpty && batch.isCaughtUp)
        },
    ]

    private static let waiting = [
        EventSourceContract("a wait that is over brings an empty batch") { store, source in
            try await store.fill(3)

            let batch = try await source.events(
                after: EventNumber(3),
                limit: 10,
                matching: .everything,
                waitingUpTo: .milliseconds(50)
            )

            #expect(batch.events.isEmpty && batch.isCaughtUp)
        },
        EventSourceContract("a wait ends when its task is cancelled") { store, source in
            try await store.fill(3)

            await withThrowingTaskGroup(of: EventBatch.self) { group in
                group.addTask {
                    try await source.events(
                        after: EventNumber(3),
                        limit: 10,
                        matching: .everything,
                        waitingUpTo: .seconds(60)
                    )
                }
                group.cancelAll()
                await #expect(throws: CancellationError.self) { _ = try await group.next() }
            }
        },
    ]
}

extension EventSource {
    /// Asks without a wait.
    fileprivate func batch(
        after: Int64,
        limit: Int = 1_000,
        matching filter: EventFilter = .everything
    ) async throws -> EventBatch {
        try await events(
            after: EventNumber(after),
            limit: limit,
            matching: filter,
            waitingUpTo: nil
        )
    }
}

extension InMemoryEventStore {
    /// Appends events, in turn to the streams `odd-1` and `even-1`, with metadata on some.
    fileprivate func fill(_ count: Int) async throws {
        let head = await head().number.rawValue
        for number in head + 1...head + Int64(count) {
            try await append([
                NewEvent(
                    stream: StreamName(stored: number % 2 == 0 ? "even-1" : "odd-1"),
                    type: EventType(stored: number % 3 == 0 ? "Third" : "Other"),
                    data: number % 5 == 0
                        ? Payload([0, 255, UInt8(number)], mediaType: .octetStream)
                        : .json("{\"number\":\(number)}"),
                    metadata: number % 4 == 0 ? .json("{\"actor\":\"é\"}") : nil
                )
            ])
        }
    }
}
