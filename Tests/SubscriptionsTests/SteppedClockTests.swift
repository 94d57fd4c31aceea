import EventTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A stepped clock` {
    @Test func `moves only when it is told to`() async throws {
        let clock = SteppedClock()
        #expect(clock.now.elapsed == .zero)

        clock.advance(by: .seconds(3))
        clock.advance(by: .seconds(-1))

        #expect(clock.now.elapsed == .seconds(3))
        try await clock.sleep(until: .init(elapsed: .seconds(2)), tolerance: nil)
    }

    @Test func `wakes sleepers in their order, and says how long they slept`() async throws {
        let clock = SteppedClock()

        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await clock.sleep(for: .seconds(5)) }
            group.addTask { try await clock.sleep(for: .seconds(9)) }
            let first = try await clock.passNextSleep()
            let second = try await clock.passNextSleep()
            #expect(Set([first, second]).isSubset(of: [.seconds(5), .seconds(9)]))
            try await group.waitForAll()
        }

        #expect(clock.now.elapsed >= .seconds(9))
    }

    @Test func `lets a sleeper go when its task is cancelled`() async throws {
        let clock = SteppedClock()

        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await clock.sleep(for: .seconds(5)) }
            group.cancelAll()
            await #expect(throws: CancellationError.self) { try await group.waitForAll() }
        }

        #expect(clock.now.elapsed == .zero)
    }
}
