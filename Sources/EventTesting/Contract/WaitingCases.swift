import EventModel
import Testing

extension EventStoreContract {
    static let waiting = [
        EventStoreCase("waiting ends at once where the head is beyond the number already") { run in
            try await run.append(try Sample.events(3))

            for number in 0...2 {
                let head = try await run.store.waitForHead(beyond: EventNumber(Int64(number)))
                #expect(head == (try await run.store.head()))
            }
        },
        EventStoreCase("an append wakes everybody who waits for its number") { run in
            let store = run.store
            try await withDeadline("waking ten waiters") {
                try await withThrowingTaskGroup(of: Head.self) { group in
                    for _ in 1...10 {
                        group.addTask { try await store.waitForHead(beyond: .beginning) }
                    }
                    try await run.append([try Sample.event()])
                    for try await head in group { #expect(head.number >= EventNumber(1)) }
                }
            }
        },
        EventStoreCase("an append does not wake those who wait for more") { run in
            let store = run.store
            try await withDeadline("waiting for the third event") {
                async let head = store.waitForHead(beyond: EventNumber(2))
                for _ in 1...3 { try await run.append([try Sample.event()]) }
                #expect(try await head.number == EventNumber(3))
            }
        },
        EventStoreCase("the head that ended the waiting can be read") { run in
            let store = run.store
            try await withDeadline("reading what was waited for") {
                async let writing: Void = {
                    for _ in 1...20 { try await run.append([try Sample.event()]) }
                }()
                var seen = EventNumber.beginning
                while seen < EventNumber(20) {
                    let head = try await store.waitForHead(beyond: seen)
                    #expect(head.number > seen)
                    let batch = try await store.read(after: seen, limit: 100)
                    #expect(batch.head >= head.number)
                    #expect(batch.events.first?.number == seen.next)
                    seen = head.number
                }
                try await writing
            }
        },
        EventStoreCase("cancelling ends the waiting with a cancellation") { run in
            let store = run.store
            try await withDeadline("cancelling") {
                await withTaskGroup(of: Void.self) { group in
                    for _ in 1...5 {
                        group.addTask {
                            await #expect(throws: CancellationError.self) {
                                try await store.waitForHead(beyond: EventNumber(100))
                            }
                        }
                    }
                    await Task.yield()
                    group.cancelAll()
                }
            }
        },
    ]
}
