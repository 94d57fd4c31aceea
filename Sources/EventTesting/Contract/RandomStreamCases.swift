import EventModel
import Testing

extension EventStoreContract {
    /// Every store agrees with the one in memory, whose rules are read off most easily.
    static let randomStreams = (1...6).map { seed in
        EventStoreCase(
            "random appends, sayings and deletions agree with the store in memory (seed \(seed))",
            needs: [.clock, .idsInStream, .allExpectations]
        ) { run in
            var acts = RandomActs(seed: UInt64(seed))
            let reference = InMemoryEventStore(now: run.clock.reader)
            for _ in 0..<150 {
                run.clock.advance(microseconds: acts.pause())
                let batch = try acts.batch()
                let expected = await RandomActs.outcome(of: batch, reference)
                #expect(await RandomActs.outcome(of: batch, run.store) == expected)
                for stream in try RandomActs.everyStream() {
                    let state = await reference.streamState(stream)
                    #expect(try await run.store.streamState(stream) == state)
                    let range = acts.range()
                    let limit = ReadLimit(events: 3)
                    let slice = try await run.store.readStream(stream, range, limit: limit)
                    let same = await reference.readStream(stream, range, limit: limit)
                    #expect(slice.events.map(\.version) == same.events.map(\.version))
                    #expect(slice.events.map(\.givenID) == same.events.map(\.givenID))
                    #expect(slice.state == same.state)
                }
            }
            #expect(try await run.store.head().number == (await reference.head().number))
        }
    }
}

/// What writers may do with three streams, chosen by chance.
private struct RandomActs {
    private static let streams = ["a", "b", "c"]
    private static let sayings = [
        "{}", "{\"$tb\":3}", "{\"$maxCount\":2}", "{\"$maxAge\":20}", "[]", "{\"$tb\":-1}",
        "{\"mine\":1,\"$maxAge\":5,\"$maxCount\":4}",
    ]

    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    static func everyStream() throws -> [StreamName] {
        try streams.map { try StreamName($0) } + streams.map { try StreamName("$$" + $0) }
    }

    /// What became of an append, as text: the result or the error.
    static func outcome(of batch: AppendBatch, _ store: any EventStore) async -> String {
        do {
            let result = try await store.append(batch)
            let streams = result.versions.keys.sorted()
            let places = streams.map {
                "\($0): \(result.firstVersions[$0] ?? .empty)-\(result.versions[$0] ?? .empty)"
            }
            return "\(result.first)-\(result.last) \(places) \(result.wasAlreadyRecorded)"
        } catch {
            return "\(type(of: error)): \(error)"
        }
    }

    mutating func pause() -> Int64 { Int64.random(in: 0...4_000_000, using: &generator) }

    mutating func range() -> StreamRange {
        let version = StreamVersion(Int64.random(in: 0...12, using: &generator))
        return switch Int.random(in: 0..<3, using: &generator) {
        case 0: .after(version)
        case 1: .before(version)
        default: .newest
        }
    }

    mutating func batch() throws -> AppendBatch {
        let stream = try StreamName(Self.streams.randomElement(using: &generator) ?? "a")
        let expected = expectation()
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<45: return try given(to: stream, expecting: expected)
        case 45..<65:
            let events = try (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                try Sample.event(Self.streams.randomElement(using: &generator) ?? "a")
            }
            return try AppendBatch(events, expecting: [events[0].stream: expected])
        case 65..<85:
            let text = Self.sayings.randomElement(using: &generator) ?? "{}"
            let said = try Sample.event("$$\(stream)", type: "$metadata", json: text)
            let isAlone = Bool.random(using: &generator)
            return try AppendBatch(isAlone ? [said] : [try Sample.event(stream.text), said])
        case 85..<98:
            return try AppendBatch(
                [try NewEvent.deletion(of: stream)],
                expecting: [stream: expected]
            )
        default: return try AppendBatch([NewEvent.tombstone(of: stream)])
        }
    }

    /// Events with ids out of few, so that they meet again.
    private mutating func given(to stream: StreamName, expecting expected: ExpectedVersion) throws
        -> AppendBatch
    {
        let events = try (0..<Int.random(in: 1...3, using: &generator)).map { _ in
            NewEvent(
                id: EventStoreCase.Run.id("ABCDEFG".randomElement(using: &generator) ?? "A"),
                stream: stream,
                type: try EventType("Happened"),
                data: .json("1")
            )
        }
        return try AppendBatch(events, expecting: [stream: expected], ids: .stream)
    }

    private mutating func expectation() -> ExpectedVersion {
        switch Int.random(in: 0..<7, using: &generator) {
        case 0: .none
        case 1: .exists
        case 2, 3: .exactly(StreamVersion(Int64.random(in: 0...12, using: &generator)))
        default: .any
        }
    }
}
