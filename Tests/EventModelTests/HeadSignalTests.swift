import EventModel
import EventTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct `The signal of a moving head` {
    @Test func `returns at once where the head is beyond the number`() async throws {
        let signal = HeadSignal(head(3))

        #expect(try await signal.wait(beyond: EventNumber(2)) == head(3))
    }

    @Test func `never goes back`() {
        let signal = HeadSignal(head(3))

        signal.publish(head(2))
        signal.publish(head(3))

        #expect(signal.head == head(3))
    }

    @Test func `ends all waiting when it closes, later waiting too`() async throws {
        let signal = HeadSignal(.empty)
        try await withDeadline("closing") {
            await withTaskGroup(of: Void.self) { group in
                for _ in 1...10 {
                    group.addTask {
                        let error = await #expect(throws: EventStoreError.self) {
                            try await signal.wait(beyond: .beginning)
                        }
                        #expect(error?.code == .closed)
                    }
                }
                signal.close()
            }
        }
        await #expect(throws: EventStoreError.self) { try await signal.wait(beyond: .beginning) }
    }

    @Test func `ends the waiting of a task that is cancelled before it waits`() async {
        let signal = HeadSignal(.empty)
        await withTaskGroup(of: Void.self) { group in
            group.cancelAll()
            group.addTask {
                await #expect(throws: CancellationError.self) {
                    try await signal.wait(beyond: .beginning)
                }
            }
        }
    }

    /// Each waiter races its own cancellation against the head; one of both ends it, once.
    @Test func `answers every waiter once, whichever of head and cancellation is first`()
        async throws
    {
        for round in 1...200 {
            let signal = HeadSignal(.empty)
            try await withDeadline("round \(round)") {
                await withTaskGroup(of: Void.self) { group in
                    for _ in 1...4 {
                        group.addTask {
                            do {
                                let reached = try await signal.wait(beyond: .beginning)
                                #expect(reached == head(1))
                            } catch {
                                #expect(error is CancellationError)
                            }
                        }
                    }
                    group.addTask { signal.publish(head(1)) }
                    if round.isMultiple(of: 2) { await Task.yield() }
                    group.cancelAll()
                }
            }
        }
    }
}

private func head(_ number: Int64) -> Head {
    Head(
        number: EventNumber(number),
        chain: .beginning,
        recordedAt: Timestamp(microseconds: number)
    )
}
