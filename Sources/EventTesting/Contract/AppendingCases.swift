import EventModel
import Testing

extension EventStoreContract {
    static let appending = [
        EventStoreCase("numbers are 1, 2, 3, … in the order of the appends") { run in
            for number in 1...5 {
                let result = try await run.append([try Sample.event()])
                #expect(result.first == EventNumber(Int64(number)))
                #expect(result.last == result.first)
                #expect(!result.wasAlreadyRecorded)
            }
            #expect(try await run.history().map(\.number.rawValue) == [1, 2, 3, 4, 5])
        },
        EventStoreCase("a batch gets consecutive numbers in the order of its events") { run in
            try await run.append([try Sample.event()])
            let events = try Sample.events(25, of: "batch-1")

            let result = try await run.append(events)

            #expect(result.first == EventNumber(2))
            #expect(result.last == EventNumber(26))
            #expect(try await run.history().dropFirst().map(\.event) == events)
        },
        EventStoreCase("the events of several streams keep their order and count by stream") {
            run in
            let names = ["a-1", "b-1", "a-1", "c-1", "b-1", "a-1"]
            let events = try names.map { try Sample.event($0) }

            let result = try await run.append(events)

            let recorded = try await run.history()
            #expect(recorded.map(\.event) == events)
            #expect(recorded.map(\.version.rawValue) == [1, 1, 2, 1, 2, 3])
            let versions: [StreamName: StreamVersion] = [
                try StreamName("a-1"): StreamVersion(3),
                try StreamName("b-1"): StreamVersion(2),
                try StreamName("c-1"): StreamVersion(1),
            ]
            #expect(result.versions == versions)
        },
        EventStoreCase("versions go on where the stream's last append ended") { run in
            try await run.append(try Sample.events(3))
            try await run.append([try Sample.event("other-1")])

            let result = try await run.append(try Sample.events(2))

            #expect(result.versions == [try StreamName("sample-1"): StreamVersion(5)])
        },
        EventStoreCase("what an append recorded is in every kind of read that follows") { run in
            let event = try Sample.event()

            let result = try await run.append([event])

            let head = try await run.store.head()
            #expect(head.number == result.last)
            let recorded = try #require(try await run.store.event(result.last))
            #expect(recorded.event == event)
            let slice = try await run.store.readStream(
                event.stream,
                .newest,
                limit: ReadLimit(events: 1)
            )
            #expect(slice == StreamSlice(events: [recorded], version: StreamVersion(1), head: head))
            #expect(try await run.store.read(after: .beginning, limit: 1).events == [recorded])
        },
        EventStoreCase("streams whose names are only canonically equal are different") { run in
            let composed = try Sample.event("caf\u{E9}-1")
            let decomposed = try Sample.event("cafe\u{301}-1")

            let result = try await run.append([composed, decomposed], expecting: .none)

            #expect(result.versions.count == 2)
            let filter = EventFilter(streams: [decomposed.stream])
            let batch = try await run.store.read(
                after: .beginning,
                limit: ReadLimit(events: 10),
                matching: filter
            )
            #expect(batch.events.map(\.number) == [EventNumber(2)])
        },
        EventStoreCase("a cancelled task appends nothing") { run in
            let event = try Sample.event()
            let store = run.store

            await withTaskGroup(of: Void.self) { group in
                group.cancelAll()
                group.addTask {
                    await #expect(throws: CancellationError.self) {
                        try await store.append([event])
                    }
                }
            }

            #expect(try await run.store.head() == .empty)
        },
    ]
}
