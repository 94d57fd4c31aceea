import EventModel
import Testing

extension EventStoreContract {
    private static let name = "sample-1"

    /// A stream's past, what is expected of it, and what becomes of an append.
    private enum Past: String, CaseIterable {
        case nothing, events, metadataAlone, deleted, tombstone
    }

    private enum Fate { case recorded, conflict, deleted, ended }

    private static let table: [(Past, [(ExpectedVersion, Fate)])] = [
        (
            .nothing,
            [
                (.any, .recorded), (.none, .recorded), (.exists, .conflict),
                (.exactly(.empty), .recorded), (.exactly(StreamVersion(2)), .conflict),
            ]
        ),
        (
            .events,
            [
                (.any, .recorded), (.none, .conflict), (.exists, .recorded),
                (.exactly(.empty), .conflict), (.exactly(StreamVersion(2)), .recorded),
            ]
        ),
        (
            .metadataAlone,
            [
                (.any, .recorded), (.none, .recorded), (.exists, .recorded),
                (.exactly(.empty), .recorded), (.exactly(StreamVersion(2)), .conflict),
            ]
        ),
        (
            .deleted,
            [
                (.any, .recorded), (.none, .recorded), (.exists, .deleted),
                (.exactly(.empty), .conflict), (.exactly(StreamVersion(2)), .recorded),
                (.exactly(StreamVersion(3)), .conflict),
            ]
        ),
        (
            .tombstone,
            [
                (.any, .ended), (.none, .ended), (.exists, .ended),
                (.exactly(.empty), .ended), (.exactly(StreamVersion(3)), .ended),
            ]
        ),
    ]

    static let deletedExpectations = table.flatMap { past, rows in
        rows.map { expected, fate in
            EventStoreCase(
                "expecting \(expected) after \(past): \(fate)",
                // Where 0 and "none" are the same word, it means none.
                needs: past == .deleted && expected == .exactly(.empty) ? .allExpectations : []
            ) { run in
                try await prepare(past, run)
                let stream = try StreamName(name)
                let before = try await run.store.head()
                let version = try await run.state(of: name).version
                let events = [try Sample.event()]
                switch fate {
                case .recorded:
                    let result = try await run.append(events, expecting: expected)
                    #expect(result.versions == [stream: version.next])
                    #expect(try await run.versions(of: name).last == version.next.rawValue)
                    return
                case .conflict:
                    let conflict = VersionConflict(
                        stream: stream,
                        expected: expected,
                        actual: version
                    )
                    await #expect(throws: conflict) {
                        try await run.append(events, expecting: expected)
                    }
                case .deleted, .ended:
                    let gone = StreamDeleted(
                        stream: stream,
                        version: version,
                        isPermanent: fate == .ended
                    )
                    await #expect(throws: gone) {
                        try await run.append(events, expecting: expected)
                    }
                }
                #expect(try await run.store.head() == before)
            }
        }
    }

    private static func prepare(_ past: Past, _ run: EventStoreCase.Run) async throws {
        let stream = try StreamName(name)
        switch past {
        case .nothing: break
        case .events: try await run.append(try Sample.events(2))
        case .metadataAlone: try await run.say("{\"mine\":1}", of: name)
        case .deleted:
            try await run.append(try Sample.events(2))
            try await run.append([try NewEvent.deletion(of: stream)])
        case .tombstone:
            try await run.append(try Sample.events(2))
            try await run.append([NewEvent.tombstone(of: stream)])
        }
    }

    static let tombstones = [
        EventStoreCase("a tombstone gets the next number and version and ends the stream") { run in
            let stream = try StreamName(name)
            try await run.append(try Sample.events(2))
            try await run.say("{\"$maxCount\":1}", of: name)
            let tombstone = NewEvent.tombstone(of: stream)

            let result = try await run.append([tombstone])

            #expect(result.first == EventNumber(4))
            #expect(result.versions == [stream: StreamVersion(3)])
            let state = try await run.state(of: name)
            #expect(state.condition == .tombstoned)
            #expect(state.version == StreamVersion(3))
            #expect(try await run.versions(of: name).isEmpty)
            #expect(try await run.versions(of: "$$" + name).isEmpty)
            #expect(try await run.state(of: "$$" + name).condition == .tombstoned)
            #expect(try await run.store.event(EventNumber(4))?.event == tombstone)
            #expect(try await run.history().count == 4)
        },
        EventStoreCase("after a tombstone nothing is appended, said or deleted") { run in
            let stream = try StreamName(name)
            try await run.append([try Sample.event(), NewEvent.tombstone(of: stream)])
            let gone = StreamDeleted(stream: stream, version: StreamVersion(2), isPermanent: true)
            let refused = [
                [try Sample.event()], [try Sample.event("other"), try Sample.event()],
                [NewEvent.tombstone(of: stream)], [try NewEvent.deletion(of: stream)],
                [try Sample.event("$$" + name, type: "$metadata")],
            ]
            for events in refused {
                await #expect(throws: gone) { try await run.append(events) }
            }
            #expect(try await run.store.head().number == EventNumber(2))
        },
        EventStoreCase("the append of a tombstone is repeated like any other") { run in
            let events = [try Sample.event(), NewEvent.tombstone(of: try StreamName(name))]
            try await run.append(events)
            #expect(try await run.append(events).wasAlreadyRecorded)
        },
        EventStoreCase("a deleted stream, and one that never was, can be ended") { run in
            for stream in [try StreamName("a"), try StreamName("b")] {
                if stream.text == "a" { try await run.append([try NewEvent.deletion(of: stream)]) }
                try await run.append([NewEvent.tombstone(of: stream)])
                #expect(try await run.store.streamState(stream).condition == .tombstoned)
            }
            // Nothing opened the deleted one again.
            #expect(try await run.store.head().number == EventNumber(3))
        },
        EventStoreCase("another stream of an append with a tombstone goes on") { run in
            try await run.append([
                NewEvent.tombstone(of: try StreamName("a")), try Sample.event("b"),
            ])
            #expect(try await run.append([try Sample.event("b")]).first == EventNumber(3))
        },
    ]
}
