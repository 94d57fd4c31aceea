import EventModel
import Testing

extension EventStoreContract {
    /// Streams and types of a small history, in its order.
    private static let facts: [(stream: String, type: String)] = [
        ("tab-1", "TabOpened"), ("tab-2", "TabOpened"), ("tab", "TabClosed"),
        ("table-1", "Tab"), ("-tab", "tabOpened"), ("tab-1", "DrinksOrdered"),
        ("caf\u{E9}-1", "T\u{E9}"), ("cafe\u{301}-1", "Te\u{301}"), ("tab-1-x", "TabOpened.v2"),
        ("a\\\u{301}\"b-1", "Quoted"), ("order-1", "OrderPlaced"), ("tab-1", "TabClosed"),
    ]

    private static let table: [(name: String, filter: @Sendable () throws -> EventFilter)] = [
        ("one stream", { EventFilter(streams: [try StreamName("tab-1")]) }),
        (
            "either of two streams",
            {
                EventFilter(streams: [try StreamName("tab-2"), try StreamName("order-1")])
            }
        ),
        ("a stream that is not there", { EventFilter(streams: [try StreamName("nobody-1")]) }),
        (
            "a stream that is there or one that is not",
            {
                EventFilter(streams: [try StreamName("nobody-1"), try StreamName("tab")])
            }
        ),
        ("one category", { EventFilter(categories: [try StreamCategory("tab")]) }),
        ("the empty category", { EventFilter(categories: [try StreamCategory("")]) }),
        ("a category with a dash", { EventFilter(categories: [try StreamCategory("tab-1")]) }),
        (
            "a category with quotes and escapes",
            {
                EventFilter(categories: [try StreamCategory("a\\\u{301}\"b")])
            }
        ),
        ("a composed category", { EventFilter(categories: [try StreamCategory("caf\u{E9}")]) }),
        ("one type", { EventFilter(types: [.exactly(try EventType("TabOpened"))]) }),
        ("a type that is not there", { EventFilter(types: [.exactly(try EventType("Never"))]) }),
        ("types that begin with Tab", { EventFilter(types: [.prefix("Tab")]) }),
        (
            "types that begin with a decomposed letter's base",
            { EventFilter(types: [.prefix("Te")]) }
        ),
        ("types that begin with anything", { EventFilter(types: [.prefix("")]) }),
        ("types that begin with nothing's name", { EventFilter(types: [.prefix("Zz")]) }),
        (
            "one type or a prefix",
            {
                EventFilter(types: [.exactly(try EventType("Quoted")), .prefix("Order")])
            }
        ),
        (
            "a stream and a type",
            {
                EventFilter(
                    streams: [try StreamName("tab-1")],
                    types: [.exactly(try EventType("TabClosed"))]
                )
            }
        ),
        (
            "a category and a stream of another",
            {
                EventFilter(
                    streams: [try StreamName("order-1")],
                    categories: [try StreamCategory("tab")]
                )
            }
        ),
        (
            "all three",
            {
                EventFilter(
                    streams: [try StreamName("tab-1"), try StreamName("tab-2")],
                    categories: [try StreamCategory("tab"), try StreamCategory("order")],
                    types: [.prefix("Tab")]
                )
            }
        ),
    ]

    static let filters: [EventStoreCase] =
        table.map { row in
            EventStoreCase("a filter for \(row.name) returns what matches, and looks at all") {
                run in
                let filter = try row.filter()
                let events = try facts.map { try Sample.event($0.stream, type: $0.type) }
                try await run.append(events)
                let all = try await run.history()
                let wanted = all.filter { filter.matches(stream: $0.stream, type: $0.type) }

                let batch = try await run.store.read(
                    after: .beginning,
                    limit: ReadLimit(events: 100),
                    matching: filter
                )

                #expect(batch.events == wanted)
                #expect(batch.isCaughtUp)
                #expect(batch.chain == (try await run.store.head().chain))
                try await expectPages(of: wanted, filter, run)
            }
        } + [
            EventStoreCase("the names in a filter are compared byte by byte") { run in
                let events = try facts.map { try Sample.event($0.stream, type: $0.type) }
                try await run.append(events)
                let filter = EventFilter(categories: [try StreamCategory("cafe\u{301}")])

                let batch = try await run.store.read(
                    after: .beginning,
                    limit: ReadLimit(events: 100),
                    matching: filter
                )

                #expect(batch.events.map(\.number) == [EventNumber(8)])
            },
            EventStoreCase("a filtered read looks at 20,000 numbers and says how far it got") {
                run in
                let wanted = try Sample.event("wanted-1")
                try await run.append([wanted])
                for _ in 1...2 { try await run.append(try Sample.events(10_000)) }
                try await run.append([try Sample.event("wanted-1")])
                let filter = EventFilter(streams: [wanted.stream])
                func read(after: Int64) async throws -> EventBatch {
                    try await run.store.read(
                        after: EventNumber(after),
                        limit: ReadLimit(events: 10),
                        matching: filter
                    )
                }

                let first = try await read(after: 0)
                #expect(first.events.map(\.number.rawValue) == [1])
                #expect(first.scannedTo == EventNumber(20_000))
                #expect(!first.isCaughtUp)
                let second = try await read(after: 1)
                #expect(second.events.isEmpty)
                #expect(second.scannedTo == EventNumber(20_001))
                let third = try await read(after: 2)
                #expect(third.events.map(\.number.rawValue) == [20_002])
                #expect(third.isCaughtUp)
            },
        ]

    /// Reads one matching event at a time: what stops a batch is neither skipped nor repeated.
    private static func expectPages(
        of wanted: [RecordedEvent],
        _ filter: EventFilter,
        _ run: EventStoreCase.Run
    ) async throws {
        var found: [RecordedEvent] = []
        var after = EventNumber.beginning
        while true {
            let batch = try await run.store.read(
                after: after,
                limit: ReadLimit(events: 1),
                matching: filter
            )
            if let event = batch.events.last, !batch.isCaughtUp {
                #expect(batch.scannedTo == event.number)
            }
            found += batch.events
            after = batch.scannedTo
            if batch.isCaughtUp { break }
        }
        #expect(found == wanted)
    }
}
