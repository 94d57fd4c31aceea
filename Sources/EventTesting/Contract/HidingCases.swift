import EventModel
import Testing

extension EventStoreContract {
    /// What is said of a stream with five events recorded ten seconds apart, and what of it is read
    /// five seconds after the last.
    private static let sayings: [(text: String, live: [Int64], firstLive: Int64)] = [
        ("{\"$maxCount\":1}", [5], 5), ("{\"$maxCount\":2}", [4, 5], 4),
        ("{\"$maxCount\":5}", [1, 2, 3, 4, 5], 1), ("{\"$maxCount\":6}", [1, 2, 3, 4, 5], 1),
        ("{\"$maxCount\":9223372036854775807}", [1, 2, 3, 4, 5], 1),
        ("{\"$tb\":0}", [1, 2, 3, 4, 5], 1), ("{\"$tb\":1}", [2, 3, 4, 5], 2),
        ("{\"$tb\":4}", [5], 5), ("{\"$tb\":5}", [], 6), ("{\"$tb\":77}", [], 78),
        ("{\"$tb\":9223372036854775806}", [], .max),
        ("{\"$maxCount\":2,\"$tb\":1}", [4, 5], 4), ("{\"$maxCount\":2,\"$tb\":4}", [5], 5),
        ("{\"$maxAge\":1}", [], 1), ("{\"$maxAge\":5}", [5], 1), ("{\"$maxAge\":24}", [4, 5], 1),
        ("{\"$maxAge\":25}", [3, 4, 5], 1), ("{\"$maxAge\":26}", [3, 4, 5], 1),
        ("{\"$maxAge\":45}", [1, 2, 3, 4, 5], 1),
        ("{\"$maxAge\":922337203685}", [1, 2, 3, 4, 5], 1),
        ("{\"$maxAge\":25,\"$maxCount\":2}", [4, 5], 4),
        ("{\"$maxAge\":25,\"$maxCount\":4}", [3, 4, 5], 2),
        ("{\"$maxAge\":25,\"$tb\":3,\"$maxCount\":4}", [4, 5], 4),
    ]

    static let hiding =
        sayings.map { text, live, firstLive in
            EventStoreCase("\(text) of five events leaves \(live)", needs: .clock) { run in
                let events = try Sample.events(5)
                for event in events {
                    try await run.append([event])
                    run.clock.advance(microseconds: 10_000_000)
                }
                run.clock.advance(microseconds: -5_000_000)
                try await run.say(text, of: "sample-1")

                #expect(try await run.versions(of: "sample-1") == live)
                #expect(try await run.versions(of: "sample-1", .newest) == live.reversed())
                for version in [Int64(0), 1, 2, 3, 4, 5] {
                    let found = try await run.versions(
                        of: "sample-1",
                        .after(StreamVersion(version))
                    )
                    #expect(found == live.filter { $0 > version })
                    let before = try await run.versions(
                        of: "sample-1",
                        .before(StreamVersion(version)),
                        limit: 2
                    )
                    #expect(before == live.filter { $0 < version }.suffix(2).reversed())
                }
                let state = try await run.state(of: "sample-1")
                #expect(state.version == StreamVersion(5))
                #expect(state.firstLive == StreamVersion(firstLive))
                #expect(state.condition == .open)
                // The feed keeps everything, for this one stream too.
                #expect(try await run.history().prefix(5).map(\.event) == events)
                let one = try await run.store.read(
                    after: .beginning,
                    limit: ReadLimit(events: 10),
                    matching: EventFilter(streams: [try StreamName("sample-1")])
                )
                #expect(one.events.map(\.event) == events)
                #expect(try await run.store.event(EventNumber(1))?.event == events[0])
            }
        } + [
            EventStoreCase("hidden events move on with every append", needs: .clock) { run in
                try await run.say("{\"$maxCount\":2}", of: "sample-1")
                for version in Int64(1)...5 {
                    try await run.append([try Sample.event()])
                    let live = max(1, version - 1)...version
                    #expect(try await run.versions(of: "sample-1") == Array(live))
                }
            },
            EventStoreCase("events grow too old by the clock alone", needs: .clock) { run in
                try await run.say("{\"$maxAge\":10}", of: "sample-1")
                try await run.append(try Sample.events(2))
                run.clock.advance(microseconds: 10_000_000)
                #expect(try await run.versions(of: "sample-1") == [1, 2])
                run.clock.advance(microseconds: 1)
                #expect(try await run.versions(of: "sample-1").isEmpty)
                run.clock.advance(microseconds: -1)
                #expect(try await run.versions(of: "sample-1") == [1, 2])
            },
            EventStoreCase("hidden events count in an expectation") { run in
                try await run.append(try Sample.events(3))
                try await run.say("{\"$tb\":3}", of: "sample-1")
                let result = try await run.append(
                    [try Sample.event()],
                    expecting: .exactly(StreamVersion(3))
                )
                #expect(result.versions.values.first == StreamVersion(4))
                #expect(try await run.versions(of: "sample-1") == [4])
            },
            EventStoreCase("a hidden event is repeated like any other") { run in
                let events = try Sample.events(2)
                try await run.append(events)
                try await run.say("{\"$tb\":2}", of: "sample-1")
                #expect(try await run.append(events).wasAlreadyRecorded)
            },
        ]
}
