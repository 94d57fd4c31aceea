import EventModel
import Testing

extension EventStoreContract {
    static let emptyStore = [
        EventStoreCase("an empty store has head 0, the first chain value and no time") { run in
            let head = try await run.store.head()

            #expect(head == .empty)
        },
        EventStoreCase("an empty store is read to its end at once") { run in
            let batch = try await run.store.read(after: .beginning, limit: 10)

            let expected = EventBatch(
                epoch: run.store.identity.epoch,
                after: .beginning,
                chainAfter: .beginning,
                events: [],
                scannedTo: .beginning,
                chain: .beginning,
                head: .beginning
            )
            #expect(batch == expected)
            #expect(batch.isCaughtUp)
        },
        EventStoreCase("a stream that nobody wrote to has version 0 and no events") { run in
            let stream = try StreamName("nobody-1")

            for range in [StreamRange.after(.empty), .before(StreamVersion(9)), .newest] {
                let slice = try await run.store.readStream(
                    stream,
                    range,
                    limit: ReadLimit(events: 10)
                )
                #expect(slice == StreamSlice(events: [], version: .empty, head: .empty))
            }
        },
        EventStoreCase("an empty store has no event by any number") { run in
            for number in [0, 1, Int64.max] {
                let event = try await run.store.event(EventNumber(number))
                #expect(event == nil)
            }
        },
        EventStoreCase("in an empty store nothing was recorded before any instant") { run in
            for instant in [Timestamp.range.lowerBound, run.clock.now, Timestamp.range.upperBound] {
                let number = try await run.store.lastNumber(recordedBefore: instant)
                #expect(number == .beginning)
            }
        },
    ]
}
