import EventModel
import Testing

extension EventStoreContract {
    static let repetitions: [EventStoreCase] =
        sameAgain + differentContent + [
            EventStoreCase("known and new events together are refused, naming the known") { run in
                let known = try Sample.events(3)
                try await run.append(known)
                let batch = [known[2], try Sample.event(), known[0]]

                let error = PartlyRecorded(known: [
                    known[2].id: EventNumber(3), known[0].id: EventNumber(1),
                ])
                await #expect(throws: error) { try await run.append(batch) }

                #expect(try await run.store.head().number == EventNumber(3))
            },
            EventStoreCase("known ids are looked at before expectations") { run in
                let known = try Sample.event()
                try await run.append([known])
                let batch = [known, try Sample.event()]

                await #expect(throws: PartlyRecorded.self) {
                    try await run.append(batch, expecting: .none)
                }
            },
            EventStoreCase("an id with other content is named before one that is merely known") {
                run in
                let known = try Sample.events(2)
                try await run.append(known)
                let changed = known[1].with(data: .json("[]"))

                let error = DuplicateEvent(id: changed.id, number: EventNumber(2))
                await #expect(throws: error) {
                    try await run.append([known[0], changed, try Sample.event()])
                }
            },
            EventStoreCase("a part of an append is a repetition of that part") { run in
                let events = try Sample.events(4)
                try await run.append(events)

                let result = try await run.append(Array(events[1...2]))

                #expect(result.wasAlreadyRecorded)
                #expect(result.first == EventNumber(2))
                #expect(result.last == EventNumber(3))
            },
            EventStoreCase("one id twice in one append is refused before it reaches the store") {
                run in
                let event = try Sample.event()

                let error = InvalidAppend.repeatedID(event.id, first: 0, second: 1)
                await #expect(throws: error) { try await run.append([event, event]) }

                #expect(try await run.store.head() == .empty)
            },
        ]

    private static let sameAgain = [
        EventStoreCase("repeating an append returns the first result and records nothing") { run in
            let events = [
                try Sample.event("a-1"), try Sample.event("b-1"), try Sample.event("a-1"),
            ]
            let first = try await run.append(events)

            let second = try await run.append(events)

            #expect(second == first.repeated)
            #expect(try await run.store.head().number == EventNumber(3))
        },
        EventStoreCase("a repetition after other events still returns the first result") { run in
            let events = try Sample.events(2)
            let first = try await run.append(events)
            try await run.append(try Sample.events(5))

            let second = try await run.append(events)

            #expect(second == first.repeated)
            #expect(try await run.store.head().number == EventNumber(7))
        },
        EventStoreCase("a repetition succeeds although its expectation is stale by now") { run in
            let events = try Sample.events(2)
            let first = try await run.append(events, expecting: .none)

            let second = try await run.append(events, expecting: .none)

            #expect(second == first.repeated)
        },
        EventStoreCase("a repetition with another expectation is a repetition") { run in
            let events = try Sample.events(2)
            let first = try await run.append(events, expecting: .none)

            for expected in [ExpectedVersion.any, .exists, .exactly(StreamVersion(77))] {
                #expect(try await run.append(events, expecting: expected) == first.repeated)
            }
        },
        EventStoreCase("an id is found again in a history of several hundred") { run in
            let events = try Sample.events(300)
            try await run.append(events)

            for index in [0, 1, 149, 298, 299] {
                let result = try await run.append([events[index]])
                #expect(result.first == EventNumber(Int64(index + 1)))
                #expect(result.wasAlreadyRecorded)
            }
        },
    ]

    /// Each way in which an event can differ from the one that has its id.
    private static let changes: [(what: String, change: @Sendable (NewEvent) throws -> NewEvent)] =
        [
            ("other data", { $0.with(data: .json("[1]")) }),
            ("data without its last byte", { $0.with(data: .json("{\"a\":1")) }),
            (
                "another media type",
                { $0.with(data: Payload($0.data.bytes, mediaType: .plainText)) }
            ),
            (
                "a media type in other case",
                {
                    let type = try MediaType("Application/JSON")
                    return $0.with(data: Payload($0.data.bytes, mediaType: type))
                }
            ),
            ("another type", { try $0.with(type: EventType("Other")) }),
            ("another stream", { try $0.with(stream: StreamName("sample-2")) }),
            ("other metadata", { $0.with(metadata: .json("{\"by\":\"b\"}")) }),
            ("no metadata", { $0.with(metadata: nil) }),
        ]

    private static let differentContent = changes.map { what, change in
        EventStoreCase("a known id with \(what) is a duplicate and records nothing") { run in
            let original = try Sample.event(json: "{\"a\":1}").with(
                metadata: .json("{\"by\":\"a\"}")
            )
            try await run.append([try Sample.event(), original])

            let error = DuplicateEvent(id: original.id, number: EventNumber(2))
            await #expect(throws: error) { try await run.append([try change(original)]) }

            #expect(try await run.store.head().number == EventNumber(2))
        }
    }
}

extension AppendResult {
    /// The result that a repetition of this append gets.
    fileprivate var repeated: AppendResult {
        AppendResult(
            first: first,
            last: last,
            versions: versions,
            firstVersions: firstVersions,
            wasAlreadyRecorded: true
        )
    }
}

extension NewEvent {
    fileprivate func with(
        stream: StreamName? = nil,
        type: EventType? = nil,
        data: Payload? = nil
    ) -> NewEvent {
        NewEvent(
            id: id,
            stream: stream ?? self.stream,
            type: type ?? self.type,
            data: data ?? self.data,
            metadata: metadata
        )
    }

    fileprivate func with(metadata: Payload?) -> NewEvent {
        NewEvent(id: id, stream: stream, type: type, data: data, metadata: metadata)
    }
}
