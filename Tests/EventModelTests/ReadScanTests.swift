import EventModel
import EventTesting
import Testing

@Suite struct `The limit of a read` {
    @Test(arguments: [(-1, 1), (0, 1), (1, 1), (4_095, 4_095), (4_096, 4_096), (4_097, 4_096)])
    func `is cut to what a store returns`(asked: Int, granted: Int) {
        #expect(ReadLimit(events: asked).events == granted)
        #expect(ReadLimit(events: 1, bytes: asked).bytes == max(1, asked))
    }

    @Test func `counts events and bytes, and lets the first event pass`() throws {
        var budget = ReadBudget(ReadLimit(events: 3, bytes: 10))

        #expect(budget.take(try event(1, bytes: 100)))
        #expect(!budget.take(try event(2, bytes: 0)))
        var second = ReadBudget(ReadLimit(events: 3, bytes: 10))
        #expect(second.take(try event(1, bytes: 4)))
        #expect(second.take(try event(2, bytes: 6)))
        #expect(!second.take(try event(3, bytes: 1)))
        #expect(second.take(try event(3, bytes: 0)))
        #expect(second.isFull)
        #expect(!second.take(try event(4, bytes: 0)))
    }
}

@Suite struct `A scan of the history` {
    @Test(
        arguments: [
            (limit: 1, taken: [1], scannedTo: 1), (limit: 4, taken: [1, 2, 3, 4], scannedTo: 4),
            (limit: 5, taken: [1, 2, 3, 4, 5], scannedTo: 5),
            (limit: 6, taken: [1, 2, 3, 4, 5], scannedTo: 5),
        ] as [(limit: Int, taken: [Int64], scannedTo: Int64)]
    )
    func `without a filter takes what fits`(limit: Int, taken: [Int64], scannedTo: Int64) throws {
        var scan = ReadScan(
            after: .beginning,
            head: EventNumber(5),
            limit: ReadLimit(events: limit),
            filter: .everything
        )

        for number in 1...5 where !scan.take(try event(Int64(number))) { break }

        let (events, reached) = scan.finish()
        #expect(events.map(\.number.rawValue) == taken)
        #expect(reached.rawValue == scannedTo)
    }

    @Test func `with a filter looks past what does not match, to its end`() throws {
        let filter = EventFilter(streams: [try StreamName("wanted-1")])
        var scan = ReadScan(
            after: .beginning,
            head: EventNumber(4),
            limit: ReadLimit(events: 2),
            filter: filter
        )

        #expect(scan.take(try event(1)))
        #expect(scan.take(try event(2, of: "wanted-1")))
        #expect(scan.take(try event(3)))
        #expect(scan.take(try event(4)))

        let (events, reached) = scan.finish()
        #expect(events.map(\.number.rawValue) == [2])
        #expect(reached == EventNumber(4))
    }

    @Test func `stops before the match that does not fit, and after the one that fills it`() throws
    {
        let filter = EventFilter(streams: [try StreamName("wanted-1")])
        func scan(_ limit: ReadLimit) -> ReadScan {
            ReadScan(after: .beginning, head: EventNumber(9), limit: limit, filter: filter)
        }

        var bytes = scan(ReadLimit(events: 9, bytes: 10))
        #expect(bytes.take(try event(1, of: "wanted-1", bytes: 10)))
        #expect(bytes.take(try event(2)))
        #expect(!bytes.take(try event(3, of: "wanted-1", bytes: 1)))
        #expect(bytes.finish().scannedTo == EventNumber(2))
        var count = scan(ReadLimit(events: 1))
        #expect(!count.take(try event(3, of: "wanted-1")))
        #expect(count.finish().events.count == 1)
        #expect(count.finish().scannedTo == EventNumber(3))
    }

    @Test(
        arguments: [
            (after: 0, head: 19_999, last: 19_999), (after: 0, head: 20_000, last: 20_000),
            (after: 0, head: 20_001, last: 20_000), (after: 7, head: 90_000, last: 20_007),
        ] as [(after: Int64, head: Int64, last: Int64)]
    )
    func `with a filter is bounded in numbers`(after: Int64, head: Int64, last: Int64) throws {
        let filter = EventFilter(types: [.prefix("x")])

        let reached = ReadScan.lastNumber(
            after: EventNumber(after),
            head: EventNumber(head),
            filter: filter
        )

        #expect(reached.rawValue == last)
        #expect(
            ReadScan.lastNumber(
                after: EventNumber(after),
                head: EventNumber(head),
                filter: .everything
            ).rawValue == head
        )
    }
}

/// A recorded event of a certain number, stream and size.
private func event(
    _ number: Int64,
    of stream: String = "other-1",
    bytes: Int = 0
) throws -> RecordedEvent {
    RecordedEvent(
        number: EventNumber(number),
        version: StreamVersion(1),
        recordedAt: Timestamp(microseconds: 0),
        event: NewEvent(
            stream: try StreamName(stream),
            type: try EventType("Happened"),
            data: Payload([UInt8](repeating: 0, count: bytes), mediaType: .octetStream)
        )
    )
}
