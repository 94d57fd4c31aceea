import EventModel
import Testing

extension EventStoreContract {
    private static let name = "sample-1"

    static let deletions =
        appends + metadataOfDeleted + [
            EventStoreCase("a deletion hides every event and keeps the version") { run in
                let stream = try StreamName(name)
                try await run.append(try Sample.events(3))
                try await run.append([try NewEvent.deletion(of: stream)])

                let state = try await run.state(of: name)
                #expect(state.condition == .deleted)
                #expect(state.version == StreamVersion(3))
                #expect(state.metadata.isDeleted)
                for range in [StreamRange.newest, .after(.empty), .before(StreamVersion(.max))] {
                    #expect(try await run.versions(of: name, range).isEmpty)
                }
                #expect(try await run.versions(of: "$$" + name) == [1])
                #expect(try await run.history().count == 4)
            },
            EventStoreCase("deleting again is one more event") { run in
                let stream = try StreamName(name)
                for _ in 1...2 { try await run.append([try NewEvent.deletion(of: stream)]) }
                let state = try await run.state(of: name)
                #expect(state.condition == .deleted)
                #expect(state.metadataVersion == StreamVersion(2))
                #expect(try await run.store.head().number == EventNumber(2))
            },
            EventStoreCase("a deletion takes the place of what was said before") { run in
                try await run.say("{\"$maxCount\":1,\"mine\":2}", of: name)
                try await run.append([try NewEvent.deletion(of: try StreamName(name))])
                let slice = try await run.store.readStream(
                    try StreamName("$$" + name),
                    .newest,
                    limit: ReadLimit(events: 1)
                )
                #expect(slice.events.map(\.data) == [.json("{\"$tb\":9223372036854775807}")])
            },
            EventStoreCase(
                "a deletion may depend on the stream's version",
                needs: .allExpectations
            ) { run in
                let stream = try StreamName(name)
                try await run.append(try Sample.events(2))
                func deletion(_ expected: ExpectedVersion) throws -> AppendBatch {
                    try AppendBatch(
                        [try NewEvent.deletion(of: stream)],
                        expecting: [stream: expected]
                    )
                }
                let conflict = VersionConflict(
                    stream: stream,
                    expected: .exactly(StreamVersion(1)),
                    actual: StreamVersion(2)
                )
                await #expect(throws: conflict) {
                    try await run.store.append(try deletion(.exactly(StreamVersion(1))))
                }
                #expect(try await run.store.head().number == EventNumber(2))
                try await run.store.append(try deletion(.exactly(StreamVersion(2))))
                #expect(try await run.state(of: name).condition == .deleted)
                try await run.store.append(try deletion(.none))
                let gone = StreamDeleted(
                    stream: stream,
                    version: StreamVersion(2),
                    isPermanent: false
                )
                await #expect(throws: gone) { try await run.store.append(try deletion(.exists)) }
            },
            EventStoreCase("what an append says itself of what it opens is not added") { run in
                try await run.append([try Sample.event()])
                try await run.append([try NewEvent.deletion(of: try StreamName(name))])
                let said = NewEvent(
                    id: .timeOrdered(),
                    stream: try StreamName("$$" + name),
                    type: .streamMetadata,
                    data: .json("{ \"$tb\" : 1 }")
                )
                try await run.append([try Sample.event(), said])
                #expect(try await run.versions(of: name) == [2])
                #expect(try await run.history().map(\.event).last == said)
                #expect(try await run.history().count == 4)
            },
            EventStoreCase("of writers to a deleted stream one opens it again") { run in
                try await run.append([try Sample.event()])
                try await run.append([try NewEvent.deletion(of: try StreamName(name))])
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<12 {
                        group.addTask { try await run.append([try Sample.event()]) }
                    }
                    try await group.waitForAll()
                }
                let state = try await run.state(of: name)
                #expect(state.version == StreamVersion(13))
                #expect(state.metadataVersion == StreamVersion(2))
                #expect(try await run.versions(of: name) == Array(2...13))
            },
        ]

    /// What is appended to a deleted stream opens it again.
    private static let appends = [
        EventStoreCase("an append opens a deleted stream where its versions go on") { run in
            let stream = try StreamName(name)
            try await run.append(try Sample.events(3))
            try await run.append([try NewEvent.deletion(of: stream)])

            let result = try await run.append(try Sample.events(2))

            let expected = AppendResult(
                first: EventNumber(5),
                last: EventNumber(6),
                versions: [stream: StreamVersion(5)],
                firstVersions: [stream: StreamVersion(4)],
                wasAlreadyRecorded: false
            )
            #expect(result == expected)
            #expect(try await run.versions(of: name) == [4, 5])
            let state = try await run.state(of: name)
            #expect(state.condition == .open)
            #expect(state.metadataVersion == StreamVersion(2))
            #expect(state.metadata.truncatedThrough == StreamVersion(3))
            // The event that opened it follows those of the append.
            let opening = try #require(try await run.history().last)
            #expect(opening.number == EventNumber(7))
            #expect(opening.stream == stream.metadataStream)
            #expect(opening.type == .streamMetadata)
            #expect(opening.data == .json("{\"$tb\":3}"))
            #expect(opening.version == StreamVersion(2))
        },
        EventStoreCase("opening a stream keeps all else that is said, byte for byte") { run in
            try await run.append(try Sample.events(2))
            let text =
                "{ \"a\": 1.0, \"$tb\" : 9223372036854775807 ,\"$acl\":{\"$r\":\"x\"}, \"a\":[]}"
            try await run.say(text, of: name)
            #expect(try await run.state(of: name).condition == .deleted)
            try await run.append([try Sample.event()])
            let opening = try #require(try await run.history().last)
            let kept = "{ \"a\": 1.0, \"$tb\" : 2 ,\"$acl\":{\"$r\":\"x\"}, \"a\":[]}"
            #expect(opening.data == .json(kept))
        },
        EventStoreCase("a stream deleted before its first event begins at version 1") { run in
            try await run.append([try NewEvent.deletion(of: try StreamName(name))])
            let result = try await run.append([try Sample.event()], expecting: .none)
            #expect(result.versions == [try StreamName(name): StreamVersion(1)])
            #expect(try await run.versions(of: name) == [1])
        },
        EventStoreCase("one append opens several streams again") { run in
            let streams = ["a", "b", "c"]
            for stream in streams {
                try await run.append([try Sample.event(stream)])
                try await run.append([try NewEvent.deletion(of: try StreamName(stream))])
            }
            try await run.append([
                try Sample.event("b"), try Sample.event("a"), try Sample.event("b"),
            ])
            #expect(try await run.versions(of: "a") == [2])
            #expect(try await run.versions(of: "b") == [2, 3])
            #expect(try await run.state(of: "c").condition == .deleted)
            let added = try await run.history().suffix(2).map(\.stream.text)
            #expect(added == ["$$b", "$$a"])
        },
        EventStoreCase("a repetition opens nothing") { run in
            let events = try Sample.events(2)
            try await run.append(events)
            try await run.append([try NewEvent.deletion(of: try StreamName(name))])
            #expect(try await run.append(events).wasAlreadyRecorded)
            #expect(try await run.state(of: name).condition == .deleted)
            #expect(try await run.store.head().number == EventNumber(3))
        },
    ]

    /// What is said about a deleted stream, or together with events.
    private static let metadataOfDeleted = [
        EventStoreCase("metadata that does not delete opens a stream, its events stay hidden") {
            run in
            try await run.append(try Sample.events(2))
            try await run.append([try NewEvent.deletion(of: try StreamName(name))])
            try await run.say("{\"$maxCount\":9}", of: name)
            let state = try await run.state(of: name)
            #expect(state.condition == .open)
            #expect(state.metadataVersion == StreamVersion(3))
            #expect(state.metadata.maximumCount == 9)
            #expect(state.firstLive == StreamVersion(3))
            #expect(try await run.history().last?.data == .json("{\"$tb\":2,\"$maxCount\":9}"))
        },
        EventStoreCase("metadata without a meaning opens a stream, its events stay hidden") {
            run in
            for (index, text) in ["{}", "[]", "{\"$maxAge\":0}", "nothing", "{\"$tb\":0}"]
                .enumerated()
            {
                let stream = "s-\(index)"
                try await run.append([try Sample.event(stream)])
                try await run.append([try NewEvent.deletion(of: try StreamName(stream))])
                try await run.say(text, of: stream)
                #expect(try await run.state(of: stream).condition == .open)
                #expect(try await run.versions(of: stream).isEmpty)
                #expect(try await run.history().last?.data == .json("{\"$tb\":1}"))
            }
        },
        EventStoreCase("of events and metadata in one append the last word counts") { run in
            let stream = try StreamName(name)
            try await run.append([try Sample.event(), try NewEvent.deletion(of: stream)])
            #expect(try await run.state(of: name).condition == .deleted)
            try await run.append([try Sample.event(), try NewEvent.deletion(of: stream)])
            #expect(try await run.state(of: name).condition == .deleted)
            #expect(try await run.store.head().number == EventNumber(4))
            try await run.append([
                try NewEvent.deletion(of: stream), try Sample.event(), try Sample.event(),
            ])
            #expect(try await run.versions(of: name) == [3, 4])
            #expect(try await run.store.head().number == EventNumber(8))
        },
    ]
}
