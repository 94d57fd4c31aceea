import EventModel
import EventTesting
import FeedReading
import SQLiteStorage
import Testing

@Suite(.timeLimit(.minutes(5)))
struct `A store behind a server` {
    // The limit on an append counts the bytes of the request here, lines and all, so that the cases
    // about it have other numbers; metadata must be a JSON object. Ids count in the whole store,
    // and what is expected stands beside an event of the stream, where 0 and "none" are one word.
    @Test(arguments: EventStoreContract.cases(for: [.clock]))
    func `keeps the contract of event stores`(_ promise: EventStoreCase) async throws {
        try await promise.run { conditions, use in
            let store = InMemoryEventStore(
                limits: conditions.limits,
                now: conditions.clock.reader
            )
            try await LiveServer.open(store) { try await use($0) }
        }
    }

    @Test
    func `says what cannot go over HTTP`() async throws {
        try await LiveServer.open(InMemoryEventStore()) { remote in
            let stream = try StreamName("a")
            let batches = [
                try AppendBatch([try Sample.event("a")], ids: .stream),
                try AppendBatch([try NewEvent.deletion(of: stream)], expecting: [stream: .none]),
            ]
            for batch in batches {
                let error = await #expect(throws: EventStoreError.self) {
                    try await remote.append(batch)
                }
                #expect(error?.code == .unsupported)
            }
            #expect(try await remote.head() == .empty)
        }
    }

    @Test
    func `says what was too large as a store does`() async throws {
        let limits = Limits(
            dataBytes: 100,
            metadataBytes: 50,
            eventsPerAppend: 4,
            bytesPerAppend: 10_000
        )
        let store = InMemoryEventStore(limits: limits)
        func event(data: Int, metadata: Int = 10) throws -> NewEvent {
            NewEvent(
                stream: try StreamName("s"),
                type: try EventType("T"),
                data: Payload(Array(repeating: 1, count: data), mediaType: .octetStream),
                metadata: .json("{\"a\":\"\(String(repeating: "x", count: metadata - 8))\"}")
            )
        }
        try await LiveServer.open(store) { remote in
            #expect(remote.limits == limits)
            try await remote.append(AppendBatch([try event(data: 100, metadata: 50)]))
            let cases: [([NewEvent], LimitExceeded)] = [
                (
                    [try event(data: 1), try event(data: 101)],
                    LimitExceeded(field: "data", limit: 100, actual: 101, eventIndex: 1)
                ),
                (
                    [try event(data: 1, metadata: 51)],
                    LimitExceeded(field: "metadata", limit: 50, actual: 51, eventIndex: 0)
                ),
                (
                    try (0..<5).map { _ in try event(data: 1) },
                    LimitExceeded(field: "append", limit: 4, actual: 5, unit: "events")
                ),
            ]
            for (events, expected) in cases {
                await #expect(throws: expected) { try await remote.append(AppendBatch(events)) }
            }
            #expect(try await remote.head().number == EventNumber(1))
        }
    }

    @Test
    func `says what was fixed when it was created`() async throws {
        let clock = ManualClock()
        let store = InMemoryEventStore(
            try StoreCreation(pageSize: 20, title: "Tabs & tables", author: "Ann"),
            now: clock.reader
        )
        try await LiveServer.open(store) { remote in #expect(remote.identity == store.identity) }
        clock.advance(microseconds: 5_000_000)
        try await store.append(try Sample.events(3))
        try await LiveServer.open(store) { remote in #expect(remote.identity == store.identity) }
    }

    @Test
    func `takes single events under every expectation`() async throws {
        let store = InMemoryEventStore()
        try await LiveServer.run(store) { address in
            try await AsyncHTTPTransport.withTransport(logger: LiveServer.logger) { transport in
                let writer = try FeedWriter(
                    to: try FeedLocation(address + "feed"),
                    over: transport,
                    logger: LiveServer.logger
                )
                let event = try Sample.event("a/b c")
                let first = try await writer.append(event, expecting: .none)
                #expect(first.versions == [event.stream: StreamVersion(1)])
                #expect(!first.wasAlreadyRecorded)
                let again = try await writer.append(event, expecting: .none)
                #expect(again.first == first.first && again.wasAlreadyRecorded)
                try await writer.append(try Sample.event("a/b c"), expecting: .exists)
                try await writer.append(
                    try Sample.event("a/b c"),
                    expecting: .exactly(StreamVersion(2))
                )
                let stale = VersionConflict(
                    stream: event.stream,
                    expected: .exactly(StreamVersion(2)),
                    actual: StreamVersion(3)
                )
                await #expect(throws: stale) {
                    try await writer.append(
                        try Sample.event("a/b c"),
                        expecting: .exactly(StreamVersion(2))
                    )
                }
                let metadata = NewEvent(
                    stream: event.stream,
                    type: try EventType("Ünïcode"),
                    data: .json("1"),
                    metadata: .json("{\"k\":\"é\"}")
                )
                try await writer.append(metadata)
                let stored = await store.event(EventNumber(4))
                #expect(stored?.event == metadata)
            }
        }
    }
}
