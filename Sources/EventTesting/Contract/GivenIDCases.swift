import EventModel
import Testing

extension EventStoreCase.Run {
    /// Appends events whose ids count in their stream: one for each letter, which stands for an id.
    @discardableResult
    func give(
        _ letters: String,
        to stream: String = "sample-1",
        expecting expected: ExpectedVersion = .any
    ) async throws -> AppendResult {
        let events = try letters.map { letter in
            NewEvent(
                id: Self.id(letter),
                stream: try StreamName(stream),
                type: try EventType("Happened"),
                data: .json("\"\(letter)\"")
            )
        }
        return try await store.append(
            AppendBatch(events, expecting: [try StreamName(stream): expected], ids: .stream)
        )
    }

    /// The id that a letter stands for.
    static func id(_ letter: Character) -> EventID {
        .derived(from: String(letter).utf8, in: .init(high: 1, low: 2))
    }

    /// The letters of the ids that the writers of a stream gave.
    func letters(of stream: String = "sample-1") async throws -> String {
        let slice = try await store.readStream(
            try StreamName(stream),
            .after(.empty),
            limit: ReadLimit(events: 100)
        )
        let given = slice.events.map { $0.givenID ?? $0.id }
        return String(given.map { id in "ABCDEFG".first { Self.id($0) == id } ?? "?" })
    }
}

extension EventStoreContract {
    private enum Fate: Equatable {
        case recorded, conflict
        /// A repetition whose first event is this version.
        case repeated(Int64)
        case partly
    }

    private static func exactly(_ version: Int64) -> ExpectedVersion {
        .exactly(StreamVersion(version))
    }

    /// What a stream has, what is then appended with which expectation, and what becomes of it.
    private static let table: [(has: String, appended: String, ExpectedVersion, Fate)] = [
        ("ABC", "D", .any, .recorded), ("ABC", "D", .exists, .recorded),
        // The first id is new: all are recorded, known or not.
        ("ABC", "DA", .any, .recorded), ("ABC", "DA", .exists, .recorded),
        // All are known: the first one's version, in whatever order.
        ("ABC", "A", .any, .repeated(1)), ("ABC", "C", .exists, .repeated(3)),
        ("ABC", "BC", .any, .repeated(2)), ("ABC", "ABC", .any, .repeated(1)),
        ("ABC", "CA", .any, .repeated(3)), ("ABC", "AC", .exists, .repeated(1)),
        ("AA", "AA", .any, .repeated(1)), ("ABA", "A", .any, .repeated(1)),
        // The first is known and a later one is not.
        ("ABC", "AD", .any, .partly), ("ABC", "AD", .exists, .partly),
        ("ABC", "ADB", .any, .partly),
        // The same id twice in one append.
        ("", "AA", .any, .recorded), ("", "AA", .none, .recorded),
        ("B", "AA", exactly(1), .recorded),
        // Below the version: one by one with the events that follow.
        ("ABC", "BC", exactly(1), .repeated(2)), ("ABC", "B", exactly(1), .repeated(2)),
        ("ABC", "ABC", exactly(0), .repeated(1)), ("ABC", "AB", .none, .repeated(1)),
        ("ABC", "A", .none, .repeated(1)), ("ABC", "B", .none, .conflict),
        ("ABC", "D", exactly(1), .conflict), ("ABC", "BD", exactly(1), .conflict),
        ("ABC", "BCD", exactly(1), .conflict), ("ABC", "A", exactly(1), .conflict),
        ("ABC", "C", exactly(1), .conflict),
        // At the version: recorded, though it has the ids.
        ("ABC", "D", exactly(3), .recorded), ("ABC", "C", exactly(3), .recorded),
        ("ABC", "AB", exactly(3), .recorded),
        // Above it, and on a stream that is not there.
        ("ABC", "D", exactly(4), .conflict), ("ABC", "A", exactly(4), .conflict),
        ("", "A", exactly(1), .conflict), ("", "A", .exists, .conflict),
        ("", "A", exactly(0), .recorded),
    ]

