import EventModel
import Testing

extension EventStoreContract {
    /// The id that an event gets whose own is taken, as another language would derive it.
    private static func derived(_ letter: Character, _ name: String) -> EventID {
        .derived(from: name.utf8, in: EventStoreCase.Run.id(letter).uuid)
    }

    static let derivedIDs = [
        EventStoreCase("one id in two streams are two events with ids of their own", needs: needs) {
            run in
            try await run.give("AB", to: "a")
            let result = try await run.give("BA", to: "b")
            #expect(!result.wasAlreadyRecorded)
            let events = try await run.history()
            #expect(
                events.map(\.id) == [
                    EventStoreCase.Run.id("A"), EventStoreCase.Run.id("B"),
                    derived("B", "b@1"), derived("A", "b@2"),
                ]
            )
            #expect(
                events.map(\.givenID) == [
                    nil, nil, EventStoreCase.Run.id("B"), EventStoreCase.Run.id("A"),
                ]
            )
            #expect(try await run.letters(of: "b") == "BA")
            #expect(try await run.give("BA", to: "b").wasAlreadyRecorded)
        },
        EventStoreCase("one id twice in one append are two events", needs: needs) { run in
            let first = try await run.give("AA")
            let ids = try await run.history().map(\.id)
            #expect(ids == [EventStoreCase.Run.id("A"), derived("A", "sample-1@2")])
            let second = try await run.give("AA")
            #expect(second.wasAlreadyRecorded)
            #expect((second.first, second.last) == (first.first, first.last))
            #expect(second.versions == first.versions)
        },
        EventStoreCase("a derived id that is taken is derived again", needs: needs) { run in
            let once = derived("A", "b@1")
            let blocking = NewEvent(
                id: once,
                stream: try StreamName("c"),
                type: try EventType("Happened"),
                data: .json("1")
            )
            try await run.append([blocking])
            try await run.give("A", to: "a")
            try await run.give("A", to: "b")
            let event = try #require(try await run.history().last)
            #expect(event.id == .derived(from: "b@1".utf8, in: once.uuid))
            #expect(event.givenID == EventStoreCase.Run.id("A"))
        },
        EventStoreCase("a derived id is not what its writer gave", needs: needs) { run in
            try await run.give("A", to: "a")
            try await run.give("A", to: "b")
            let again = NewEvent(
                id: derived("A", "b@1"),
                stream: try StreamName("b"),
                type: try EventType("Happened"),
                data: .json("1")
            )
            let result = try await run.store.append(AppendBatch([again], ids: .stream))
            #expect(!result.wasAlreadyRecorded)
            #expect(try await run.history().last?.givenID == again.id)
        },
        EventStoreCase("the whole store knows an event by its id alone", needs: needs) { run in
            try await run.give("A", to: "a")
            try await run.give("A", to: "b")
            let stored = try #require(try await run.history().last)
            // Found by the id, with the content of it.
            #expect(try await run.append([stored.event]).wasAlreadyRecorded)
            let sameGiven = NewEvent(
                id: EventStoreCase.Run.id("A"),
                stream: stored.stream,
                type: stored.type,
                data: stored.data
            )
            let error = DuplicateEvent(id: sameGiven.id, number: EventNumber(1))
            await #expect(throws: error) { try await run.append([sameGiven]) }
        },
        EventStoreCase("the chain holds over derived ids", needs: needs) { run in
            try await run.give("ABA", to: "a")
            try await run.give("BA", to: "b")
            var chain = ChainDigest.beginning
            for event in try await run.history() { chain = chain.appending(event) }
            #expect(try await run.store.head().chain == chain)
        },
        EventStoreCase("ids in a stream are of one stream", needs: needs) { run in
            let events = [try Sample.event("a"), try Sample.event("b")]
            #expect(throws: InvalidAppend.severalStreams(events[0].stream, events[1].stream)) {
                try AppendBatch(events, ids: .stream)
            }
        },
        EventStoreCase("a stream is read up to 4,096 events at a time", needs: needs) { run in
            try await run.append(try Sample.events(4_100))
            for (asked, count) in [(4_095, 4_095), (4_096, 4_096), (4_097, 4_096)] {
                #expect(try await run.versions(of: "sample-1", limit: asked).count == count)
            }
        },
    ]

    private static let needs = EventStoreCase.Capabilities.idsInStream
}
