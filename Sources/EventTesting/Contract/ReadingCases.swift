import EventModel
import Testing

extension EventStoreContract {
    static let reading: [EventStoreCase] =
        windows + [
            EventStoreCase("reading after a number beyond the head says so") { run in
                try await run.append(try Sample.events(3))

                for after in [4, 5, Int64.max] {
                    let error = AfterHead(
                        after: EventNumber(after),
                        head: EventNumber(3),
                        epoch: run.store.identity.epoch
                    )
                    await #expect(throws: error) {
                        try await run.store.read(after: EventNumber(after), limit: 1)
                    }
                }
            },
            EventStoreCase("one read returns 1,000 events at the most") { run in
                try await run.append(try Sample.events(1_001))

                let batch = try await run.store.read(after: .beginning, limit: 5_000)

                #expect(batch.events.count == 1_000)
                #expect(batch.scannedTo == EventNumber(1_000))
                #expect(!batch.isCaughtUp)
            },
            EventStoreCase("a read ends before the event that would exceed its bytes") { run in
                try await run.append(try [10, 20, 30, 40].map(sized))

                for (bytes, count) in [(59, 2), (60, 3), (61, 3), (99, 3), (100, 4)] {
                    let batch = try await run.store.read(
                        after: .beginning,
                        limit: ReadLimit(events: 10, bytes: bytes),
                        matching: .everything
                    )
                    #expect(batch.events.count == count, "\(bytes) bytes")
                    #expect(batch.scannedTo.rawValue == count)
                }
            },
            EventStoreCase("the first event of a read is returned whatever its size") { run in
                try await run.append(try [10, 20].map(sized))

                let batch = try await run.store.read(
                    after: .beginning,
                    limit: ReadLimit(events: 10, bytes: 1),
                    matching: .everything
                )

                #expect(batch.events.map(\.number) == [EventNumber(1)])
                #expect(batch.head == EventNumber(2))
            },
            EventStoreCase("an event is found by its number, and no other") { run in
                try await run.append(try Sample.events(3))
                let all = try await run.history()

                for number in 1...3 {
                    let event = try await run.store.event(EventNumber(Int64(number)))
                    #expect(event == all[number - 1])
                }
                for number in [0, 4, Int64.max] {
                    #expect(try await run.store.event(EventNumber(number)) == nil)
                }
            },
        ]

    /// An event with so many bytes of data.
    private static func sized(_ bytes: Int) throws -> NewEvent {
        let sample = try Sample.event()
        return NewEvent(
            stream: sample.stream,
            type: sample.type,
            data: Payload([UInt8](repeating: 1, count: bytes), mediaType: .octetStream)
        )
    }

    /// Every start in a history of ten, with limits around its page of ten.
    private static let windows = [1, 2, 9, 10, 11, 1_000].map { limit in
        EventStoreCase("reading \(limit) after any number of ten returns just those") { run in
            try await run.append(try Sample.events(10))
            let all = try await run.history(batch: 3)
            #expect(all.map(\.number.rawValue) == Array(1...10))

            for after in 0...10 {
                let batch = try await run.store.read(
                    after: EventNumber(Int64(after)),
                    limit: limit
                )
                let wanted = Array(all[after..<min(10, after + limit)])
                #expect(batch.events == wanted)
                #expect(batch.after.rawValue == after)
                #expect(batch.scannedTo.rawValue == after + wanted.count)
                #expect(batch.head == EventNumber(10))
                #expect(batch.isCaughtUp == (after + limit >= 10))
            }
        }
    }
}