    static let idsInStreams =
        table.map { has, appended, expected, fate in
            EventStoreCase(
                "after \(has) the ids \(appended) expecting \(expected): \(fate)",
                needs: .idsInStream
            ) { run in
                let stream = try StreamName("sample-1")
                // As single appends, so that what belonged together does not matter.
                for letter in has {
                    let version = try await run.state(of: "sample-1").version
                    try await run.give(String(letter), expecting: .exactly(version))
                }
                let before = try await run.store.head()
                switch fate {
                case .recorded:
                    let result = try await run.give(appended, expecting: expected)
                    #expect(!result.wasAlreadyRecorded)
                    #expect(result.firstVersions[stream] == StreamVersion(Int64(has.count + 1)))
                    #expect(try await run.letters() == has + appended)
                    return
                case .repeated(let version):
                    let result = try await run.give(appended, expecting: expected)
                    #expect(result.wasAlreadyRecorded)
                    #expect(result.firstVersions[stream] == StreamVersion(version))
                case .conflict:
                    let conflict = VersionConflict(
                        stream: stream,
                        expected: expected,
                        actual: StreamVersion(Int64(has.count))
                    )
                    await #expect(throws: conflict) {
                        try await run.give(appended, expecting: expected)
                    }
                case .partly:
                    await #expect(throws: PartlyRecorded.self) {
                        try await run.give(appended, expecting: expected)
                    }
                }
                #expect(try await run.store.head() == before)
                #expect(try await run.letters() == has)
            }
        } + [
            EventStoreCase("an id in a stream decides, whatever the content", needs: .idsInStream) {
                run in
                try await run.give("A")
                let other = NewEvent(
                    id: EventStoreCase.Run.id("A"),
                    stream: try StreamName("sample-1"),
                    type: try EventType("Other"),
                    data: .json("[]")
                )
                let result = try await run.store.append(AppendBatch([other], ids: .stream))
                #expect(result.wasAlreadyRecorded)
            },
            EventStoreCase("one id in all events of an append is found soon", needs: .idsInStream) {
                run in
                let letters = String(repeating: "A", count: Limits.standard.eventsPerAppend)
                let start = ContinuousClock.now
                try await run.give(letters)
                let appending = ContinuousClock.now - start
                var lookingUp: [Duration] = []
                for _ in 0..<3 {
                    let start = ContinuousClock.now
                    let again = try await run.give(letters)
                    lookingUp.append(.now - start)
                    #expect(again.wasAlreadyRecorded)
                    #expect(again.last == EventNumber(Int64(letters.count)))
                }
                // Looking up is less work than recording, unless each look-up walks over the events
                // before it. The best of three counts, since other tests run meanwhile.
                #expect(try #require(lookingUp.min()) < appending + .seconds(1))
            },
            EventStoreCase("a deleted stream is new to who expects none", needs: .idsInStream) {
                run in
                try await run.give("AB")
                try await run.append([try NewEvent.deletion(of: try StreamName("sample-1"))])
                let result = try await run.give("AC", expecting: .none)
                #expect(!result.wasAlreadyRecorded)
                #expect(try await run.letters() == "AC")
                #expect(try await run.versions(of: "sample-1") == [3, 4])
            },
            EventStoreCase("hidden events are known by their ids", needs: .idsInStream) { run in
                try await run.give("ABC")
                try await run.say("{\"$tb\":2}", of: "sample-1")
                #expect(try await run.give("A").wasAlreadyRecorded)
                #expect(try await run.give("BC", expecting: exactly(1)).wasAlreadyRecorded)
            },
            EventStoreCase("after a tombstone a known id is refused too", needs: .idsInStream) {
                run in
                try await run.give("A")
                try await run.append([NewEvent.tombstone(of: try StreamName("sample-1"))])
                for expected in [ExpectedVersion.any, .none, .exists, exactly(0), exactly(2)] {
                    await #expect(throws: StreamDeleted.self) {
                        try await run.give("A", expecting: expected)
                    }
                }
            },
        ]
}
