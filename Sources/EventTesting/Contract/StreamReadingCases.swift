import EventModel
import Testing

extension EventStoreContract {
    static let streams: [EventStoreCase] =
        ranges + [
            EventStoreCase("the slice of a stream ends before the event that exceeds its bytes") {
                run in
                try await run.append(try Sample.events(9))

                // Each event has 7 bytes of data.
                for (bytes, count) in [(1, 1), (13, 1), (14, 2), (62, 8), (63, 9)] {
                    let slice = try await run.store.readStream(
                        try StreamName("sample-1"),
                        .newest,
                        limit: ReadLimit(events: 10, bytes: bytes)
                    )
                    #expect(slice.events.count == count, "\(bytes) bytes")
                    #expect(slice.events.first?.version == StreamVersion(9))
                }
            },
            EventStoreCase("the head of a slice is that of the whole history") { run in
                try await run.append(try Sample.events(2))
                try await run.append(try Sample.events(3, of: "other-1"))

                let slice = try await run.store.readStream(
                    try StreamName("sample-1"),
                    .after(.empty),
                    limit: ReadLimit(events: 1)
                )

                #expect(slice.version == StreamVersion(2))
                #expect(slice.head == (try await run.store.head()))
            },
        ]

    /// A stream of ten among another's events, read from every version in both directions.
    private static let ranges = [1, 2, 9, 10, 11].map { limit in
        EventStoreCase("a stream of ten is read \(limit) at a time from every version") { run in
            for number in 1...10 {
                try await run.append([
                    try Sample.event(json: "\(number)"), try Sample.event("other-1"),
                ])
            }
            let stream = try StreamName("sample-1")
            let all = try await run.history().filter { $0.stream == stream }
            func read(_ range: StreamRange) async throws -> StreamSlice {
                try await run.store.readStream(stream, range, limit: ReadLimit(events: limit))
            }

            #expect(try await read(.newest).events == Array(all.reversed().prefix(limit)))
            for version in [0, 1, 2, 5, 9, 10, 11, 12, Int.max] {
                let bound = StreamVersion(Int64(version))
                let after = try await read(.after(bound))
                #expect(after.events == Array(all.dropFirst(min(version, 10)).prefix(limit)))
                #expect(after.version == StreamVersion(10))
                let before = try await read(.before(bound))
                let older = all.filter { $0.version < bound }
                #expect(before.events == Array(older.reversed().prefix(limit)))
            }
        }
    }
}
