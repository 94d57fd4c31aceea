import EventModel
import Testing

extension EventStoreContract {
    static let recordedAt = [
        EventStoreCase("recorded-at is the clock's reading", needs: .clock) { run in
            let first = run.clock.now
            try await run.append([try Sample.event()])
            run.clock.advance(microseconds: 1)
            try await run.append([try Sample.event()])

            let instants = try await run.history().map(\.recordedAt)

            #expect(instants == [first, run.clock.now])
            #expect(try await run.store.head().recordedAt == run.clock.now)
        },
        EventStoreCase("the events of one append have one instant", needs: .clock) { run in
            try await run.append(try Sample.events(20))

            let instants = Set(try await run.history().map(\.recordedAt))

            #expect(instants == [run.clock.now])
        },
        EventStoreCase("recorded-at never goes backwards, whatever the clock does", needs: .clock) {
            run in
            let jumps: [Int64] = [
                5, -3_600_000_000, 1, 86_400_000_000, -90_000_000_000, 0, 30_000_000,
            ]
            var highest = run.clock.now
            var expected: [Timestamp] = []
            for jump in jumps {
                run.clock.advance(microseconds: jump)
                highest = max(highest, run.clock.now)
                expected.append(highest)
                try await run.append([try Sample.event()])
            }

            #expect(try await run.history().map(\.recordedAt) == expected)
        },
        EventStoreCase("a clock beyond year 9999 is cut to what can be written", needs: .clock) {
            run in
            run.clock.set(Timestamp(microseconds: .max))
            try await run.append([try Sample.event()])
            run.clock.set(Timestamp(microseconds: .min))
            try await run.append([try Sample.event()])

            let instants = try await run.history().map(\.recordedAt)

            #expect(instants == [Timestamp.range.upperBound, Timestamp.range.upperBound])
        },
        EventStoreCase("the last number before an instant is found at every edge", needs: .clock) {
            run in
            // Events 1 and 2 at one instant, 3 later, 4 to 6 later still.
            let first = run.clock.now
            try await run.append(try Sample.events(2))
            run.clock.advance(microseconds: 10)
            try await run.append([try Sample.event()])
            run.clock.advance(microseconds: 10)
            try await run.append(try Sample.events(3))

            let table: [(later: Int64, number: Int64)] = [
                (-1, 0), (0, 0), (1, 2), (10, 2), (11, 3), (20, 3), (21, 6), (1_000, 6),
            ]
            for row in table {
                let instant = Timestamp(microseconds: first.microseconds + row.later)
                let number = try await run.store.lastNumber(recordedBefore: instant)
                #expect(number.rawValue == row.number, "\(row.later) µs after the first")
            }
        },
        EventStoreCase("the last number before an instant agrees with a search through all") {
            run in
            for count in 1...12 { try await run.append(try Sample.events(count)) }
            let all = try await run.history()

            for event in all {
                let expected = all.last { $0.recordedAt < event.recordedAt }?.number ?? .beginning
                let found = try await run.store.lastNumber(recordedBefore: event.recordedAt)
                #expect(found == expected)
            }
        },
    ]
}
