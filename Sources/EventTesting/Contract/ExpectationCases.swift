import EventModel
import Testing

extension EventStoreContract {
    /// What is expected, at which version of the stream, and whether it holds.
    private static let table: [(expected: ExpectedVersion, at: Int, holds: Bool)] = [
        (.any, 0, true), (.any, 2, true),
        (.none, 0, true), (.none, 2, false),
        (.exists, 0, false), (.exists, 2, true),
        (.exactly(.empty), 0, true), (.exactly(.empty), 2, false),
        (.exactly(StreamVersion(1)), 2, false), (.exactly(StreamVersion(2)), 2, true),
        (.exactly(StreamVersion(3)), 2, false), (.exactly(StreamVersion(2)), 0, false),
        (.exactly(StreamVersion(Int64.max)), 2, false),
    ]

    static let expectations: [EventStoreCase] =
        table.map { row in
            let outcome = row.holds ? "holds" : "conflicts"
            return EventStoreCase(
                "expecting \(row.expected) of a stream at version \(row.at) \(outcome)"
            ) { run in
                let stream = try StreamName("sample-1")
                let before = StreamVersion(Int64(row.at))
                if row.at > 0 { try await run.append(try Sample.events(row.at)) }

                if row.holds {
                    let result = try await run.append(
                        [try Sample.event()],
                        expecting: row.expected
                    )
                    #expect(result.versions == [stream: before.next])
                } else {
                    let conflict = VersionConflict(
                        stream: stream,
                        expected: row.expected,
                        actual: before
                    )
                    await #expect(throws: conflict) {
                        try await run.append([try Sample.event()], expecting: row.expected)
                    }
                    #expect(try await run.store.head().number.rawValue == before.rawValue)
                }
            }
        } + [
            EventStoreCase("of several streams one stale expectation refuses the whole batch") {
                run in
                try await run.append([try Sample.event("b-1")])
                let before = try await run.store.head()
                let (a, b) = (try StreamName("a-1"), try StreamName("b-1"))
                let batch = try AppendBatch(
                    [try Sample.event("a-1"), try Sample.event("b-1"), try Sample.event("a-1")],
                    expecting: [a: .none, b: .none]
                )

                let conflict = VersionConflict(
                    stream: b,
                    expected: .none,
                    actual: StreamVersion(1)
                )
                await #expect(throws: conflict) { try await run.store.append(batch) }

                #expect(try await run.store.head() == before)
                let slice = try await run.store.readStream(
                    a,
                    .newest,
                    limit: ReadLimit(events: 1)
                )
                #expect(slice.version == .empty)
            },
            EventStoreCase("each stream of a batch is held against its own expectation") { run in
                try await run.append([try Sample.event("b-1")])
                let (a, b) = (try StreamName("a-1"), try StreamName("b-1"))
                let batch = try AppendBatch(
                    [try Sample.event("a-1"), try Sample.event("b-1"), try Sample.event("c-1")],
                    expecting: [a: .none, b: .exactly(StreamVersion(1))]
                )

                let result = try await run.store.append(batch)

                #expect(result.versions[a] == StreamVersion(1))
                #expect(result.versions[b] == StreamVersion(2))
            },
            EventStoreCase("a conflict does not keep its ids from being used") { run in
                try await run.append([try Sample.event()])
                let event = try Sample.event()
                await #expect(throws: VersionConflict.self) {
                    try await run.append([event], expecting: .none)
                }

                let result = try await run.append([event], expecting: .exactly(StreamVersion(1)))

                #expect(result.last == EventNumber(2))
                #expect(!result.wasAlreadyRecorded)
            },
        ]
}
